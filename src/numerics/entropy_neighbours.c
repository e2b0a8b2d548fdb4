/* Entropy from distances to neighbours (Kozachenko and Leonenko 1987; weighted: Berrett, Samworth and Yuan 2019). */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "numerics/digamma.h"
#include "numerics/estimate.h"

static const double pi = 3.14159265358979323846;

/* ln of the volume of the unit ball */
static double log_ball(int dimensions)
{
    return 0.5 * dimensions * log(pi) - lgamma(0.5 * dimensions + 1);
}

/* How many neighbours have a weight, or come before one that has: no more are searched. */
static int weighted(const double *weight, int k)
{
    int last = k;
    while (last > 1 && weight[last - 1] == 0) last--;
    return last;
}

/* sum_j w_j ln xi_j of one sample, xi_j = exp(-psi(j)) c_d (N - 1) r_j^d: `level` has what does not depend on r. */
static double term(const double *distance, const double *weight, const double *level, int k, int dimensions)
{
    double sum = 0;
    for (int j = 0; j < k; j++)
        if (weight[j] != 0) sum += weight[j] * (dimensions * log(distance[j]) + level[j]);
    return sum;
}

status entropy_neighbours(const double *samples, int64_t count, int dimensions, const double *weight, int k,
                          estimate *out)
{
    status result = OK;
    neighbours *n = NULL;
    double *distance = NULL, *level = NULL, *terms = NULL;
    int32_t *who = NULL;
    TRY(neighbours_make(samples, count, dimensions, NORM_EUCLID, &n));
    CHECK(k >= 1 && k < count, BAD_INPUT, "%" PRId64 " samples: %d neighbours need at least %d", count, k,
          k + 1);
    for (int d = 0; d < dimensions; d++) TRY(samples_vary(samples, count, dimensions, d));
    k = weighted(weight, k);
    distance = malloc((size_t)count * (size_t)k * sizeof *distance);
    who = malloc((size_t)count * (size_t)k * sizeof *who);
    level = malloc((size_t)k * sizeof *level);
    terms = malloc((size_t)count * sizeof *terms);
    CHECK(distance && who && level && terms, NO_MEMORY, "no memory for %d neighbours of %" PRId64 " samples",
          k, count);
    TRY(neighbours_nearest(n, k, distance, who));
    TRY(samples_distinct(distance, who, count, k));
    for (int j = 0; j < k; j++) level[j] = log_ball(dimensions) + log((double)(count - 1)) - digamma(j + 1);
    for (int64_t i = 0; i < count; i++) terms[i] = term(distance + i * k, weight, level, k, dimensions);
    *out = estimate_of(terms, count);
done:
    neighbours_free(n);
    free(distance);
    free(who);
    free(level);
    free(terms);
    return result;
}
