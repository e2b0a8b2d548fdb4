/* Batch normalisation and ReLU over vectors. These pass over rows x units with a few columns at a time: their factors and
 * sums stay in registers, the sums of several columns overlap, and what is read in a row lies together. Part of
 * kernels.c, for each instruction set. */
#ifndef LANES_VECTOR_NORM_H
#define LANES_VECTOR_NORM_H

#include "nn/lanes/kernels.h"
#include "nn/lanes/vector.h"
#include "nn/lanes/vector_tiles.h"

/* sum_r weight (z - origin), sum_r weight (z - origin)^2 of n columns */
INLINE void norm_sums_tile(const int n, int rows, int units, const float *z, const float *weight,
                           const float *origin, float *to_sum, float *to_square)
{
    vec from[TILE_MAX], sum[TILE_MAX], square[TILE_MAX];
    for (int u = 0; u < n; u++) {
        from[u] = load(origin + u * LANES);
        sum[u] = load(to_sum + u * LANES);
        square[u] = load(to_square + u * LANES);
    }
    for (int r = 0; r < rows; r++, z += units * LANES) {
        vec row_weight = load(weight + r * LANES);
        for (int u = 0; u < n; u++) {
            vec distance = load(z + u * LANES) - from[u];
            vec weighted = row_weight * distance;
            sum[u] += weighted;
            square[u] = fma_(weighted, distance, square[u]);
        }
    }
    for (int u = 0; u < n; u++) {
        store(to_sum + u * LANES, sum[u]);
        store(to_square + u * LANES, square[u]);
    }
}

static void norm_sums(int rows, int units, const float *z, const float *weight, const norm *m)
{
    for (int u = 0, n; u < units; u += n) {
        const int k = u * LANES;
        n = tile_width(units - u, PASS_UNITS);
        WITH_COLUMNS(n, norm_sums_tile, rows, units, z + k, weight, m->origin + k, m->sum + k, m->square + k);
    }
}

static void scale_and_shift(const norm *n, int k, vec mean, vec variance)
{
    vec inverse = all(1) / square_root(variance + all(NORM_EPS));
    vec scale = load(n->gamma + k) * inverse;
    store(n->inverse + k, inverse);
    store(n->scale + k, scale);
    store(n->shift + k, fma_(-mean, scale, load(n->beta + k)));
}

static vec moved(const float *running, vec towards)
{
    vec from = load(running);
    return fma_(all(NORM_MOMENTUM), towards - from, from);
}

static void norm_train(int units, const float *unbias, const norm *n)
{
    const vec factor = load_anywhere(unbias);
    for (int k = 0; k < units * LANES; k += LANES) {
        vec sum = load(n->sum + k);
        vec mean = load(n->origin + k) + sum;
        vec variance = larger(all(0), fma_(-sum, sum, load(n->square + k)));
        store(n->mean + k, mean);
        store(n->running_mean + k, moved(n->running_mean + k, mean));
        store(n->running_variance + k, moved(n->running_variance + k, factor * variance));
        scale_and_shift(n, k, mean, variance);
    }
}

static void norm_predict(int units, const norm *n)
{
    for (int k = 0; k < units * LANES; k += LANES)
        scale_and_shift(n, k, load(n->running_mean + k), load(n->running_variance + k));
}

static void norm_backward_finish(int units, const norm *n)
{
    for (int k = 0; k < units * LANES; k += LANES) {
        vec scale = load(n->scale + k), inverse = load(n->inverse + k);
        vec sum = load(n->sum_gradient + k), product = load(n->sum_product + k) * inverse;
        store(n->gamma_gradient + k, product);
        store(n->beta_gradient + k, sum);
        store(n->constant + k, scale * sum);
        store(n->slope + k, scale * inverse * product);
    }
}

/* dz = scale g - weight (constant + slope (z - mean)) of n columns */
INLINE void norm_backward_tile(const int n, int rows, int units, const float *z, const float *weight,
                               const float *g, const norm *m, int k, float *dz)
{
    vec mean[TILE_MAX], scale[TILE_MAX], constant[TILE_MAX], slope[TILE_MAX];
    for (int u = 0; u < n; u++) {
        mean[u] = load(m->mean + k + u * LANES);
        scale[u] = load(m->scale + k + u * LANES);
        constant[u] = load(m->constant + k + u * LANES);
        slope[u] = load(m->slope + k + u * LANES);
    }
    for (int r = 0; r < rows; r++, z += units * LANES, g += units * LANES, dz += units * LANES) {
        vec row_weight = load(weight + r * LANES);
        for (int u = 0; u < n; u++) {
            const int here = u * LANES;
            vec common = row_weight * fma_(slope[u], load(z + here) - mean[u], constant[u]);
            store(dz + here, fma_(scale[u], load(g + here), -common));
        }
    }
}

static void norm_backward(int rows, int units, const float *z, const float *weight, const float *g,
                          const norm *m, float *dz)
{
    for (int u = 0, n; u < units; u += n) {
        const int k = u * LANES;
        n = tile_width(units - u, PASS_UNITS);
        WITH_COLUMNS(n, norm_backward_tile, rows, units, z + k, weight, g + k, m, k, dz + k);
    }
}

/* a = scale z + shift, then max(0, a) if relu, of n columns */
INLINE void activate_tile(const int n, const int relu, int rows, int units, const float *z, const norm *m,
                          int k, float *a)
{
    vec scale[TILE_MAX], shift[TILE_MAX];
    for (int u = 0; u < n; u++) {
        scale[u] = m ? load(m->scale + k + u * LANES) : all(1);
        shift[u] = m ? load(m->shift + k + u * LANES) : all(0);
    }
    for (int r = 0; r < rows; r++, z += units * LANES, a += units * LANES)
        for (int u = 0; u < n; u++) {
            const int here = u * LANES;
            vec y = fma_(scale[u], load(z + here), shift[u]);
            store(a + here, relu ? larger(all(0), y) : y);
        }
}

static void activate(int rows, int units, int relu, const float *z, const norm *m, float *a)
{
    for (int u = 0, n; u < units; u += n) {
        const int k = u * LANES;
        n = tile_width(units - u, PASS_UNITS);
        if (relu)
            WITH_COLUMNS(n, activate_tile, 1, rows, units, z + k, m, k, a + k)
        else
            WITH_COLUMNS(n, activate_tile, 0, rows, units, z + k, m, k, a + k)
    }
}

/* One pass for a = scale z + shift or z, g = 0 where a is not positive if relu, and sum_r g, sum_r g (z - mean) */
INLINE void activate_backward_tile(const int n, const int relu, int rows, int units, const float *z,
                                   const norm *m, int k, float *g)
{
    vec scale[TILE_MAX], shift[TILE_MAX], mean[TILE_MAX], sum[TILE_MAX], product[TILE_MAX];
    for (int u = 0; u < n; u++) {
        scale[u] = m ? load(m->scale + k + u * LANES) : all(1);
        shift[u] = m ? load(m->shift + k + u * LANES) : all(0);
        mean[u] = m ? load(m->mean + k + u * LANES) : all(0);
        sum[u] = m ? load(m->sum_gradient + k + u * LANES) : all(0);
        product[u] = m ? load(m->sum_product + k + u * LANES) : all(0);
    }
    for (int r = 0; r < rows; r++, z += units * LANES, g += units * LANES)
        for (int u = 0; u < n; u++) {
            const int here = u * LANES;
            vec before = load(z + here), gradient = load(g + here);
            vec y = fma_(scale[u], before, shift[u]);
            if (relu) {
                gradient = where(y > all(0), gradient);
                store(g + here, gradient);
            }
            sum[u] += gradient;
            product[u] = fma_(gradient, before - mean[u], product[u]);
        }
    for (int u = 0; m && u < n; u++) {
        store(m->sum_gradient + k + u * LANES, sum[u]);
        store(m->sum_product + k + u * LANES, product[u]);
    }
}

static void activate_backward(int rows, int units, int relu, const float *z, const norm *m, float *g)
{
    for (int u = 0, n; u < units; u += n) {
        const int k = u * LANES;
        n = tile_width(units - u, PASS_UNITS);
        if (relu)
            WITH_COLUMNS(n, activate_backward_tile, 1, rows, units, z + k, m, k, g + k)
        else
            WITH_COLUMNS(n, activate_backward_tile, 0, rows, units, z + k, m, k, g + k)
    }
}

#endif
