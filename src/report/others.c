#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"

static bool is_beside(const view *v, const variable *x)
{
    const char *name = x->quantity->name;
    return (strcmp(name, "distance") == 0 || strcmp(name, "distance_weight") == 0) &&
           x->quantity->shape == PER_CELL && layout_find(v->layout, "redundant_information");
}

static bool is_other(const view *v, const variable *x)
{
    const variable *headline[HEADLINES_MAX + 1];
    view_headlines(v, headline);
    if (view_is_per_sample(x) || is_beside(v, x) || decomposition_shows(v, x)) return false;
    /* of a headline with a number per source the table shows the first */
    for (int i = 0; headline[i]; i++)
        if (x->count == 1 && (headline[i] == x || view_exact(v, headline[i]) == x)) return false;
    return true;
}

/* Do the tasks of the group give any of the results? Those that are done have said so by a value. */
static status gives_any(view *v, const summary *s, int64_t group, const variable *const *x, int count,
                        bool *any)
{
    status result = OK;
    int64_t cell = summary_present(s, group);
    bool done = means_all_done(v, s, group);
    *any = false;
    for (int k = 0; k < count && cell >= 0 && !*any; k++) {
        const double *values;
        if (!view_gives(v, cell, x[k])) continue;
        TRY(view_values(v, x[k], &values));
        *any = !done;
        for (int64_t i = 0; i < x[k]->count && !*any; i++)
            *any = summary_statistic(s, group, values + i, x[k]->count).count > 0;
    }
done:
    return result;
}

/* One line per group that has any of them, with the columns of `count` results. */
static status print_columns(view *v, const summary *s, const variable *const *x, int count, sheet *columns,
                            int keys, FILE *to)
{
    status result = OK;
    for (int64_t g = 0; g < s->groups; g++) {
        bool any;
        TRY(gives_any(v, s, g, x, count, &any));
        if (!any) continue;
        tables_axis_cells(s, g, columns);
        for (int k = 0; k < count; k++) {
            const double *values;
            TRY(view_values(v, x[k], &values));
            for (int64_t i = 0; i < x[k]->count; i++) {
                char text[NUMBER_MAX];
                statistic number = summary_statistic(s, g, values + i, x[k]->count);
                sheet_put(columns, "%s", tables_mean(&number, text));
            }
        }
    }
    TRY(sheet_print(columns, keys, to));
done:
    return result;
}

static const char *deviation_words(const summary *s)
{
    return s->members > 1 ? "; mean (standard deviation)" : "";
}

/* Results with one number per cell stand side by side. */
static status print_numbers(view *v, const summary *s, FILE *to)
{
    status result = OK;
    sheet *columns = NULL;
    int count = 0;
    const variable **x = calloc((size_t)v->layout->variables + 1, sizeof *x);
    CHECK(x != NULL, NO_MEMORY, "a table of %d results", v->layout->variables);
    TRY(sheet_make(&columns));
    int keys = tables_axis_columns(s, columns);
    for (int k = 0; k < v->layout->variables; k++) {
        const variable *each = &v->layout->variable[k];
        if (each->quantity->shape != PER_CELL || !is_other(v, each)) continue;
        const char *unit = each->quantity->unit;
        sheet_column(columns, SHEET_RIGHT, *unit ? "%s (%s)" : "%s", each->quantity->name, unit);
        x[count++] = each;
    }
    if (count == 0) goto done;
    fprintf(to, "\nother results%s\n\n", deviation_words(s));
    TRY(print_columns(v, s, x, count, columns, keys, to));
done:
    sheet_free(columns);
    free(x);
    return result;
}

/* A result with a number per source or class has a table of its own. */
static status print_array(view *v, const summary *s, const variable *x, FILE *to)
{
    status result = OK;
    sheet *columns = NULL;
    TRY(sheet_make(&columns));
    int keys = tables_axis_columns(s, columns);
    for (int64_t i = 0; i < x->count; i++) {
        char label[32];
        view_inner_label(v, x, i, label, sizeof label);
        if (x->quantity->shape == PER_CLASS && v->layout->extents.class_name)
            sheet_column(columns, SHEET_RIGHT, "%s", label);
        else
            sheet_column(columns, SHEET_RIGHT, "%s %s", x->axis[0], label);
    }
    tables_caption(x->quantity, to);
    fprintf(to, "by %s%s\n\n", x->axis[0], deviation_words(s));
    TRY(print_columns(v, s, &x, 1, columns, keys, to));
done:
    sheet_free(columns);
    return result;
}

status others_print(view *v, const summary *s, FILE *to)
{
    status result = OK;
    TRY(print_numbers(v, s, to));
    for (int k = 0; k < v->layout->variables; k++) {
        const variable *x = &v->layout->variable[k];
        if (x->dimensions == 1 && is_other(v, x)) TRY(print_array(v, s, x, to));
    }
done:
    return result;
}

status others_name(const view *v, FILE *to)
{
    char *names = NULL;
    size_t size;
    int count = 0;
    FILE *text = open_memstream(&names, &size);
    if (text == NULL) return failure(NO_MEMORY, "the names of %d results", v->layout->variables);
    for (int k = 0; k < v->layout->variables; k++) {
        const variable *x = &v->layout->variable[k];
        if (is_other(v, x)) fprintf(text, "%s%s", count++ ? ", " : "", x->quantity->name);
    }
    if (fclose(text) == 0 && count > 0) {
        fprintf(to, "\nalso in the file (--all): ");
        sheet_wrap(names, 26, 2, to);
    }
    free(names);
    return OK;
}
