/* Decompositions of the information that the sources of a finite table (data.h) have about its target: measures of redundant and of
 * union information. All in bits. BAD_INPUT where a table is too large for a method, in one line; BROKEN where a method does not
 * reach its certificate; NO_MEMORY. `pause` (may be NULL) is called some hundred times a second by what may take long; false from
 * it gives up with WORK_LEFT. */
#ifndef DECOMPOSITION_H
#define DECOMPOSITION_H

#include "data.h"

typedef struct solver_pause {
    bool (*go_on)(struct solver_pause *self);
    void *context;
} solver_pause;

/* I_min (Williams and Beer 2010): sum_y p(y) min_i I(X_i; Y = y), the specific information. Any number of sources. */
status redundancy_min(const table *t, double *bits);

/* I_wedge is table_wedge_bits (exact.h). */

/* Of one of the measures that are linear programs over the rays of a cone. They are refused beyond 128 outcomes (rows of the table
 * for I_GH, symbols of all sources for I_prec, where those that say the same of the target are one) and beyond 60 000 rays on the
 * way. I_GH of 3 x 3 x 3 has some 20 000 where all outcomes occur, I_prec of 8 x 8 x 4 some hundred. */
typedef struct ray_solution {
    double bits;
    int64_t rays;
    double gap_bits; /* certified by duality: the measure is within [bits, bits + gap_bits]; at most 1e-8 */
} ray_solution;

/* Were I_GH and I_prec built in (GLPK)? */
bool decomposition_has_rays(void);
/* "GLPK 5.0", or "no GLPK". */
const char *decomposition_library(void);
enum { REDUNDANCY_GH_ROWS_MAX = 128 }; /* of the table, for I_GH */
/* I_GH (Griffith and Ho, Entropy 2015, 17, 4644): the most I(Q; Y) of a Q drawn from p(q | x1 … xn, y) with I(Q; Y | X_i) = 0 for all i. */
status redundancy_gh(const table *t, solver_pause *pause, ray_solution *out);
/* I_prec (Kolchinsky, Entropy 2022, 24, 403): the most I(Q; Y) of a channel p(q | y) that every p(x_i | y) can be garbled into. */
status redundancy_prec(const table *t, solver_pause *pause, ray_solution *out);

/* The least I_q(X; Y) of distributions q that share all p(x_i, y) with the table. */
typedef struct union_solution {
    double bits;
    double gap_bits; /* certified by duality: no such q has less than bits - gap_bits */
    double drift;    /* largest difference of a marginal p(x_i, y) */
    int steps;
} union_solution;
/* Union information (Griffith and Koch 2014; Kolchinsky 2022) of any number of sources; for two, I(X1;Y) + I(X2;Y) minus it is the
 * redundancy of Bertschinger et al., Entropy 2014, 16, 2161 (BROJA). */
status union_information(const table *t, solver_pause *pause, union_solution *out);

/* Correlational importance (Nirenberg and Latham 2003), a synergy: E_x KL(p(y|x) || p_CI(y|x)), p_CI proportional to p(y) prod_i p(x_i|y). */
status correlational_importance(const table *t, double *bits);
/* I(X; Y) - sum_i I(X_i; Y). */
status whole_minus_sum(const table *t, double *bits);

#endif
