/* Samples and labels into lanes: each lane takes its own rows of its own arrays. Part of kernels.c, for each instruction
 * set. */
#ifndef LANES_VECTOR_GATHER_H
#define LANES_VECTOR_GATHER_H

#include "nn/lanes/vector.h"

/* Samples with at least LANES features: LANES features of a row at a time, transposed in registers. The last group
 * overlaps the one before instead of being short. */
static void gather_transposed(const float *const *x, const int32_t *const *order, int64_t first, int rows,
                              int features, float *to)
{
    for (int r = 0; r < rows; r++, to += features * LANES) {
        const float *from[LANES];
        for (int l = 0; l < LANES; l++) from[l] = x[l] + (order ? order[l][first + r] : first + r) * features;
        for (int f = 0; f < features; f += LANES) {
            int start = f + LANES <= features ? f : features - LANES;
            vec v[LANES];
            for (int l = 0; l < LANES; l++) v[l] = load_anywhere(from[l] + start);
            transpose(v);
            for (int i = 0; i < LANES; i++) store(to + (start + i) * LANES, v[i]);
        }
    }
}

static void gather(const float *const *x, const int32_t *const *order, int64_t first, int rows, int features,
                   float *to)
{
    if (features >= LANES) {
        gather_transposed(x, order, first, rows, features, to);
        return;
    }
    for (int l = 0; l < LANES; l++)
        for (int f = 0; f < features; f++)
            for (int r = 0; r < rows; r++) {
                int64_t sample = order ? order[l][first + r] : first + r;
                to[(r * features + f) * LANES + l] = x[l][sample * features + f];
            }
}

static void gather_labels(const int32_t *const *y, const int32_t *const *order, int64_t first, int rows,
                          int32_t *to)
{
    for (int l = 0; l < LANES; l++)
        for (int r = 0; r < rows; r++) to[r * LANES + l] = y[l][order ? order[l][first + r] : first + r];
}

#endif
