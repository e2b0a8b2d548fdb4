/* Leave-one-out sums of Gaussian kernels, S_i(b) = sum over j ≠ i of exp(-|x_i - x_j|² / (2 b²)): what densities are made of. */
#ifndef KERNEL_SUMS_H
#define KERNEL_SUMS_H

#include "numerics/kernel_tiles.h"

typedef struct kernel_sums kernel_sums;

/* How the samples' columns spread: least and largest standard deviation of one. */
typedef struct kernel_spread {
    double least, most;
} kernel_spread;

/* Of samples (count, dimensions), which are copied. BAD_INPUT where there are fewer than 2, where one is not finite, where a column is
 * constant. `size`: what bandwidths are about as large as, which keeps squares of distances in range. */
status kernel_spread_of(const double *samples, int64_t count, int dimensions, kernel_spread *out);
status kernel_sums_make(const double *samples, int64_t count, int dimensions, double size, kernel_sums **out);
void kernel_sums_free(kernel_sums *k);
/* The same by a set of kernels, for tests; kernel_sums_make takes the best. */
status kernel_sums_make_so(const panel_kernels *by, const double *samples, int64_t count, int dimensions,
                           double size, kernel_sums **out);

/* ln S_i(b) of some bandwidths, at most RATES_MOST, to log_sum (bandwidths, count): right for samples far from all others too. BAD_INPUT
 * where a bandwidth is so small that squares of distances in units of it are beyond a double. */
status kernel_log_sums(kernel_sums *k, const double *bandwidth, int bandwidths, double *log_sum);
/* ln of the sum of S_i(b) over all samples, to log_total (bandwidths): samples far from others cost no more here. */
status kernel_log_totals(kernel_sums *k, const double *bandwidth, int bandwidths, double *log_total);

#endif
