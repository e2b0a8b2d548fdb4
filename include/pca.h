/* Principal component analysis: the directions in which samples vary most. On one rank by LAPACK; on a gang by ScaLAPACK, where the
 * matrix, its eigenvectors and the work are spread over the ranks, so that each needs less memory the more there are. Of the
 * matrices of covariances of features and of products of samples the smaller is decomposed.
 *
 * A component's sign is such that its largest loading is positive. Results have the same bits for the same number of ranks on the
 * same kind of processor; between numbers of ranks they differ by rounding. */
#ifndef PCA_H
#define PCA_H

#include "gang.h"
#include "sample_rows.h"

/* How many components are kept: a number, or as few as have together this share of the variance. */
typedef struct pca_keep {
    int components; /* 0: by share */
    double share;   /* in (0, 1] */
} pca_keep;

typedef struct pca {
    int features, components;
    double *mean; /* (features) */
    double *axes; /* (components, features), row-major; orthonormal */
    double *
        variance; /* (features) along all axes, falling, also of those that are not kept; divided by samples - 1 */
    double total_variance; /* their sum */
} pca;

/* Collective over the gang, all of whose ranks pass the same; every rank gets the whole result. BAD_INPUT in one line where a
 * number is not finite, nothing varies, or fewer dimensions vary than are to be kept. Nobody can interrupt the decomposition
 * itself, which takes most of the time: 10 n^3 operations and more, n the smaller of features and samples. */
status pca_fit(gang *g, const sample_rows *rows, pca_keep keep, pca *out);
void pca_free(pca *p);

/* scores (count, components) of rows (count, features). */
void pca_apply(const pca *p, const double *rows, int64_t count, double *scores);

/* The most information, in nats, that can be lost with all but the first `kept` components of X + Z, where Z is independent
 * Gaussian noise of variance `noise_variance` in each feature: 0 <= I(X + Z; Y) - I(scores; Y) <= (n - kept) / 2
 * ln(1 + v / noise_variance), v the variance of X along axis `kept`. The fit is of X + Z, as samples show it, so 1 + v /
 * noise_variance is variance[kept] / noise_variance (0 is lost where that is below 1); exact for what the variances are in truth,
 * which samples tell up to their error. */
double pca_lost_bound_nats(const pca *p, int kept, double noise_variance);

#endif
