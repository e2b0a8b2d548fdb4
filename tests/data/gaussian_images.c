/* Images of a peak, against the formula pixel by pixel, and what they are drawn from, against the normal numbers behind it. */
#include <math.h>

#include "data/pairs_of.h"

/* The number that a standard normal one is below so often, by halving. */
static double normal_quantile(double p)
{
    double low = -40, high = 40;
    while (high - low > 1e-14 * (1 + fabs(low))) {
        const double middle = (low + high) / 2;
        if (0.5 * (1 + erf(middle / sqrt(2))) < p)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Parameters are the distribution function of the numbers of the pair that has the information; inverted to 1e-9, since p has lost
 * digits where it is near to 1. */
static void the_parameters_are_those_of_the_pair_with_the_information(void)
{
    samples *latent = SAMPLES("gaussian_images", "show", "latent", "information", "3", "samples", "50");
    samples *pair =
        SAMPLES("gaussian_pair", "dimension_x", "2", "dimension_y", "2", "information", "3", "samples", "50");
    CU_ASSERT_EQUAL(latent->shape.features[0], 2);
    CU_ASSERT_EQUAL(latent->shape.image[0].width, 0);
    for (int i = 0; i < 100; i++) {
        CHECK_NEAR(normal_quantile(latent->x[0][i]), pair->x[0][i], 1e-9);
        CHECK_NEAR(normal_quantile(latent->value[i]), pair->value[i], 1e-9);
    }
    CU_ASSERT_EQUAL(latent->information_bits, pair->information_bits);
    samples_free(latent);
    samples_free(pair);
}

/* The published formulae, of both variants. */
static double pixel(const double *p, bool correlated, double x, double y)
{
    const double dx = x - p[0], dy = y - p[1];
    if (!correlated) return exp(-10 * (dx * dx + dy * dy));
    return exp(-10 * (pow(1 + p[2], 2) * dx * dx + pow(1 + p[3], 2) * dy * dy +
                      (2 * p[4] - 1) * (1 + p[2]) * (1 + p[3]) * dx * dy));
}

/* To rounding of exponents up to 120. */
static void check_images(const char *correlated, int parameters)
{
    samples *latent = SAMPLES("gaussian_images", "show", "latent", "correlated", correlated, "samples", "20",
                              "train_samples", "2");
    samples *image = SAMPLES("gaussian_images", "size", "7", "correlated", correlated, "samples", "20",
                             "train_samples", "2");
    CU_ASSERT_EQUAL(image->information_bits, latent->information_bits);
    CHECK_NEAR(image->information_bits, 1 / log(2), 1e-14);
    for (int k = 0; k < 22; k++)
        for (int row = 0; row < 7; row++)
            for (int column = 0; column < 7; column++) {
                const double x = column / 6.0, y = row / 6.0;
                const int at = 49 * k + 7 * row + column;
                const bool five = parameters == 5;
                CHECK_NEAR(image->x[0][at], pixel(latent->x[0] + parameters * k, five, x, y), 1e-13);
                CHECK_NEAR(image->value[at], pixel(latent->value + parameters * k, five, x, y), 1e-13);
            }
    samples_free(latent);
    samples_free(image);
}

static void pixels_follow_the_formula(void)
{
    check_images("false", 2);
    check_images("true", 5);
}

static void images_say_their_size(void)
{
    test_settings *t = WITH("gaussian_images", "size", "16");
    data_shape shape;
    CU_ASSERT_EQUAL_FATAL(t->s.data->shape(&t->s, &shape), OK);
    CU_ASSERT_EQUAL(shape.sources, 1);
    CU_ASSERT_EQUAL(shape.features[0], 256);
    CU_ASSERT_EQUAL(shape.dimensions, 256);
    CU_ASSERT_EQUAL(shape.classes, 0);
    CU_ASSERT_EQUAL(shape.image[0].channels, 1);
    CU_ASSERT_EQUAL(shape.image[0].height, 16);
    CU_ASSERT_EQUAL(shape.image[0].width, 16);
    CU_ASSERT_EQUAL(shape.train, 0);
    CU_ASSERT_EQUAL(shape.test, 5000);
    settings_of_free(t);
}

/* Mean 1/2 and variance 1/12 of uniform numbers, whose squares about the mean vary by 1/180; within 4 standard errors. */
static void centres_are_uniform(void)
{
    samples *s = SAMPLES("gaussian_images", "show", "latent", "samples", "10000");
    for (int i = 0; i < 2; i++) {
        double sum = 0, squares = 0;
        for (int k = 0; k < 10000; k++) {
            const double p = s->x[0][2 * k + i] - 0.5;
            sum += p / 10000, squares += p * p / 10000;
        }
        CHECK_NEAR(sum, 0, 4 * sqrt(1.0 / 12 / 10000));
        CHECK_NEAR(squares, 1.0 / 12, 4 * sqrt(1.0 / 180 / 10000));
    }
    samples_free(s);
}

static void the_same_settings_give_the_same_samples(void)
{
    check_drawn("gaussian_images", "size", "4");
    check_drawn("gaussian_images", "show", "latent");
    check_drawn("gaussian_images", "correlated", "true");
}

static void what_there_is_not_is_refused(void)
{
    CU_ASSERT(is_out_of_bounds("gaussian_images", "size", "2"));
    CU_ASSERT(is_out_of_bounds("gaussian_images", "size", "257"));
    CU_ASSERT(is_out_of_bounds("gaussian_images", "information", "-1"));
    CU_ASSERT(is_refused(WITH("gaussian_images", "information", "61"), "at most 60 nats here"));
    CU_ASSERT(is_refused(WITH("gaussian_images", "information", "151", "correlated", "true"),
                         "at most 150 nats here"));
}

CHECK_MAIN("gaussian_images", TEST(the_parameters_are_those_of_the_pair_with_the_information),
           TEST(pixels_follow_the_formula), TEST(images_say_their_size), TEST(centres_are_uniform),
           TEST(the_same_settings_give_the_same_samples), TEST(what_there_is_not_is_refused))
