#include <stdlib.h>

#include "check.h"
#include "information.h"
#include "numerics/drawn_normal.h"
#include "numerics/kernel_sums.h"

enum { COUNT = 403, DIMENSIONS_MAX = 32, NUMBERS_MAX = 40000 };
static const double pi = 3.14159265358979323846;
static double samples[NUMBERS_MAX], changed[NUMBERS_MAX];

static void draw(uint64_t seed, int count, int dimensions)
{
    random_key key = { .seed = seed, .purpose = RANDOM_DATA };
    for (int i = 0; i < count * dimensions; i++) samples[i] = random_normal(key, (uint64_t)i);
}

static estimate entropy(const double *x, int count, int dimensions, double bandwidth)
{
    estimate e = { NAN, NAN };
    CU_ASSERT_EQUAL(entropy_kernel(x, count, dimensions, bandwidth, &e), OK);
    return e;
}

static double best_bandwidth(const double *x, int count, int dimensions, bandwidth_rule rule)
{
    double b = NAN;
    CU_ASSERT_EQUAL(kernel_bandwidth(x, count, dimensions, rule, &b), OK);
    return b;
}

/* ---- plain loops ----------------------------------------------------------------------------------------------- */

static long double square_between(const double *x, int i, int j, int dimensions)
{
    long double sum = 0;
    for (int d = 0; d < dimensions; d++) {
        long double difference = (long double)x[i * dimensions + d] - (long double)x[j * dimensions + d];
        sum += difference * difference;
    }
    return sum;
}

/* ln rho of a sample without itself; long double has exponents enough for every case here. */
static long double slow_log_density(const double *x, int count, int dimensions, long double b, int i)
{
    long double sum = 0;
    for (int j = 0; j < count; j++)
        if (j != i) sum += expl(-square_between(x, i, j, dimensions) / (2 * b * b));
    return logl(sum) - logl((long double)count - 1) - dimensions * logl(b * sqrtl(2 * (long double)pi));
}

static double slow_entropy(const double *x, int count, int dimensions, double b)
{
    long double sum = 0;
    for (int i = 0; i < count; i++) sum -= slow_log_density(x, count, dimensions, b, i);
    return (double)(sum / count);
}

static double slow_squares(const double *x, int count, int dimensions, double b)
{
    long double pairs = 0, densities = 0;
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) pairs += expl(-square_between(x, i, j, dimensions) / (4 * b * b));
        densities += expl(slow_log_density(x, count, dimensions, b, i));
    }
    pairs *= powl(2 * b * sqrtl((long double)pi), -dimensions);
    return (double)(pairs / count / count - 2 * densities / count);
}

/* ---- entropy ---------------------------------------------------------------------------------------------------- */

static void entropies_are_those_of_a_plain_loop(void)
{
    static const int counts[] = { 2, 3, 7, 8, 9, 64, COUNT }, dimensions[] = { 1, 2, 5, 8, DIMENSIONS_MAX };
    static const double bandwidths[] = { 0.02, 0.1, 0.4, 1, 30 };
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++)
        for (size_t d = 0; d < sizeof dimensions / sizeof dimensions[0]; d++)
            for (size_t b = 0; b < sizeof bandwidths / sizeof bandwidths[0]; b++) {
                draw(c, counts[c], dimensions[d]);
                double slow = slow_entropy(samples, counts[c], dimensions[d], bandwidths[b]);
                /* exponentials are right to 1e-13 */
                CHECK_NEAR(entropy(samples, counts[c], dimensions[d], bandwidths[b]).nats, slow,
                           1e-12 * (1 + fabs(slow)));
            }
}

static void the_error_is_that_of_the_spread_of_the_terms(void)
{
    enum { DIMENSIONS = 3 };
    double terms[COUNT];
    draw(1, COUNT, DIMENSIONS);
    for (int i = 0; i < COUNT; i++) terms[i] = (double)-slow_log_density(samples, COUNT, DIMENSIONS, 0.5, i);
    drawn_mean m = mean_of(terms, COUNT);
    estimate e = entropy(samples, COUNT, DIMENSIONS, 0.5);
    CHECK_NEAR(e.nats, m.mean, 1e-11);
    CHECK_NEAR(e.error, m.error, 1e-11);
}

/* Its own term is e^-10^14 here, and subtracting what is added for itself would leave nothing. */
static void a_sample_far_from_all_others_counts(void)
{
    draw(2, COUNT, 2);
    samples[2 * 100] = 1e6;
    double b = 0.1, slow = slow_entropy(samples, COUNT, 2, b);
    CU_ASSERT(slow > 1e10);
    CHECK_NEAR(entropy(samples, COUNT, 2, b).nats, slow, 1e-12 * slow);
}

/* Down to where all samples are far from all others. */
static void totals_are_those_of_a_plain_loop(void)
{
    enum { DIMENSIONS = 3, BANDWIDTHS = 5 };
    static const double bandwidths[BANDWIDTHS] = { 1e-5, 1e-3, 3e-3, 0.1, 3 };
    double totals[BANDWIDTHS] = { 0 };
    kernel_sums *k = NULL;
    draw(14, COUNT, DIMENSIONS);
    CU_ASSERT_EQUAL(kernel_sums_make(samples, COUNT, DIMENSIONS, 1, &k), OK);
    CU_ASSERT_EQUAL(kernel_log_totals(k, bandwidths, BANDWIDTHS, totals), OK);
    for (int b = 1; b < BANDWIDTHS; b++) {
        long double sum = 0;
        for (int i = 0; i < COUNT; i++)
            for (int j = 0; j < i; j++)
                sum += 2 * expl(-square_between(samples, i, j, DIMENSIONS) /
                                (2 * (long double)bandwidths[b] * (long double)bandwidths[b]));
        double expected = (double)logl(sum);
        CHECK_NEAR(totals[b], expected, 1e-12 * (1 + fabs(expected)));
    }
    CU_ASSERT(totals[0] < -11400);                                      /* below a long double too */
    CU_ASSERT(totals[1] < -700);                                        /* below a double */
    CHECK_NEAR((totals[0] - log(2)) / (totals[1] - log(2)), 1e4, 1e-6); /* one pair has it all, twice */
    kernel_sums_free(k);
}

/* So that sums of ordinary size, those that are made again, and those between meet. */
static void nothing_happens_where_exponentials_leave_the_range_of_numbers(void)
{
    for (double away = 34; away < 39; away += 0.25) {
        draw(3, COUNT, 1);
        for (int i = 0; i < COUNT; i++) samples[i] *= 0.1;
        samples[0] = away; /* e^-(away²/2): 2^-1022 lies at 37.6, 2^-900 at 35.3 */
        double slow = slow_entropy(samples, COUNT, 1, 1);
        CHECK_NEAR(entropy(samples, COUNT, 1, 1).nats, slow, 1e-12 * (1 + fabs(slow)));
    }
}

static void all_sets_of_kernels_give_the_same_bits(void)
{
    enum { DIMENSIONS = 5, BANDWIDTHS = 3 };
    static const double bandwidths[BANDWIDTHS] = { 0.01, 0.3, 2 };
    static double first[BANDWIDTHS * COUNT], other[BANDWIDTHS * COUNT];
    draw(4, COUNT, DIMENSIONS);
    for (int set = 0; panel_kernels_at(set); set++) {
        kernel_sums *k = NULL;
        double *to = set == 0 ? first : other;
        CU_ASSERT_EQUAL(kernel_sums_make_so(panel_kernels_at(set), samples, COUNT, DIMENSIONS, 1, &k), OK);
        CU_ASSERT_EQUAL(kernel_log_sums(k, bandwidths, BANDWIDTHS, to), OK);
        if (set > 0) CU_ASSERT_EQUAL(memcmp(first, other, sizeof first), 0);
        kernel_sums_free(k);
    }
}

/* The cross-entropy of a normal density with one that a kernel has widened: E ln rho -> N(0, 1 + b²) as N grows, so
 * h = d/2 ln(2 pi (1 + b²)) + d / (2 (1 + b²)), but for the logarithm of a mean of finitely many kernels. */
static void entropies_of_normal_samples_are_those_of_what_kernels_make_of_them(void)
{
    enum { MANY = 20000 };
    for (int d = 1; d <= 2; d++) {
        double b = d == 1 ? 0.2 : 0.4, wide = 1 + b * b;
        draw((uint64_t)d, MANY, d);
        estimate e = entropy(samples, MANY, d, b);
        /* ln of a mean is too low by half its relative variance: rho_2b² / (N rho), about 1e-3 at most here */
        CHECK_NEAR(e.nats, 0.5 * d * (log(2 * pi * wide) + 1 / wide), 3 * e.error + 1e-3);
        CU_ASSERT(e.error < 0.01);
    }
}

/* ---- what must not change ----------------------------------------------------------------------------------------- */

static void shifts_permutations_and_turns_change_nothing(void)
{
    enum { DIMENSIONS = 4 };
    draw(5, COUNT, DIMENSIONS);
    double plain = entropy(samples, COUNT, DIMENSIONS, 0.3).nats, cosine = cos(0.7), sine = sin(0.7);
    for (int i = 0; i < COUNT * DIMENSIONS; i++) changed[i] = samples[i] + 3 * (i % DIMENSIONS);
    CHECK_NEAR(entropy(changed, COUNT, DIMENSIONS, 0.3).nats, plain, 1e-12); /* rounding of the sums */
    for (int i = 0; i < COUNT; i++)
        for (int d = 0; d < DIMENSIONS; d++)
            changed[i * DIMENSIONS + d] = samples[i * 100 % COUNT * DIMENSIONS + d];
    CHECK_NEAR(entropy(changed, COUNT, DIMENSIONS, 0.3).nats, plain, 1e-12);
    for (int i = 0; i < COUNT; i++) {
        const double *x = samples + i * DIMENSIONS;
        double *to = changed + i * DIMENSIONS;
        memcpy(to, x, DIMENSIONS * sizeof *to);
        to[0] = cosine * x[0] - sine * x[3];
        to[3] = sine * x[0] + cosine * x[3];
    }
    CHECK_NEAR(entropy(changed, COUNT, DIMENSIONS, 0.3).nats, plain, 1e-12);
}

static void scaled_samples_have_a_scaled_bandwidth_and_an_entropy_that_is_shifted(void)
{
    static const double scales[] = { 1e-200, 1e-3, 7, 1e200 };
    enum { DIMENSIONS = 3 };
    draw(6, COUNT, DIMENSIONS);
    for (int rule = BANDWIDTH_LIKELIHOOD; rule <= BANDWIDTH_SQUARES; rule++)
        for (size_t s = 0; s < sizeof scales / sizeof scales[0]; s++) {
            double b = best_bandwidth(samples, COUNT, DIMENSIONS, (bandwidth_rule)rule);
            for (int i = 0; i < COUNT * DIMENSIONS; i++) changed[i] = scales[s] * samples[i];
            double scaled = best_bandwidth(changed, COUNT, DIMENSIONS, (bandwidth_rule)rule);
            /* the same grid but for rounding */
            CHECK_NEAR(scaled / scales[s], b, 1e-12);
            CHECK_NEAR(entropy(changed, COUNT, DIMENSIONS, scaled).nats,
                       entropy(samples, COUNT, DIMENSIONS, b).nats + DIMENSIONS * log(scales[s]), 1e-9);
        }
}

/* ---- bandwidths --------------------------------------------------------------------------------------------------- */

/* of how bad a bandwidth is, lower being better */
static double criterion(bandwidth_rule rule, int count, int dimensions, double b)
{
    if (rule == BANDWIDTH_SQUARES) return slow_squares(samples, count, dimensions, b);
    return slow_entropy(samples, count, dimensions, b);
}

/* The search stops where its neighbours of the best are 0.01 of it apart. */
static void expect_best(bandwidth_rule rule, int count, int dimensions)
{
    double b = best_bandwidth(samples, count, dimensions, rule);
    double here = criterion(rule, count, dimensions, b), size = 1e-9 * fabs(here), finest = INFINITY, at = 0;
    for (double other = b / 16; other < b * 16; other *= 1.1) {
        double there = criterion(rule, count, dimensions, other);
        CU_ASSERT(there > here - 1e-5 * fabs(here));
        if (there < finest) finest = there, at = other;
    }
    CHECK_NEAR(log(at), log(b), 0.11); /* both grids' steps */
    CU_ASSERT(criterion(rule, count, dimensions, b * 1.01) > here - size);
    CU_ASSERT(criterion(rule, count, dimensions, b / 1.01) > here - size);
}

static void bandwidths_are_the_best_of_a_fine_grid(void)
{
    enum { FEW = 100 };
    for (int rule = BANDWIDTH_LIKELIHOOD; rule <= BANDWIDTH_SQUARES; rule++) {
        for (int d = 1; d <= 4; d++) {
            draw((uint64_t)d, FEW, d);
            expect_best((bandwidth_rule)rule, FEW, d);
        }
        draw(7, FEW, 2); /* far below the first grid: two clusters */
        for (int i = 0; i < FEW; i++) samples[2 * i] += i % 2 ? 1000 : 0, samples[2 * i + 1] += i % 2 * 1000;
        expect_best((bandwidth_rule)rule, FEW, 2);
        draw(8, 2, 1); /* above it */
        expect_best((bandwidth_rule)rule, 2, 1);
    }
}

/* b^-32 of either term is far from what the other is, and both from 1. */
static void criteria_of_many_dimensions_stay_in_range(void)
{
    for (int rule = BANDWIDTH_LIKELIHOOD; rule <= BANDWIDTH_SQUARES; rule++) {
        draw(9, COUNT, DIMENSIONS_MAX);
        double b = best_bandwidth(samples, COUNT, DIMENSIONS_MAX, (bandwidth_rule)rule);
        CU_ASSERT(b > 0.3 && b < 1.5); /* of order 1 where kernels are as wide as the density */
        for (int i = 0; i < COUNT * DIMENSIONS_MAX; i++) changed[i] = 1e-30 * samples[i];
        double scaled = best_bandwidth(changed, COUNT, DIMENSIONS_MAX, (bandwidth_rule)rule);
        CHECK_NEAR(scaled * 1e30, b, 1e-9);
    }
}

/* ---- refusals ------------------------------------------------------------------------------------------------------ */

static void expect_refused(int count, int dimensions, const char *why)
{
    estimate e;
    double b;
    for (int rule = BANDWIDTH_LIKELIHOOD; rule <= BANDWIDTH_SQUARES; rule++) {
        CU_ASSERT_EQUAL(kernel_bandwidth(samples, count, dimensions, (bandwidth_rule)rule, &b), BAD_INPUT);
        CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), why));
    }
    CU_ASSERT_EQUAL(entropy_kernel(samples, count, dimensions, 1, &e), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), why));
}

static void what_has_no_density_is_refused(void)
{
    draw(10, COUNT, 3);
    expect_refused(1, 3, "at least 2");
    expect_refused(0, 3, "no samples");
    samples[20] = NAN;
    expect_refused(COUNT, 3, "sample 6, column 2");
    draw(10, COUNT, 3);
    for (int i = 0; i < COUNT; i++) samples[3 * i + 1] = 0.1;
    expect_refused(COUNT, 3, "column 1 is constant");
}

static void bandwidths_that_are_none_are_refused(void)
{
    static const double bad[] = { 0, -1, NAN, INFINITY, 1e-300 };
    estimate e;
    draw(11, COUNT, 2);
    for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
        CU_ASSERT_EQUAL(entropy_kernel(samples, COUNT, 2, bad[b], &e), BAD_INPUT);
        CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "bandwidth"));
    }
}

static void samples_that_all_repeat_have_no_best_bandwidth(void)
{
    double b;
    draw(12, COUNT - 1, 2);
    for (int i = 0; i < COUNT - 1; i += 2)
        memcpy(samples + 2 * i + 2, samples + 2 * i, 2 * sizeof samples[0]);
    for (int rule = BANDWIDTH_LIKELIHOOD; rule <= BANDWIDTH_SQUARES; rule++) {
        CU_ASSERT_EQUAL(kernel_bandwidth(samples, COUNT - 1, 2, (bandwidth_rule)rule, &b), BAD_INPUT);
        CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "no bandwidth is best"));
    }
}

static void columns_that_no_bandwidth_fits_are_refused(void)
{
    double b;
    draw(13, COUNT, 2);
    for (int i = 0; i < COUNT; i++) samples[2 * i] *= 1e9;
    CU_ASSERT_EQUAL(kernel_bandwidth(samples, COUNT, 2, BANDWIDTH_LIKELIHOOD, &b), OK);
    for (int i = 0; i < COUNT; i++) samples[2 * i] *= 1e6;
    CU_ASSERT_EQUAL(kernel_bandwidth(samples, COUNT, 2, BANDWIDTH_LIKELIHOOD, &b), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "columns spread"));
}

CHECK_MAIN("entropy_kernel", TEST(entropies_are_those_of_a_plain_loop),
           TEST(the_error_is_that_of_the_spread_of_the_terms), TEST(a_sample_far_from_all_others_counts),
           TEST(totals_are_those_of_a_plain_loop),
           TEST(nothing_happens_where_exponentials_leave_the_range_of_numbers),
           TEST(all_sets_of_kernels_give_the_same_bits),
           TEST(entropies_of_normal_samples_are_those_of_what_kernels_make_of_them),
           TEST(shifts_permutations_and_turns_change_nothing),
           TEST(scaled_samples_have_a_scaled_bandwidth_and_an_entropy_that_is_shifted),
           TEST(bandwidths_are_the_best_of_a_fine_grid), TEST(criteria_of_many_dimensions_stay_in_range),
           TEST(what_has_no_density_is_refused), TEST(bandwidths_that_are_none_are_refused),
           TEST(samples_that_all_repeat_have_no_best_bandwidth),
           TEST(columns_that_no_bandwidth_fits_are_refused))
