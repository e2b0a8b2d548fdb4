/* Images of a rectangle: pixels against points counted inside it, sides against the normal numbers behind them. */
#include <math.h>

#include "data/pairs_of.h"

/* Of a pixel, how many of a thousand times a thousand points lie in the rectangle. */
static double counted(const double *side, int size, int row, int column)
{
    enum { POINTS = 1000 };
    int inside = 0;
    for (int i = 0; i < POINTS; i++)
        for (int j = 0; j < POINTS; j++) {
            const double x = (column + (j + 0.5) / POINTS) / size, y = (row + (i + 0.5) / POINTS) / size;
            inside += side[0] <= x && x < side[1] && side[2] <= y && y < side[3];
        }
    return (double)inside / (POINTS * POINTS);
}

/* Counting is off by at most half a row and half a column of points at each of at most two sides. */
static void pixels_are_the_area_that_is_covered(void)
{
    samples *latent = SAMPLES("rectangles", "size", "5", "show", "latent", "samples", "2");
    samples *image = SAMPLES("rectangles", "size", "5", "samples", "2");
    for (int k = 0; k < 2; k++)
        for (int row = 0; row < 5; row++)
            for (int column = 0; column < 5; column++) {
                const int at = 25 * k + 5 * row + column;
                CHECK_NEAR(image->x[0][at], counted(latent->x[0] + 4 * k, 5, row, column), 1.1e-3);
                CHECK_NEAR(image->value[at], counted(latent->value + 4 * k, 5, row, column), 1.1e-3);
            }
    CU_ASSERT_EQUAL(image->information_bits, latent->information_bits);
    samples_free(latent);
    samples_free(image);
}

/* To rounding of a sum of 256 numbers up to 1; every image has a pixel that is covered fully. */
static void all_pixels_together_are_the_area_of_the_rectangle(void)
{
    samples *latent = SAMPLES("rectangles", "show", "latent", "samples", "500");
    samples *image = SAMPLES("rectangles", "samples", "500");
    for (int k = 0; k < 500; k++) {
        const double *side = latent->x[0] + 4 * k;
        double sum = 0, most = 0;
        for (int i = 0; i < 256; i++)
            sum += image->x[0][256 * k + i], most = fmax(most, image->x[0][256 * k + i]);
        CHECK_NEAR(sum, 256 * (side[1] - side[0]) * (side[3] - side[2]), 1e-11);
        CHECK_NEAR(most, 1, 1e-13);
    }
    samples_free(latent);
    samples_free(image);
}

static void sides_lie_in_the_image_and_are_two_pixels_apart(void)
{
    samples *s = SAMPLES("rectangles", "show", "latent", "size", "8");
    for (int k = 0; k < 10000; k++) {
        const double *end = s->x[0] + 2 * k;
        CU_ASSERT(end[0] >= 0 && end[1] <= 1 + 1e-15 && end[1] - end[0] >= 2.0 / 8 - 1e-15);
    }
    samples_free(s);
}

static double below(double x)
{
    return 0.5 * (1 + erf(x / sqrt(2)));
}

/* The published formulae, in pixels, from the pair that has the information. To rounding of numbers up to 16. */
static void sides_are_made_of_the_pair_with_the_information(void)
{
    samples *latent = SAMPLES("rectangles", "show", "latent", "information", "2", "samples", "100");
    samples *pair = SAMPLES("gaussian_pair", "dimension_x", "4", "dimension_y", "4", "information", "2",
                            "samples", "100");
    const double m = 2.0 / 16;
    for (int k = 0; k < 400; k += 2)
        for (int target = 0; target < 2; target++) {
            const double *x = target ? pair->value + k : pair->x[0] + k;
            const double *end = target ? latent->value + k : latent->x[0] + k;
            const double left = (1 - m) * (1 - sqrt(1 - below(x[0])));
            const double right = left + m + below(x[1]) * (1 - left - m);
            CHECK_NEAR(16 * end[0], 16 * left, 1e-13);
            CHECK_NEAR(16 * end[1], 16 * right, 1e-13);
        }
    CU_ASSERT_EQUAL(latent->information_bits, pair->information_bits);
    samples_free(latent);
    samples_free(pair);
}

static void images_say_their_size(void)
{
    test_settings *t = WITH("rectangles", "size", "32");
    data_shape shape;
    CU_ASSERT_EQUAL_FATAL(t->s.data->shape(&t->s, &shape), OK);
    CU_ASSERT_EQUAL(shape.features[0], 1024);
    CU_ASSERT_EQUAL(shape.dimensions, 1024);
    CU_ASSERT_EQUAL(shape.image[0].channels, 1);
    CU_ASSERT_EQUAL(shape.image[0].height, 32);
    CU_ASSERT_EQUAL(shape.image[0].width, 32);
    settings_of_free(t);
}

static void the_same_settings_give_the_same_samples(void)
{
    check_drawn("rectangles", "size", "6");
    check_drawn("rectangles", "show", "latent");
}

static void what_there_is_not_is_refused(void)
{
    CU_ASSERT(is_out_of_bounds("rectangles", "size", "2"));
    CU_ASSERT(is_out_of_bounds("rectangles", "information", "-1"));
    CU_ASSERT(is_out_of_bounds("rectangles", "show", "pixels"));
    CU_ASSERT(is_refused(WITH("rectangles", "information", "121"), "at most 120 nats here"));
}

CHECK_MAIN("rectangles", TEST(pixels_are_the_area_that_is_covered),
           TEST(all_pixels_together_are_the_area_of_the_rectangle),
           TEST(sides_lie_in_the_image_and_are_two_pixels_apart),
           TEST(sides_are_made_of_the_pair_with_the_information), TEST(images_say_their_size),
           TEST(the_same_settings_give_the_same_samples), TEST(what_there_is_not_is_refused))
