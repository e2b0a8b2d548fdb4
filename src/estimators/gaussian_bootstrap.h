/* Intervals of what normal variables share, from samples drawn with replacement. */
#ifndef GAUSSIAN_BOOTSTRAP_H
#define GAUSSIAN_BOOTSTRAP_H

#include <stdbool.h>

#include "estimators/gaussian.h"

typedef struct gaussian_resampling {
    gaussian_measure measure;
    bool corrected;
    int64_t resamples;
    double confidence;
    uint64_t seed;
} gaussian_resampling;

typedef struct gaussian_interval {
    double lower, upper; /* bits */
} gaussian_interval;

/* Asked before every resample, with the share that is done; false: give up (WORK_LEFT). */
typedef struct gaussian_pause {
    bool (*go_on)(struct gaussian_pause *self, double done);
    void *context;
} gaussian_pause;

/* The percentiles of the resampled values, moved so that their mean is `measured`: a resample repeats samples, which adds a bias of its
 * own that has nothing to do with the spread. */
status gaussian_bootstrap(const gaussian_columns *c, const gaussian_resampling *how, double measured,
                          gaussian_pause *pause, gaussian_interval *out);

#endif
