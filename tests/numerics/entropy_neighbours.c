#include "check.h"
#include "information.h"
#include "numerics/digamma.h"
#include "numerics/drawn_normal.h"

enum { NEIGHBOURS = 5, SEEDS = 20, COUNT = 2000, MANY = 10000, NUMBERS_MAX = 20000 };
static const double pi = 3.14159265358979323846;
static double samples[NUMBERS_MAX];

/* Normal; divided by the root of a chi-square of `freedom` over `freedom` they are Student's. */
static void draw(uint64_t seed, int count, int dimensions, int freedom)
{
    random_key normal = { .seed = seed, .purpose = RANDOM_DATA };
    random_key square = { .seed = seed, .purpose = RANDOM_NOISE };
    for (int i = 0; i < count; i++) {
        double sum = 0;
        for (int f = 0; f < freedom; f++) {
            double x = random_normal(square, (uint64_t)(i * freedom + f));
            sum += x * x / freedom;
        }
        for (int d = 0; d < dimensions; d++) {
            double x = random_normal(normal, (uint64_t)(i * dimensions + d));
            samples[i * dimensions + d] = freedom ? x / sqrt(sum) : x;
        }
    }
}

static double normal_entropy(int dimensions)
{
    return 0.5 * dimensions * log(2 * pi * exp(1));
}

static double student_entropy(int dimensions, int freedom)
{
    double a = 0.5 * (freedom + dimensions), b = 0.5 * freedom;
    return lgamma(b) - lgamma(a) + 0.5 * dimensions * log(freedom * pi) + a * (digamma(a) - digamma(b));
}

static estimate entropy(weighting rule, int count, int dimensions)
{
    double weight[NEIGHBOURS], norm;
    estimate e = { NAN, NAN };
    CU_ASSERT_EQUAL(entropy_weights(rule, NEIGHBOURS, dimensions, weight, &norm), OK);
    CU_ASSERT_EQUAL(entropy_neighbours(samples, count, dimensions, weight, NEIGHBOURS, &e), OK);
    return e;
}

/* The fifth neighbour is farther than the first: in 2 dimensions, where no condition takes it away, the estimate of 10 000 normal
 * samples is still 0.005 too low (over 60 seeds). */
static const double bias_of_fifth = 0.006;

static void expect_entropy(weighting rule, int dimensions, int freedom, double truth)
{
    enum { FEWER_SEEDS = 10 };
    double mean = 0,
           error = 0; /* of the mean: ten seeds do not tell their own spread, but the estimates tell theirs */
    for (int s = 0; s < FEWER_SEEDS; s++) {
        draw((uint64_t)s, MANY, dimensions, freedom);
        estimate e = entropy(rule, MANY, dimensions);
        mean += e.nats / FEWER_SEEDS;
        error += e.error / FEWER_SEEDS / sqrt(FEWER_SEEDS);
    }
    double bias = rule == WEIGHTS_FORMULA && dimensions == 2 ? bias_of_fifth : 0;
    CHECK_NEAR(mean, truth, 3 * error + bias);
    CU_ASSERT(error < 0.006); /* so that the check above is one */
}

static void entropies_of_normal_and_student_samples_are_met(void)
{
    for (int dimensions = 1; dimensions <= 2; dimensions++)
        for (int rule = WEIGHTS_NEAREST; rule <= WEIGHTS_FORMULA; rule++) {
            expect_entropy((weighting)rule, dimensions, 0, normal_entropy(dimensions));
            expect_entropy((weighting)rule, dimensions, 5, student_entropy(dimensions, 5));
        }
}

/* Long tails in 8 dimensions: what the weights are for. */
static void weights_take_bias_away_in_many_dimensions(void)
{
    enum { DIMENSIONS = 8, FREEDOM = 5 };
    double plain[SEEDS], weighted[SEEDS], truth = student_entropy(DIMENSIONS, FREEDOM);
    for (int s = 0; s < SEEDS; s++) {
        draw((uint64_t)s, COUNT, DIMENSIONS, FREEDOM);
        plain[s] = entropy(WEIGHTS_NEAREST, COUNT, DIMENSIONS).nats;
        weighted[s] = entropy(WEIGHTS_FORMULA, COUNT, DIMENSIONS).nats;
    }
    drawn_mean a = mean_of(plain, SEEDS), b = mean_of(weighted, SEEDS);
    CU_ASSERT(a.mean < truth - 6 * a.error);
    CHECK_NEAR(b.mean, truth, 3 * b.error);
}

/* Near a border there are no neighbours beyond it, and in 4 dimensions half of 5000 samples are near one: 0.13 nats too much, which
 * their spread (0.02) does not tell, and more samples take away slowly. */
static void borders_bias_a_uniform_in_four_dimensions(void)
{
    enum { DIMENSIONS = 4 };
    static const int counts[] = { 1000, 5000 };
    double bias[2] = { 0, 0 }, error = 0;
    for (int n = 0; n < 2; n++)
        for (int s = 0; s < SEEDS / 2; s++) {
            draw((uint64_t)s, counts[n], DIMENSIONS, 0);
            for (int i = 0; i < counts[n] * DIMENSIONS; i++) samples[i] = 0.5 * erfc(-samples[i] / sqrt(2));
            const estimate e = entropy(WEIGHTS_NEAREST, counts[n], DIMENSIONS);
            bias[n] += e.nats / (SEEDS / 2); /* the truth is 0 */
            error = e.error;
        }
    CHECK_NEAR(bias[1], 0.13, 0.025); /* 4 standard errors of the mean of ten */
    CU_ASSERT(bias[1] > 3 * error && bias[0] > bias[1] + 0.02);
}

static void the_error_that_is_told_is_the_spread_over_seeds(void)
{
    double nats[SEEDS], told = 0;
    for (int s = 0; s < SEEDS; s++) {
        draw((uint64_t)s, COUNT, 2, 0);
        estimate e = entropy(WEIGHTS_NEAREST, COUNT, 2);
        nats[s] = e.nats;
        told += e.error / SEEDS;
    }
    double seen = mean_of(nats, SEEDS).error * sqrt(SEEDS);
    CU_ASSERT(told > 0.6 * seen &&
              told < 1.7 * seen); /* 20 seeds tell a spread to a sixth; terms depend a little */
}

static void scaling_adds_a_logarithm_and_order_does_not_matter(void)
{
    draw(1, COUNT, 3, 0);
    double nats = entropy(WEIGHTS_FORMULA, COUNT, 3).nats;
    for (int i = 0; i < COUNT * 3; i++) samples[i] *= 0x1p7;
    CHECK_NEAR(entropy(WEIGHTS_FORMULA, COUNT, 3).nats, nats + 3 * 7 * log(2),
               1e-12); /* a mean of 2000 terms near 20 */
    for (int i = 0; i < COUNT / 2; i++)
        for (int d = 0; d < 3; d++) {
            double held = samples[i * 3 + d];
            samples[i * 3 + d] = samples[(COUNT - 1 - i) * 3 + d];
            samples[(COUNT - 1 - i) * 3 + d] = held;
        }
    CHECK_NEAR(entropy(WEIGHTS_FORMULA, COUNT, 3).nats, nats + 3 * 7 * log(2), 1e-12);
}

/* Distances are known: points 0, 1, 3, …: the nearest of the first two at 1, of the third at 2. */
static void three_points_have_the_entropy_of_the_formula(void)
{
    estimate e;
    samples[0] = 0, samples[1] = 1, samples[2] = 3;
    const double weight[] = {
        0.25, 0.75
    }; /* second neighbours at 3, 2, 3; psi(2) = psi(1) + 1; the ball is 2 long */
    CU_ASSERT_EQUAL(entropy_neighbours(samples, 3, 1, weight, 2, &e), OK);
    double first[] = { 0, 0, log(2) }, second[] = { log(3), log(2), log(3) }, terms[3];
    for (int i = 0; i < 3; i++)
        terms[i] = 0.25 * first[i] + 0.75 * (second[i] - 1) + 0.57721566490153286 + log(2) + log(2);
    drawn_mean m = mean_of(terms, 3);
    CHECK_NEAR(e.nats, m.mean, 1e-14);
    CHECK_NEAR(e.error, m.error, 1e-14);
}

/* ---- weights --------------------------------------------------------------------------------------------------- */

/* Of 5 neighbours by the formula, as derived apart from this program; to their five digits. */
static const struct {
    int dimensions;
    double weight[NEIGHBOURS];
} derived[] = {
    { 1, { 0, 0, 0, 0, 1 } },
    { 2, { 0, .5, 0, 0, .5 } },
    { 3, { .33333, 0, .33333, 0, .33333 } },
    { 4, { 1.31347, .56348, .00098, 0, -.87792 } },
    { 5, { 1.54059, .66962, .05995, -.42779, -.84237 } },
    { 6, { 1.78125, .72273, .01705, -.53182, -.98920 } },
    { 8, { 9.85414, -7.66910, -7.22997, -1.20503, 7.24997 } },
    { 10, { 13.87509, -12.22726, -10.54285, -1.21289, 11.10791 } },
    { 16, { 495, -4350, 11280, -11520, 4096 } },
};

static void weights_are_those_that_were_derived(void)
{
    double weight[NEIGHBOURS], norm;
    for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++)
        for (int rule = WEIGHTS_FORMULA; rule <= WEIGHTS_CODE; rule++) {
            if (rule == WEIGHTS_CODE && derived[i].dimensions <= 4) continue;
            CU_ASSERT_EQUAL(
                entropy_weights((weighting)rule, NEIGHBOURS, derived[i].dimensions, weight, &norm), OK);
            for (int j = 0; j < NEIGHBOURS; j++) CHECK_NEAR(weight[j], derived[i].weight[j], 5.1e-6);
        }
}

static void weights_meet_every_condition(void)
{
    static const int all_k[] = { 3, 5, 10, 20 };
    for (int i = 0; i < 4; i++)
        for (int d = 1; d <= 16; d++) {
            double weight[20], norm, sum = 0, squares = 0;
            int k = all_k[i];
            if (d / 4 + 1 > k) continue;
            CU_ASSERT_EQUAL(entropy_weights(WEIGHTS_FORMULA, k, d, weight, &norm), OK);
            for (int j = 0; j < k; j++) sum += weight[j];
            for (int j = 0; j < k; j++) squares += weight[j] * weight[j];
            CHECK_NEAR(sum, 1, 1e-15 * k * norm);
            CHECK_NEAR(norm, sqrt(squares), 1e-12 * norm);
            for (int l = 1; l <= d / 4; l++) {
                double left = 0, size = 0;
                for (int j = 1; j <= k; j++) {
                    double factor = exp(lgamma(j + 2.0 * l / d) - lgamma(j));
                    left += weight[j - 1] * factor;
                    size += fabs(weight[j - 1] * factor);
                }
                CHECK_NEAR(left, 0, 1e-13 * size);
            }
        }
}

static void the_code_takes_the_nearest_up_to_4_dimensions_and_loses_the_sum_in_many(void)
{
    double weight[NEIGHBOURS], norm;
    for (int d = 1; d <= 4; d++) {
        CU_ASSERT_EQUAL(entropy_weights(WEIGHTS_CODE, NEIGHBOURS, d, weight, &norm), OK);
        CU_ASSERT(weight[0] == 1 && weight[1] == 0 && weight[4] == 0 && norm == 1);
    }
    static const struct {
        int dimensions;
        double sum; /* to two digits, from the authors' code */
    } known[] = { { 32, .87 }, { 64, .49 }, { 128, .22 } };
    for (int i = 0; i < 3; i++) {
        double sum = 0;
        CU_ASSERT_EQUAL(entropy_weights(WEIGHTS_CODE, NEIGHBOURS, known[i].dimensions, weight, &norm), OK);
        for (int j = 0; j < NEIGHBOURS; j++) sum += weight[j];
        CHECK_NEAR(sum, known[i].sum, .0051);
    }
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

static void expect_refusal(status code, const char *words)
{
    CU_ASSERT_EQUAL(code, BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), words));
}

static void what_cannot_be_estimated_is_refused_in_one_line(void)
{
    double weight[NEIGHBOURS], norm;
    estimate e;
    CU_ASSERT_EQUAL(entropy_weights(WEIGHTS_FORMULA, NEIGHBOURS, 19, weight, &norm), OK);
    expect_refusal(entropy_weights(WEIGHTS_FORMULA, NEIGHBOURS, 20, weight, &norm),
                   "6 conditions of 20 dimensions");
    expect_refusal(entropy_weights(WEIGHTS_FORMULA, 0, 2, weight, &norm), "0 neighbours");
    CU_ASSERT_EQUAL(entropy_weights(WEIGHTS_FORMULA, NEIGHBOURS, 2, weight, &norm), OK);
    draw(1, 40, 2, 0);
    expect_refusal(entropy_neighbours(samples, 5, 2, weight, NEIGHBOURS, &e),
                   "5 samples: 5 neighbours need at least 6");
    samples[2 * 30] = samples[2 * 4];
    samples[2 * 30 + 1] = samples[2 * 4 + 1];
    expect_refusal(entropy_neighbours(samples, 40, 2, weight, NEIGHBOURS, &e), "samples 4 and 30 are equal");
    samples[2 * 30] = NAN;
    expect_refusal(entropy_neighbours(samples, 40, 2, weight, NEIGHBOURS, &e), "sample 30, column 0");
}

CHECK_MAIN("entropy_neighbours", TEST(entropies_of_normal_and_student_samples_are_met),
           TEST(weights_take_bias_away_in_many_dimensions), TEST(borders_bias_a_uniform_in_four_dimensions),
           TEST(the_error_that_is_told_is_the_spread_over_seeds),
           TEST(scaling_adds_a_logarithm_and_order_does_not_matter),
           TEST(three_points_have_the_entropy_of_the_formula), TEST(weights_are_those_that_were_derived),
           TEST(weights_meet_every_condition),
           TEST(the_code_takes_the_nearest_up_to_4_dimensions_and_loses_the_sum_in_many),
           TEST(what_cannot_be_estimated_is_refused_in_one_line))
