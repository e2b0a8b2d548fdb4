#include "means.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_redundant(const variable *x)
{
    return strcmp(x->quantity->name, "redundant_information") == 0;
}

bool mean_is_significant(const group_mean *m)
{
    static const double discovery_rate = 0.05;
    return m->q < discovery_rate;
}

bool means_all_done(const view *v, const summary *s, int64_t group)
{
    for (int64_t m = 0; m < s->members; m++) {
        int64_t cell = summary_cell(s, group, m);
        bool absent = s->grid->absent && s->grid->absent[cell];
        if (!absent && v->status[cell] != OUTCOME_DONE) return false;
    }
    return true;
}

/* ---- the parts of a mean ------------------------------------------------------------------------------------------ */

/* The mean of a result that stands beside; NaN where the file has none. */
static status read_beside(view *v, const summary *s, const char *name, int64_t group, double *out)
{
    status result = OK;
    const double *values;
    const variable *x = layout_find(v->layout, name);
    *out = NAN;
    if (x == NULL || x->quantity->shape != PER_CELL) goto done;
    TRY(view_values(v, x, &values));
    *out = summary_statistic(s, group, values, 1).mean;
done:
    return result;
}

static status read_value(view *v, const summary *s, int64_t group, means *m)
{
    status result = OK;
    const double *values, *exact = NULL;
    group_mean *to = &m->of[group];
    TRY(view_values(v, m->variable, &values));
    if (m->exact_variable) TRY(view_values(v, m->exact_variable, &exact));
    to->value = summary_statistic(s, group, values, m->variable->count);
    to->silent = to->value.count == 0 && means_all_done(v, s, group);
    to->published = view_published(v, m->variable, summary_present(s, group));
    to->exact = exact ? summary_statistic(s, group, exact, m->exact_variable->count).mean : NAN;
    if (is_redundant(m->variable)) {
        TRY(read_beside(v, s, "distance", group, &to->distance));
        TRY(read_beside(v, s, "distance_weight", group, &to->weight));
    }
done:
    return result;
}

static status find_interval(view *v, const summary *s, int64_t group, means *m)
{
    status result = OK;
    bool any = false;
    group_trials *t = NULL;
    group_mean *to = &m->of[group];
    double *shift = m->shift + group * m->resamples;
    TRY(trials_make(v, s, group, &t));
    if (t) TRY(intervals_resample(t, v->options.blocks, m->resamples, shift, &any));
    for (int64_t k = 0; !any && k < m->resamples; k++) shift[k] = NAN;
    if (any)
        TRY(intervals_percentile(to->value.mean, shift, m->resamples, v->options.confidence, &to->interval));
done:
    trials_free(t);
    return result;
}

/* Does the data say which trials make a block? */
static bool has_blocks(const view *v)
{
    const char *block = view_option(v, 0, "block");
    return block && *block;
}

static status find_intervals(view *v, const summary *s, means *m)
{
    status result = OK;
    if (v->options.resamples == 0 || !is_redundant(m->variable) || !trials_kept(v)) goto done;
    CHECK(!v->options.blocks || has_blocks(v), BAD_INPUT,
          "%s: --block needs a sweep whose data.block names the column of blocks", v->path);
    m->resamples = v->options.resamples;
    m->shift = malloc((size_t)(m->groups * m->resamples) * sizeof *m->shift);
    CHECK(m->shift != NULL, NO_MEMORY, "%lld resamples of %lld values: ask for fewer with --bootstrap",
          (long long)m->resamples, (long long)m->groups);
    for (int64_t g = 0; g < m->groups; g++)
        if (m->of[g].given && m->of[g].value.count > 0) TRY(find_interval(v, s, g, m));
done:
    return result;
}

static status test(view *v, const summary *s, means *m)
{
    status result = OK;
    const double *values;
    double *null = malloc((size_t)(s->shuffles + 1) * sizeof *null);
    double *p = malloc(2 * (size_t)(m->groups + 1) * sizeof *p), *q = p + m->groups;
    CHECK(null && p, NO_MEMORY, "%lld tests", (long long)m->groups);
    TRY(view_values(v, m->variable, &values));
    for (int64_t g = 0; g < m->groups; g++) {
        for (int64_t k = 0; k < s->shuffles; k++) {
            summary shuffled = summary_shuffled(s, k);
            null[k] = summary_statistic(&shuffled, g, values, m->variable->count).mean;
        }
        if (m->of[g].given) m->of[g].test = significance_test(m->of[g].value.mean, null, s->shuffles);
        p[g] = m->of[g].test.p;
    }
    TRY(significance_adjust(p, m->groups, q));
    for (int64_t g = 0; g < m->groups; g++) m->of[g].q = q[g];
done:
    free(null);
    free(p);
    return result;
}

/* ---- all ---------------------------------------------------------------------------------------------------------- */

static void note(means *m)
{
    int64_t first = -1;
    for (int64_t g = 0; g < m->groups; g++) {
        const group_mean *x = &m->of[g];
        if (!x->given) continue;
        m->given++;
        if (x->silent) continue;
        if (first < 0) first = g;
        m->uneven =
            m->uneven || x->value.count != x->value.tasks || x->value.count != m->of[first].value.count;
        m->any_interval = m->any_interval || !isnan(x->interval.low);
        m->any_test = m->any_test || !isnan(x->test.p);
        m->any_distance = m->any_distance || !isnan(x->distance);
        m->any_weight = m->any_weight || !isnan(x->weight);
        m->any_published = m->any_published || !isnan(x->published);
        m->any_exact = m->any_exact || !isnan(x->exact);
        m->tests += !isnan(x->test.p);
        if (x->test.shuffles > m->shuffles) m->shuffles = x->test.shuffles;
    }
}

status means_make(view *v, const summary *s, const variable *x, means **out)
{
    status result = OK;
    means *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "a table of %lld lines", (long long)s->groups);
    made->variable = x;
    made->exact_variable = view_exact(v, x);
    made->groups = s->groups;
    made->of = calloc((size_t)s->groups, sizeof *made->of);
    CHECK(made->of != NULL, NO_MEMORY, "a table of %lld lines", (long long)s->groups);
    for (int64_t g = 0; g < s->groups; g++) {
        int64_t cell = summary_present(s, g);
        made->of[g] = (group_mean){ .given = cell >= 0 && view_gives(v, cell, x),
                                    .value = { .mean = NAN, .sd = NAN },
                                    .interval = { NAN, NAN },
                                    .test = { .p = NAN, .null_mean = NAN },
                                    .q = NAN,
                                    .distance = NAN,
                                    .weight = NAN };
        if (made->of[g].given) TRY(read_value(v, s, g, made));
    }
    TRY(find_intervals(v, s, made));
    if (s->shuffle_axis >= 0) TRY(test(v, s, made));
    note(made);
    *out = made;
    made = NULL;
done:
    means_free(made);
    return result;
}

void means_free(means *m)
{
    if (m == NULL) return;
    free(m->of);
    free(m->shift);
    free(m);
}
