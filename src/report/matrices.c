/* Matrices of the means over pairs of axes. */
#include <math.h>

#include "matrix.h"
#include "matrix_parts.h"
#include "tables.h"

/* The text of a matrix' cell. */
typedef void print_cell(const matrix *m, int64_t i, int64_t j, char text[NUMBER_MAX]);

static const group_mean *cell_mean(const matrix *m, int64_t i, int64_t j)
{
    return &m->means->of[matrix_group(m, i, j)];
}

/* A mark stands before the number, so that points stay below each other. */
static void print_value(const matrix *m, int64_t i, int64_t j, char text[NUMBER_MAX])
{
    char number[NUMBER_MAX];
    const group_mean *x = cell_mean(m, i, j);
    if (m->means->any_interval)
        tables_number(x->value.mean, number);
    else
        tables_mean(&x->value, number);
    snprintf(text, NUMBER_MAX, "%s%.40s", mean_is_significant(x) ? "*" : "", number);
}

static void print_half_width(const matrix *m, int64_t i, int64_t j, char text[NUMBER_MAX])
{
    const group_mean *x = cell_mean(m, i, j);
    tables_number((x->interval.high - x->interval.low) / 2, text);
}

/* A pair as a share of what its two sessions reach with surrogate pairs of their own. */
static void print_share(const matrix *m, int64_t i, int64_t j, char text[NUMBER_MAX])
{
    if (j == matrix_same(m, i))
        text[0] = '\0';
    else
        tables_number(cell_mean(m, i, j)->value.mean / matrix_ceiling(m, i, j), text);
}

static status print_cells(const matrix *m, print_cell *print, FILE *to)
{
    status result = OK;
    const axis *down = &m->summary->grid->axis[m->row], *across = &m->summary->grid->axis[m->column];
    sheet *cells = NULL;
    TRY(sheet_make(&cells));
    sheet_column(cells, down->number ? SHEET_RIGHT : SHEET_LEFT, "%s", down->name);
    for (int64_t j = 0; j < m->columns; j++) sheet_column(cells, SHEET_RIGHT, "%s", across->text[j]);
    for (int64_t i = 0; i < m->rows; i++) {
        sheet_put(cells, "%s", down->text[i]);
        for (int64_t j = 0; j < m->columns; j++) {
            char text[NUMBER_MAX];
            print(m, i, j, text);
            sheet_put(cells, "%s", text);
        }
    }
    TRY(sheet_print(cells, 1, to));
done:
    sheet_free(cells);
    return result;
}

static void print_caption(const matrix *m, FILE *to)
{
    const summary *s = m->summary;
    const axis *down = &s->grid->axis[m->row], *across = &s->grid->axis[m->column];
    const quantity *q = m->means->variable->quantity;
    fprintf(to, "\n%s%s%s%s by %s (rows) and %s (columns%s%s)", q->name, *q->unit ? " (" : "", q->unit,
            *q->unit ? ")" : "", down->name, across->name, across->unit && *across->unit ? ", " : "",
            across->unit ? across->unit : "");
    if (s->kept > 2) {
        fprintf(to, ", ");
        summary_print_group(s, m->corner, down->dimension, across->dimension, to);
    }
    fprintf(to, "%s\n\n", m->means->any_test ? "; * q < 0.05" : "");
}

static void print_noise(const matrix *m, FILE *to)
{
    char mean[NUMBER_MAX], largest[NUMBER_MAX];
    matrix_noise n = matrix_find_noise(m);
    const axis *down = &m->summary->grid->axis[m->row], *across = &m->summary->grid->axis[m->column];
    if (n.pairs == 0) return;
    fprintf(to, "\nnoise: the two orders of a pair differ by %s on average, by %s at most (%s and %s)\n",
            tables_number(n.mean, mean), tables_number(n.largest, largest), down->text[n.row],
            across->text[n.column]);
}

static status print_matrix(const matrix *m, FILE *to)
{
    status result = OK;
    print_caption(m, to);
    TRY(print_cells(m, print_value, to));
    if (m->means->any_interval) {
        fprintf(to, "\n± half the width of the %g %% interval\n\n", 100 * m->view->options.confidence);
        TRY(print_cells(m, print_half_width, to));
    }
    if (matrix_has_ceiling(m) && matrix_has_pairs(m)) {
        fprintf(
            to,
            "\nas a share of the ceiling, the mean of the two sessions' surrogate pairs with themselves\n\n");
        TRY(print_cells(m, print_share, to));
    }
    print_noise(m, to);
    TRY(matrix_parts_print(m, to));
done:
    return result;
}

status matrices_print(view *v, const summary *s, const means *m, FILE *to)
{
    status result = OK;
    matrix each;
    for (int64_t g = 0; g < m->groups; g++)
        if (matrix_at(v, s, m, g, &each)) TRY(print_matrix(&each, to));
done:
    return result;
}
