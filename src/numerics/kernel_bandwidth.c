/* The bandwidth of a kernel density estimate: the best of a grid that zooms in on it.
 *
 * Maximum likelihood: sum_i ln rho_{-i}(x_i). Least squares: the integrated squared error of the density but for a constant,
 * (1/N²) sum_ij J_b(x_i - x_j) - (2/N) sum_i rho_{-i}(x_i), J_b a Gaussian of variance 2 b² and i = j included. Both terms are powers of
 * b to the dimension, so they are held, and subtracted, as logarithms. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numerics/estimate.h"
#include "numerics/kernel_sums.h"

enum { GRID = RATES_MOST, MIDDLE = GRID / 2 };

/* The search ends where what is left of the grid is narrower than this part of the best of it. */
static const double narrow = 0.01;

/* How far apart columns may spread, and how far from their spread the search gives up: it may widen a grid over all of it once. */
static const double apart = 1e12, far = 1e24;

/* Below this part of the least spread a bandwidth is that of the noise between samples that were equal (break_ties): squares then gain
 * from each such pair without end, and no density is estimated. */
static const double of_noise = 1e-9;

static const double pi = 3.14159265358979323846;

/* How good a bandwidth is: of a likelihood the logarithm; of squares that of their size, less being better. */
typedef struct merit {
    double logarithm;
    bool above; /* of squares: the difference is above 0 */
} merit;

typedef struct search {
    bandwidth_rule rule;
    kernel_sums *sums;
    int64_t count;
    int dimensions;
    kernel_spread spread;
    double *log_sum; /* (GRID, count), for likelihoods */
    double bandwidth[GRID];
    merit of[GRID];
    bool known[GRID];
} search;

static bool better(merit a, merit b)
{
    if (a.above != b.above) return b.above;
    return a.above ? a.logarithm < b.logarithm : a.logarithm > b.logarithm;
}

/* ---- criteria -------------------------------------------------------------------------------------------------- */

static double sum_of(const double *x, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++) sum += x[i];
    return sum;
}

static merit merit_of_likelihood(const search *s, double bandwidth, const double *log_sum)
{
    return (merit){ sum_of(log_sum, s->count) - (double)s->count * s->dimensions * log(bandwidth), false };
}

/* Of the totals of sums at b and, for J, at b sqrt 2, where every sample also counts for itself. */
static merit merit_of_squares(const search *s, double bandwidth, double log_total, double log_wide)
{
    const double n = (double)s->count;
    double square = log(n + exp(log_wide)) - 2 * log(n) - s->dimensions * log(2 * bandwidth * sqrt(pi));
    double product = log(2 / n / (n - 1)) + log_total - s->dimensions * log(bandwidth * sqrt(2 * pi));
    double size = fmax(square, product) + log1p(-exp(-fabs(square - product)));
    return (merit){ size, square > product };
}

static status measure_likelihoods(search *s, const double *bandwidth, int count, merit *to)
{
    status result = OK;
    TRY(kernel_log_sums(s->sums, bandwidth, count, s->log_sum));
    for (int i = 0; i < count; i++) to[i] = merit_of_likelihood(s, bandwidth[i], s->log_sum + i * s->count);
done:
    return result;
}

static status measure_squares(search *s, const double *bandwidth, int count, merit *to)
{
    status result = OK;
    double wide[GRID], total[GRID], wide_total[GRID];
    for (int i = 0; i < count; i++) wide[i] = bandwidth[i] * sqrt(2);
    TRY(kernel_log_totals(s->sums, bandwidth, count, total));
    TRY(kernel_log_totals(s->sums, wide, count, wide_total));
    for (int i = 0; i < count; i++) to[i] = merit_of_squares(s, bandwidth[i], total[i], wide_total[i]);
done:
    return result;
}

/* Of what is not known yet of the grid, all in one pass. */
static status measure(search *s)
{
    status result = OK;
    double some[GRID];
    merit of[GRID];
    int count = 0, place[GRID];
    for (int g = 0; g < GRID; g++)
        if (!s->known[g]) {
            place[count] = g;
            some[count++] = s->bandwidth[g];
        }
    if (s->rule == BANDWIDTH_SQUARES)
        TRY(measure_squares(s, some, count, of));
    else
        TRY(measure_likelihoods(s, some, count, of));
    for (int i = 0; i < count; i++) {
        s->of[place[i]] = of[i];
        s->known[place[i]] = true;
    }
done:
    return result;
}

/* ---- the grid -------------------------------------------------------------------------------------------------- */

static int best_of(const search *s)
{
    int best = 0;
    for (int g = 1; g < GRID; g++)
        if (better(s->of[g], s->of[best])) best = g;
    return best;
}

/* Places between the first and the last, in equal ratios, but for those that are known. */
static void fill_grid(search *s)
{
    double first = log(s->bandwidth[0]), last = log(s->bandwidth[GRID - 1]);
    for (int g = 1; g < GRID - 1; g++)
        if (!s->known[g]) s->bandwidth[g] = exp(first + (last - first) * g / (GRID - 1));
}

/* Makes the grid one with `known` of the old places at some of the new: old place from[i] at to[i]. */
static void keep_places(search *s, const int *from, const int *to, int places)
{
    search old = *s;
    memset(s->known, 0, sizeof s->known);
    for (int i = 0; i < places; i++) {
        s->bandwidth[to[i]] = old.bandwidth[from[i]];
        s->of[to[i]] = old.of[from[i]];
        s->known[to[i]] = true;
    }
}

static void zoom(search *s, int best)
{
    keep_places(s, (int[]){ best - 1, best, best + 1 }, (int[]){ 0, MIDDLE, GRID - 1 }, 3);
}

/* Twice as wide (in ratios) towards the end where the best is: every other place stays one. */
static status extend(search *s, int best)
{
    status result = OK;
    static const int every_other[] = { 0, 2, 4, 6 };
    const double ratio = s->bandwidth[GRID - 1] / s->bandwidth[0];
    if (best == 0) {
        double first = s->bandwidth[0] / ratio;
        CHECK(first * far > s->spread.least, BAD_INPUT,
              "no bandwidth is best: the smaller, the better, as where samples equal others; a little noise "
              "tells them apart");
        keep_places(s, every_other, (int[]){ 3, 4, 5, 6 }, 4);
        s->bandwidth[0] = first;
    } else {
        double last = s->bandwidth[GRID - 1] * ratio;
        CHECK(last < s->spread.most * far, BAD_INPUT,
              "no bandwidth is best: the larger, the better, up to %g", s->bandwidth[GRID - 1]);
        keep_places(s, every_other, (int[]){ 0, 1, 2, 3 }, 4);
        s->bandwidth[GRID - 1] = last;
    }
done:
    return result;
}

/* From 0.5 and 1.06 of the spread divided by N^(0.2 / d): around the best for normal samples. */
static status find(search *s, double *bandwidth)
{
    status result = OK;
    const double shrink = pow((double)s->count, 0.2 / s->dimensions);
    s->bandwidth[0] = 0.5 * s->spread.least / shrink;
    s->bandwidth[GRID - 1] = 1.06 * s->spread.most / shrink;
    for (;;) {
        fill_grid(s);
        TRY(measure(s));
        const int best = best_of(s);
        if (best == 0 || best == GRID - 1) {
            TRY(extend(s, best));
            continue;
        }
        *bandwidth = s->bandwidth[best];
        if (s->bandwidth[best + 1] - s->bandwidth[best - 1] < narrow * *bandwidth) break;
        zoom(s, best);
    }
done:
    return result;
}

status kernel_bandwidth(const double *samples, int64_t count, int dimensions, bandwidth_rule rule,
                        double *bandwidth)
{
    status result = OK;
    search s = { .rule = rule, .count = count, .dimensions = dimensions };
    TRY(kernel_spread_of(samples, count, dimensions, &s.spread));
    CHECK(s.spread.most < apart * s.spread.least, BAD_INPUT,
          "columns spread from %g to %g: one bandwidth does not fit them; scale them", s.spread.least,
          s.spread.most);
    TRY(kernel_sums_make(samples, count, dimensions, s.spread.most, &s.sums));
    s.log_sum = malloc(GRID * (size_t)count * sizeof *s.log_sum);
    CHECK(s.log_sum != NULL, NO_MEMORY, "no memory for %d densities at %" PRId64 " samples", GRID, count);
    TRY(find(&s, bandwidth));
    CHECK(*bandwidth > of_noise * s.spread.least, BAD_INPUT,
          "the best bandwidth is %.3g, of samples that spread over %.3g: it is that of samples that all but "
          "equal others; "
          "kernels are for numbers that do not repeat",
          *bandwidth, s.spread.least);
done:
    kernel_sums_free(s.sums);
    free(s.log_sum);
    return result;
}
