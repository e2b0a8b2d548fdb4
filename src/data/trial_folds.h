/* Which trials of a session are tested: a part of them, or one of the folds of cross-validation. Folds are made of recorded
 * trials, before any are paired, of each target for itself; the seed of the split, the session and which of its
 * trials take part decide (match_trials: others for each seed), nothing else. */
#ifndef TRIAL_FOLDS_H
#define TRIAL_FOLDS_H

#include "data/trial_set.h"

/* Sets t->tests (where the split is given it is set already). BAD_INPUT where a target is left without a trial to train on,
 * or the test part without any. */
status trial_folds_divide(const trial_options *o, trial_set *t);

#endif
