/* Entropy from a density of Gaussian kernels, each sample's without its own. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "numerics/estimate.h"
#include "numerics/kernel_sums.h"

static const double log_root_two_pi = 0.91893853320467274178;

status entropy_kernel(const double *samples, int64_t count, int dimensions, double bandwidth, estimate *out)
{
    status result = OK;
    kernel_sums *k = NULL;
    kernel_spread spread;
    double *terms = NULL;
    TRY(kernel_spread_of(samples, count, dimensions, &spread));
    CHECK(isfinite(bandwidth) && bandwidth > 0, BAD_INPUT, "a bandwidth of %g: above 0 is right", bandwidth);
    TRY(kernel_sums_make(samples, count, dimensions, bandwidth, &k));
    terms = malloc((size_t)count * sizeof *terms);
    CHECK(terms != NULL, NO_MEMORY, "no memory for densities at %" PRId64 " samples", count);
    TRY(kernel_log_sums(k, &bandwidth, 1, terms));
    const double level = dimensions * (log(bandwidth) + log_root_two_pi) + log((double)(count - 1));
    for (int64_t i = 0; i < count; i++) terms[i] = level - terms[i];
    *out = estimate_of(terms, count);
done:
    kernel_sums_free(k);
    free(terms);
    return result;
}
