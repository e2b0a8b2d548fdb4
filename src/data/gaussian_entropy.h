/* Differential entropy of a Gaussian with the covariance of some samples: what information about a continuous target is
 * counted from. */
#ifndef GAUSSIAN_ENTROPY_H
#define GAUSSIAN_ENTROPY_H

#include <stdint.h>

#include "status.h"

/* 1/2 log2 det(2 pi e C) in bits, C the covariance of y (samples, n); NaN where a number does not vary or follows from the
 * others. */
status gaussian_entropy_bits(const double *y, int64_t samples, int n, double *bits);

#endif
