#include "data/gaussian_entropy.h"

#include <math.h>
#include <stdlib.h>

#include "numerics/cholesky.h"
#include "numerics/covariance.h"

static const double two_pi_e = 17.079468445347132;

/* A number follows from those before it where they leave less of its variance than this: rounding leaves about 1e-15. */
static const double least_share = 1e-12;

status gaussian_entropy_bits(const double *y, int64_t samples, int n, double *bits)
{
    status result = OK;
    size_t size = (size_t)n;
    double *mean = calloc(size, sizeof *mean), *variance = calloc(size, sizeof *variance);
    double *covariance = calloc(size * size, sizeof *covariance);
    CHECK(mean && variance && covariance, NO_MEMORY, "no memory for a target of %d numbers", n);
    covariance_of(y, samples, n, mean, covariance);
    for (int i = 0; i < n; i++) variance[i] = covariance[i + i * n];

    *bits = cholesky_factor(n, covariance) ? n * 0.5 * log2(two_pi_e) : NAN;
    for (int i = 0; i < n; i++) {
        double left = covariance[i + i * n]; /* standard deviation, when the numbers before are known */
        *bits += left * left > least_share * variance[i] ? log2(left) : NAN;
    }
done:
    free(mean);
    free(variance);
    free(covariance);
    return result;
}
