#include "csv.h"

#include <math.h>
#include <string.h>

/* Quotes a field that holds a comma, a quote or a line break (RFC 4180). */
void csv_field(const char *text, FILE *to)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, to);
        return;
    }
    fputc('"', to);
    for (; *text; text++) {
        if (*text == '"') fputc('"', to);
        fputc(*text, to);
    }
    fputc('"', to);
}

static void print_head(const view *v, FILE *to)
{
    for (int a = 0; a < v->grid->axes; a++) {
        csv_field(v->grid->axis[a].name, to);
        fputc(',', to);
    }
    fputs("status", to);
    for (int k = 0; k < v->layout->variables; k++) {
        const variable *x = &v->layout->variable[k];
        if (view_is_per_sample(x)) continue;
        for (int64_t i = 0; i < x->count; i++) {
            char label[64] = "", name[256];
            if (x->dimensions > 0) view_inner_label(v, x, i, label, sizeof label);
            snprintf(name, sizeof name, "%s%s%s", x->quantity->name, *label ? "_" : "", label);
            fputc(',', to);
            csv_field(name, to);
        }
    }
    fputc('\n', to);
}

static status print_cell(view *v, int64_t cell, FILE *to)
{
    status result = OK;
    for (int a = 0; a < v->grid->axes; a++) {
        csv_field(v->grid->axis[a].text[grid_value(v->grid, cell, a)], to);
        fputc(',', to);
    }
    fputs(v->status[cell] < OUTCOMES ? outcome_text(v->status[cell]) : "unknown", to);
    for (int k = 0; k < v->layout->variables; k++) {
        const variable *x = &v->layout->variable[k];
        const double *values;
        if (view_is_per_sample(x)) continue;
        TRY(view_values(v, x, &values));
        for (int64_t i = 0; i < x->count; i++) csv_number(values[cell * x->count + i], to);
    }
    fputc('\n', to);
done:
    return result;
}

status csv_print(view *v, FILE *to)
{
    status result = OK;
    print_head(v, to);
    for (int64_t cell = 0; cell < v->grid->cells; cell++) TRY(print_cell(v, cell, to));
done:
    return result;
}

status report_csv(const results *r, const report_options *o, FILE *to)
{
    status result = OK;
    view *v = NULL;
    TRY(view_make(r, o, &v));
    TRY(csv_print(v, to));
done:
    view_free(v);
    return result;
}
