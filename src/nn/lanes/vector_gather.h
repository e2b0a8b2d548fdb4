/* Samples and labels into lanes: each lane takes its own rows of its own arrays. Part of kernels.c, for each instruction
 * set. */
#ifndef LANES_VECTOR_GATHER_H
#define LANES_VECTOR_GATHER_H

#include "nn/lanes/vector.h"

/* LANES features of a row at a time, transposed in registers. Rows are anywhere in memory: while one is transposed, the
 * next one is fetched. */
static void gather_transposed(const float *const *x, const int *own, const int32_t *const *visit, int rows,
                              int features, float *to)
{
    const float *from[LANES], *next[LANES];
    for (int l = 0; l < LANES; l++) next[l] = x[l] + (int64_t)visit[l][0] * own[l];
    for (int r = 0; r < rows; r++, to += features * LANES) {
        for (int l = 0; l < LANES; l++) {
            from[l] = next[l];
            if (r + 1 < rows) next[l] = x[l] + (int64_t)visit[l][r + 1] * own[l];
        }
        for (int f = 0; f < features; f += LANES) {
            vec v[LANES];
            for (int l = 0; l < LANES; l++) __builtin_prefetch(next[l] + f);
            for (int l = 0; l < LANES; l++) v[l] = load_first(from[l] + f, own[l] - f);
            transpose(v);
            for (int i = 0; i < LANES && f + i < features; i++) store(to + (f + i) * LANES, v[i]);
        }
    }
}

/* Fewer features than lanes: one number at a time. */
static void gather_single(const float *const *x, const int *own, const int32_t *const *visit, int rows,
                          int features, float *to)
{
    for (int l = 0; l < LANES; l++)
        for (int f = 0; f < features; f++)
            for (int r = 0; r < rows; r++)
                to[(r * features + f) * LANES + l] = f < own[l] ? x[l][(int64_t)visit[l][r] * own[l] + f] : 0;
}

static void gather(const float *const *x, const int *own, const int32_t *const *visit, int rows, int features,
                   float *to)
{
    if (features >= LANES)
        gather_transposed(x, own, visit, rows, features, to);
    else
        gather_single(x, own, visit, rows, features, to);
}

static void gather_labels(const int32_t *const *y, const int32_t *const *visit, int rows, int32_t *to)
{
    for (int l = 0; l < LANES; l++)
        for (int r = 0; r < rows; r++) to[r * LANES + l] = y[l][visit[l][r]];
}

#endif
