/* What the mutual information benchmark makes of its distributions: maps of X alone and of Y alone that can be undone, so that
 * the information stays. */
#ifndef MI_TRANSFORMS_H
#define MI_TRANSFORMS_H

#include "data/mi_distributions.h"

/* In the order of MI_TRANSFORM_NAMES. */
typedef enum mi_transform {
    MI_NONE,
    MI_UNIFORM,
    MI_BIMODAL,
    MI_WIGGLY,
    MI_HALF_CUBE,
    MI_ASINH,
    MI_SPIRAL,
    MI_SPIRAL_UNIFORM,
    MI_SWISS_ROLL,
    MI_TRANSFORMS
} mi_transform;
#define MI_TRANSFORM_NAMES "none|uniform|bimodal|wiggly|half_cube|asinh|spiral|spiral_uniform|swiss_roll"

/* Does the transform take these samples? */
status mi_transform_check(const mi_options *o);
/* Numbers of X after it; those of Y stay as many as they were. */
int mi_transform_columns(const mi_options *o);
/* The maps of X and of Y; their `how` is the options. */
void mi_transform_maps(const mi_options *o, pair_map *x, pair_map *y);

#endif
