/* The linear program over the rays of a cone: what share of each ray to take, so that no coordinate adds up to more than 1 and
 * what the rays are worth is most. */
#ifndef LINEAR_PROGRAM_H
#define LINEAR_PROGRAM_H

#include "numerics/cone_rays.h"

/* Is there a solver in this build? */
bool linear_program_present(void);

/* Maximises sum_r share_r worth_r with sum_r share_r ray_r <= 1 and share >= 0. share (rays); price (variables) are the dual
 * values. Neither is checked here: they are right to the solver's tolerance. BAD_INPUT without a solver; BROKEN where it gives
 * up; WORK_LEFT. */
status linear_program_solve(const cone_rays *c, const double *worth, solver_pause *pause, double *share,
                            double *price);

#endif
