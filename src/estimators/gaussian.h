/* gaussian: what its files share. Everything is in bits here. */
#ifndef GAUSSIAN_H
#define GAUSSIAN_H

#include "gang.h"
#include "gaussian_information.h"

typedef enum gaussian_measure {
    GAUSSIAN_JOINT,
    GAUSSIAN_UNION,
    GAUSSIAN_GK,
    GAUSSIAN_CI,
    GAUSSIAN_MMI,
    GAUSSIAN_WMS,
    GAUSSIAN_TC
} gaussian_measure;
#define GAUSSIAN_MEASURES "joint|union|gk|ci|mmi|wms|tc"

typedef struct gaussian_options {
    int measure; /* gaussian_measure */
    bool corrected;
    int part; /* 0: all samples, 1: the test part */
    int64_t bootstrap;
    double confidence;
} gaussian_options;

/* Samples that are looked at, and columns of all sources and the target. */
int64_t gaussian_samples_used(const settings *s, const data_shape *shape);
int gaussian_columns_of(const data_shape *shape);
/* As an estimator has them. */
double gaussian_flops(const settings *s, const data_shape *shape);
double gaussian_seconds(const settings *s, const data_shape *shape, int count);
size_t gaussian_bytes(const settings *s, const data_shape *shape, int count);

/* Columns of the sources, then of the target: their covariance, or samples of them. */
typedef struct gaussian_columns {
    int sources, size[SOURCES_MAX], target;
    const covariance *given; /* or NULL: */
    const double *z;         /* (count, columns) */
    int64_t count;           /* samples; 0 where the covariance is given */
} gaussian_columns;

/* What normal variables share. NaN: what is of a target of one column only, where it has more. */
typedef struct gaussian_measures {
    double single[SOURCES_MAX], joint, whole_minus_sum, total_correlation;
    double united, gk, ci; /* union information, the synergy beside it; correlational importance */
    double shared;         /* by minimal mutual information: the least of the single ones */
    double coefficient[SOURCES_MAX],
        variance; /* of the decoder behind ci, where every source is one column */
} gaussian_measures;

/* Collective over the gang; rank 0 alone gets the whole result. On a gang the determinants are spread over its ranks, and `ci`, which
 * looks at the whole covariance on one rank, is computed only if it is asked for. `corrected` takes the bias of a finite sample away
 * from every information, exactly for normal samples, ci's excepted; a given covariance has none. BAD_INPUT as in
 * gaussian_information.h. */
status gaussian_measures_of(gang *g, const gaussian_columns *c, bool corrected, bool ci,
                            gaussian_measures *out);
double gaussian_measured(const gaussian_measures *m, gaussian_measure which);

#endif
