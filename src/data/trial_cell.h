/* The trials, units and pairs of one cell: everything about its data but the numbers. */
#ifndef TRIAL_CELL_H
#define TRIAL_CELL_H

#include "data.h"
#include "data/trial_pairs.h"
#include "data/unit_list.h"

typedef struct trial_cell {
    data_shape shape;
    trial_set *set[2]; /* the same one where a session meets itself */
    unit_list units[2];
    trial_pairs *pairs;
    double *target;             /* (train + test, dimensions) of a continuous target; NULL otherwise */
    double target_entropy_bits; /* as dataset has it */
} trial_cell;

/* BAD_INPUT says what does not go together. The shape does not depend on the seed. */
status trial_cell_make(const recordings *r, const trial_options *o, int64_t seed, trial_cell **out);
void trial_cell_free(trial_cell *c);

#endif
