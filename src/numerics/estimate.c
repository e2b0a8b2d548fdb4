#include "numerics/estimate.h"

#include <inttypes.h>
#include <math.h>

status samples_check(const double *samples, int64_t count, int dimensions)
{
    status result = OK;
    CHECK(count >= 1 && dimensions >= 1, BAD_INPUT, "no samples: %" PRId64 " of %d dimensions", count,
          dimensions);
    for (int64_t i = 0; i < count; i++)
        for (int d = 0; d < dimensions; d++)
            CHECK(isfinite(samples[i * dimensions + d]), BAD_INPUT,
                  "sample %" PRId64 ", column %d: %g is not finite; leave such samples out", i, d,
                  samples[i * dimensions + d]);
done:
    return result;
}

status samples_vary(const double *samples, int64_t count, int dimensions, int d)
{
    status result = OK;
    double mean = 0, largest = 0;
    for (int64_t i = 0; i < count; i++) mean += samples[i * dimensions + d] / (double)count;
    for (int64_t i = 0; i < count; i++) largest = fmax(largest, fabs(samples[i * dimensions + d] - mean));
    CHECK(largest > (double)count * 0x1p-52 * fabs(mean), BAD_INPUT,
          "column %d is constant: its entropy has no end; leave it out", d);
done:
    return result;
}

status samples_distinct(const double *distance, const int32_t *who, int64_t count, int k)
{
    status result = OK;
    for (int64_t i = 0; i < count; i++)
        CHECK(distance[i * k] > 0, BAD_INPUT,
              "samples %" PRId64 " and %" PRId32
              " are equal: a density of samples that repeat has no end; a little "
              "noise tells them apart",
              i, who[i * k]);
done:
    return result;
}

estimate estimate_of(const double *terms, int64_t count)
{
    double sum = 0, squares = 0, n = (double)count;
    for (int64_t i = 0; i < count; i++) sum += terms[i];
    double mean = sum / n;
    for (int64_t i = 0; i < count; i++) squares += (terms[i] - mean) * (terms[i] - mean);
    return (estimate){ mean, count > 1 ? sqrt(squares / (n - 1) / n) : INFINITY };
}
