/* Exact answers for finite tables: entropies, informations, the deterministic redundancy, and the optimum of RINE's own
 * objective, which is convex in the conditional tables p_i(y | x_i) and so has one minimum that can be certified. */
#ifndef EXACT_H
#define EXACT_H

#include "data.h"
#include "rine.h"

/* The three that follow are NaN for want of memory. */
double table_target_entropy_bits(const table *t);
/* I(X_S; Y) where bit i of `sources` says whether source i belongs to S. */
double table_information_bits(const table *t, unsigned sources);
/* I_wedge = I(Q; Y), Q the common part of the sources (Gács and Körner 1973; Griffith and Koch 2014): connected
 * components of the support, two rows being joined when they share a source's symbol. */
double table_wedge_bits(const table *t);

typedef struct rine_optimum {
    double redundant_information_bits;           /* H(Y) - 1/n sum CE_i */
    double usable_information_bits[SOURCES_MAX]; /* H(Y) - CE_i */
    double distance;                             /* D with the sum over classes; before the weight */
    double gap_nats;                             /* certified: the objective is within this of its minimum */
    int iterations;
} rine_optimum;

/* Minimises 1/n sum_i CE_i + weight D over all conditional tables. FAILS with BROKEN when no certificate below 1e-7
 * nats is reached; NO_MEMORY. */
status rine_optimum_solve(const table *t, rine_distance distance, rine_coupling coupling, double weight,
                          rine_optimum *out);

#endif
