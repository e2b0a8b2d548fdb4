/* What a measure of `exact` takes, for plans: predicted from the size of the table and from what occurs in it, without solving
 * anything. Right within a factor of three where the support is not special; symmetries make the truth cheaper. */
#ifndef EXACT_COST_H
#define EXACT_COST_H

#include "estimators/exact_measures.h"
#include "rine.h"

typedef struct exact_cost {
    double flops;
    double seconds;
    size_t bytes;
} exact_cost;

/* All 0 for want of memory. `distance` counts for MEASURE_RINE alone. */
exact_cost exact_cost_of(exact_measure m, rine_distance distance, const table *t);

#endif
