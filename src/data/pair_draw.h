/* What pairs of known information are made of: random numbers with all digits of double precision (those of random.h have
 * 32 bits, so that of a hundred thousand some are equal), the normal distribution function and random rotations. */
#ifndef PAIR_DRAW_H
#define PAIR_DRAW_H

#include <stdint.h>

#include "random.h"
#include "status.h"

/* Numbers first … first+count-1 of a sequence; first is even. The sequences of two functions share their origin, so a key is
 * for one of them. */
void draw_uniform(random_key key, int64_t first, int64_t count, double *to); /* in (0, 1), 52 bits */
void draw_normal(random_key key, int64_t first, int64_t count, double *to);  /* mean 0, variance 1 */

double normal_distribution(double x);

/* (n, n) row-major, orthogonal, uniform among all of them; the caller frees it. */
status rotation_make(random_key key, int n, double **out);
/* Every row of x (rows, n) becomes rotation x; room (n). */
void rotation_apply(const double *rotation, int n, int64_t rows, double *x, double *room);

#endif
