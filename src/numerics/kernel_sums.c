#include "numerics/kernel_sums.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numerics/estimate.h"

struct kernel_sums {
    const panel_kernels *by;
    int64_t count;
    int scale; /* coordinates are the samples' times 2^-scale */
    kernel_tiles tiles;
    double *panel, *sum; /* of tiles */
    double *square;      /* (panels, PANEL) from one sample */
};

/* ---- spread ---------------------------------------------------------------------------------------------------- */

/* Standard deviation of a column; the squares are of parts of the largest difference, so that they neither vanish nor overflow. */
static status spread_of_column(const double *samples, int64_t count, int dimensions, int d, double *out)
{
    status result = OK;
    double mean = 0, largest = 0, squares = 0;
    for (int64_t i = 0; i < count; i++) mean += samples[i * dimensions + d] / (double)count;
    for (int64_t i = 0; i < count; i++) largest = fmax(largest, fabs(samples[i * dimensions + d] - mean));
    TRY(samples_vary(samples, count, dimensions, d));
    CHECK(isfinite(largest), BAD_INPUT, "column %d spreads beyond what a number holds: scale it", d);
    for (int64_t i = 0; i < count; i++) {
        double part = (samples[i * dimensions + d] - mean) / largest;
        squares += part * part;
    }
    *out = largest * sqrt(squares / (double)count);
done:
    return result;
}

status kernel_spread_of(const double *samples, int64_t count, int dimensions, kernel_spread *out)
{
    status result = OK;
    double spread = 0;
    TRY(samples_check(samples, count, dimensions));
    CHECK(count >= 2, BAD_INPUT, "1 sample: a density that leaves it out needs at least 2");
    *out = (kernel_spread){ INFINITY, 0 };
    for (int d = 0; d < dimensions; d++) {
        TRY(spread_of_column(samples, count, dimensions, d, &spread));
        out->least = fmin(out->least, spread);
        out->most = fmax(out->most, spread);
    }
done:
    return result;
}

/* ---- samples --------------------------------------------------------------------------------------------------- */

static status fill_panels(kernel_sums *k, const double *samples)
{
    status result = OK;
    const int n = k->tiles.dimensions;
    for (int64_t i = 0; i < k->tiles.panels * n * PANEL; i++) k->panel[i] = INFINITY;
    for (int64_t i = 0; i < k->count; i++)
        for (int d = 0; d < n; d++) {
            double x = ldexp(samples[i * n + d], -k->scale);
            CHECK(isfinite(x), BAD_INPUT, "sample %" PRId64 ", column %d: %g is too large for the bandwidth",
                  i, d, samples[i * n + d]);
            k->panel[(i / PANEL * n + d) * PANEL + i % PANEL] = x;
        }
done:
    return result;
}

status kernel_sums_make_so(const panel_kernels *by, const double *samples, int64_t count, int dimensions,
                           double size, kernel_sums **out)
{
    status result = OK;
    const int64_t panels = (count + PANEL - 1) / PANEL;
    const size_t lanes = (size_t)panels * PANEL;
    kernel_sums *k = calloc(1, sizeof *k);
    CHECK(k != NULL, NO_MEMORY, "no memory for kernels of %" PRId64 " samples", count);
    *k = (kernel_sums){ .by = by, .count = count, .scale = ilogb(size) };
    k->panel = malloc(lanes * (size_t)dimensions * sizeof *k->panel);
    k->sum = malloc(lanes * RATES_MOST * sizeof *k->sum);
    k->square = malloc(lanes * sizeof *k->square);
    CHECK(k->panel && k->sum && k->square, NO_MEMORY, "no memory for kernels of %" PRId64 " samples", count);
    k->tiles = (kernel_tiles){ .panels = panels, .dimensions = dimensions, .panel = k->panel, .sum = k->sum };
    TRY(fill_panels(k, samples));
    *out = k;
    k = NULL;
done:
    kernel_sums_free(k);
    return result;
}

status kernel_sums_make(const double *samples, int64_t count, int dimensions, double size, kernel_sums **out)
{
    return kernel_sums_make_so(panel_kernels_best(), samples, count, dimensions, size, out);
}

void kernel_sums_free(kernel_sums *k)
{
    if (!k) return;
    free(k->panel);
    free(k->sum);
    free(k->square);
    free(k);
}

/* ---- sums ------------------------------------------------------------------------------------------------------ */

/* Squared distances from a sample to all; the least of them. */
static double squares_from(kernel_sums *k, int64_t sample)
{
    const int n = k->tiles.dimensions;
    const double *own = k->panel + sample / PANEL * n * PANEL + sample % PANEL;
    double nearest = INFINITY;
    for (int64_t p = 0; p < k->tiles.panels; p++) {
        double *square = k->square + p * PANEL;
        memset(square, 0, PANEL * sizeof *square);
        for (int d = 0; d < n; d++)
            for (int j = 0; j < PANEL; j++) {
                double difference = k->panel[(p * n + d) * PANEL + j] - own[d * PANEL];
                square[j] += difference * difference;
            }
        for (int j = 0; j < PANEL; j++)
            if (p * PANEL + j != sample && square[j] < nearest) nearest = square[j];
    }
    return nearest;
}

/* ln S of a sample far from all others: its terms in units of the largest. What is below 2^-100 of that counts for nothing. */
static status sum_of_one(kernel_sums *k, int64_t sample, double rate, double *log_sum)
{
    status result = OK;
    const double least_power = -100, nearest = squares_from(k, sample);
    double sum = 0;
    CHECK(isfinite(nearest * rate), BAD_INPUT,
          "sample %" PRId64 " is too far from all others in units of the bandwidth", sample);
    for (int64_t j = 0; j < k->count; j++) {
        double power = (k->square[j] - nearest) * rate;
        if (j != sample && power > least_power) sum += exp2(power);
    }
    *log_sum = log(sum) + nearest * rate * 0.69314718055994530942;
done:
    return result;
}

/* All sums at some bandwidths, as they come: what is below KERNEL_SUM_LEAST is to be made again. */
static status add_all(kernel_sums *k, const double *bandwidth, int bandwidths)
{
    status result = OK;
    const double half_over_log_two = 0.72134752044448170368;
    k->tiles.rates = bandwidths;
    for (int b = 0; b < bandwidths; b++) {
        double scaled = ldexp(bandwidth[b], -k->scale);
        k->tiles.rate[b] = -half_over_log_two / (scaled * scaled);
        CHECK(isfinite(k->tiles.rate[b]) && k->tiles.rate[b] < 0, BAD_INPUT,
              "a bandwidth of %g does not fit the samples", bandwidth[b]);
    }
    memset(k->sum, 0, (size_t)(k->tiles.panels * PANEL * bandwidths) * sizeof *k->sum);
    k->by->add_kernels(&k->tiles);
done:
    return result;
}

static const double *sums_at(const kernel_sums *k, int bandwidth)
{
    return k->sum + bandwidth * k->tiles.panels * PANEL;
}

status kernel_log_sums(kernel_sums *k, const double *bandwidth, int bandwidths, double *log_sum)
{
    status result = OK;
    TRY(add_all(k, bandwidth, bandwidths));
    for (int b = 0; b < bandwidths; b++, log_sum += k->count)
        for (int64_t i = 0; i < k->count; i++)
            if (sums_at(k, b)[i] >= KERNEL_SUM_LEAST)
                log_sum[i] = log(sums_at(k, b)[i]);
            else
                TRY(sum_of_one(k, i, k->tiles.rate[b], log_sum + i));
done:
    return result;
}

/* ln of the total where it is too small for a number: of all sums, in units of the largest so far. */
static status total_of_small(kernel_sums *k, double rate, double *log_total)
{
    status result = OK;
    double largest = -INFINITY, total = 0, log_sum = 0;
    for (int64_t i = 0; i < k->count; i++) {
        TRY(sum_of_one(k, i, rate, &log_sum));
        if (log_sum > largest) {
            total *= exp(largest - log_sum);
            largest = log_sum;
        }
        total += exp(log_sum - largest);
    }
    *log_total = largest + log(total);
done:
    return result;
}

status kernel_log_totals(kernel_sums *k, const double *bandwidth, int bandwidths, double *log_total)
{
    status result = OK;
    TRY(add_all(k, bandwidth, bandwidths));
    for (int b = 0; b < bandwidths; b++) {
        double total = 0;
        for (int64_t i = 0; i < k->count; i++) total += sums_at(k, b)[i];
        if (total >= KERNEL_SUM_LEAST)
            log_total[b] = log(total);
        else
            TRY(total_of_small(k, k->tiles.rate[b], log_total + b));
    }
done:
    return result;
}
