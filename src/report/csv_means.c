#include <math.h>

#include "csv.h"

void csv_number(double value, FILE *to)
{
    if (isnan(value))
        fputc(',', to);
    else
        fprintf(to, ",%.17g", value); /* 17 digits bring back the same double */
}

void csv_axis_names(const summary *s, FILE *to)
{
    for (int a = 0; a < s->grid->axes; a++) {
        if (!summary_keeps(s, a)) continue;
        fputc(',', to);
        csv_field(s->grid->axis[a].name, to);
    }
}

void csv_axis_values(const summary *s, int64_t group, FILE *to)
{
    int64_t cell = summary_cell(s, group, 0);
    for (int a = 0; a < s->grid->axes; a++) {
        if (!summary_keeps(s, a)) continue;
        fputc(',', to);
        csv_field(s->grid->axis[a].text[grid_value(s->grid, cell, a)], to);
    }
}

void csv_means_head(const summary *s, FILE *to)
{
    fputs("result", to);
    csv_axis_names(s, to);
    fputs(",mean,sd,n,tasks,low,high,distance,distance_weight,null_mean,shuffles,p,q,published,exact\n", to);
}

void csv_means_line(const summary *s, const means *m, int64_t group, FILE *to)
{
    const group_mean *x = &m->of[group];
    if (!x->given) return;
    fputs(m->variable->quantity->name, to);
    csv_axis_values(s, group, to);
    csv_number(x->value.mean, to);
    csv_number(x->value.sd, to);
    fprintf(to, ",%lld,%lld", (long long)x->value.count, (long long)x->value.tasks);
    csv_number(x->interval.low, to);
    csv_number(x->interval.high, to);
    csv_number(x->distance, to);
    csv_number(x->weight, to);
    csv_number(x->test.null_mean, to);
    fprintf(to, ",%lld", (long long)x->test.shuffles);
    csv_number(x->test.p, to);
    csv_number(x->q, to);
    csv_number(x->published, to);
    csv_number(x->exact, to);
    fputc('\n', to);
}

status csv_means_print(view *v, FILE *to)
{
    status result = OK;
    summary s;
    means *m = NULL;
    const variable *headline[HEADLINES_MAX + 1];
    summary_make(v->grid, &s);
    view_headlines(v, headline);
    csv_means_head(&s, to);
    for (int i = 0; headline[i]; i++) {
        means_free(m);
        m = NULL;
        TRY(means_make(v, &s, headline[i], &m));
        for (int64_t g = 0; g < m->groups; g++) csv_means_line(&s, m, g, to);
    }
done:
    means_free(m);
    return result;
}

status report_csv_means(const results *r, const report_options *o, FILE *to)
{
    status result = OK;
    view *v = NULL;
    TRY(view_make(r, o, &v));
    TRY(csv_means_print(v, to));
done:
    view_free(v);
    return result;
}
