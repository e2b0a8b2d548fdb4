/* Samples to find components of. */
#ifndef TESTS_NUMERICS_DRAWN_ROWS_H
#define TESTS_NUMERICS_DRAWN_ROWS_H

#include <stdlib.h>

#include "random.h"
#include "sample_rows.h"

/* Mixed normal numbers about a mean: feature j is 3 normals, with weights that fall, and its own. (count, features); the caller
 * frees it. */
static inline double *drawn_rows(int64_t count, int features, uint64_t seed)
{
    enum { SHARED = 3 };
    double *x = malloc((size_t)(count * features) * sizeof *x);
    random_key key = { .seed = seed, .purpose = RANDOM_TRIAL }, mix = key;
    mix.stream = 1;
    for (int64_t r = 0; r < count; r++)
        for (int j = 0; j < features; j++) {
            uint64_t at = (uint64_t)r * (uint64_t)(features + SHARED);
            double value = 5 + j % 3 + (0.2 + 0.01 * j) * random_normal(key, at + SHARED + (uint64_t)j);
            for (int s = 0; s < SHARED; s++)
                value += random_normal(key, at + (uint64_t)s) *
                         random_normal(mix, (uint64_t)(s * features + j)) / (1 + s);
            x[r * features + j] = value;
        }
    return x;
}

/* Covariance (features, features) by its definition. The caller frees it. */
static inline double *plain_covariance(const double *x, int64_t count, int n)
{
    double *c = calloc((size_t)n * (size_t)n, sizeof *c), *mean = calloc((size_t)n, sizeof *mean);
    for (int64_t r = 0; r < count; r++)
        for (int j = 0; j < n; j++) mean[j] += x[r * n + j] / (double)count;
    for (int64_t r = 0; r < count; r++)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                c[i * n + j] += (x[r * n + i] - mean[i]) * (x[r * n + j] - mean[j]) / (double)(count - 1);
    free(mean);
    return c;
}

#endif
