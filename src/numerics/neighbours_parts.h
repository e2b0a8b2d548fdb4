/* The insides of neighbours: points in panels, and what a search of one panel's points holds. */
#ifndef NEIGHBOURS_PARTS_H
#define NEIGHBOURS_PARTS_H

#include <stdbool.h>

#include "numerics/panel_kernels.h"

struct neighbours {
    int64_t count;
    int dimensions;
    norm_kind norm;
    bool tree;
    const panel_kernels *kernels;
    int64_t panels; /* of points in leaf order, or in their own */
    int32_t *index; /* (panels, PANEL) which point; INT32_MAX in the padding of the last panel */
    double *panel;  /* (panels, dimensions, PANEL) coordinates; infinite in the padding */
    double *
        box; /* (2 panels - 1, 2, dimensions) least and greatest coordinates of a tree's nodes, in preorder */
};

/* Puts the points in leaf order and makes boxes; the arrays are there. */
status tree_make(neighbours *n, const double *points);
void tree_nearest(panel_search *s);
void tree_count(panel_search *s);

/* The same from all distances, of some searches together: points that were loaded are compared with many. */
enum { BLOCK = 8 };
void blocks_nearest(panel_search *s, int searches);
void blocks_count(panel_search *s, int searches);

/* neighbours_make, but how they are found is said: tests compare the ways. */
typedef struct neighbours_way {
    bool tree;
    const panel_kernels *kernels;
} neighbours_way;
status neighbours_make_so(neighbours_way way, const double *points, int64_t count, int dimensions,
                          norm_kind norm, neighbours **out);

#endif
