#include "compress.h"
#include "estimators/gaussian.h"

static const gaussian_options *options_of(const settings *s)
{
    return s->block[SECTION_ESTIMATOR];
}

int64_t gaussian_samples_used(const settings *s, const data_shape *shape)
{
    return shape->test + (options_of(s)->part == 0 ? shape->train : 0);
}

int gaussian_columns_of(const data_shape *shape)
{
    int columns = shape->dimensions;
    for (int i = 0; i < shape->sources; i++) columns += shape->features[i];
    return columns;
}

static double flops_beside(const settings *s, const data_shape *shape)
{
    const double n = gaussian_columns_of(shape), rows = (double)gaussian_samples_used(s, shape);
    const double factors = (shape->sources + 3) * n * n * n / 3;
    return (rows * n * n + factors) * (double)(1 + options_of(s)->bootstrap);
}

double gaussian_flops(const settings *s, const data_shape *shape)
{
    compress_cost before;
    compress_cost_of(s, true, &before);
    return before.flops + flops_beside(s, shape);
}

/* Beside the arithmetic each resample draws its rows, and each covariance is set up. */
double gaussian_seconds(const settings *s, const data_shape *shape, int count)
{
    const double flops_per_second = 1e9, seconds_per_number = 2e-8, seconds_each = 1e-5;
    const double numbers = gaussian_columns_of(shape) * (double)(shape->train + shape->test);
    const double times = (double)(1 + options_of(s)->bootstrap);
    compress_cost before;
    compress_cost_of(s, true, &before);
    return count * (before.seconds + flops_beside(s, shape) / flops_per_second +
                    times * (numbers * seconds_per_number + seconds_each));
}

/* Samples, their columns side by side (twice where they are resampled), and covariances. */
size_t gaussian_bytes(const settings *s, const data_shape *shape, int count)
{
    const size_t n = (size_t)gaussian_columns_of(shape), rows = (size_t)(shape->train + shape->test);
    compress_cost before;
    (void)count; /* one after the other */
    compress_cost_of(s, true, &before);
    return before.bytes + (rows * n * (options_of(s)->bootstrap > 0 ? 3 : 2) + 4 * n * n) * sizeof(double);
}
