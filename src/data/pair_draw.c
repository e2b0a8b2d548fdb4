#include "data/pair_draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_PER_BLOCK = 4, NUMBERS_PER_BLOCK = 2 };

static const double two_pi = 6.283185307179586;
static const double root_half = 0.7071067811865476;

/* k + 1/2 has 53 digits for k below 2^52, so 1 is never reached. */
static double uniform_of(const uint32_t word[2])
{
    const uint64_t k = (uint64_t)word[0] << 20 | word[1] >> 12;
    return ((double)k + 0.5) * 0x1p-52;
}

static void uniform_pair(random_key key, uint64_t pair, double out[NUMBERS_PER_BLOCK])
{
    uint32_t word[WORDS_PER_BLOCK];
    random_block(key, pair, word);
    out[0] = uniform_of(word);
    out[1] = uniform_of(word + 2);
}

/* Box and Muller, Annals of Mathematical Statistics 29 (1958) 610: a random radius at a random angle. */
static void normal_pair(random_key key, uint64_t pair, double out[NUMBERS_PER_BLOCK])
{
    double u[NUMBERS_PER_BLOCK];
    uniform_pair(key, pair, u);
    const double radius = sqrt(-2 * log(u[0]));
    out[0] = radius * cos(two_pi * u[1]);
    out[1] = radius * sin(two_pi * u[1]);
}

static void draw(void (*pair)(random_key, uint64_t, double *), random_key key, int64_t first, int64_t count,
                 double *to)
{
    double number[NUMBERS_PER_BLOCK];
    for (int64_t i = 0; i < count; i++) {
        if (i % NUMBERS_PER_BLOCK == 0) pair(key, (uint64_t)(first + i) / NUMBERS_PER_BLOCK, number);
        to[i] = number[i % NUMBERS_PER_BLOCK];
    }
}

void draw_uniform(random_key key, int64_t first, int64_t count, double *to)
{
    draw(uniform_pair, key, first, count, to);
}

void draw_normal(random_key key, int64_t first, int64_t count, double *to)
{
    draw(normal_pair, key, first, count, to);
}

double normal_distribution(double x)
{
    return 0.5 * erfc(-x * root_half);
}

/* ---- rotations ----------------------------------------------------------------------------------------------- */

static double dot(const double *a, const double *b, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

static void subtract_projections(const double *rotation, int row, int n, double *of)
{
    for (int k = 0; k < row; k++) {
        const double *unit = rotation + (size_t)k * (size_t)n;
        const double along = dot(unit, of, n);
        for (int i = 0; i < n; i++) of[i] -= along * unit[i];
    }
}

/* Gram-Schmidt over rows of normal numbers: the distribution of those looks the same after any rotation, and so does that of
 * the result. Twice is enough for orthogonality to rounding (Giraud et al., Numerische Mathematik 101 (2005) 87). */
status rotation_make(random_key key, int n, double **out)
{
    const size_t size = (size_t)n * (size_t)n;
    double *made = malloc(size * sizeof *made);
    if (made == NULL) return failure(NO_MEMORY, "no memory for a rotation in %d dimensions", n);
    draw_normal(key, 0, (int64_t)size, made);
    for (int row = 0; row < n; row++) {
        double *of = made + (size_t)row * (size_t)n;
        for (int pass = 0; pass < 2; pass++) {
            subtract_projections(made, row, n, of);
            const double length = sqrt(dot(of, of, n));
            for (int i = 0; i < n; i++) of[i] /= length;
        }
    }
    *out = made;
    return OK;
}

void rotation_apply(const double *rotation, int n, int64_t rows, double *x, double *room)
{
    for (int64_t r = 0; r < rows; r++, x += n) {
        for (int i = 0; i < n; i++) room[i] = dot(rotation + (size_t)i * (size_t)n, x, n);
        memcpy(x, room, (size_t)n * sizeof *x);
    }
}
