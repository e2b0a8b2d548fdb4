#include "trials.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a result file has per test sample. Samples are padded with NaN to the most that any cell has. */
typedef struct samples {
    const double *bits, *trial, *block; /* (cells, sources, count); block: NULL where there is none */
    const double *target;               /* (cells, count) */
    int sources;
    int64_t count;
} samples;

static bool per_source_sample(const variable *x, const variable *like)
{
    return x && x->dimensions == 2 && x->extent[0] == like->extent[0] && x->extent[1] == like->extent[1];
}

bool trials_kept(const view *v)
{
    const variable *bits = layout_find(v->layout, "test_cross_entropy");
    const variable *target = layout_find(v->layout, "test_target");
    return bits && bits->dimensions == 2 && bits->extent[0] <= SOURCES_MAX &&
           (!target || target->count == bits->extent[1]) &&
           per_source_sample(layout_find(v->layout, "test_trial"), bits);
}

static status find_samples(view *v, samples *out)
{
    status result = OK;
    const variable *bits = layout_find(v->layout, "test_cross_entropy");
    const variable *block = layout_find(v->layout, "test_block");
    const variable *target = layout_find(v->layout, "test_target");
    *out = (samples){ .sources = (int)bits->extent[0], .count = bits->extent[1] };
    TRY(view_values(v, bits, &out->bits));
    TRY(view_values(v, layout_find(v->layout, "test_trial"), &out->trial));
    if (target) TRY(view_values(v, target, &out->target));
    if (per_source_sample(block, bits)) TRY(view_values(v, block, &out->block));
done:
    return result;
}

/* Samples of a cell that a source has a number for. */
static int64_t count_samples(const samples *x, int64_t cell, int source)
{
    const double *bits = x->bits + (cell * x->sources + source) * x->count;
    int64_t count = 0;
    for (int64_t i = 0; i < x->count; i++) count += !isnan(bits[i]);
    return count;
}

static bool has_samples(const samples *x, int64_t cell)
{
    for (int i = 0; i < x->sources; i++)
        if (count_samples(x, cell, i) == 0) return false;
    return true;
}

/* ---- sessions ------------------------------------------------------------------------------------------------- */

/* Which sources were recorded together: "" is the only session there is, whatever the other source calls it, and data
 * without sessions is all of one. */
static void find_sessions(const view *v, int64_t cell, int sources, group_trials *out)
{
    for (int i = 0; i < sources; i++) {
        char name[24];
        snprintf(name, sizeof name, "session_%d", i + 1);
        const char *called = view_option(v, cell, name);
        if (called == NULL) called = "";
        int at = 0;
        while (at < out->sessions && out->session[at].session[0] && called[0] &&
               strcmp(out->session[at].session, called) != 0)
            at++;
        if (at == out->sessions) out->session[out->sessions++].session = called;
        out->session[at].source[out->session[at].sources++] = i;
    }
}

static int by_number(const void *a, const void *b)
{
    const trial *x = a, *y = b;
    if (x->number != y->number) return x->number < y->number ? -1 : 1;
    return (x->target > y->target) - (x->target < y->target);
}

/* Adds up what several samples say about one trial. */
static void merge(session_trials *t, int sources)
{
    int64_t last = 0;
    qsort(t->trial, (size_t)t->count, sizeof *t->trial, by_number);
    for (int64_t i = 1; i < t->count; i++) {
        trial *x = &t->trial[last];
        if (by_number(x, &t->trial[i]) != 0) {
            t->trial[++last] = t->trial[i];
            continue;
        }
        for (int s = 0; s < sources; s++) {
            x->weight[s] += t->trial[i].weight[s];
            x->sum[s] += t->trial[i].sum[s];
        }
    }
    if (t->count > 0) t->count = last + 1;
}

/* ---- a group -------------------------------------------------------------------------------------------------- */

/* A number as a file has it; -1 for what is none. */
static int64_t whole(double number)
{
    return fabs(number) < 0x1p31 ? (int64_t)number : -1;
}

/* Has every seed simulated sessions of its own? Then trials of the same number are not the same. */
static bool is_fresh(const view *v, int64_t cell)
{
    const char *simulation = view_option(v, cell, "simulation");
    return simulation && strcmp(simulation, "seed") == 0;
}

/* Where samples come from. */
typedef struct place {
    int64_t cell;
    int64_t data_set; /* trials are numbered in each */
    double weight;    /* of the cell in the group's mean */
} place;

static void take_source(const samples *x, const place *at, int source, session_trials *to)
{
    enum { NUMBERS = 32 }; /* bits of a trial's number */
    int64_t first = (at->cell * x->sources + source) * x->count;
    double each = at->weight / (double)count_samples(x, at->cell, source);
    for (int64_t i = 0; i < x->count; i++) {
        double bits = x->bits[first + i];
        if (isnan(bits)) continue;
        trial *t = &to->trial[to->count++];
        *t = (trial){ .number = at->data_set * ((int64_t)1 << NUMBERS) + whole(x->trial[first + i]),
                      .target = x->target ? whole(x->target[at->cell * x->count + i]) : 0,
                      .block = x->block ? whole(x->block[first + i]) : -1 };
        t->weight[source] = each;
        t->sum[source] = each * bits;
    }
}

static status make_room(const samples *x, int64_t cells, group_trials *t)
{
    status result = OK;
    for (int k = 0; k < t->sessions; k++) {
        session_trials *to = &t->session[k];
        size_t most = (size_t)(cells * to->sources * x->count);
        to->trial = malloc(most * sizeof *to->trial);
        CHECK(to->trial != NULL, NO_MEMORY, "%zu recorded trials", most);
    }
done:
    return result;
}

status trials_make(view *v, const summary *s, int64_t group, group_trials **out)
{
    status result = OK;
    samples x;
    int64_t cells = 0, present = summary_present(s, group);
    group_trials *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "recorded trials");
    *out = NULL;
    if (!trials_kept(v) || present < 0) goto done;
    TRY(find_samples(v, &x));
    for (int64_t m = 0; m < s->members; m++) cells += has_samples(&x, summary_cell(s, group, m));
    if (cells == 0) goto done;
    made->sources = x.sources;
    bool fresh = is_fresh(v, present);
    find_sessions(v, present, x.sources, made);
    TRY(make_room(&x, cells, made));
    for (int64_t m = 0; m < s->members; m++) {
        place at = { summary_cell(s, group, m), fresh ? m / s->parts : 0, 1 / (double)cells };
        if (!has_samples(&x, at.cell)) continue;
        for (int k = 0; k < made->sessions; k++)
            for (int i = 0; i < made->session[k].sources; i++)
                take_source(&x, &at, made->session[k].source[i], &made->session[k]);
    }
    for (int k = 0; k < made->sessions; k++) merge(&made->session[k], x.sources);
    *out = made;
    made = NULL;
done:
    trials_free(made);
    return result;
}

void trials_free(group_trials *t)
{
    if (t == NULL) return;
    for (int k = 0; k < t->sessions; k++) free(t->session[k].trial);
    free(t);
}
