#include <stdlib.h>

#include "check.h"
#include "information.h"
#include "random.h"

enum { COUNT = 500, MANY_COLUMNS = 40, NUMBERS_MAX = COUNT * MANY_COLUMNS };
static double samples[NUMBERS_MAX], before[NUMBERS_MAX];

/* Normal columns, each with some of the one before it, of spreads that grow by `ratio`, about 5. */
static void draw(int columns, double ratio)
{
    random_key key = { .seed = 3, .purpose = RANDOM_DATA };
    for (int i = 0; i < COUNT; i++)
        for (int d = 0; d < columns; d++) {
            double x = random_normal(key, (uint64_t)(i * columns + d));
            if (d > 0) x += 0.5 * random_normal(key, (uint64_t)(i * columns + d - 1));
            before[i * columns + d] = samples[i * columns + d] = 5 + x * pow(ratio, d);
        }
}

/* The sum over samples of a b / (N - 1), about their means. */
static double covariance(const double *a, const double *b, int columns)
{
    double mean_a = 0, mean_b = 0, sum = 0;
    for (int i = 0; i < COUNT; i++) {
        mean_a += a[i * columns] / COUNT;
        mean_b += b[i * columns] / COUNT;
    }
    for (int i = 0; i < COUNT; i++) sum += (a[i * columns] - mean_a) * (b[i * columns] - mean_b);
    return sum / (COUNT - 1);
}

static double whitened(int columns)
{
    double half = NAN;
    CU_ASSERT_EQUAL(whiten(samples, COUNT, columns, &half), OK);
    return half;
}

static void the_covariance_of_whitened_samples_is_the_identity(void)
{
    static const int columns[] = { 1, 2, 5, MANY_COLUMNS };
    for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++) {
        int n = columns[c];
        draw(n, 1.2);
        whitened(n);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                /* variances a million apart, of eigenvalues that are right to 1e-15 of the largest */
                CHECK_NEAR(covariance(samples + i, samples + j, n), i == j ? 1 : 0, 1e-8);
    }
}

/* A symmetric root: the covariance of the samples before with those after is the root of the covariance, which is symmetric. */
static void the_root_is_the_symmetric_one(void)
{
    enum { N = 4 };
    double root[N][N];
    draw(N, 2);
    whitened(N);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) root[i][j] = covariance(before + i, samples + j, N);
    for (int i = 0; i < N; i++) {
        CU_ASSERT(root[i][i] > 0);
        for (int j = 0; j < N; j++) {
            double product = 0;
            for (int k = 0; k < N; k++) product += root[i][k] * root[k][j];
            CHECK_NEAR(root[i][j], root[j][i], 1e-10); /* of numbers to 16 */
            CHECK_NEAR(product, covariance(before + i, before + j, N), 1e-9);
        }
    }
}

static void the_determinant_is_that_of_the_covariance(void)
{
    draw(2, 3);
    double a = covariance(before, before, 2), b = covariance(before + 1, before + 1, 2),
           c = covariance(before, before + 1, 2);
    CHECK_NEAR(whitened(2), 0.5 * log(a * b - c * c), 1e-12);
}

/* What it is for: with the determinant an entropy is what it was. */
static void the_entropy_of_normal_samples_comes_back(void)
{
    estimate plain, after;
    draw(6, 1.5);
    CU_ASSERT_EQUAL(entropy_gaussian(before, COUNT, 6, true, &plain), OK);
    double half = whitened(6);
    CU_ASSERT_EQUAL(entropy_gaussian(samples, COUNT, 6, true, &after), OK);
    CHECK_NEAR(after.nats + half, plain.nats, 1e-10);
}

static void white_samples_stay_as_they_are(void)
{
    draw(5, 1.3);
    whitened(5);
    memcpy(before, samples, sizeof before);
    CHECK_NEAR(whitened(5), 0, 1e-11);
    for (int i = 0; i < COUNT * 5; i++) CHECK_NEAR(samples[i], before[i], 1e-10);
}

static void expect_refused(int count, int columns, const char *why)
{
    double half;
    CU_ASSERT_EQUAL(whiten(samples, count, columns, &half), BAD_INPUT);
    if (!strstr(failure_text(), why)) fprintf(stderr, "no '%s' in: %s\n", why, failure_text());
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), why));
}

static void what_has_no_root_is_refused(void)
{
    draw(4, 1.5);
    for (int i = 0; i < COUNT; i++) samples[4 * i + 2] = 0.1;
    expect_refused(COUNT, 4, "column 2 is constant");
    draw(4, 1.5);
    for (int i = 0; i < COUNT; i++) samples[4 * i + 3] = samples[4 * i] - 2 * samples[4 * i + 1];
    expect_refused(COUNT, 4, "column 3 follows from those before it");
    draw(4, 1.5);
    expect_refused(4, 4, "needs at least 5");
    samples[6] = INFINITY;
    expect_refused(COUNT, 4, "sample 1, column 2");
    draw(2, 1e9);
    expect_refused(COUNT, 2, "scale columns");
    draw(2, 1e200);
    expect_refused(COUNT, 2, "column 1 spreads");
}

CHECK_MAIN("whiten", TEST(the_covariance_of_whitened_samples_is_the_identity),
           TEST(the_root_is_the_symmetric_one), TEST(the_determinant_is_that_of_the_covariance),
           TEST(the_entropy_of_normal_samples_comes_back), TEST(white_samples_stay_as_they_are),
           TEST(what_has_no_root_is_refused))
