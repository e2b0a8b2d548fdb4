/* One Newton step of RINE's smoothed objective on a table, keeping every distribution's sum. */
#ifndef NEWTON_H
#define NEWTON_H

#include "numerics/rine_problem.h"

/* Room for the equations. L1 and JS do not couple the classes, so theirs fall apart into one block per class. */
typedef struct newton {
    int blocks, size; /* size: unknowns of a block */
    int symbols, classes;
    double *factor;   /* (blocks, size, size) second derivatives, then their Cholesky factors L */
    double *response; /* (blocks, symbols, size) L^-1 of what a unit multiplier of a symbol's sum pulls at */
    double *schur;    /* (symbols, symbols) */
    double *multiplier; /* (symbols) of the sums */
} newton;

status newton_make(const rine_problem *m, newton *out);
void newton_free(newton *n);

/* The step (classes, symbols) from a point, for the gradient given there. False where the equations are too
 * ill-conditioned. */
bool newton_step(newton *n, rine_problem *m, double mu, const rine_point *at, const double *gradient,
                 double *step);

#endif
