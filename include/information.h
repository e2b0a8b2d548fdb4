/* Classical estimates of differential entropy and mutual information from samples, in nats. Samples are (count, dimensions) row-major.
 * NaN in them, fewer samples than neighbours, a constant column where one is not allowed: BAD_INPUT in one line. */
#ifndef INFORMATION_H
#define INFORMATION_H

#include <stdbool.h>

#include "neighbours.h"

/* An estimate and its standard error from the spread of its terms: sd of the per-sample terms / sqrt(count). */
typedef struct estimate {
    double nats, error;
} estimate;

/* Weights of the k neighbours of the weighted Kozachenko-Leonenko estimate. */
typedef enum weighting {
    WEIGHTS_NEAREST, /* the first neighbour alone: Kozachenko and Leonenko */
    WEIGHTS_FORMULA, /* Berrett, Samworth and Yuan 2019: least norm, sum exactly 1 */
    WEIGHTS_CODE     /* as the authors' code of the lossy compression paper: (1, 0, …) up to 4 dimensions, else least squares */
} weighting;
/* weight (k); *norm is their Euclidean norm, by which the standard deviation grows. BAD_INPUT where k weights cannot meet the
 * conditions of so many dimensions (WEIGHTS_FORMULA, k = 5: from 20 on); WEIGHTS_CODE then does not sum to 1. */
status entropy_weights(weighting rule, int k, int dimensions, double *weight, double *norm);

/* Weighted Kozachenko-Leonenko: (1/N) sum_i sum_j w_j ln xi_ij. Equal samples are BAD_INPUT: see break_ties. */
status entropy_neighbours(const double *samples, int64_t count, int dimensions, const double *weight, int k, estimate *out);
/* Maximum-likelihood Gaussian, minus its bias of a finite sample where `corrected` (exact for normal samples). */
status entropy_gaussian(const double *samples, int64_t count, int dimensions, bool corrected, estimate *out);
/* That bias, in nats, which is below 0: of so many normal samples, more than there are dimensions. */
double entropy_gaussian_bias(int64_t count, int dimensions);

/* Kernel density estimates with a Gaussian kernel, leave-one-out: each density is the mean of the kernels of all other samples. Rules
 * choose the bandwidth of most likelihood, or of least integrated squared error, to about a hundredth; BAD_INPUT where none is best,
 * which is so where samples repeat too often. All kernel sets give the same bits. */
typedef enum bandwidth_rule { BANDWIDTH_LIKELIHOOD, BANDWIDTH_SQUARES } bandwidth_rule;
status kernel_bandwidth(const double *samples, int64_t count, int dimensions, bandwidth_rule rule, double *bandwidth);
status entropy_kernel(const double *samples, int64_t count, int dimensions, double bandwidth, estimate *out);

/* Kraskov, Stoegbauer and Grassberger 2004: algorithm 1 or 2. x (count, dx), y (count, dy). Pairs that equal another in both are
 * BAD_INPUT; x or y alone may repeat. */
status information_ksg(int algorithm, int k, const double *x, int dx, const double *y, int dy, int64_t count, estimate *out);

/* For permutation nulls: what does not change when the rows of y are permuted, which are the marginal trees and a table of the digamma
 * function. Each permutation makes the joint tree and all searches anew. x and y are borrowed. */
typedef struct ksg_structure ksg_structure;
status ksg_structure_make(const double *x, int dx, const double *y, int dy, int64_t count, ksg_structure **out);
void ksg_structure_free(ksg_structure *s);
/* x_i beside y_permutation[i]; NULL: as they are. */
status information_ksg_permuted(const ksg_structure *s, int algorithm, int k, const int32_t *permutation, estimate *out);

/* Where rows of samples are equal, adds noise to every column of them, uniform within 1e-10 of the column's standard deviation; the
 * same noise whatever the machine. Samples without equal rows keep every bit. *changed rows got noise (unless NULL). BAD_INPUT where
 * that tells them no further apart, as for constant columns. */
status break_ties(double *samples, int64_t count, int dimensions, uint64_t seed, int64_t *changed);

/* Centres samples and multiplies them by the inverse symmetric root of their covariance (of N - 1); *half_log_determinant is
 * 1/2 ln det C, to be added to entropies. BAD_INPUT where the covariance is singular. */
status whiten(double *samples, int64_t count, int dimensions, double *half_log_determinant);

#endif
