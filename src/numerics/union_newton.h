/* A point of the path to union information (decomposition_union.c), and Newton's equations there. */
#ifndef UNION_NEWTON_H
#define UNION_NEWTON_H

#include "numerics/union_problem.h"

typedef struct union_point {
    double *price; /* (prices) l_i(x_i, y) in nats */
    double *mass;  /* (cells) m(x), what q(x) is on the way */
    double *slack; /* (cells) s(x) */
    double *level; /* (cells) ln sum_y exp(sum_i l_i(x_i, y)), -s(x) at the end of a full step */
    double *
        share; /* (entries) r(y | x), the terms of that sum over the sum; the distribution at hand is q = m r */
} union_point;

typedef struct union_step {
    double *price; /* (prices) */
    double *mass;  /* (cells) */
    double *slack; /* (cells) */
} union_step;

/* Slack and share of a point from its prices. */
void union_point_look(const union_problem *m, union_point *at);

typedef struct union_newton {
    int unknowns;
    double *matrix; /* (unknowns, unknowns) the equations, then their Cholesky factor */
    double *right;  /* (unknowns) */
    double *sum;    /* (prices) */
    double *flow;   /* (entries) */
} union_newton;

status union_newton_make(const union_problem *m, union_newton *out);
void union_newton_free(union_newton *n);

/* Factors the equations at a point. False where they are too ill-conditioned. */
bool union_newton_factor(union_newton *n, const union_problem *m, const union_point *at);
/* The step from there towards the marginals and m(x) s(x) = aim(x). */
void union_newton_solve(union_newton *n, const union_problem *m, const union_point *at, const double *aim,
                        union_step *out);

#endif
