/* Low and high frequencies, against a discrete Fourier transform term by term. */
#include <complex.h>

#include "data/views_filter.h"
#include "data/views_of.h"

enum { SIDE_MAX = 16 };

/* Frequency v, u of a plane of pixels (height, width). */
static double complex frequency_of(const double *x, int height, int width, int v, int u)
{
    double complex sum = 0;
    for (int y = 0; y < height; y++)
        for (int column = 0; column < width; column++)
            sum += x[y * width + column] *
                   cexp(-2 * acos(-1) * I * ((double)v * y / height + (double)u * column / width));
    return sum;
}

/* Is frequency k of n within `mask` of the middle of the shifted transform, where frequency 0 is? */
static bool is_kept(int k, int n, int mask)
{
    return abs((k + n / 2) % n - n / 2) <= mask;
}

/* Low frequencies as published: transform, shift, keep the square, shift back, invert, real part. */
static void reference_low(const uint8_t *plane, int height, int width, int mask, double *low)
{
    double complex kept[SIDE_MAX * SIDE_MAX] = { 0 };
    double x[SIDE_MAX * SIDE_MAX];
    for (int i = 0; i < height * width; i++) x[i] = plane[i];
    for (int v = 0; v < height; v++)
        for (int u = 0; u < width; u++)
            if (is_kept(v, height, mask) && is_kept(u, width, mask))
                kept[v * width + u] = frequency_of(x, height, width, v, u);
    for (int y = 0; y < height; y++)
        for (int column = 0; column < width; column++) {
            double complex sum = 0;
            for (int v = 0; v < height; v++)
                for (int u = 0; u < width; u++)
                    sum += kept[v * width + u] *
                           cexp(2 * acos(-1) * I * ((double)v * y / height + (double)u * column / width));
            low[y * width + column] = creal(sum) / (height * width);
        }
}

static void fill(uint8_t *plane, int count)
{
    uint32_t state = 7;
    for (int i = 0; i < count; i++) {
        state = state * 1664525U + 1013904223U;
        plane[i] = (uint8_t)(state >> 24);
    }
}

/* Largest differences from the reference over a plane, of low and of high frequencies. */
static void check_filter(int height, int width, int mask)
{
    uint8_t plane[SIDE_MAX * SIDE_MAX];
    double low[SIDE_MAX * SIDE_MAX], worst_low = 0, worst_high = 0;
    view_filter *f = NULL;
    fill(plane, height * width);
    reference_low(plane, height, width, mask, low);
    CU_ASSERT_EQUAL_FATAL(view_filter_make(height, width, mask, &f), OK);
    const double *got = view_filter_apply(f, plane, PASS_LOW, QUANTISE_NONE);
    for (int i = 0; i < height * width; i++) worst_low = fmax(worst_low, fabs(got[i] - low[i]));
    got = view_filter_apply(f, plane, PASS_HIGH, QUANTISE_NONE);
    for (int i = 0; i < height * width; i++)
        worst_high = fmax(worst_high, fabs(got[i] - (plane[i] - low[i])));
    /* sums of 256 pixels of up to 255 in double precision */
    CHECK_NEAR(worst_low, 0, 1e-10);
    CHECK_NEAR(worst_high, 0, 1e-10);
    view_filter_free(f);
}

static void the_filter_is_a_square_mask_on_the_shifted_transform(void)
{
    check_filter(16, 16, 0);
    check_filter(16, 16, 2);
    check_filter(16, 16, 7);
    check_filter(9, 14, 3);
    check_filter(15, 7, 3); /* everything along rows */
    check_filter(1, 1, 0);
}

static void low_frequencies_have_no_others_and_high_ones_no_low_ones(void)
{
    uint8_t plane[256];
    double low[256], high[256], inside = 0, outside = 0;
    view_filter *f = NULL;
    fill(plane, 256);
    CU_ASSERT_EQUAL_FATAL(view_filter_make(16, 16, 2, &f), OK);
    memcpy(low, view_filter_apply(f, plane, PASS_LOW, QUANTISE_NONE), sizeof low);
    memcpy(high, view_filter_apply(f, plane, PASS_HIGH, QUANTISE_NONE), sizeof high);
    int kept = 0;
    for (int v = 0; v < 16; v++)
        for (int u = 0; u < 16; u++) {
            const bool in_mask = is_kept(v, 16, 2) && is_kept(u, 16, 2);
            kept += in_mask;
            if (in_mask)
                inside = fmax(inside, cabs(frequency_of(high, 16, 16, v, u)));
            else
                outside = fmax(outside, cabs(frequency_of(low, 16, 16, v, u)));
        }
    CU_ASSERT_EQUAL(kept, 25);
    CHECK_NEAR(inside, 0, 1e-8); /* of frequencies of up to 65280, here and below */
    CHECK_NEAR(outside, 0, 1e-8);
    view_filter_free(f);
}

static void low_and_high_frequencies_add_up_to_the_image(void)
{
    test_set *t = set_of(3, 32, 32, TEST_IMAGES);
    dataset *d = dataset_of(t, VIEWS("views", "frequencies", "quantise", "none"));
    double worst = 0;
    for (int image = 0; image < 5; image++) {
        float *high = sample_of(d, DATA_TRAIN, 0, image), *low = sample_of(d, DATA_TRAIN, 1, image);
        for (int k = 0; k < 3 * 1024; k++)
            worst = fmax(worst, fabs((double)high[k] + (double)low[k] -
                                     (double)pixel_of(t, image, k / 1024, k % 1024 / 32, k % 32)));
        free(high);
        free(low);
    }
    CHECK_NEAR(worst, 0, 3e-7); /* three roundings to single precision of numbers up to 1 */
    dataset_free(d);
    set_free(t);
}

static void an_offset_of_the_image_is_seen_by_the_low_frequencies_alone(void)
{
    test_set *t = set_of(1, 16, 16, TEST_IMAGES);
    dataset *d = dataset_of(t, VIEWS("views", "frequencies", "quantise", "none"));
    double moved = 0, worst = 0;
    for (int k = 0; k < 256; k++) t->pixels[k] /= 2;
    float *high = sample_of(d, DATA_TRAIN, 0, 0), *low = sample_of(d, DATA_TRAIN, 1, 0);
    for (int k = 0; k < 256; k++) t->pixels[k] = (uint8_t)(t->pixels[k] + 51);
    float *higher = sample_of(d, DATA_TRAIN, 0, 0), *lower = sample_of(d, DATA_TRAIN, 1, 0);
    for (int k = 0; k < 256; k++) {
        moved = fmax(moved, fabs((double)higher[k] - (double)high[k]));
        worst = fmax(worst, fabs((double)lower[k] - (double)low[k] - 0.2));
    }
    CHECK_NEAR(moved, 0, 1e-7); /* single precision, here and below */
    CHECK_NEAR(worst, 0, 1e-7);
    free(high);
    free(low);
    free(higher);
    free(lower);
    dataset_free(d);
    set_free(t);
}

static void bytes_cut_fractions_off_and_wrap(void)
{
    static const double pixel[] = { 0, 99.99, 100, -0.5, -1, -1.99, -255, 255.7, 256.2, 300, 1e-12, -1e-12 };
    static const double byte[] = { 0, 99, 100, 0, 255, 255, 1, 255, 0, 44, 0, 0 };
    static const double whole[] = { 0, 100, 100, 0, -1, -2, -255, 256, 256, 300, 0, 0 };
    for (size_t i = 0; i < sizeof pixel / sizeof *pixel; i++) {
        CHECK_NEAR(view_quantised(pixel[i], QUANTISE_WRAP), byte[i], 0);
        CHECK_NEAR(view_quantised(pixel[i], QUANTISE_ROUND), whole[i], 0);
        CHECK_NEAR(view_quantised(pixel[i], QUANTISE_NONE), pixel[i], 0);
    }
    /* 42 but for the last bits of a sum is 42 */
    CHECK_NEAR(view_quantised(42 - 1e-12, QUANTISE_WRAP), 42, 0);
    CHECK_NEAR(view_quantised(-42 + 1e-12, QUANTISE_WRAP), 256 - 42, 0);
}

/* A checkerboard of 100 and 110 is its mean and a wave of 5 up and down: the high frequencies are 5 and -5, as bytes 5 and 251. */
static void a_checkerboard_as_bytes(void)
{
    test_set *t = set_of(1, 16, 16, TEST_IMAGES);
    dataset *d = dataset_of(t, VIEWS("views", "frequencies"));
    int wrong = 0;
    for (int k = 0; k < 256; k++) t->pixels[k] = (k / 16 + k) % 2 ? 100 : 110;
    float *high = sample_of(d, DATA_TRAIN, 0, 0), *low = sample_of(d, DATA_TRAIN, 1, 0);
    for (int k = 0; k < 256; k++) {
        wrong += fabs((double)high[k] - (t->pixels[k] == 110 ? 5 : 251) / 255.0) > 1e-7;
        wrong += fabs((double)low[k] - 105 / 255.0) > 1e-7;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    free(high);
    free(low);
    dataset_free(d);
    set_free(t);
}

static void filtered_channels_are_normalised_like_the_image(void)
{
    test_set *t = set_of(3, 16, 16, TEST_IMAGES);
    memset(t->pixels, 102, 3 * 256);
    dataset *d = dataset_of(t, VIEWS("views", "frequencies", "normalise", "cifar"));
    float *high = sample_of(d, DATA_TRAIN, 0, 0), *low = sample_of(d, DATA_TRAIN, 1, 0);
    CHECK_NEAR((double)low[300], (0.4 - 0.4822) / 0.1994, 1e-6); /* of channel 1; single precision */
    CHECK_NEAR((double)high[300], (0 - 0.4822) / 0.1994, 1e-6);
    CHECK_NEAR((double)high[0], (0 - 0.4914) / 0.2023, 1e-6);
    free(high);
    free(low);
    dataset_free(d);
    set_free(t);
}

CHECK_MAIN("frequencies of views", TEST(the_filter_is_a_square_mask_on_the_shifted_transform),
           TEST(low_frequencies_have_no_others_and_high_ones_no_low_ones),
           TEST(low_and_high_frequencies_add_up_to_the_image),
           TEST(an_offset_of_the_image_is_seen_by_the_low_frequencies_alone),
           TEST(bytes_cut_fractions_off_and_wrap), TEST(a_checkerboard_as_bytes),
           TEST(filtered_channels_are_normalised_like_the_image))
