/* Nearest neighbours among points of few dimensions: exact distances, ties broken by index, the same answer whatever way it is found
 * (a k-d tree, or blocks of all distances above about a dozen dimensions). */
#ifndef NEIGHBOURS_H
#define NEIGHBOURS_H

#include <stdint.h>

#include "status.h"

typedef enum norm_kind {
    NORM_EUCLID, /* sqrt of the sum of squares */
    NORM_LARGEST /* largest absolute difference */
} norm_kind;

typedef struct neighbours neighbours;

/* Of points (count, dimensions) row-major, which are copied. BAD_INPUT where a number is not finite. */
status neighbours_make(const double *points, int64_t count, int dimensions, norm_kind norm, neighbours **out);
void neighbours_free(neighbours *n);

/* Distances of each point to its k nearest others, ascending, to distance (count, k), and, unless NULL, who they are. Of others at
 * equal distances the lower index counts as nearer. BAD_INPUT unless 1 <= k < count. */
status neighbours_nearest(const neighbours *n, int k, double *distance, int32_t *who);
/* How many others lie nearer to point i than radius[i] (strictly), to number (count). */
status neighbours_count(const neighbours *n, const double *radius, int32_t *number);

#endif
