#include "tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outcomes.h"

static const double ROUNDS_TO_ZERO = 0.0005; /* at three decimals; "-0.000" says less than it seems to */

const char *tables_number(double value, char text[NUMBER_MAX])
{
    if (isnan(value))
        snprintf(text, NUMBER_MAX, "—");
    else if (fabs(value) < ROUNDS_TO_ZERO)
        snprintf(text, NUMBER_MAX, "0.000");
    else
        snprintf(text, NUMBER_MAX, fabs(value) < 1e6 ? "%.3f" : "%.3e", value);
    return text;
}

const char *tables_difference(double difference, char text[NUMBER_MAX])
{
    char number[NUMBER_MAX];
    snprintf(text, NUMBER_MAX, "%s%.40s", difference >= ROUNDS_TO_ZERO ? "+" : "",
             tables_number(difference, number));
    return text;
}

const char *tables_interval(const interval *x, char text[NUMBER_MAX])
{
    char low[NUMBER_MAX], high[NUMBER_MAX];
    if (isnan(x->low))
        snprintf(text, NUMBER_MAX, "—");
    else
        snprintf(text, NUMBER_MAX, "[%.20s, %.20s]", tables_number(x->low, low),
                 tables_number(x->high, high));
    return text;
}

const char *tables_mean(const statistic *x, char text[NUMBER_MAX])
{
    char mean[NUMBER_MAX], sd[NUMBER_MAX];
    tables_number(x->mean, mean);
    if (isnan(x->sd))
        snprintf(text, NUMBER_MAX, "%s", mean);
    else
        snprintf(text, NUMBER_MAX, "%.20s (%.20s)", mean, tables_number(x->sd, sd));
    return text;
}

const char *tables_p(double p, int64_t shuffles, char text[NUMBER_MAX])
{
    int decimals = shuffles >= 9999 ? 5 : shuffles >= 999 ? 4 : 3;
    if (isnan(p))
        snprintf(text, NUMBER_MAX, "—");
    else
        snprintf(text, NUMBER_MAX, "%.*f", decimals, p);
    return text;
}

int tables_axis_columns(const summary *s, sheet *to)
{
    int columns = 0;
    for (int a = 0; a < s->grid->axes; a++) {
        const axis *x = &s->grid->axis[a];
        if (!summary_keeps(s, a)) continue;
        sheet_side side = x->number && x->type != OPTION_FLAG ? SHEET_RIGHT : SHEET_LEFT;
        if (x->unit && *x->unit)
            sheet_column(to, side, "%s (%s)", x->name, x->unit);
        else
            sheet_column(to, side, "%s", x->name);
        columns++;
    }
    return columns;
}

void tables_axis_cells(const summary *s, int64_t group, sheet *to)
{
    int64_t cell = summary_cell(s, group, 0);
    for (int a = 0; a < s->grid->axes; a++)
        if (summary_keeps(s, a)) sheet_put(to, "%s", s->grid->axis[a].text[grid_value(s->grid, cell, a)]);
}

void tables_caption(const quantity *q, FILE *to)
{
    int at = fprintf(to, *q->unit ? "\n%s (%s): " : "\n%s: ", q->name, q->unit);
    sheet_wrap(q->long_name, at - 1, 2, to);
}

/* ---- what, when, where ---------------------------------------------------------------------------------------- */

static void print_runs(const view *v, FILE *to)
{
    if (v->run_count == 0) return;
    const run_record *last = &v->runs[v->run_count - 1];
    if (v->run_count > 1) fprintf(to, "%d runs, the last: ", v->run_count);
    fprintf(to, "%s to %s on %d rank%s of %s\n", last->started, *last->ended ? last->ended : "(not ended)",
            last->ranks, last->ranks == 1 ? "" : "s", last->host);
    fprintf(to, "infosweep %s (%s), kernels %s%s%s\n", last->version, last->commit, last->kernels,
            *last->ending ? ", ended: " : "", last->ending);
    if (last->busy > 0)
        fprintf(to, "ranks busy %.1f %% of the time (the least %.1f %%), on a processor %.1f %%\n",
                100 * last->busy, 100 * last->least_busy, 100 * last->processor);
    if (!*last->ended && *last->safe)
        fprintf(to, "on disk: what was done up to %s; a loss of power after it may have cost later rows\n",
                last->safe);
}

static void print_shard(const view *v, FILE *to)
{
    int64_t index, count;
    if (v->results && sweep_shard(results_sweep(v->results), &index, &count))
        fprintf(to, "shard %lld of %lld: the other tasks are in other files; infosweep merge joins them\n",
                (long long)index, (long long)count);
}

static void print_heading(const view *v, const outcomes *o, FILE *to)
{
    fprintf(to, "%s\n%s: %lld of %lld tasks done, %lld failed, %lld left\n", v->title, v->path,
            (long long)o->count[OUTCOME_DONE], (long long)v->grid->tasks, (long long)outcomes_failed(o),
            (long long)outcomes_left(o));
    print_shard(v, to);
    print_runs(v, to);
    if (*v->published_trouble) fprintf(to, "no published values: %s\n", v->published_trouble);
}

/* ---- all of it ----------------------------------------------------------------------------------------------- */

/* Where nothing is trained, every result is what somebody asked for. */
static bool trains(const view *v)
{
    for (const estimator *const *e = v->estimators; *e; e++)
        if ((*e)->needs & NEEDS_MODEL) return true;
    return false;
}

status tables_print(view *v, FILE *to)
{
    status result = OK;
    summary s;
    means *m = NULL;
    const variable *headline[HEADLINES_MAX + 1];
    const outcomes o = outcomes_count(v->grid, v->status);
    summary_make(v->grid, &s);
    view_headlines(v, headline);
    print_heading(v, &o, to);
    for (int i = 0; headline[i]; i++) {
        means_free(m);
        m = NULL;
        TRY(means_make(v, &s, headline[i], &m));
        TRY(headline_print(v, &s, m, to));
        TRY(matrices_print(v, &s, m, to));
        notes_print(v, &s, m, to);
    }
    TRY(decomposition_print(v, &s, to));
    if (v->options.all || !trains(v))
        TRY(others_print(v, &s, to));
    else
        TRY(others_name(v, to));
    if (outcomes_failed(&o) > 0) fprintf(to, "\nnot done:\n");
    TRY(outcomes_print_failures(&o, v->results, to));
    if (outcomes_failed(&o) > 0)
        fprintf(to, "infosweep run SWEEP --retry failed (or diverged, quarantined) runs these again, and "
                    "nothing else\n");
done:
    means_free(m);
    return result;
}

status report_tables(const results *r, const report_options *o, FILE *to)
{
    status result = OK;
    view *v = NULL;
    TRY(view_make(r, o, &v));
    TRY(tables_print(v, to));
done:
    view_free(v);
    return result;
}
