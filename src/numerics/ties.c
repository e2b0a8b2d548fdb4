/* Noise that tells equal samples apart. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "numerics/estimate.h"
#include "random.h"

/* In standard deviations of a column, as in the literature. Where a column's numbers are large beside their spread, few numbers lie
 * within that noise, and some samples may still be equal: those get more of it, in rounds. */
static const double noise_share = 1e-10;
enum { ROUNDS_MAX = 8 };

/* A row and where it stands: what qsort compares. */
typedef struct placed_row {
    const double *row;
    int64_t at;
    int dimensions;
} placed_row;

static int compare_numbers(const placed_row *a, const placed_row *b)
{
    for (int d = 0; d < a->dimensions; d++)
        if (a->row[d] != b->row[d]) return a->row[d] < b->row[d] ? -1 : 1;
    return 0;
}

static int compare_rows(const void *a, const void *b)
{
    const placed_row *x = a, *y = b;
    int order = compare_numbers(x, y);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* Moves the rows that equal another to the front; returns how many they are. */
static int64_t find_equal(const double *samples, int64_t count, int dimensions, placed_row *rows)
{
    int64_t equal = 0;
    for (int64_t i = 0; i < count; i++) rows[i] = (placed_row){ samples + i * dimensions, i, dimensions };
    qsort(rows, (size_t)count, sizeof *rows, compare_rows);
    bool like_last = false;
    for (int64_t i = 0; i < count; i++) {
        bool like_next = i + 1 < count && compare_numbers(&rows[i], &rows[i + 1]) == 0;
        if (like_last || like_next) rows[equal++] = rows[i];
        like_last = like_next;
    }
    return equal;
}

/* Of each column. */
static void spreads(const double *samples, int64_t count, int dimensions, double *spread)
{
    for (int d = 0; d < dimensions; d++) {
        double sum = 0, squares = 0;
        for (int64_t i = 0; i < count; i++) sum += samples[i * dimensions + d];
        double mean = sum / (double)count;
        for (int64_t i = 0; i < count; i++) {
            double from = samples[i * dimensions + d] - mean;
            squares += from * from;
        }
        spread[d] = sqrt(squares / (double)count);
    }
}

/* In (-1, 1), 64 bits of it: there may be more equal samples than 32 tell apart. */
static double noise(random_key key, uint64_t index)
{
    return 2 * (random_uniform(key, 2 * index) + (random_word(key, 2 * index + 1) - 0x1p31) * 0x1p-64) - 1;
}

static void add_noise(double *samples, int dimensions, const placed_row *rows, int64_t equal,
                      const double *spread, random_key key)
{
    for (int64_t e = 0; e < equal; e++)
        for (int d = 0; d < dimensions; d++) {
            int64_t at = rows[e].at * dimensions + d;
            samples[at] += noise_share * spread[d] * noise(key, (uint64_t)at);
        }
}

status break_ties(double *samples, int64_t count, int dimensions, uint64_t seed, int64_t *changed)
{
    status result = OK;
    placed_row *rows = NULL;
    double *spread = NULL;
    TRY(samples_check(samples, count, dimensions));
    rows = malloc((size_t)count * sizeof *rows);
    spread = malloc((size_t)dimensions * sizeof *spread);
    CHECK(rows && spread, NO_MEMORY, "no memory to compare %" PRId64 " samples", count);
    spreads(samples, count, dimensions, spread);
    int64_t equal = find_equal(samples, count, dimensions, rows);
    if (changed) *changed = equal;
    for (uint32_t round = 0; equal > 0 && round < ROUNDS_MAX; round++) {
        add_noise(samples, dimensions, rows, equal, spread, (random_key){ seed, RANDOM_TIES, 0, round });
        equal = find_equal(samples, count, dimensions, rows);
    }
    CHECK(equal == 0, BAD_INPUT,
          "sample %" PRId64
          " still equals another after noise of %g standard deviations: its columns vary too little "
          "for their size",
          rows[0].at, noise_share);
done:
    free(rows);
    free(spread);
    return result;
}
