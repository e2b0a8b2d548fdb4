/* Normal vectors of known information: how they correlate, what they know, that rotations change nothing. */
#include <math.h>

#include "data/pair_draw.h"
#include "data/pairs_of.h"

static const double two_pi = 6.283185307179586;

/* ---- random numbers ----------------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of 300000 numbers with 32 random bits about ten are equal to another. */
static void numbers_do_not_repeat(void)
{
    enum { COUNT = 300000 };
    double *x = malloc(COUNT * sizeof *x);
    CU_ASSERT_PTR_NOT_NULL_FATAL(x);
    for (int normal = 0; normal < 2; normal++) {
        const random_key key = { .seed = 5, .purpose = RANDOM_DATA };
        (normal ? draw_normal : draw_uniform)(key, 0, COUNT, x);
        qsort(x, COUNT, sizeof *x, by_size);
        int repeated = 0;
        for (int i = 1; i < COUNT; i++) repeated += !(x[i] > x[i - 1]);
        CU_ASSERT_EQUAL(repeated, 0);
    }
    free(x);
}

/* Kolmogorov-Smirnov: the greatest distance of the empirical distribution function is below 1.95 / sqrt(n) 999 times of 1000. */
static void numbers_follow_their_distributions(void)
{
    enum { COUNT = 20000 };
    double *x = malloc(COUNT * sizeof *x);
    CU_ASSERT_PTR_NOT_NULL_FATAL(x);
    for (int normal = 0; normal < 2; normal++) {
        const random_key key = { .seed = 6, .purpose = RANDOM_DATA };
        double worst = 0;
        (normal ? draw_normal : draw_uniform)(key, 0, COUNT, x);
        qsort(x, COUNT, sizeof *x, by_size);
        for (int i = 0; i < COUNT; i++) {
            const double below = normal ? normal_distribution(x[i]) : x[i];
            worst = fmax(worst, fabs(below - (i + 0.5) / COUNT));
        }
        CU_ASSERT(worst < 1.95 / sqrt(COUNT));
    }
    free(x);
}

static void sequences_can_be_entered_at_any_even_number(void)
{
    const random_key key = { .seed = 7, .purpose = RANDOM_DATA };
    double all[12], part[5];
    draw_normal(key, 0, 12, all);
    draw_normal(key, 6, 5, part);
    CU_ASSERT_EQUAL(memcmp(all + 6, part, sizeof part), 0);
}

static void the_distribution_function_keeps_the_digits_of_small_tails(void)
{
    CHECK_NEAR(normal_distribution(0), 0.5, 0);
    CHECK_NEAR(normal_distribution(1.959963984540054), 0.975, 1e-15);
    CHECK_NEAR(normal_distribution(-10) / 7.619853024160527e-24, 1, 1e-13);
}

/* To rounding of sums of n products, here 40. */
static void rotations_are_orthogonal(void)
{
    enum { N = 40 };
    double *rotation = NULL;
    CU_ASSERT_EQUAL_FATAL(rotation_make((random_key){ .seed = 3, .purpose = RANDOM_NOISE }, N, &rotation),
                          OK);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double product = 0;
            for (int k = 0; k < N; k++) product += rotation[i * N + k] * rotation[j * N + k];
            CHECK_NEAR(product, i == j, 1e-14);
        }
    free(rotation);
}

/* Each entry of a uniform rotation has mean 0 and variance 1/n; means of 2000 entries within 4 standard errors. */
static void rotations_prefer_no_direction(void)
{
    enum { N = 3, COUNT = 2000 };
    double sum[N * N] = { 0 }, squares[N * N] = { 0 };
    for (int seed = 0; seed < COUNT; seed++) {
        double *rotation = NULL;
        const random_key key = { .seed = (uint64_t)seed, .purpose = RANDOM_NOISE };
        CU_ASSERT_EQUAL_FATAL(rotation_make(key, N, &rotation), OK);
        for (int i = 0; i < N * N; i++) sum[i] += rotation[i], squares[i] += rotation[i] * rotation[i];
        free(rotation);
    }
    for (int i = 0; i < N * N; i++) {
        CHECK_NEAR(sum[i] / COUNT, 0, 4 * sqrt(1.0 / N / COUNT));
        /* the square's own variance is 3 / (n (n + 2)) - 1 / n^2 = 4/45 */
        CHECK_NEAR(squares[i] / COUNT, 1.0 / N, 4 * sqrt(4.0 / 45 / COUNT));
    }
}

/* ---- samples ------------------------------------------------------------------------------------------------------ */

/* Mean of the product of two columns over all rows of the test part; columns of X come first. */
static double covariance(const samples *s, int i, int j)
{
    const int x = s->shape.features[0], y = s->shape.dimensions;
    double sum = 0;
    for (int64_t r = 0; r < s->shape.test; r++) {
        const double a = i < x ? s->x[0][r * x + i] : s->value[r * y + i - x];
        const double b = j < x ? s->x[0][r * x + j] : s->value[r * y + j - x];
        sum += a * b;
    }
    return sum / (double)s->shape.test;
}

/* 20000 products of normal numbers with correlation r have a mean of variance (1 + r^2) / 20000; within 4 standard errors. */
static void numbers_correlate_as_designed(void)
{
    samples *s = SAMPLES("gaussian_pair", "dimension_x", "3", "dimension_y", "2", "information", "1.5",
                         "rotate", "false", "samples", "20000");
    const double a = sqrt(1 - exp(-2 * 1.5 / 2));
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 5; j++) {
            const double r = i == j ? 1 : abs(i - j) == 3 ? a : 0;
            CHECK_NEAR(covariance(s, i, j), r, 4 * sqrt((1 + r * r) / 20000));
        }
    samples_free(s);
}

/* ln p(x, y) - ln p(x) - ln p(y) of one row of normal vectors of which each number of the shorter one correlates by r. */
static double log_ratio(const samples *s, int64_t row, double r)
{
    const int nx = s->shape.features[0], ny = s->shape.dimensions;
    double sum = 0;
    for (int i = 0; i < nx && i < ny; i++) {
        const double x = s->x[0][row * nx + i], y = s->value[row * ny + i], rest = 1 - r * r;
        const double joint = exp(-(x * x - 2 * r * x * y + y * y) / (2 * rest)) / (two_pi * sqrt(rest));
        const double apart = exp(-(x * x + y * y) / 2) / two_pi;
        sum += log(joint / apart);
    }
    return sum;
}

/* Mean over 20000 samples within 4 standard errors. */
static void the_information_is_the_mean_logarithm_of_the_density_ratio(void)
{
    static const char *const shape[][3] = {
        { "1", "1", "0.1" }, { "1", "1", "2" }, { "2", "5", "3" }, { "4", "3", "6" }
    };
    for (int k = 0; k < 4; k++) {
        samples *s = SAMPLES("gaussian_pair", "dimension_x", shape[k][0], "dimension_y", shape[k][1],
                             "information", shape[k][2], "rotate", "false", "samples", "20000");
        const double nats = atof(shape[k][2]), pairs = fmin(atof(shape[k][0]), atof(shape[k][1]));
        const double r = sqrt(1 - exp(-2 * nats / pairs));
        double sum = 0, squares = 0;
        for (int64_t row = 0; row < 20000; row++) {
            const double ratio = log_ratio(s, row, r);
            sum += ratio / 20000, squares += ratio * ratio / 20000;
        }
        CHECK_NEAR(sum, nats, 4 * sqrt((squares - sum * sum) / 20000));
        CHECK_NEAR(s->information_bits, nats / log(2), 1e-14 * nats);
        samples_free(s);
    }
}

static double inner(const double *a, const double *b, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

/* Inner products of rows are what a rotation keeps, to rounding of numbers of order 10. */
static void rotated_samples_are_the_same_seen_from_elsewhere(void)
{
    samples *plain = SAMPLES("gaussian_pair", "dimension_x", "4", "dimension_y", "3", "rotate", "false",
                             "samples", "20", "train_samples", "10");
    samples *turned = SAMPLES("gaussian_pair", "dimension_x", "4", "dimension_y", "3", "samples", "20",
                              "train_samples", "10");
    int equal = 0;
    for (int i = 0; i < 30; i++)
        for (int j = 0; j < 30; j++) {
            const double *a = plain->x[0], *b = turned->x[0];
            CHECK_NEAR(inner(b + 4 * i, b + 4 * j, 4), inner(a + 4 * i, a + 4 * j, 4), 1e-13);
            a = plain->value, b = turned->value;
            CHECK_NEAR(inner(b + 3 * i, b + 3 * j, 3), inner(a + 3 * i, a + 3 * j, 3), 1e-13);
            equal += fabs(turned->x[0][4 * i] - plain->x[0][4 * i]) < 1e-6;
        }
    CU_ASSERT_EQUAL(equal, 0);
    CU_ASSERT_EQUAL(plain->information_bits, turned->information_bits);
    samples_free(plain);
    samples_free(turned);
}

/* At 20 nats Y is X up to e^-20; what is left, in units of it, has variance 1: 4 standard errors of 5000. Single precision, with
 * 6e-8, would show nothing of it. */
static void much_information_is_still_there(void)
{
    samples *s = SAMPLES("gaussian_pair", "information", "20");
    double squares = 0;
    for (int i = 0; i < 5000; i++) {
        const double left = (s->value[i] - s->x[0][i]) * exp(20);
        squares += left * left / 5000;
    }
    CHECK_NEAR(squares, 1, 4 * sqrt(2.0 / 5000));
    samples_free(s);
}

static void the_same_settings_give_the_same_samples(void)
{
    check_drawn("gaussian_pair", "dimension_x", "1");
    check_drawn("gaussian_pair", "dimension_x", "5");
}

static void datasets_are_the_samples_rounded(void)
{
    test_settings *t = WITH("gaussian_pair", "dimension_x", "2", "samples", "8", "train_samples", "3");
    dataset *d = NULL;
    CU_ASSERT_EQUAL_FATAL(t->s.data->make(&t->s, &d), OK);
    samples *s = samples_with(t);
    for (int i = 0; i < 6; i++) CU_ASSERT_EQUAL(d->train_x[0][i], (float)s->x[0][i]);
    for (int i = 0; i < 16; i++) CU_ASSERT_EQUAL(d->test_x[0][i], (float)s->x[0][6 + i]);
    for (int i = 0; i < 8; i++) CU_ASSERT_EQUAL(d->test_value[i], (float)s->value[3 + i]);
    samples_free(s);
    dataset_free(d);
}

static void a_dataset_may_have_no_training_part(void)
{
    test_settings *t = WITH("gaussian_pair", "samples", "8");
    dataset *d = NULL;
    CU_ASSERT_EQUAL_FATAL(t->s.data->make(&t->s, &d), OK);
    samples *s = samples_with(t);
    CU_ASSERT_EQUAL(d->shape.train, 0);
    for (int i = 0; i < 8; i++) CU_ASSERT_EQUAL(d->test_x[0][i], (float)s->x[0][i]);
    samples_free(s);
    dataset_free(d);
}

static void what_there_is_not_is_refused(void)
{
    CU_ASSERT(is_out_of_bounds("gaussian_pair", "information", "-0.1"));
    CU_ASSERT(is_out_of_bounds("gaussian_pair", "dimension_x", "0"));
    CU_ASSERT(is_out_of_bounds("gaussian_pair", "dimension_y", "0"));
    CU_ASSERT(is_out_of_bounds("gaussian_pair", "samples", "1"));
    CU_ASSERT(is_refused(WITH("gaussian_pair", "information", "31"), "at most 30 nats here"));
    CU_ASSERT(is_refused(WITH("gaussian_pair", "information", "61", "dimension_x", "2", "dimension_y", "3"),
                         "2 pairs of correlated numbers"));
}

static void nothing_can_be_known(void)
{
    samples *s = SAMPLES("gaussian_pair", "information", "0", "samples", "20000");
    CU_ASSERT_EQUAL(s->information_bits, 0);
    CU_ASSERT_FALSE(signbit(s->information_bits));
    CHECK_NEAR(covariance(s, 0, 1), 0, 4 / sqrt(20000));
    samples_free(s);
}

CHECK_MAIN("gaussian_pair", TEST(numbers_do_not_repeat), TEST(numbers_follow_their_distributions),
           TEST(sequences_can_be_entered_at_any_even_number),
           TEST(the_distribution_function_keeps_the_digits_of_small_tails), TEST(rotations_are_orthogonal),
           TEST(rotations_prefer_no_direction), TEST(numbers_correlate_as_designed),
           TEST(the_information_is_the_mean_logarithm_of_the_density_ratio),
           TEST(rotated_samples_are_the_same_seen_from_elsewhere), TEST(much_information_is_still_there),
           TEST(the_same_settings_give_the_same_samples), TEST(datasets_are_the_samples_rounded),
           TEST(a_dataset_may_have_no_training_part), TEST(what_there_is_not_is_refused),
           TEST(nothing_can_be_known))
