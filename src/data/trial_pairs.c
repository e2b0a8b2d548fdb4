#include "data/trial_pairs.h"

#include <stdlib.h>

#include "data/trial_keys.h"

void trial_pairs_free(trial_pairs *p)
{
    if (p == NULL) return;
    free(p->member[0]);
    free(p->member[1]);
    free(p->class);
    free(p);
}

/* The trials of one class and part, on one side. */
typedef struct candidates {
    int64_t count;
    int32_t *at;    /* (count) positions in the set, in recorded order */
    int32_t *order; /* (count) a random order of them */
} candidates;

static void find_candidates(const trial_set *t, int c, int tests, candidates *out)
{
    out->count = 0;
    for (int64_t i = t->first[c]; i < t->first[c + 1]; i++)
        if (t->tests[i] == tests) out->at[out->count++] = (int32_t)i;
}

static void draw_order(const trial_set *t, int c, int tests, int side, int64_t seed, candidates *of)
{
    random_key key = trial_key(RANDOM_PAIR, seed, t->selection->session->name, t->selection->text[c]);
    key.stream = (uint32_t)side;
    key.epoch = (uint32_t)tests;
    random_permutation(key, of->count, of->order);
}

/* How pairs are made of the candidates of both sides. */
typedef struct rule {
    bool surrogate, itself, random; /* itself: a session meets itself */
} rule;

/* Trials of one session as they were: each meets itself. A session in other trials: each meets the next one, the last one
 * the first. Two sessions by rank: as far as the shorter goes, as published. At random: every trial of either at least
 * once, so that none goes to waste; the shorter side begins again. */
static int64_t count_pairs(rule r, const candidates *side)
{
    if (r.itself || !r.surrogate) return side[0].count;
    int64_t less = side[0].count < side[1].count ? side[0].count : side[1].count;
    if (!r.random || less == 0) return less;
    return side[0].count + side[1].count - less;
}

static int32_t member_of(rule r, const candidates *side, int which, int64_t k)
{
    const candidates *of = &side[which];
    if (!r.surrogate) return side[0].at[k];
    /* both sides of a session with itself share one order, in which neighbours meet: no trial meets itself */
    const int32_t *order = r.itself ? side[0].order : of->order;
    int64_t place = (r.itself ? k + which : k) % of->count;
    return of->at[r.random ? order[place] : place];
}

static void add_pairs(rule r, const candidates *side, int c, int64_t *total, trial_pairs *p)
{
    int64_t count = count_pairs(r, side);
    for (int64_t k = 0; k < count; k++, ++*total) {
        for (int i = 0; i < 2; i++) p->member[i][*total] = member_of(r, side, i, k);
        p->class[*total] = c;
    }
}

/* A single trial of a target cannot meet another one. In the test part it meets itself there: cross-entropies do not
 * depend on whom a trial meets. In the training part that would be no surrogate. */
static status check_single(rule r, const candidates *side, int tests, const trial_set *t, int c)
{
    if (!r.surrogate || !r.itself || tests || side[0].count != 1) return OK;
    return failure(
        BAD_INPUT,
        "session %s has one trial of target %s to train on, which cannot meet another one; leave that "
        "target out with data.targets, or use pairing: recorded",
        t->selection->session->name, t->selection->text[c]);
}

/* Makes room for as many pairs as there may be. */
static status pairs_room(const trial_set *const *set, candidates *side, trial_pairs *p)
{
    status result = OK;
    size_t most = (size_t)set[0]->trials + (size_t)set[1]->trials;
    for (int i = 0; i < 2; i++) {
        side[i].at = malloc((size_t)set[i]->trials * sizeof *side[i].at);
        side[i].order = malloc((size_t)set[i]->trials * sizeof *side[i].order);
        p->member[i] = malloc(most * sizeof *p->member[i]);
        CHECK(side[i].at && side[i].order && p->member[i], NO_MEMORY, "no memory for pairs of trials");
    }
    p->class = malloc(most * sizeof *p->class);
    CHECK(p->class != NULL, NO_MEMORY, "no memory for pairs of trials");
done:
    return result;
}

status trial_pairs_make(const trial_set *first, const trial_set *second, const trial_options *o, int64_t seed,
                        trial_pairs **out)
{
    status result = OK;
    const trial_set *set[2] = { first, second };
    candidates side[2] = { { 0 } };
    rule r = { .itself = first == second, .random = o->surrogate == SURROGATE_RANDOM };
    r.surrogate = trial_pairs_are_surrogate(o, r.itself);
    int64_t total = 0;
    trial_pairs *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for pairs of trials");
    TRY(pairs_room(set, side, made));

    for (int tests = 0; tests < 2; tests++) {
        for (int c = 0; c < first->classes; c++) {
            for (int i = 0; i < 2; i++) {
                find_candidates(set[i], c, tests, &side[i]);
                if (r.random) draw_order(set[i], c, tests, i, seed, &side[i]);
            }
            TRY(check_single(r, side, tests, first, c));
            add_pairs(r, side, c, &total, made);
        }
        if (tests == 0) made->train = total;
    }
    made->test = total - made->train;
    *out = made;
    made = NULL;
done:
    for (int i = 0; i < 2; i++) {
        free(side[i].at);
        free(side[i].order);
    }
    trial_pairs_free(made);
    return result;
}
