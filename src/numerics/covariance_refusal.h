/* When is a covariance not positive definite, and what a person is told then: the same for every way of factoring one. */
#ifndef COVARIANCE_REFUSAL_H
#define COVARIANCE_REFUSAL_H

#include <float.h>

#include "status.h"

/* A column follows from those before it where they leave less of its variance than this: of n columns that depend on each other
 * exactly, rounding leaves a few n DBL_EPSILON. */
static inline double covariance_least_share(int n)
{
    return 16 * n * DBL_EPSILON;
}

/* BAD_INPUT; the columns before the first `columns` are fine without the last of these. */
static inline status covariance_refuse(int columns)
{
    return failure(BAD_INPUT,
                   "the covariance is not positive definite: its leading block of %d column%s is not; "
                   "leave out what does not vary or follows from other columns",
                   columns, columns == 1 ? "" : "s");
}

#endif
