/* The path from the product distribution to union information (decomposition_union.c). */
#ifndef UNION_PATH_H
#define UNION_PATH_H

#include "decomposition.h"
#include "numerics/union_newton.h"

typedef struct union_path {
    union_problem problem;
    union_newton newton;
    union_point here, trial;
    union_step step;
    double
        *weight; /* (cells) v(x), the most that q(x) can be in parts of what all can: m s is held at mu v */
    double *aim; /* (cells) wanted m s */
    double *second; /* (cells) what the product m s gains beyond a straight step that aims at 0 */
    double *q;      /* (entries) m r of the point looked at last */
    double *sum;    /* (prices) their sums */
    double *raised; /* (symbols of the leading source) */
    bool careful;
    bool centred;    /* the last step went back to the middle, all of the way */
    double gap;      /* sum of m s here */
    double residual; /* in the marginals and the slacks here: see union_path_residual */
    int steps;
    double *room; /* the memory behind the arrays */
} union_path;

status union_path_make(const table *t, union_path *out);
void union_path_free(union_path *w);

/* To the end of the path, or as far as it goes. WORK_LEFT where the pause ends it. */
status union_path_follow(union_path *w, solver_pause *pause);

/* Lowers the prices of a point until no cell's sum_y exp(sum_i l_i(x_i, y)) is above exp(-slack); raises those of which all are
 * below. */
void union_path_lower_prices(union_path *w, union_point *at, double slack);

#endif
