/* The loss of Gaussian predictions over vectors: negative log likelihood, distance between the sources' means, and the
 * gradients of all that by means and log variances. Part of kernels.c, for each instruction set; one row of all sources
 * at a time, dimensions of the target in the inner loops. */
#ifndef LANES_VECTOR_GAUSSIAN_H
#define LANES_VECTOR_GAUSSIAN_H

#include "nn/lanes/vector_loss.h"

/* What all rows share, of every source: 1 / v (sources, dimensions) and 1/2 sum_j ln(2 pi v_j) (sources). */
typedef struct variances {
    vec precision[LANES_OUTPUTS_MAX], log_volume[SOURCES_MAX];
} variances;

INLINE void variances_of(const int n, const int d, const lanes_gaussian *gaussian, variances *v)
{
    const float ln_two_pi = 1.8378770664093453f;
    for (int i = 0; i < n; i++) {
        vec sum = all(0);
        for (int j = 0; j < d; j++) {
            vec log_variance = load(gaussian->log_variance[i] + j * LANES);
            v->precision[i * d + j] = exponential(-log_variance);
            sum += log_variance + all(ln_two_pi);
        }
        v->log_volume[i] = sum * all(0.5f);
    }
}

/* Keeps the means (d) of one source in p. Returns -ln of the density at the target y; *squares becomes the squared
 * distance to it. */
INLINE vec negative_log_density(int d, const float *mean, const float *y, const vec *precision,
                                vec log_volume, vec *p, vec *squares)
{
    vec scaled = all(0), plain = all(0);
    for (int j = 0; j < d; j++) {
        p[j] = load(mean + j * LANES);
        vec error = p[j] - load(y + j * LANES);
        vec square = error * error;
        scaled = fma_(square, precision[j], scaled);
        plain += square;
    }
    *squares = plain;
    return fma_(scaled, all(0.5f), log_volume);
}

/* Gradients of weight (share CE + distance_weight D) by the means and, added up over rows, by the log variances. */
INLINE void gaussian_gradient(int d, const float *y, vec weight, vec share, vec distance_weight,
                              const vec *precision, const vec *p, const vec *h, float *gradient,
                              float *log_variance_gradient)
{
    vec to_entropy = weight * share, to_distance = weight * distance_weight;
    for (int j = 0; j < d; j++) {
        vec error = p[j] - load(y + j * LANES);
        vec towards = error * precision[j];
        vec excess = fma_(-error, towards, all(1)); /* 1 - (y - mean)^2 / v */
        vec before = load(log_variance_gradient + j * LANES);
        store(gradient + j * LANES, fma_(to_entropy, towards, to_distance * h[j]));
        store(log_variance_gradient + j * LANES, fma_(to_entropy * all(0.5f), excess, before));
    }
}

/* lanes_gaussian_run for n sources and d dimensions: constants, where the common cases call it, that unroll its loops. */
INLINE void gaussian_of(const int n, const int d, const lanes_loss *loss, int rows, const float *const *mean,
                        const lanes_gaussian *gaussian, const float *weight, const float *distance_weight,
                        float *const *gradient, float *const *row_nats, lanes_sums *sums)
{
    const vec share = all(loss->share), pull = load_anywhere(distance_weight);
    row_scratch scratch;
    variances v;
    partial_sums partial = { 0 };
    variances_of(n, d, gaussian, &v);
    for (int r = 0; r < rows; r++) {
        const size_t first = (size_t)r * (size_t)d * LANES;
        const float *y = gaussian->target + first;
        vec row_weight = load(weight + r * LANES);
        for (int i = 0; i < n; i++) {
            vec squares, nats = negative_log_density(d, mean[i] + first, y, v.precision + i * d,
                                                     v.log_volume[i], scratch.p + i * d, &squares);
            if (row_nats) store(row_nats[i] + r * LANES, nats);
            partial.cross_entropy[i] = fma_(row_weight, nats, partial.cross_entropy[i]);
            partial.squares[i] = fma_(row_weight, squares, partial.squares[i]);
        }
        partial.distance = fma_(row_weight, coupled_distance(loss, n, d, &scratch), partial.distance);
        for (int i = 0; gradient && i < n; i++)
            gaussian_gradient(d, y, row_weight, share, pull, v.precision + i * d, scratch.p + i * d,
                              scratch.h + i * d, gradient[i] + first, gaussian->log_variance_gradient[i]);
        if ((r + 1) % FOLD_ROWS == 0 || r + 1 == rows) fold(loss, &partial, sums);
    }
}

static void gaussian_run(const lanes_loss *loss, int rows, const float *const *mean,
                         const lanes_gaussian *gaussian, const float *weight, const float *distance_weight,
                         float *const *gradient, float *const *row_nats, lanes_sums *sums)
{
    if (loss->sources == 2 && loss->outputs == 1)
        gaussian_of(2, 1, loss, rows, mean, gaussian, weight, distance_weight, gradient, row_nats, sums);
    else if (loss->sources == 2 && loss->outputs == 2)
        gaussian_of(2, 2, loss, rows, mean, gaussian, weight, distance_weight, gradient, row_nats, sums);
    else
        gaussian_of(loss->sources, loss->outputs, loss, rows, mean, gaussian, weight, distance_weight,
                    gradient, row_nats, sums);
    leave_vectors();
}

#endif
