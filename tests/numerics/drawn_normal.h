/* Normal samples with known information, for tests of estimators. */
#ifndef DRAWN_NORMAL_H
#define DRAWN_NORMAL_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "random.h"

/* x (count, n) and y (count, n), of variance 1 and independent but for the first `pairs` columns of each, which correlate. */
typedef struct drawn_pairs {
    double *x, *y;
} drawn_pairs;

static inline drawn_pairs draw_pairs(uint64_t seed, int64_t count, int n, int pairs, double correlation)
{
    size_t numbers = (size_t)count * (size_t)n;
    drawn_pairs r = { malloc(numbers * sizeof(double)), malloc(numbers * sizeof(double)) };
    if (!r.x || !r.y) abort();
    random_key key = { .seed = seed, .purpose = RANDOM_DATA };
    double own = sqrt(1 - correlation * correlation);
    for (size_t i = 0; i < numbers; i++) {
        r.x[i] = random_normal(key, 2 * i);
        r.y[i] = random_normal(key, 2 * i + 1);
        if ((int)(i % (size_t)n) < pairs) r.y[i] = correlation * r.x[i] + own * r.y[i];
    }
    return r;
}

static inline void free_pairs(drawn_pairs r)
{
    free(r.x);
    free(r.y);
}

/* Correlation of each of some pairs that together have so much information. */
static inline double correlation_of(double nats, int pairs)
{
    return sqrt(1 - exp(-2 * nats / pairs));
}

/* Mean of numbers, and the standard error of it. */
typedef struct drawn_mean {
    double mean, error;
} drawn_mean;

static inline drawn_mean mean_of(const double *numbers, int count)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < count; i++) sum += numbers[i];
    for (int i = 0; i < count; i++) squares += (numbers[i] - sum / count) * (numbers[i] - sum / count);
    return (drawn_mean){ sum / count, sqrt(squares / (count - 1) / count) };
}

#endif
