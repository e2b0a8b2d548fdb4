/* The table of a result that a person looks for first. */
#include <math.h>

#include "tables.h"

typedef struct columns {
    const view *view;
    const summary *summary;
    const means *means;
    bool deviation;
} columns;

/* A column and its difference to the mean, which says nothing without it. */
static void head_reference(const char *name, sheet *to)
{
    sheet_column(to, SHEET_RIGHT, "%s", name);
    sheet_column(to, SHEET_RIGHT, "difference");
    sheet_join(to);
}

static void head(const columns *c, sheet *to)
{
    const means *m = c->means;
    sheet_column(to, SHEET_RIGHT, c->summary->members > 1 ? "mean" : "value");
    if (c->deviation) {
        sheet_column(to, SHEET_RIGHT, "(sd)");
        sheet_join(to);
    }
    if (m->any_interval) {
        sheet_column(to, SHEET_RIGHT, "%g %% interval", 100 * c->view->options.confidence);
        sheet_join(to);
    }
    if (m->uneven) sheet_column(to, SHEET_RIGHT, "n");
    if (m->any_test) {
        sheet_column(to, SHEET_RIGHT, "null");
        sheet_column(to, SHEET_RIGHT, "p");
        sheet_join(to);
        sheet_column(to, SHEET_LEFT, "q");
        sheet_join(to);
    }
    if (m->any_published) head_reference("published", to);
    if (m->any_exact) head_reference("exact", to);
    if (m->any_distance) {
        sheet_column(to, SHEET_RIGHT, "distance");
    }
    if (m->any_weight) {
        sheet_column(to, SHEET_RIGHT, "weight");
        if (m->any_distance) sheet_join(to);
    }
}

static void put_test(const means *m, const group_mean *x, sheet *to)
{
    char text[NUMBER_MAX];
    sheet_put(to, "%s", tables_number(x->test.null_mean, text));
    sheet_put(to, "%s", tables_p(x->test.p, m->shuffles, text));
    sheet_put(to, "%s%s", tables_p(x->q, m->shuffles, text), mean_is_significant(x) ? "*" : "");
}

static void put_reference(const group_mean *x, double reference, sheet *to)
{
    char text[NUMBER_MAX];
    sheet_put(to, "%s", tables_number(reference, text));
    sheet_put(to, "%s", tables_difference(x->value.mean - reference, text));
}

static void put_line(const columns *c, const group_mean *x, sheet *to)
{
    char text[NUMBER_MAX];
    const means *m = c->means;
    sheet_put(to, "%s", tables_number(x->value.mean, text));
    if (c->deviation && isnan(x->value.sd))
        sheet_put(to, "—");
    else if (c->deviation)
        sheet_put(to, "(%s)", tables_number(x->value.sd, text));
    if (m->any_interval) sheet_put(to, "%s", tables_interval(&x->interval, text));
    if (m->uneven && x->value.count == x->value.tasks)
        sheet_put(to, "%lld", (long long)x->value.count);
    else if (m->uneven)
        sheet_put(to, "%lld of %lld", (long long)x->value.count, (long long)x->value.tasks);
    if (m->any_test) put_test(m, x, to);
    if (m->any_published) put_reference(x, x->published, to);
    if (m->any_exact) put_reference(x, x->exact, to);
    if (m->any_distance) sheet_put(to, "%s", tables_number(x->distance, text));
    if (m->any_weight) sheet_put(to, "%s", tables_number(x->weight, text));
}

static void print_average(const summary *s, const means *m, FILE *to)
{
    const char *over = summary_repetitions(s);
    bool uneven = m->uneven || m->given == 0;
    if (s->members > 1 && s->parts > 1)
        fprintf(to,
                "mean over %s and folds (standard deviation, n-1, over %s, each averaged over its folds)%s\n",
                over, over, uneven ? "; n: values averaged" : "");
    else if (s->members > 1 && uneven)
        fprintf(to, "mean (standard deviation, n-1) over %s; n: values averaged\n", over);
    else if (s->members > 1)
        fprintf(to, "mean (standard deviation, n-1) over %lld %s\n", (long long)s->members, over);
    fputc('\n', to);
}

status headline_print(view *v, const summary *s, const means *m, FILE *to)
{
    status result = OK;
    const columns c = { v, s, m, s->repetitions > 1 };
    sheet *lines = NULL;
    TRY(sheet_make(&lines));
    tables_caption(m->variable->quantity, to);
    if (m->variable->count > 1) fprintf(to, "of %s 1; the others below\n", m->variable->axis[0]);
    print_average(s, m, to);
    int keys = tables_axis_columns(s, lines);
    head(&c, lines);
    for (int64_t g = 0; g < m->groups; g++) {
        if (!m->of[g].given || m->of[g].silent) continue;
        tables_axis_cells(s, g, lines);
        put_line(&c, &m->of[g], lines);
    }
    TRY(sheet_print(lines, keys, to));
    if (m->any_published || m->any_exact) fputc('\n', to);
    if (m->any_published) {
        fprintf(to, "published: ");
        sheet_wrap(comparison_source(v->published), 11, 2, to);
    }
    if (m->any_exact) {
        fprintf(to, "exact: ");
        sheet_wrap(m->exact_variable->quantity->long_name, 7, 2, to);
    }
done:
    sheet_free(lines);
    return result;
}
