/* Folded planes: against the formula, and what they are made of. */
#include <math.h>

#include "data/pairs_of.h"

static void check_fold(const double *embedded, const double *latent)
{
    CU_ASSERT_EQUAL(embedded[0], latent[0]);
    CU_ASSERT_EQUAL(embedded[1], latent[1]);
    for (int j = 2; j < 32; j++) {
        const double a = latent[0] + j * latent[1];
        /* the greater of two lines through zero: the steeper one on the right of it, the flatter one on the left */
        const double slope = (a > 0) == (j > 10) ? 0.1 * j : 1, expected = slope * a;
        CHECK_NEAR(embedded[j], expected, 1e-13); /* of numbers up to 100 */
    }
}

static void numbers_are_folded_planes(void)
{
    samples *latent = SAMPLES("anti_pca", "show", "latent", "samples", "200", "train_samples", "3");
    samples *embedded = SAMPLES("anti_pca", "samples", "200", "train_samples", "3");
    CU_ASSERT_EQUAL(latent->shape.features[0], 2);
    CU_ASSERT_EQUAL(embedded->shape.features[0], 32);
    CU_ASSERT_EQUAL(embedded->shape.dimensions, 32);
    for (int k = 0; k < 203; k++) {
        check_fold(embedded->x[0] + 32 * k, latent->x[0] + 2 * k);
        check_fold(embedded->value + 32 * k, latent->value + 2 * k);
    }
    CU_ASSERT_EQUAL(embedded->information_bits, latent->information_bits);
    samples_free(latent);
    samples_free(embedded);
}

/* The number whose error function is p, by halving. */
static double error_quantile(double p)
{
    double low = -10, high = 10;
    while (high - low > 1e-14) {
        const double middle = (low + high) / 2;
        *(erf(middle) < p ? &low : &high) = middle;
    }
    return low;
}

/* Means of products of 20000 normal numbers, within 4 standard errors. */
static void only_the_first_numbers_know_of_each_other(void)
{
    samples *s = SAMPLES("anti_pca", "show", "latent", "information", "0.8", "samples", "20000");
    double product[4][4] = { { 0 } };
    for (int k = 0; k < 20000; k++) {
        double v[4];
        for (int i = 0; i < 4; i++)
            v[i] = sqrt(2) * error_quantile(i < 2 ? s->x[0][2 * k + i] : s->value[2 * k + i - 2]);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++) product[i][j] += v[i] * v[j] / 20000;
    }
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
            const double r = i == j ? 1 : i + j == 2 && i != 1 ? sqrt(1 - exp(-1.6)) : 0;
            CHECK_NEAR(product[i][j], r, 4 * sqrt((1 + r * r) / 20000));
        }
    CHECK_NEAR(s->information_bits, 0.8 / log(2), 1e-14);
    samples_free(s);
}

static void the_same_settings_give_the_same_samples(void)
{
    check_drawn("anti_pca", "show", "embedding");
    check_drawn("anti_pca", "show", "latent");
}

static void what_there_is_not_is_refused(void)
{
    CU_ASSERT(is_out_of_bounds("anti_pca", "information", "-1"));
    CU_ASSERT(is_refused(WITH("anti_pca", "information", "31"), "1 pair of correlated numbers"));
}

CHECK_MAIN("anti_pca", TEST(numbers_are_folded_planes), TEST(only_the_first_numbers_know_of_each_other),
           TEST(the_same_settings_give_the_same_samples), TEST(what_there_is_not_is_refused))
