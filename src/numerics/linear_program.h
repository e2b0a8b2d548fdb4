/* The linear program over the rays of a cone: what share of each ray to take, so that no coordinate adds up to more than 1 and
 * what the rays are worth is most. */
#ifndef LINEAR_PROGRAM_H
#define LINEAR_PROGRAM_H

#include "numerics/cone_rays.h"

/* Is there a solver in this build? */
bool linear_program_present(void);
/* Its name and version; "no GLPK" where there is none. */
const char *linear_program_library(void);

/* Maximises sum_r share_r worth_r with sum_r share_r ray_r <= 1 and share >= 0. share (rays); price (variables) are the dual
 * values. Neither is checked here: they are right to the solver's tolerance. BAD_INPUT without a solver; BROKEN where it gives
 * up; WORK_LEFT. */
status linear_program_solve(const cone_rays *c, const double *worth, solver_pause *pause, double *share,
                            double *price);

/* What is certain of the maximum, whatever the shares and prices are, where the cone holds (1, …, 1), worth is never below 0, and
 * each ray is scaled to the probability 1 of its symbol, so that shares that use everything up sum to 1. */

/* No less than the shares give, scaled down so that no coordinate exceeds 1: what is left over is in the cone as well. Those
 * below 0 are not given. */
double linear_program_least(const cone_rays *c, const double *worth, const double *share);
/* No more than the prices of all coordinates, if they pay for every ray what it is worth. One more price, on probability,
 * makes up for the ray that they pay least. */
double linear_program_most(const cone_rays *c, const double *worth, const double *price);

#endif
