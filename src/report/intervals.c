#include "intervals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "random.h"

/* A run of trials that is drawn as one: a trial, or a block of them. */
typedef struct unit {
    int64_t first, count;
} unit;

/* A run of units that are drawn from each other's place: of a target, or all blocks. */
typedef struct stratum {
    int64_t first, count;
} stratum;

/* One session, ready to be resampled. */
typedef struct pool {
    const session_trials *of;
    bool blocks;
    int64_t units, strata, targets;
    unit *unit;
    stratum *stratum;
    int64_t *target;           /* (trials) 0 … targets-1 */
    double *frequency;         /* (targets, sources) W_ic */
    double *weight, *sum;      /* (targets, sources) of a resample */
    double total[SOURCES_MAX]; /* Σ_c W_ic b_ic as recorded, by place in of->source */
    uint64_t seed;
} pool;

/* ---- making --------------------------------------------------------------------------------------------------- */

static int by_target(const void *a, const void *b)
{
    const trial *x = a, *y = b;
    if (x->target != y->target) return x->target < y->target ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static int by_block(const void *a, const void *b)
{
    const trial *x = a, *y = b;
    if (x->block != y->block) return x->block < y->block ? -1 : 1;
    return by_target(a, b);
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Numbers targets from 0 on, in ascending order. */
static status number_targets(pool *p)
{
    status result = OK;
    const session_trials *t = p->of;
    int64_t *all = malloc((size_t)t->count * sizeof *all);
    CHECK(all != NULL, NO_MEMORY, "targets of %lld trials", (long long)t->count);
    for (int64_t i = 0; i < t->count; i++) all[i] = t->trial[i].target;
    qsort(all, (size_t)t->count, sizeof *all, ascending);
    for (int64_t i = 0; i < t->count; i++)
        if (i == 0 || all[i] != all[i - 1]) all[p->targets++] = all[i];
    for (int64_t i = 0; i < t->count; i++) {
        const int64_t *at = bsearch(&t->trial[i].target, all, (size_t)p->targets, sizeof *all, ascending);
        p->target[i] = at - all;
    }
done:
    free(all);
    return result;
}

static void find_units(pool *p)
{
    const session_trials *t = p->of;
    for (int64_t i = 0; i < t->count; i++) {
        const trial *x = &t->trial[i], *before = i ? &t->trial[i - 1] : NULL;
        if (before == NULL || !p->blocks || x->block != before->block) p->unit[p->units++] = (unit){ i, 0 };
        p->unit[p->units - 1].count++;
        if (before == NULL || (!p->blocks && x->target != before->target))
            p->stratum[p->strata++] = (stratum){ p->units - 1, 0 };
        p->stratum[p->strata - 1].count = p->units - p->stratum[p->strata - 1].first;
    }
}

static void find_frequencies(pool *p)
{
    const session_trials *t = p->of;
    for (int64_t i = 0; i < t->count; i++)
        for (int k = 0; k < t->sources; k++) {
            p->frequency[p->target[i] * t->sources + k] += t->trial[i].weight[t->source[k]];
            p->total[k] += t->trial[i].sum[t->source[k]];
        }
}

static void pool_free(pool *p)
{
    free(p->unit);
    free(p->stratum);
    free(p->target);
    free(p->frequency);
}

/* Sorts the session's trials as it needs them. */
static status pool_make(const session_trials *t, bool blocks, pool *out)
{
    status result = OK;
    *out =
        (pool){ .of = t, .blocks = blocks, .seed = hash_bytes(HASH_BEGIN, t->session, strlen(t->session)) };
    size_t count = (size_t)t->count;
    out->unit = malloc(count * sizeof *out->unit);
    out->stratum = malloc(count * sizeof *out->stratum);
    out->target = malloc(count * sizeof *out->target);
    CHECK(out->unit && out->stratum && out->target, NO_MEMORY, "%zu recorded trials", count);
    qsort(t->trial, count, sizeof *t->trial, blocks ? by_block : by_target);
    TRY(number_targets(out));
    find_units(out);
    size_t numbers = (size_t)(out->targets * t->sources);
    out->frequency = calloc(3 * numbers, sizeof *out->frequency);
    CHECK(out->frequency != NULL, NO_MEMORY, "frequencies of %lld targets", (long long)out->targets);
    out->weight = out->frequency + numbers;
    out->sum = out->weight + numbers;
    find_frequencies(out);
done:
    if (result != OK) pool_free(out);
    return result;
}

/* ---- drawing -------------------------------------------------------------------------------------------------- */

/* Random numbers in sequence; a block of the generator gives four. */
typedef struct stream {
    random_key key;
    uint64_t next;
    uint32_t word[4];
} stream;

static int64_t draw(stream *s, int64_t bound)
{
    if (s->next % 4 == 0) random_block(s->key, s->next / 4, s->word);
    return (int64_t)((uint64_t)s->word[s->next++ % 4] * (uint64_t)bound >> 32);
}

static void add_unit(pool *p, const unit *u)
{
    const session_trials *t = p->of;
    for (int64_t i = u->first; i < u->first + u->count; i++)
        for (int k = 0; k < t->sources; k++) {
            int64_t at = p->target[i] * t->sources + k;
            p->weight[at] += t->trial[i].weight[t->source[k]];
            p->sum[at] += t->trial[i].sum[t->source[k]];
        }
}

/* Σ_c W_ic b_ic of what was drawn. A target that a resample of blocks lacks leaves its weight to the others. */
static double drawn_total(const pool *p, int k)
{
    double total = 0, met = 0, all = 0;
    for (int64_t c = 0; c < p->targets; c++) {
        int64_t at = c * p->of->sources + k;
        all += p->frequency[at];
        if (p->weight[at] <= 0) continue;
        met += p->frequency[at];
        total += p->frequency[at] * p->sum[at] / p->weight[at];
    }
    return met > 0 ? total * all / met : p->total[k];
}

/* What a resample adds to the value: cross-entropies count negative, each with 1/n. A unit that is alone in its stratum
 * stays: nothing tells how it would have varied. */
static double resample(pool *p, int64_t index, int sources)
{
    stream from = { .key = { .seed = p->seed, .purpose = RANDOM_BOOTSTRAP, .epoch = (uint32_t)index } };
    memset(p->weight, 0, 2 * (size_t)(p->targets * p->of->sources) * sizeof *p->weight);
    for (int64_t h = 0; h < p->strata; h++) {
        const stratum *of = &p->stratum[h];
        if (of->count == 1) add_unit(p, &p->unit[of->first]);
        for (int64_t k = 0; k < of->count - 1; k++) add_unit(p, &p->unit[of->first + draw(&from, of->count)]);
    }
    double shift = 0;
    for (int k = 0; k < p->of->sources; k++) shift += p->total[k] - drawn_total(p, k);
    return shift / sources;
}

status intervals_resample(const group_trials *t, bool blocks, int64_t resamples, double *shift, bool *any)
{
    status result = OK;
    *any = true;
    for (int64_t k = 0; k < resamples; k++) shift[k] = 0;
    for (int i = 0; i < t->sessions && *any; i++) {
        pool p;
        TRY(pool_make(&t->session[i], blocks, &p));
        *any = p.units > p.strata;
        for (int64_t k = 0; *any && k < resamples; k++) shift[k] += resample(&p, k, t->sources);
        pool_free(&p);
    }
done:
    return result;
}

/* ---- percentiles ---------------------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between the two order statistics that enclose it. */
static double quantile(const double *sorted, int64_t count, double at)
{
    double place = at * (double)(count - 1);
    int64_t below = (int64_t)place;
    if (below >= count - 1) return sorted[count - 1];
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

status intervals_percentile(double value, const double *shift, int64_t resamples, double confidence,
                            interval *out)
{
    status result = OK;
    double *sorted = malloc((size_t)resamples * sizeof *sorted);
    CHECK(sorted != NULL, NO_MEMORY, "%lld resamples", (long long)resamples);
    memcpy(sorted, shift, (size_t)resamples * sizeof *sorted);
    qsort(sorted, (size_t)resamples, sizeof *sorted, by_value);
    *out = (interval){ value + quantile(sorted, resamples, (1 - confidence) / 2),
                       value + quantile(sorted, resamples, (1 + confidence) / 2) };
done:
    free(sorted);
    return result;
}
