#include "data/trial_set.h"

#include <stdlib.h>
#include <string.h>

#include "data/trial_folds.h"
#include "data/trial_keys.h"

void trial_set_free(trial_set *t)
{
    if (t == NULL) return;
    free(t->trial);
    free(t->target);
    free(t->block);
    free(t->tests);
    free(t->first);
    free(t);
}

int64_t trial_set_fewest(const selection *s)
{
    int64_t fewest = INT64_MAX;
    for (int v = 0; v < s->values; v++) {
        int64_t count = 0;
        for (int64_t i = 0; i < s->trials; i++) count += s->value[i] == v && !(s->tests && s->tests[i]);
        if (count < fewest) fewest = count;
    }
    return fewest;
}

/* Positions of a selection while a set is made of them. */
typedef struct draft {
    int64_t trials;
    int32_t *position; /* (trials) in the selection */
    int32_t *giver;    /* (trials) position of the trial that gives the target */
    int32_t *order;    /* (trials) room for random orders */
    int32_t *moved;    /* (trials) room */
    bool *keep;        /* (trials) room */
} draft;

static void draft_free(draft *d)
{
    free(d->position);
    free(d->giver);
    free(d->order);
    free(d->moved);
    free(d->keep);
}

static status draft_make(const selection *s, draft *d)
{
    status result = OK;
    size_t trials = (size_t)s->trials;
    *d = (draft){ .trials = s->trials,
                  .position = malloc(trials * sizeof(int32_t)),
                  .giver = malloc(trials * sizeof(int32_t)),
                  .order = malloc(trials * sizeof(int32_t)),
                  .moved = malloc(trials * sizeof(int32_t)),
                  .keep = malloc(trials * sizeof(bool)) };
    CHECK(d->position && d->giver && d->order && d->moved && d->keep, NO_MEMORY, "no memory for %zu trials",
          trials);
    for (int32_t i = 0; i < s->trials; i++) d->position[i] = d->giver[i] = i;
done:
    return result;
}

/* Hands the targets out anew among the trials of each part (all trials are one, unless the split is given), so that a part
 * keeps its numbers. The number of the shuffle and the session decide, not the seed: a session with itself, and a session
 * in every row of a matrix, is shuffled alike. */
static void shuffle_targets(const selection *s, int64_t shuffle, draft *d)
{
    for (uint32_t part = 0; part < 2; part++) {
        int64_t count = 0;
        random_key key = trial_key(RANDOM_TARGET, shuffle, s->session->name, "");
        key.stream = part;
        for (int32_t i = 0; i < s->trials; i++)
            if ((s->tests ? s->tests[i] : 0) == part) d->moved[count++] = i;
        random_permutation(key, count, d->order);
        for (int64_t k = 0; k < count; k++) d->giver[d->moved[k]] = d->moved[d->order[k]];
    }
}

/* Keeps `matched` trials of each target, those that come first in a random order of all, so that fewer are some of more.
 * Test trials of a given split all stay. */
static status match_trials(const selection *s, int64_t matched, int64_t seed, draft *d)
{
    memset(d->keep, 0, (size_t)d->trials * sizeof *d->keep);
    for (int v = 0; v < s->values; v++) {
        int64_t count = 0;
        for (int64_t i = 0; i < d->trials; i++) {
            if (s->value[d->giver[i]] != v) continue;
            if (s->tests && s->tests[i])
                d->keep[i] = true;
            else
                d->moved[count++] = (int32_t)i;
        }
        if (count < matched)
            return failure(BAD_INPUT,
                           "data.match_trials is %lld, and session %s has %lld trials of target %s",
                           (long long)matched, s->session->name, (long long)count, s->text[v]);
        random_permutation(trial_key(RANDOM_SUBSET, seed, s->session->name, s->text[v]), count, d->order);
        for (int64_t k = 0; k < matched; k++) d->keep[d->moved[d->order[k]]] = true;
    }
    int64_t kept = 0;
    for (int64_t i = 0; i < d->trials; i++) {
        if (!d->keep[i]) continue;
        d->position[kept] = d->position[i];
        d->giver[kept++] = d->giver[i];
    }
    d->trials = kept;
    return OK;
}

/* Fills the set by class; within a class trials stay in recorded order. */
static void fill(const draft *d, trial_set *t)
{
    const selection *s = t->selection;
    for (int c = 0; c < t->classes; c++) {
        t->first[c] = t->trials;
        for (int64_t i = 0; i < d->trials; i++) {
            int32_t at = d->position[i];
            if (s->value[d->giver[i]] != c) continue;
            t->trial[t->trials] = s->trial[at];
            t->target[t->trials] = s->trial[d->giver[i]];
            t->block[t->trials] = s->block[at];
            t->tests[t->trials++] = s->tests ? s->tests[at] : 0;
        }
    }
    t->first[t->classes] = t->trials;
}

status trial_set_make(const selection *s, const trial_options *o, int64_t matched, int64_t seed,
                      trial_set **out)
{
    status result = OK;
    draft d = { 0 };
    size_t trials = (size_t)s->trials;
    trial_set *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for %zu trials", trials);
    TRY(draft_make(s, &d));
    if (o->shuffle > 0) shuffle_targets(s, o->shuffle, &d);
    if (matched != MATCH_ALL) TRY(match_trials(s, matched, seed, &d));

    made->selection = s;
    made->classes = s->values;
    made->trial = malloc(trials * sizeof *made->trial);
    made->target = malloc(trials * sizeof *made->target);
    made->block = malloc(trials * sizeof *made->block);
    made->tests = malloc(trials * sizeof *made->tests);
    made->first = malloc(((size_t)s->values + 1) * sizeof *made->first);
    CHECK(made->trial && made->target && made->block && made->tests && made->first, NO_MEMORY,
          "no memory for %zu trials", trials);
    fill(&d, made);
    TRY(trial_folds_divide(o, made));
    *out = made;
    made = NULL;
done:
    draft_free(&d);
    trial_set_free(made);
    return result;
}
