#include "check.h"
#include "information.h"
#include "numerics/drawn_normal.h"

enum { DIMENSIONS = 3 };
static const double pi = 3.14159265358979323846;

/* Normal samples (count, 3) of covariance diag(1, 4, 1/4) but for the second column, which has the first added. */
static void draw(uint64_t seed, int count, double *samples)
{
    static const double deviation[DIMENSIONS] = { 1, 2, 0.5 };
    random_key key = { .seed = seed, .purpose = RANDOM_DATA };
    for (int i = 0; i < count * DIMENSIONS; i++)
        samples[i] = deviation[i % DIMENSIONS] * random_normal(key, (uint64_t)i);
    for (int i = 0; i < count; i++) samples[i * DIMENSIONS + 1] += samples[i * DIMENSIONS];
}

static double truth(void) /* the determinant of the covariance is 1 */
{
    return 0.5 * DIMENSIONS * log(2 * pi * exp(1));
}

static void the_correction_takes_the_bias_of_20_samples_away(void)
{
    enum { SEEDS = 200, COUNT = 20 };
    double corrected[SEEDS], likely[SEEDS], samples[COUNT * DIMENSIONS];
    for (int s = 0; s < SEEDS; s++) {
        estimate e;
        draw((uint64_t)s, COUNT, samples);
        CU_ASSERT_EQUAL(entropy_gaussian(samples, COUNT, DIMENSIONS, true, &e), OK);
        corrected[s] = e.nats;
        CU_ASSERT_EQUAL(entropy_gaussian(samples, COUNT, DIMENSIONS, false, &e), OK);
        likely[s] = e.nats;
    }
    drawn_mean with = mean_of(corrected, SEEDS), without = mean_of(likely, SEEDS);
    CHECK_NEAR(with.mean, truth(), 3 * with.error);
    CU_ASSERT(without.mean < truth() - 5 * without.error);
    CU_ASSERT(with.error < 0.03);
}

static void the_likeliest_is_half_the_logarithm_of_the_determinant(void)
{
    const double corners[] = { 0, 0, 2, 0, 0, 4, 2, 4 }; /* variances 1 and 4, no covariance */
    estimate e;
    CU_ASSERT_EQUAL(entropy_gaussian(corners, 4, 2, false, &e), OK);
    CHECK_NEAR(e.nats, log(2 * pi * exp(1)) + log(2), 1e-14);
    CHECK_NEAR(e.error, 0, 1e-14); /* all corners are as likely */
}

/* Of 3 numbers: (ln(3/2) - psi(1)) / 2. Of 4 points of a plane: ln 2 - (psi(3/2) + psi(1)) / 2. */
static void the_correction_is_a_sum_of_digamma_functions(void)
{
    const double points[] = { 1, 5, 2, 7, -3, 2, 0, 11 }, euler = 0.57721566490153286;
    estimate corrected, likely;
    CU_ASSERT_EQUAL(entropy_gaussian(points, 3, 1, true, &corrected), OK);
    CU_ASSERT_EQUAL(entropy_gaussian(points, 3, 1, false, &likely), OK);
    CHECK_NEAR(corrected.nats - likely.nats, 0.5 * (log(1.5) + euler), 1e-14);
    CU_ASSERT_EQUAL(entropy_gaussian(points, 4, 2, true, &corrected), OK);
    CU_ASSERT_EQUAL(entropy_gaussian(points, 4, 2, false, &likely), OK);
    CHECK_NEAR(corrected.nats - likely.nats, log(2) + 0.5 * (euler + euler + 2 * log(2) - 2), 1e-14);
}

static void the_error_that_is_told_is_the_spread_over_seeds(void)
{
    enum { SEEDS = 100, COUNT = 300 };
    double nats[SEEDS], samples[COUNT * DIMENSIONS], told = 0;
    for (int s = 0; s < SEEDS; s++) {
        estimate e;
        draw((uint64_t)s, COUNT, samples);
        CU_ASSERT_EQUAL(entropy_gaussian(samples, COUNT, DIMENSIONS, true, &e), OK);
        nats[s] = e.nats;
        told += e.error / SEEDS;
    }
    double seen = mean_of(nats, SEEDS).error * sqrt(SEEDS);
    CHECK_NEAR(told, seen, 0.25 * seen); /* 100 seeds tell a spread to 7 % */
}

static void expect_refusal(status code, const char *words)
{
    CU_ASSERT_EQUAL(code, BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), words));
}

static void columns_that_do_not_vary_or_follow_from_others_are_refused(void)
{
    enum { COUNT = 30 };
    double samples[COUNT * DIMENSIONS];
    estimate e;
    draw(1, COUNT, samples);
    expect_refusal(entropy_gaussian(samples, DIMENSIONS, DIMENSIONS, true, &e), "needs at least 4");
    for (int i = 0; i < COUNT; i++)
        samples[i * DIMENSIONS + 2] = samples[i * DIMENSIONS] - 1e3 * samples[i * DIMENSIONS + 1];
    expect_refusal(entropy_gaussian(samples, COUNT, DIMENSIONS, true, &e), "leading block of 3 columns");
    for (int i = 0; i < COUNT; i++) samples[i * DIMENSIONS + 1] = 0.1; /* whose mean rounds */
    expect_refusal(entropy_gaussian(samples, COUNT, DIMENSIONS, true, &e), "leading block of 2 columns");
    samples[4] = INFINITY;
    expect_refusal(entropy_gaussian(samples, COUNT, DIMENSIONS, true, &e), "sample 1, column 1");
}

CHECK_MAIN("entropy_gaussian", TEST(the_correction_takes_the_bias_of_20_samples_away),
           TEST(the_likeliest_is_half_the_logarithm_of_the_determinant),
           TEST(the_correction_is_a_sum_of_digamma_functions),
           TEST(the_error_that_is_told_is_the_spread_over_seeds),
           TEST(columns_that_do_not_vary_or_follow_from_others_are_refused))
