/* Sums of Gaussian kernels between panels of points (panel_kernels.h), by one instruction set.
 *
 * The kernel of a squared distance r at a rate c is 2^(c r), c < 0: several rates share the work of a distance, and every distance
 * counts for both of its points. All sets add the same terms in the same order and fuse nothing, so they give the same bits. */
#ifndef KERNEL_TILES_H
#define KERNEL_TILES_H

#include "numerics/panel_kernels.h"

/* So many rates at once: those of a grid of bandwidths. */
enum { RATES_MOST = 7 };

/* No term is less than this, 2^-1022: where a sum comes out below KERNEL_SUM_LEAST, its terms are to be scaled before they are added;
 * where it does not, as many terms of this size as there can be points do not count. */
#define KERNEL_SUM_LEAST 0x1p-900

typedef struct kernel_tiles {
    int64_t panels;
    int dimensions, rates;
    const double *panel; /* (panels, dimensions, PANEL); padding is infinite */
    double rate[RATES_MOST];
    double *sum; /* (rates, panels, PANEL), begins at 0 */
} kernel_tiles;

/* Of each set: adds the kernels of all pairs of points, each to both. panel_kernels names them. */
void kernel_tiles_add_baseline(kernel_tiles *t);
#ifdef __x86_64__
void kernel_tiles_add_avx2(kernel_tiles *t);
void kernel_tiles_add_avx512(kernel_tiles *t);
#endif

#endif
