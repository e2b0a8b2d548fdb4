/* The insides of neighbours: points in panels, and what a search of one panel's points holds. */
#ifndef NEIGHBOURS_PARTS_H
#define NEIGHBOURS_PARTS_H

#include <stdbool.h>

#include "numerics/neighbours_panel.h"

struct neighbours {
    int64_t count;
    int dimensions;
    norm_kind norm;
    bool tree;
    int64_t panels; /* of points in leaf order, or in their own */
    int32_t *index; /* (panels, PANEL) which point; INT32_MAX in the padding of the last panel */
    double *panel;  /* (panels, dimensions, PANEL) coordinates; infinite in the padding */
    double *
        box; /* (2 panels - 1, 2, dimensions) least and greatest coordinates of a tree's nodes, in preorder */
};

/* What is searched for the points of a panel together. */
typedef struct panel_search {
    const neighbours *n;
    int64_t own; /* panel */
    int points;  /* of it, less the padding */
    int k;
    double *point;       /* (PANEL, dimensions) */
    double *distance;    /* (PANEL, k) of the nearest so far, ascending; infinite where there are none yet */
    int32_t *who;        /* (PANEL, k) */
    double limit[PANEL]; /* points nearer than this are counted */
    int64_t nearer[PANEL]; /* how many there are, the point itself among them */
} panel_search;

/* Compares the points of a search that are set in `active` (bits) with those of a panel. */
void search_nearest(panel_search *s, int64_t panel, unsigned active);
void search_count(panel_search *s, int64_t panel, unsigned active);

/* Puts the points in leaf order and makes boxes; the arrays are there. */
status tree_make(neighbours *n, const double *points);
void tree_nearest(panel_search *s);
void tree_count(panel_search *s);

/* The same from all distances, of some searches together: points that were loaded are compared with many. */
enum { BLOCK = 8 };
void blocks_nearest(panel_search *s, int searches);
void blocks_count(panel_search *s, int searches);

/* neighbours_make, but the way is said: tests compare them. */
status neighbours_make_as(bool tree, const double *points, int64_t count, int dimensions, norm_kind norm,
                          neighbours **out);

#endif
