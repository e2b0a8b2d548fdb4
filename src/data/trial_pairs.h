/* Who meets whom: pairs of trials, one of each side, of the same target and of the same part. */
#ifndef TRIAL_PAIRS_H
#define TRIAL_PAIRS_H

#include "data/trial_set.h"

typedef struct trial_pairs {
    int64_t train, test;
    int32_t *member
        [2]; /* (train + test) positions in the trial set of each side, the training part first; by class */
    int32_t *class; /* (train + test) */
} trial_pairs;

/* Pairs of two sets with the same targets, which are the same set where a session meets itself. BAD_INPUT where a session
 * meets itself in other trials and has but one of a target to train on. */
status trial_pairs_make(const trial_set *first, const trial_set *second, const trial_options *o, int64_t seed,
                        trial_pairs **out);
void trial_pairs_free(trial_pairs *p);

#endif
