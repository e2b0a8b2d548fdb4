#include "estimators/gaussian_bootstrap.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"

static void draw(const gaussian_columns *c, int n, random_key key, double *to)
{
    const size_t bytes = (size_t)n * sizeof *to;
    for (int64_t r = 0; r < c->count; r++)
        memcpy(to + r * n, c->z + (int64_t)random_below(key, (uint64_t)r, (uint32_t)c->count) * n, bytes);
}

static int by_value(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Linear between the sorted values. */
static double quantile(const double *sorted, int64_t count, double share)
{
    const double at = share * (double)(count - 1);
    const int64_t below = (int64_t)at, above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

status gaussian_bootstrap(const gaussian_columns *c, const gaussian_resampling *how, double measured,
                          gaussian_pause *pause, gaussian_interval *out)
{
    status result = OK;
    int n = c->target;
    for (int i = 0; i < c->sources; i++) n += c->size[i];
    gaussian_columns drawn = *c;
    gaussian_measures m;
    double mean = 0;
    double *z = malloc((size_t)c->count * (size_t)n * sizeof *z),
           *value = malloc((size_t)how->resamples * sizeof *value);
    CHECK(z && value, NO_MEMORY, "no memory for %lld samples", (long long)c->count);
    drawn.z = z;
    for (int64_t k = 0; k < how->resamples; k++) {
        const random_key key = { .seed = how->seed, .purpose = RANDOM_RESAMPLE, .epoch = (uint32_t)k };
        CHECK(pause->go_on(pause, (double)k / (double)how->resamples), WORK_LEFT, "stopped while resampling");
        draw(c, n, key, z);
        TRY(gaussian_measures_of(NULL, &drawn, how->corrected, how->measure == GAUSSIAN_CI, &m));
        value[k] = gaussian_measured(&m, how->measure);
        mean += value[k] / (double)how->resamples;
    }
    qsort(value, (size_t)how->resamples, sizeof *value, by_value);
    const double tail = (1 - how->confidence) / 2;
    out->lower = measured + quantile(value, how->resamples, tail) - mean;
    out->upper = measured + quantile(value, how->resamples, 1 - tail) - mean;
done:
    free(z);
    free(value);
    return result;
}
