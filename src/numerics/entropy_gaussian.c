/* Entropy of the Gaussian that fits samples best. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "numerics/cholesky.h"
#include "numerics/covariance.h"
#include "numerics/covariance_refusal.h"
#include "numerics/digamma.h"
#include "numerics/estimate.h"

static const double log_two_pi = 1.8378770664093453;

/* What the logarithm of the determinant is too small by, halved: N C is Wishart of N - 1 degrees of freedom, so E ln det C = ln det
 * Sigma + sum_i psi((N - i) / 2) - n ln(N / 2), i = 1 … n. */
double entropy_gaussian_bias(int64_t count, int n)
{
    double sum = 0;
    for (int i = 1; i <= n; i++) sum += digamma(0.5 * (double)(count - i)) - log(0.5 * (double)count);
    return 0.5 * sum;
}

/* -ln of the fitted density at a sample; `level` is at the mean, `left` (n) room. */
static double term(const double *sample, const double *mean, const double *factor, int n, double level,
                   double *left)
{
    double square = 0;
    for (int i = 0; i < n; i++) left[i] = sample[i] - mean[i];
    cholesky_forward(n, factor, left);
    for (int i = 0; i < n; i++) square += left[i] * left[i];
    return level + 0.5 * square;
}

/* The Cholesky factor in place of a covariance; *log_determinant of the factor. Columns are judged in units of their standard
 * deviation (deviation: n); what the sum of a mean rounds to is no spread. */
static status factorise(int64_t count, int n, const double *mean, double *covariance, double *deviation,
                        double *log_determinant)
{
    status result = OK;
    for (int i = 0; i < n; i++) {
        deviation[i] = sqrt(covariance[i + i * n]);
        if (!(deviation[i] > (double)count * DBL_EPSILON * fabs(mean[i]))) TRY(covariance_refuse(i + 1));
    }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) covariance[i + j * n] /= deviation[i] * deviation[j];
    int leading = cholesky_leading(n, covariance, covariance_least_share(n));
    if (leading < n) TRY(covariance_refuse(leading + 1));
    *log_determinant = 0;
    for (int i = 0; i < n; i++) *log_determinant += log(covariance[i + i * n] * deviation[i]);
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) covariance[i + j * n] *= deviation[i];
done:
    return result;
}

status entropy_gaussian(const double *samples, int64_t count, int dimensions, bool corrected, estimate *out)
{
    status result = OK;
    size_t n = (size_t)(dimensions > 0 ? dimensions : 0), terms_count = (size_t)(count > 0 ? count : 0);
    double *mean = calloc(n + 1, sizeof *mean), *left = calloc(n + 1, sizeof *left);
    double *factor = calloc(n * n + 1, sizeof *factor), *terms = calloc(terms_count + 1, sizeof *terms);
    CHECK(mean && left && factor && terms, NO_MEMORY, "no memory for a Gaussian of %d dimensions",
          dimensions);
    TRY(samples_check(samples, count, dimensions));
    CHECK(count > dimensions, BAD_INPUT, "%" PRId64 " samples: a Gaussian of %d dimensions needs at least %d",
          count, dimensions, dimensions + 1);
    covariance_of(samples, count, dimensions, mean, factor);
    double level;
    TRY(factorise(count, dimensions, mean, factor, left, &level));
    level += 0.5 * dimensions * log_two_pi;
    for (int64_t i = 0; i < count; i++)
        terms[i] = term(samples + i * dimensions, mean, factor, dimensions, level, left);
    *out = estimate_of(terms, count);
    if (corrected) out->nats -= entropy_gaussian_bias(count, dimensions);
done:
    free(mean);
    free(left);
    free(factor);
    free(terms);
    return result;
}
