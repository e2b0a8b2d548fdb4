/* Means and covariance of samples. */
#ifndef COVARIANCE_H
#define COVARIANCE_H

#include <stdint.h>

/* Of samples (count, n): mean (n), covariance (n, n), divided by count. Sums go from the first sample to the last. */
void covariance_of(const double *samples, int64_t count, int n, double *mean, double *covariance);

#endif
