/* The extreme rays of a cone { x >= 0, A x = 0 } by the double description method (Motzkin et al. 1953; Fukuda and Prodon 1996):
 * it starts from the unit vectors, the rays of the orthant, and imposes one equation after the other, the one with the
 * fewest pairs of rays on either side of it next. A ray of the narrower cone lies on the equation already or is the mean of
 * two neighbours on either side of it. Rays are never subtracted, so which coordinates are zero is known exactly, and who is
 * whose neighbour follows from that alone. */
#ifndef CONE_RAYS_H
#define CONE_RAYS_H

#include <stdint.h>

#include "decomposition.h"

enum { CONE_RAYS_MAX = 60000, CONE_VARIABLES_MAX = 128 };

typedef struct cone_rays {
    int variables;
    int words;         /* of 64 bits that a support needs */
    int64_t count;     /* in an order that depends on the input alone */
    int64_t room;      /* that there is memory for */
    double *value;     /* (count, variables); the largest of each ray is 1 */
    uint64_t *support; /* (count, words) bit j: coordinate j is positive */
} cone_rays;

/* equation (equations, variables): the rows of A. BAD_INPUT where there are more rays than CONE_RAYS_MAX on the way; NO_MEMORY;
 * WORK_LEFT. */
status cone_rays_find(int variables, int equations, const double *equation, solver_pause *pause,
                      cone_rays **out);
void cone_rays_free(cone_rays *c);

#endif
