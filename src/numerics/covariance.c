#include "numerics/covariance.h"

#include <string.h>

static void add_products(const double *y, const double *mean, int n, double weight, double *covariance)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) covariance[i + j * n] += weight * (y[i] - mean[i]) * (y[j] - mean[j]);
}

void covariance_of(const double *samples, int64_t count, int n, double *mean, double *covariance)
{
    double weight = 1 / (double)count;
    memset(mean, 0, (size_t)n * sizeof *mean);
    memset(covariance, 0, (size_t)n * (size_t)n * sizeof *covariance);
    for (int64_t k = 0; k < count; k++)
        for (int i = 0; i < n; i++) mean[i] += weight * samples[k * n + i];
    for (int64_t k = 0; k < count; k++) add_products(samples + k * n, mean, n, weight, covariance);
}
