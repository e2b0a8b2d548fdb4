#include "history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "gnuplot.h"

static const char *const metric_of[HISTORY_TRACES] = { "redundant_information", "redundant_information_train",
                                                       "distance", "distance_weight" };

/* ---- numbers ------------------------------------------------------------------------------------------------------ */

static int column_of(const view *v, history_trace t)
{
    const result_extents *e = &v->layout->extents;
    for (int m = 0; m < e->metrics; m++)
        if (strcmp(e->metric[m], metric_of[t]) == 0) return m;
    return -1;
}

/* "beta=50 width=16" of the axes that have more than one value. */
static void name_group(const summary *s, int64_t group, char name[HISTORY_NAME_MAX])
{
    size_t length = 0;
    int64_t cell = summary_cell(s, group, 0);
    name[0] = '\0';
    for (int a = 0; a < s->grid->axes && length < HISTORY_NAME_MAX; a++) {
        const axis *x = &s->grid->axis[a];
        if (!summary_keeps(s, a) || x->count < 2) continue;
        length += (size_t)snprintf(name + length, HISTORY_NAME_MAX - length, "%s%s=%s", length ? " " : "",
                                   x->name, x->text[grid_value(s->grid, cell, a)]);
    }
}

static void choose_curves(history *h, const double *values)
{
    const figure *f = h->figure;
    const summary *s = f->summary;
    h->key = f->other >= 0 ? &s->grid->axis[f->other] : NULL;
    int64_t count = f->all ? s->groups : h->key ? h->key->count : 1;
    for (int64_t j = 0; j < count; j++) {
        int64_t group = f->all ? j : figure_group(f, 0, j);
        if (!figure_has_value(f, group, values)) continue;
        h->group[h->curves] = group;
        if (h->key)
            snprintf(h->name[h->curves], HISTORY_NAME_MAX, "%s", h->key->text[j]);
        else if (f->all)
            name_group(s, group, h->name[h->curves]);
        h->curves++;
    }
}

static void average(history *h, const variable *x, const double *values)
{
    const figure *f = h->figure;
    for (int t = 0; t < HISTORY_TRACES; t++) {
        int column = column_of(f->view, (history_trace)t);
        h->has[t] = column >= 0;
        for (int64_t i = 0; h->has[t] && i < h->curves * h->epochs; i++) {
            int64_t place = i % h->epochs * x->extent[1] + column;
            statistic *to = &h->statistic[i * HISTORY_TRACES + t];
            *to = summary_statistic(f->summary, h->group[i / h->epochs], values + place, x->count);
            h->deviations = h->deviations || (t != HISTORY_WEIGHT && !isnan(to->sd));
        }
    }
}

static status make_history(const figure *f, history *h)
{
    status result = OK;
    const variable *x = f->means->variable;
    const double *values;
    *h = (history){ .figure = f, .epochs = x->extent[0] };
    TRY(view_values(f->view, x, &values));
    choose_curves(h, values);
    h->statistic = calloc((size_t)(h->curves * h->epochs * HISTORY_TRACES) + 1, sizeof *h->statistic);
    CHECK(h->statistic != NULL, NO_MEMORY, "a figure of %lld epochs", (long long)h->epochs);
    average(h, x, values);
done:
    return result;
}

/* ---- data --------------------------------------------------------------------------------------------------------- */

/* One block of lines per curve. */
static status write_data(const history *h)
{
    status result = OK;
    FILE *to = NULL;
    TRY(gnuplot_create(h->figure->folder, h->figure->name, "dat", &to));
    fprintf(to, "# epoch, then mean low high of %s, %s, %s, %s; one block per curve\n",
            metric_of[HISTORY_TEST], metric_of[HISTORY_TRAIN], metric_of[HISTORY_DISTANCE],
            metric_of[HISTORY_WEIGHT]);
    for (int64_t j = 0; j < h->curves; j++) {
        fprintf(to, "%s# %s%s%s\n", j ? "\n\n" : "", h->key ? h->key->name : "", h->key ? "=" : "",
                h->name[j]);
        for (int64_t e = 0; e < h->epochs; e++) {
            fprintf(to, "%lld", (long long)e + 1);
            for (history_trace t = HISTORY_TEST; t < HISTORY_TRACES; t++) {
                const statistic *x = history_at(h, j, e, t);
                double mean = h->has[t] ? x->mean : NAN;
                fprintf(to, " %.9g %.9g %.9g", mean, mean - x->sd, mean + x->sd);
            }
            fputc('\n', to);
        }
    }
    result = gnuplot_close(to, h->figure->name);
done:
    return result;
}

static void write_csv_lines(const history *h, int64_t curve, history_trace t, FILE *to)
{
    for (int64_t e = 0; e < h->epochs; e++) {
        const statistic *x = history_at(h, curve, e, t);
        fputs(metric_of[t], to);
        csv_axis_values(h->figure->summary, h->group[curve], to);
        fprintf(to, ",%lld", (long long)e + 1);
        csv_number(x->mean, to);
        csv_number(x->sd, to);
        fprintf(to, ",%lld\n", (long long)x->count);
    }
}

static status write_csv(const history *h)
{
    status result = OK;
    FILE *to = NULL;
    TRY(gnuplot_create(h->figure->folder, h->figure->name, "csv", &to));
    fputs("metric", to);
    csv_axis_names(h->figure->summary, to);
    fputs(",epoch,mean,sd,n\n", to);
    for (int64_t j = 0; j < h->curves; j++)
        for (history_trace t = HISTORY_TEST; t < HISTORY_TRACES; t++)
            if (h->has[t]) write_csv_lines(h, j, t, to);
    result = gnuplot_close(to, h->figure->name);
done:
    return result;
}

status history_write(const figure *f)
{
    status result = OK;
    history h = { .figure = NULL };
    TRY(make_history(f, &h));
    TRY(write_data(&h));
    TRY(write_csv(&h));
    TRY(history_script_write(&h));
done:
    free(h.statistic);
    return result;
}
