/* Distances between panels, by one instruction set.
 *
 * Points stand in panels: PANEL of them side by side, coordinate by coordinate. Distances are compared before the root: as sums of
 * squares, or largest differences. All ways to find neighbours add the same terms in the same order, and rounding keeps order
 * (a <= b gives round(a) <= round(b)), so the bounds that boxes give hold for rounded distances without any margin. */
#ifndef PANEL_KERNELS_H
#define PANEL_KERNELS_H

#include "neighbours.h"

enum { PANEL = 8 };

/* What is searched for the points of a panel together. */
typedef struct panel_search {
    const neighbours *n;
    int64_t own; /* panel */
    int points;  /* of it, less the padding */
    int k;
    double *point;    /* (PANEL, dimensions) */
    double *distance; /* (PANEL, k) of the nearest so far, ascending; infinite where there are none yet */
    int32_t *who;     /* (PANEL, k) */
    double limit
        [PANEL]; /* the last of the nearest; or points no farther than this are counted; padding: below 0 */
    int64_t within[PANEL]; /* how many were counted, the point itself among them */
} panel_search;

struct kernel_tiles; /* kernel_tiles.h */

/* The index of the functions that have one: norm_kind. */
typedef struct panel_kernels {
    const char *name;
    int (*runs_here)(void); /* can this processor? */
    /* Compares the points of a search that are set in `active` (bits) with those of a panel: puts what is nearer among the nearest;
     * counts what is within the limit. */
    void (*nearest[2])(panel_search *s, int64_t panel, unsigned active);
    void (*count[2])(panel_search *s, int64_t panel, unsigned active);
    /* Which points of a search have, as far as a box (2, dimensions) tells, a point of it within their limit; gap: the least
     * distances to it, *least: of them all. The same for gaps that are known, once limits have come nearer. And which points have all
     * of the box within their limit. */
    unsigned (*some[2])(const panel_search *s, const double *box, double gap[PANEL], double *least);
    unsigned (*still)(const panel_search *s, const double gap[PANEL]);
    unsigned (*all[2])(const panel_search *s, const double *box);
    /* Adds the Gaussian kernels of all pairs of points, each to both. */
    void (*add_kernels)(struct kernel_tiles *t);
} panel_kernels;

extern const panel_kernels panel_kernels_baseline;
#ifdef __x86_64__
extern const panel_kernels panel_kernels_avx2, panel_kernels_avx512;
#endif

/* The sets that run here, from the plainest on; NULL after the last. */
const panel_kernels *panel_kernels_at(int index);
/* The last of them: all give the same bits. */
const panel_kernels *panel_kernels_best(void);

#endif
