/* Sums of Gaussian kernels as a set of kernels. This file is compiled once per instruction set (KERNEL_SET). */
#include "numerics/kernel_tiles.h"

#include <math.h>

#include "numerics/panel_vector.h"

#define INLINE static inline __attribute__((always_inline))

enum { PARTS = PANEL / VECTOR };

/* Adding it rounds a number below 2^51 to an integer, which then stands in the lowest bits. */
#define ROUNDER 0x1.8p52

/* 2^t, t <= 0, to one part in 7e13; what would be below 2^-1022 is 2^-1022, and so is 2^NaN. The fraction, -1/2 … 1/2, goes into the
 * polynomial of degree 9 whose largest relative error is the least; even and odd powers apart, which halves the wait for one another. */
INLINE vec power_of_two(vec t)
{
    t = VECTOR_MAX(t, VECTOR_ALL(-1022.0));
    vec rounded = t + VECTOR_ALL(ROUNDER);
    vec f = t - (rounded - VECTOR_ALL(ROUNDER)), square = f * f;
    vec odd = VECTOR_ALL(0x1.b3f42370feb32p-24), even = VECTOR_ALL(0x1.63edf108fa336p-20);
    odd = odd * square + VECTOR_ALL(0x1.ffce245eb98ddp-17);
    even = even * square + VECTOR_ALL(0x1.43088fca981a8p-13);
    odd = odd * square + VECTOR_ALL(0x1.5d87fd9012c5bp-10);
    even = even * square + VECTOR_ALL(0x1.3b2ab72a10992p-7);
    odd = odd * square + VECTOR_ALL(0x1.c6b08d70d1ffdp-5);
    even = even * square + VECTOR_ALL(0x1.ebfbdff81570dp-3);
    odd = odd * square + VECTOR_ALL(0x1.62e42fefa3752p-1);
    even = even * square + VECTOR_ALL(0x1.0000000000039p+0);
    return VECTOR_RAISE(odd * f + even, rounded, ROUNDER);
}

/* Squared distances of the points of one panel to those of another, (PANEL, PANEL). */
INLINE void squares(int dimensions, const double *own, const double *other, double *to)
{
    for (int part = 0; part < PARTS; part++) {
        vec sum[PANEL];
        for (int i = 0; i < PANEL; i++) sum[i] = VECTOR_ALL(0.0);
        for (int d = 0; d < dimensions; d++) {
            vec x = VECTOR_LOAD(other + d * PANEL + part * VECTOR);
            for (int i = 0; i < PANEL; i++) {
                vec difference = x - VECTOR_ALL(own[d * PANEL + i]);
                sum[i] = sum[i] + difference * difference;
            }
        }
        for (int i = 0; i < PANEL; i++) VECTOR_STORE(to + i * PANEL + part * VECTOR, sum[i]);
    }
}

/* Adds the kernels of a tile to the sums of the other panel, and to lane by lane sums of the own, both (PANEL …). */
INLINE void add_tile(const double *square, double rate, double *other, double *own)
{
    for (int part = 0; part < PARTS; part++) {
        vec all = VECTOR_LOAD(other + part * VECTOR);
        for (int i = 0; i < PANEL; i++) {
            double *lanes = own + i * PANEL + part * VECTOR;
            vec e = power_of_two(VECTOR_LOAD(square + i * PANEL + part * VECTOR) * VECTOR_ALL(rate));
            VECTOR_STORE(lanes, VECTOR_LOAD(lanes) + e);
            all = all + e;
        }
        VECTOR_STORE(other + part * VECTOR, all);
    }
}

/* Within a panel every pair is in the tile twice, and every point beside itself. */
static void keep_upper(double *square)
{
    for (int i = 0; i < PANEL; i++)
        for (int j = 0; j <= i; j++) square[i * PANEL + j] = INFINITY;
}

static double sum_of_lanes(const double *lanes)
{
    return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

static void add_panel(kernel_tiles *t, int64_t own)
{
    double lanes[RATES_MOST][PANEL * PANEL] = { { 0 } }, square[PANEL * PANEL];
    const int64_t stride = (int64_t)t->dimensions * PANEL;
    for (int64_t other = own; other < t->panels; other++) {
        squares(t->dimensions, t->panel + own * stride, t->panel + other * stride, square);
        if (other == own) keep_upper(square);
        for (int r = 0; r < t->rates; r++)
            add_tile(square, t->rate[r], t->sum + (r * t->panels + other) * PANEL, lanes[r]);
    }
    for (int r = 0; r < t->rates; r++)
        for (int i = 0; i < PANEL; i++)
            t->sum[(r * t->panels + own) * PANEL + i] += sum_of_lanes(lanes[r] + i * PANEL);
}

#define ADD_NAME(set)       ADD_NAME_PASTE(set)
#define ADD_NAME_PASTE(set) kernel_tiles_add_##set

void ADD_NAME(KERNEL_SET)(kernel_tiles *t)
{
    for (int64_t own = 0; own < t->panels; own++) add_panel(t, own);
}
