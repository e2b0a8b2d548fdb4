/* What classical estimators share: checked samples, and an estimate made of its terms. */
#ifndef ESTIMATE_H
#define ESTIMATE_H

#include "information.h"

/* BAD_INPUT where a number of samples (count, dimensions) is not finite, naming the first, or where there are no samples. */
status samples_check(const double *samples, int64_t count, int dimensions);

/* Do the samples of column d differ, by more than what the sum of their mean rounds to? BAD_INPUT names the column, from 0. */
status samples_vary(const double *samples, int64_t count, int dimensions, int d);

/* BAD_INPUT where a sample's nearest other is at distance 0: of distance and who (count, k) the first counts. */
status samples_distinct(const double *distance, const int32_t *who, int64_t count, int k);

/* The mean of terms (count) and its standard error, the spread of the terms / sqrt(count). */
estimate estimate_of(const double *terms, int64_t count);

#endif
