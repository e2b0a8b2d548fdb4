/* Samples whose covariance is made the identity: by the inverse of its symmetric root, which turns them as little as can be. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "numerics/cholesky.h"
#include "numerics/covariance.h"
#include "numerics/covariance_refusal.h"
#include "numerics/estimate.h"
#include "numerics/lapack.h"
#include "numerics/symmetric_eigen.h"

/* All matrices (n, n) are symmetric, so rows may be columns. */
typedef struct whitening {
    int n;
    double *mean, *value;         /* (n) */
    double *covariance, *scratch; /* (n, n) */
    double *centred;              /* (count, n) */
} whitening;

/* BAD_INPUT where a column follows from those before it, or does not vary; scratch becomes the factor of the correlations. */
static status check_columns(whitening *w, int64_t count)
{
    status result = OK;
    const int n = w->n;
    for (int i = 0; i < n; i++) {
        double variance = w->covariance[i + i * n];
        CHECK(isfinite(variance), BAD_INPUT, "column %d spreads beyond what a square holds: scale it", i);
        w->value[i] = sqrt(variance);
        CHECK(w->value[i] > (double)count * DBL_EPSILON * fabs(w->mean[i]), BAD_INPUT,
              "column %d is constant: it cannot be whitened; leave it out", i);
    }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            w->scratch[i + j * n] = w->covariance[i + j * n] / (w->value[i] * w->value[j]);
    int leading = cholesky_leading(n, w->scratch, covariance_least_share(n));
    CHECK(leading == n, BAD_INPUT,
          "column %d follows from those before it: samples cannot be whitened; leave it out", leading);
done:
    return result;
}

/* The inverse symmetric root in place of the covariance. */
static status inverse_root(whitening *w, double *half_log_determinant)
{
    status result = OK;
    const int n = w->n;
    const double one = 1, zero = 0;
    TRY(symmetric_eigen(n, w->covariance, w->value));
    CHECK(
        w->value[0] > covariance_least_share(n) * w->value[n - 1], BAD_INPUT,
        "variances from %g to %g along the axes of the samples: too far apart to be whitened; scale columns "
        "alike, or leave out what follows from others",
        w->value[0], w->value[n - 1]);
    *half_log_determinant = 0;
    for (int j = 0; j < n; j++) {
        double size = sqrt(sqrt(w->value[j]));
        *half_log_determinant += 0.5 * log(w->value[j]);
        for (int i = 0; i < n; i++) w->scratch[i + j * n] = w->covariance[i + j * n] / size;
    }
    dgemm_("N", "T", &n, &n, &n, &one, w->scratch, &n, w->scratch, &n, &zero, w->covariance, &n);
done:
    return result;
}

static status whitening_make(int64_t count, int dimensions, whitening *out)
{
    status result = OK;
    const size_t n = (size_t)dimensions;
    CHECK(count > dimensions, BAD_INPUT, "%" PRId64 " samples: whitening %d columns needs at least %d", count,
          dimensions, dimensions + 1);
    CHECK(dimensions <= EIGEN_LARGEST && count <= INT32_MAX, BAD_INPUT,
          "%" PRId64 " samples of %d columns to whiten: at most %" PRId32 " of %d are right", count,
          dimensions, INT32_MAX, EIGEN_LARGEST);
    out->n = dimensions;
    out->mean = malloc(n * sizeof *out->mean);
    out->value = malloc(n * sizeof *out->value);
    out->covariance = lapack_numbers(n * n);
    out->scratch = lapack_numbers(n * n);
    out->centred = lapack_numbers((size_t)count * n);
    CHECK(out->mean && out->value && out->covariance && out->scratch && out->centred, NO_MEMORY,
          "no memory to whiten %" PRId64 " samples of %d columns", count, dimensions);
done:
    return result;
}

static void whitening_free(whitening *w)
{
    free(w->mean);
    free(w->value);
    free(w->covariance);
    free(w->scratch);
    free(w->centred);
}

status whiten(double *samples, int64_t count, int dimensions, double *half_log_determinant)
{
    status result = OK;
    whitening w = { 0 };
    const double one = 1, zero = 0;
    const int n = dimensions, rows = (int)count;
    TRY(samples_check(samples, count, dimensions));
    TRY(whitening_make(count, dimensions, &w));
    lapack_one_thread();
    covariance_of(samples, count, n, w.mean, w.covariance);
    for (int i = 0; i < n * n; i++) w.covariance[i] *= (double)count / (double)(count - 1);
    TRY(check_columns(&w, count));
    TRY(inverse_root(&w, half_log_determinant));
    for (int64_t i = 0; i < count * n; i++) w.centred[i] = samples[i] - w.mean[i % n];
    /* rows of n are columns of n to LAPACK */
    dgemm_("N", "N", &n, &rows, &n, &one, w.covariance, &n, w.centred, &n, &zero, samples, &n);
done:
    whitening_free(&w);
    return result;
}
