/* Dense layers over vectors: tiles of rows x units whose sums stay in registers; a tile of m x n takes m + n loads for
 * m n multiply-adds. Every sum runs in one fixed order (inputs, units or rows from first to last), whatever the tile, so
 * tiles may differ between the sets and the bits do not. Part of kernels.c, for each instruction set. */
#ifndef LANES_VECTOR_DENSE_H
#define LANES_VECTOR_DENSE_H

#include <stddef.h>

#include "nn/lanes/vector.h"
#include "nn/lanes/vector_tiles.h"

/* y[m rows][n units] = bias + sum_i x[row][i] w[unit][i] */
INLINE void forward_tile(const int n, const int m, int in, int out, const float *x, const float *w,
                         const float *bias, float *y)
{
    if (m > TILE_ROWS || n > TILE_UNITS) return;
    vec sum[TILE_MAX][TILE_MAX];
    for (int u = 0; u < n; u++)
        for (int r = 0; r < m; r++) sum[r][u] = bias ? load(bias + u * LANES) : all(0);
    const ptrdiff_t row = (ptrdiff_t)in * LANES;
    for (int i = 0; i < in; i++, x += LANES, w += LANES) {
        vec value[TILE_MAX];
        for (int r = 0; r < m; r++) value[r] = load(x + r * row);
        for (int u = 0; u < n; u++) {
            vec weight = load(w + u * row);
            for (int r = 0; r < m; r++) sum[r][u] = fma_(value[r], weight, sum[r][u]);
        }
    }
    for (int r = 0; r < m; r++, y += out * LANES)
        for (int u = 0; u < n; u++) store(y + u * LANES, sum[r][u]);
}

/* Rows pass by one tile's weights, so that these are fetched once per block. */
static void dense_forward(int rows, int in, int out, const float *x, const float *w, const float *bias,
                          float *y)
{
    for (int o = 0, n; o < out; o += n) {
        n = tile_width(out - o, TILE_UNITS);
        for (int r = 0, m; r < rows; r += m) {
            m = tile_width(rows - r, TILE_ROWS);
            WITH_TILE(m, n, forward_tile, in, out, x + r * in * LANES, w + o * in * LANES,
                      bias ? bias + o * LANES : NULL, y + (r * out + o) * LANES);
        }
    }
}

/* dx[m rows][n inputs] = sum_o dy[row][o] w[o][input] */
INLINE void backward_input_tile(const int n, const int m, int in, int out, const float *dy, const float *w,
                                float *dx)
{
    if (m > TILE_ROWS || n > TILE_UNITS) return;
    vec sum[TILE_MAX][TILE_MAX];
    for (int r = 0; r < m; r++)
        for (int i = 0; i < n; i++) sum[r][i] = all(0);
    const ptrdiff_t row = (ptrdiff_t)out * LANES;
    for (int o = 0; o < out; o++, dy += LANES, w += in * LANES) {
        vec value[TILE_MAX];
        for (int r = 0; r < m; r++) value[r] = load(dy + r * row);
        for (int i = 0; i < n; i++) {
            vec weight = load(w + i * LANES);
            for (int r = 0; r < m; r++) sum[r][i] = fma_(value[r], weight, sum[r][i]);
        }
    }
    for (int r = 0; r < m; r++, dx += in * LANES)
        for (int i = 0; i < n; i++) store(dx + i * LANES, sum[r][i]);
}

static void dense_backward_input(int rows, int in, int out, const float *dy, const float *w, float *dx)
{
    for (int i = 0, n; i < in; i += n) {
        n = tile_width(in - i, TILE_UNITS);
        for (int r = 0, m; r < rows; r += m) {
            m = tile_width(rows - r, TILE_ROWS);
            WITH_TILE(m, n, backward_input_tile, in, out, dy + r * out * LANES, w + i * LANES,
                      dx + (r * in + i) * LANES);
        }
    }
}

/* dw[m units][n inputs] = or += sum_r dy[r][unit] x[r][input] */
INLINE void backward_weights_tile(const int n, const int m, int rows, int in, int out, int add,
                                  const float *x, const float *dy, float *dw)
{
    if (m > TILE_OUTPUTS || n > TILE_UNITS) return;
    vec sum[TILE_MAX][TILE_MAX];
    const float *from = dw;
    for (int o = 0; o < m; o++, from += in * LANES)
        for (int i = 0; i < n; i++) sum[o][i] = add ? load(from + i * LANES) : all(0);
    for (int r = 0; r < rows; r++, x += in * LANES, dy += out * LANES) {
        vec value[TILE_MAX];
        for (int o = 0; o < m; o++) value[o] = load(dy + o * LANES);
        for (int i = 0; i < n; i++) {
            vec input = load(x + i * LANES);
            for (int o = 0; o < m; o++) sum[o][i] = fma_(value[o], input, sum[o][i]);
        }
    }
    for (int o = 0; o < m; o++, dw += in * LANES)
        for (int i = 0; i < n; i++) store(dw + i * LANES, sum[o][i]);
}

/* dbias[n units] = or += sum_r dy[r][unit] */
INLINE void backward_bias_tile(const int n, int rows, int out, int add, const float *dy, float *dbias)
{
    vec sum[TILE_MAX];
    for (int o = 0; o < n; o++) sum[o] = add ? load(dbias + o * LANES) : all(0);
    for (int r = 0; r < rows; r++, dy += out * LANES)
        for (int o = 0; o < n; o++) sum[o] += load(dy + o * LANES);
    for (int o = 0; o < n; o++) store(dbias + o * LANES, sum[o]);
}

static void dense_backward_weights(int rows, int in, int out, int add, const float *x, const float *dy,
                                   float *dw, float *dbias)
{
    for (int o = 0, m; o < out; o += m) {
        m = tile_width(out - o, TILE_OUTPUTS);
        for (int i = 0, n; i < in; i += n) {
            n = tile_width(in - i, TILE_UNITS);
            WITH_TILE(m, n, backward_weights_tile, rows, in, out, add, x + i * LANES, dy + o * LANES,
                      dw + (o * in + i) * LANES);
        }
    }
    for (int o = 0, n; dbias && o < out; o += n) {
        n = tile_width(out - o, TILE_UNITS);
        WITH_COLUMNS(n, backward_bias_tile, rows, out, add, dy + o * LANES, dbias + o * LANES);
    }
}

#endif
