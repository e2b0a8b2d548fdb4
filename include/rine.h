/* RINE: redundant information neural estimation (Kleinman et al., Entropy 2021, 23, 922), its objective and options.
 *
 *     minimise  1/n sum_i CE_i  +  w D      CE_i = E[-ln p_i(y | x_i)],  D = distance between the n predictions
 *     redundant information = H(Y) - 1/n sum_i CE_i  at the minimum, in bits
 *
 * The trained estimator and the exact optimum on a finite table (exact.h) share these definitions.
 *
 * Of a continuous target Y (d numbers) source i predicts a Gaussian: p_i(y | x_i) = Normal(mu_i(x_i), diag(v_i)), v_i constant
 * over samples, learned or 1; D = E |mu_i - mu_j|_1 (or L2), H(Y) the differential entropy of a Gaussian. Targets are
 * standardised by the training part, dimension by dimension: D and v are in those units, entropies in the values' own, and
 * information does not depend on units. */
#ifndef RINE_H
#define RINE_H

#include "data.h"
#include "settings.h"

/* d(p, q) between two predictions over the classes. */
typedef enum rine_distance {
    DISTANCE_L1, /* sum_c |p_c - q_c| (eq. 7) */
    DISTANCE_L2, /* sqrt(sum_c (p_c - q_c)^2) */
    DISTANCE_JS, /* Jensen-Shannon divergence, nats: KL(p | m)/2 + KL(q | m)/2, m = (p + q)/2 */
} rine_distance;

/* D over n sources, expectation over the joint samples. */
typedef enum rine_coupling {
    COUPLING_PAIRWISE, /* sum over i < j of d(p_i, p_j) (eq. A10) */
    COUPLING_CENTROID, /* sum over i of d(p_i, mean_j p_j): n terms instead of n (n-1) / 2 */
} rine_coupling;

/* The paper sums the distance over classes; the authors' code averages, which divides beta by the classes. */
typedef enum rine_reduce { REDUCE_MEAN, REDUCE_SUM } rine_reduce;

typedef enum rine_variance { VARIANCE_LEARNED, VARIANCE_FIXED } rine_variance;

typedef enum target_entropy { ENTROPY_KNOWN, ENTROPY_UNIFORM, ENTROPY_EMPIRICAL } target_entropy;

typedef struct rine_options {
    double beta;
    double beta_schedule; /* s: beta_e = beta (1 - s^e) at epoch e = 0, 1, …; 0: constant beta */
    int distance;         /* rine_distance */
    int coupling;         /* rine_coupling */
    int reduce;           /* rine_reduce */
    int target_entropy;   /* enum target_entropy */
    int64_t average_last; /* epochs whose results are averaged */
    bool history;         /* keep every epoch's metrics */
    bool exact;           /* set the exact optimum beside, where the data is a finite table */
    bool
        decompose; /* train single networks and one on all sources beside, for unique and synergistic information */
    bool
        keep_samples; /* keep cross-entropies per test sample, where samples are recorded trials: for intervals */
    int variance;     /* rine_variance: of the Gaussian prediction of a continuous target */
} rine_options;

/* Weight w of the distance at epoch e (of D with the sum over classes, or over dimensions of a continuous target). */
double rine_weight(const rine_options *o, int outputs, int64_t epoch);

/* H(Y) in bits as the option asks; NaN where it is not known. */
double rine_target_entropy_bits(const rine_options *o, const dataset *d);

#endif
