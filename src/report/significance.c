#include "significance.h"

#include <math.h>
#include <stdlib.h>

significance significance_test(double value, const double *null, int64_t shuffles)
{
    significance x = { .p = NAN, .null_mean = NAN };
    int64_t reached = 0;
    double sum = 0;
    for (int64_t k = 0; k < shuffles; k++) {
        if (isnan(null[k])) continue;
        x.shuffles++;
        reached += null[k] >= value;
        sum += null[k];
    }
    if (x.shuffles == 0) return x;
    x.null_mean = sum / (double)x.shuffles;
    if (!isnan(value)) x.p = (double)(1 + reached) / (double)(1 + x.shuffles);
    return x;
}

typedef struct ranked {
    double p;
    int64_t index;
} ranked;

static int by_p(const void *a, const void *b)
{
    double x = ((const ranked *)a)->p, y = ((const ranked *)b)->p;
    return (x > y) - (x < y);
}

status significance_adjust(const double *p, int64_t count, double *q)
{
    int64_t tests = 0;
    ranked *order = malloc(((size_t)count + 1) * sizeof *order);
    if (order == NULL) return failure(NO_MEMORY, "%lld p-values", (long long)count);
    for (int64_t i = 0; i < count; i++) {
        q[i] = NAN;
        if (!isnan(p[i])) order[tests++] = (ranked){ p[i], i };
    }
    qsort(order, (size_t)tests, sizeof *order, by_p);
    double least = 1; /* of p m / rank from here to the largest p */
    for (int64_t rank = tests; rank >= 1; rank--) {
        least = fmin(least, order[rank - 1].p * (double)tests / (double)rank);
        q[order[rank - 1].index] = least;
    }
    free(order);
    return OK;
}
