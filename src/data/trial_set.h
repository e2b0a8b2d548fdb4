/* The trials of one session as a cell uses them: with their targets, shuffled or not, in equal numbers or not, each in the
 * training or in the test part. Nothing here looks at the session on the other side, so that a session's trials are
 * divided alike whomever they meet, and a trial that is tested is trained on nowhere in the cell. */
#ifndef TRIAL_SET_H
#define TRIAL_SET_H

#include "data/selection.h"

typedef struct trial_set {
    const selection *selection; /* borrowed */
    int64_t trials;
    int32_t *trial;  /* (trials) numbers in the session: by class, and in recorded order within a class */
    int32_t *target; /* (trials) the trial whose target it has: its own, unless targets are shuffled */
    int32_t *block;  /* (trials) */
    uint8_t *tests;  /* (trials) 1: in the test part */
    int classes;
    int64_t *first; /* (classes + 1) where each class starts */
} trial_set;

/* `matched` is how many trials of each target are kept (of the training part, where the split is given), or MATCH_ALL. How
 * many trials of each class there are in each part does not depend on the seed. BAD_INPUT: too few of a target. */
status trial_set_make(const selection *s, const trial_options *o, int64_t matched, int64_t seed,
                      trial_set **out);
void trial_set_free(trial_set *t);

/* The fewest trials that any target has in the selection (in its training part, where the split is given). */
int64_t trial_set_fewest(const selection *s);

#endif
