#include <stdbool.h>
#include <stdlib.h>

#include "tables.h"

static bool is_other(const view *v, const variable *x)
{
    const variable *headline[HEADLINES_MAX + 1];
    view_headlines(v, headline);
    for (int i = 0; headline[i]; i++)
        if (headline[i] == x || view_exact(v, headline[i]) == x) return false;
    return true;
}

/* The results that the table shows, one column for each number of a cell. The history would be wider than any page. */
typedef struct others {
    const variable **variable;
    int variables;
    int64_t columns;
    statistic *cell; /* (columns, groups) */
} others;

static status choose(const view *v, others *o)
{
    o->variable = calloc((size_t)v->layout->variables + 1, sizeof *o->variable);
    if (o->variable == NULL) return failure(NO_MEMORY, "a table of %d results", v->layout->variables);
    for (int k = 0; k < v->layout->variables; k++) {
        const variable *x = &v->layout->variable[k];
        if (!is_other(v, x) || x->quantity->shape == PER_EPOCH) continue;
        o->variable[o->variables++] = x;
        o->columns += x->count;
    }
    return OK;
}

static status compute(view *v, const summary *s, others *o)
{
    status result = OK;
    statistic *to = o->cell = calloc((size_t)(o->columns * s->groups), sizeof *o->cell);
    CHECK(to != NULL, NO_MEMORY, "a table of %lld lines", (long long)s->groups);
    for (int k = 0; k < o->variables; k++) {
        const variable *x = o->variable[k];
        const double *values;
        TRY(view_values(v, x, &values));
        for (int64_t i = 0; i < x->count; i++)
            for (int64_t g = 0; g < s->groups; g++) *to++ = summary_statistic(s, g, values + i, x->count);
    }
done:
    return result;
}

static void put_columns(const view *v, const others *o, sheet *to)
{
    for (int k = 0; k < o->variables; k++) {
        const variable *x = o->variable[k];
        const char *unit = x->quantity->unit;
        for (int64_t i = 0; i < x->count; i++) {
            char label[32] = "";
            if (x->dimensions > 0) view_inner_label(v, x, i, label, sizeof label);
            sheet_column(to, SHEET_RIGHT, "%s%s%s%s%s%s", x->quantity->name, *label ? "_" : "", label,
                         *unit ? " (" : "", unit, *unit ? ")" : "");
        }
    }
}

status others_print(view *v, const summary *s, FILE *to)
{
    status result = OK;
    others o = { .variables = 0 };
    sheet *columns = NULL;
    TRY(choose(v, &o));
    if (o.columns == 0) goto done;
    TRY(compute(v, s, &o));
    TRY(sheet_make(&columns));
    int keys = tables_axis_columns(s, columns);
    put_columns(v, &o, columns);
    for (int64_t g = 0; g < s->groups; g++) {
        char text[NUMBER_MAX];
        if (summary_present(s, g) < 0) continue;
        tables_axis_cells(s, g, columns);
        for (int64_t c = 0; c < o.columns; c++)
            sheet_put(columns, "%s", tables_mean(&o.cell[c * s->groups + g], text));
    }
    fprintf(to, "\nother results%s\n\n", s->members > 1 ? ", mean (standard deviation)" : "");
    TRY(sheet_print(columns, keys, to));
done:
    free(o.variable);
    free(o.cell);
    sheet_free(columns);
    return result;
}

void others_name(const view *v, FILE *to)
{
    const char *gap = "\nalso in the file (--all shows them): ";
    int at = 0;
    for (int k = 0; k < v->layout->variables; k++) {
        const variable *x = &v->layout->variable[k];
        if (!is_other(v, x)) continue;
        int width = sheet_text_width(gap) + sheet_text_width(x->quantity->name);
        if (at + width >= REPORT_WIDTH) {
            fprintf(to, ",\n  ");
            at = 2;
            gap = "";
        }
        at += fprintf(to, "%s%s", gap, x->quantity->name);
        gap = ", ";
    }
    if (at > 0) fputc('\n', to);
}
