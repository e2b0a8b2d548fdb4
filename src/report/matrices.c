#include <string.h>

#include "tables.h"

/* "window_1" and "window_2" are a pair, as are any two names that differ in this last digit only. */
static bool are_pair(const char *a, const char *b)
{
    size_t length = strlen(a);
    return length > 2 && strlen(b) == length && strncmp(a, b, length - 1) == 0 &&
           strcmp(a + length - 2, "_1") == 0 && strcmp(b + length - 2, "_2") == 0;
}

bool matrices_pair(const summary *s, int *row, int *column)
{
    const grid *g = s->grid;
    for (*row = 0; *row < g->axes; ++*row)
        for (*column = 0; *column < g->axes; ++*column)
            if (are_pair(g->axis[*row].name, g->axis[*column].name) && summary_keeps(s, *row) &&
                summary_keeps(s, *column) && g->axis[*row].dimension != g->axis[*column].dimension)
                return true;
    return false;
}

static status print_matrix(const summary *s, int row, int column, int64_t corner, const double *values,
                           int64_t stride, FILE *to)
{
    status result = OK;
    const axis *down = &s->grid->axis[row], *across = &s->grid->axis[column];
    sheet *cells = NULL;
    TRY(sheet_make(&cells));
    sheet_column(cells, down->number ? SHEET_RIGHT : SHEET_LEFT, "%s", down->name);
    for (int64_t j = 0; j < across->count; j++) sheet_column(cells, SHEET_RIGHT, "%s", across->text[j]);
    for (int64_t i = 0; i < down->count; i++) {
        sheet_put(cells, "%s", down->text[i]);
        for (int64_t j = 0; j < across->count; j++) {
            char text[NUMBER_MAX];
            int64_t group = corner + i * summary_stride(s, row) + j * summary_stride(s, column);
            statistic x = summary_statistic(s, group, values, stride);
            sheet_put(cells, "%s", tables_mean(&x, text));
        }
    }
    TRY(sheet_print(cells, 1, to));
done:
    sheet_free(cells);
    return result;
}

static void print_caption(const summary *s, int row, int column, int64_t corner, const variable *x, FILE *to)
{
    const axis *down = &s->grid->axis[row], *across = &s->grid->axis[column];
    const char *unit = x->quantity->unit;
    fprintf(to, "\n%s%s%s%s by %s (rows) and %s (columns%s%s)", x->quantity->name, *unit ? " (" : "", unit,
            *unit ? ")" : "", down->name, across->name, across->unit && *across->unit ? ", " : "",
            across->unit ? across->unit : "");
    if (s->kept > 2) {
        fprintf(to, ", ");
        summary_print_group(s, corner, down->dimension, across->dimension, to);
    }
    fprintf(to, "\n\n");
}

status matrices_print(view *v, const summary *s, const variable *x, FILE *to)
{
    status result = OK;
    int row, column;
    const double *values;
    if (!matrices_pair(s, &row, &column)) goto done;
    TRY(view_values(v, x, &values));
    int64_t rows = v->grid->axis[row].count, columns = v->grid->axis[column].count;
    for (int64_t g = 0; g < s->groups; g++) {
        if (g / summary_stride(s, row) % rows != 0 || g / summary_stride(s, column) % columns != 0) continue;
        int64_t cell = summary_present(s, g);
        if (cell >= 0 && !view_gives(v, cell, x)) continue;
        print_caption(s, row, column, g, x, to);
        TRY(print_matrix(s, row, column, g, values, x->count, to));
    }
done:
    return result;
}
