/* What each source sees of an image. */
#include "data/views_of.h"

/* Does a source see this pixel? */
typedef bool (*sees)(int source, int channel, int y, int x, int extent);

/* Pixels of 20 training images that a source's samples have otherwise than a plain loop over all pixels of the image: zeros where it
 * does not see them, or, where views are cut, only those that it sees. */
static int differing(const test_set *t, const dataset *d, int source, sees seen, int extent, bool cut)
{
    const image_size s = t->set.size;
    int wrong = 0;
    for (int image = 0; image < 20; image++) {
        float *x = sample_of(d, DATA_TRAIN, source, image);
        int at = 0;
        for (int c = 0; c < s.channels; c++)
            for (int y = 0; y < s.height; y++)
                for (int column = 0; column < s.width; column++) {
                    const bool visible = seen(source, c, y, column, extent);
                    if (cut && !visible) continue;
                    const float expected = visible ? pixel_of(t, image, c, y, column) : 0;
                    wrong += x[at++] < expected || x[at - 1] > expected;
                }
        wrong += at != d->shape.features[source];
        free(x);
    }
    return wrong;
}

/* Checks all sources of a dataset. */
static void check_views(const test_set *t, test_settings *options, sees seen, int extent, bool cut)
{
    dataset *d = dataset_of(t, options);
    for (int i = 0; i < d->shape.sources; i++) {
        const image_size size = d->shape.image[i];
        CU_ASSERT_EQUAL(size.channels * size.height * size.width, d->shape.features[i]);
        CU_ASSERT_EQUAL(differing(t, d, i, seen, extent, cut), 0);
    }
    dataset_free(d);
}

static bool in_crop(int source, int channel, int y, int x, int extent)
{
    (void)channel, (void)y;
    return source == 0 ? x >= 32 - extent : x < extent;
}

static void source_1_sees_the_last_columns_and_source_2_the_first(void)
{
    static const char *const width[] = { "1", "16", "32" };
    static const int columns[] = { 1, 16, 32 };
    test_set *t = set_of(3, 32, 32, TEST_IMAGES);
    for (int w = 0; w < 3; w++) {
        check_views(t, VIEWS("width", width[w]), in_crop, columns[w], false);
        check_views(t, VIEWS("width", width[w], "crop_rule", "cut"), in_crop, columns[w], true);
    }
    check_views(t, VIEWS("width", "half", "crop_rule", "cut"), in_crop, 16, true);
    set_free(t);
}

static void zeroed_crops_have_the_size_of_the_image_and_cut_ones_their_own(void)
{
    test_set *t = set_of(3, 32, 32, TEST_IMAGES);
    dataset *zero = dataset_of(t, VIEWS("width", "12"));
    dataset *cut = dataset_of(t, VIEWS("width", "12", "crop_rule", "cut"));
    for (int i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(zero->shape.image[i].width, 32);
        CU_ASSERT_EQUAL(zero->shape.features[i], 3 * 32 * 32);
        CU_ASSERT_EQUAL(cut->shape.image[i].width, 12);
        CU_ASSERT_EQUAL(cut->shape.image[i].height, 32);
        CU_ASSERT_EQUAL(cut->shape.features[i], 3 * 32 * 12);
    }
    dataset_free(zero);
    dataset_free(cut);
    set_free(t);
}

/* Pixels that both sources see of an image without zeros. */
static int64_t shared_pixels(const test_set *t, const char *width)
{
    dataset *d = dataset_of(t, VIEWS("width", width));
    int64_t shared = 0;
    for (int i = 0; i < d->shape.test; i++) {
        float *a = sample_of(d, DATA_TEST, 0, i), *b = sample_of(d, DATA_TEST, 1, i);
        for (int k = 0; k < d->shape.features[0]; k++) shared += a[k] > 0 && b[k] > 0;
        free(a);
        free(b);
    }
    dataset_free(d);
    return shared;
}

static void crops_share_no_pixel_up_to_half_of_the_image(void)
{
    test_set *t = set_of(3, 32, 32, TEST_IMAGES);
    const size_t bytes = (size_t)(TRAIN + TEST_IMAGES) * 3 * 32 * 32;
    for (size_t i = 0; i < bytes; i++) t->pixels[i] |= 1;
    CU_ASSERT_EQUAL(shared_pixels(t, "16"), 0);
    CU_ASSERT_EQUAL(shared_pixels(t, "17"), TEST_IMAGES * 3 * 32 * 2);
    CU_ASSERT_EQUAL(shared_pixels(t, "32"), TEST_IMAGES * 3 * 32 * 32);
    set_free(t);
}

static bool in_half(int source, int channel, int y, int x, int extent)
{
    (void)channel, (void)x;
    return source == 0 ? y < extent : y >= extent;
}

static void halves_are_top_and_bottom_and_the_bottom_has_the_middle_row(void)
{
    test_set *even = set_of(1, 28, 28, TEST_IMAGES), *odd = set_of(1, 5, 7, TEST_IMAGES);
    check_views(even, VIEWS("views", "halves"), in_half, 14, false);
    check_views(even, VIEWS("views", "halves", "crop_rule", "cut"), in_half, 14, true);
    check_views(odd, VIEWS("views", "halves", "crop_rule", "cut"), in_half, 2, true);
    set_free(even);
    set_free(odd);
}

static bool blue_or_red(int source, int channel, int y, int x, int extent)
{
    (void)y, (void)x, (void)extent;
    return channel == (source == 0 ? 2 : 0);
}

static bool in_turn(int source, int channel, int y, int x, int extent)
{
    (void)y, (void)x, (void)extent;
    return channel == source;
}

static bool yellow_or_all(int source, int channel, int y, int x, int extent)
{
    (void)y, (void)x, (void)extent;
    return channel < 2 || source == 1;
}

static void channels_are_those_that_are_named(void)
{
    test_set *t = set_of(3, 6, 5, TEST_IMAGES);
    check_views(t, VIEWS("views", "channels"), blue_or_red, 0, false);
    check_views(t, VIEWS("views", "channels", "channel_rule", "cut"), blue_or_red, 0, true);
    check_views(t,
                VIEWS("views", "channels", "channels_1", "red", "channels_2", "green", "channels_3", "blue"),
                in_turn, 0, false);
    check_views(t,
                VIEWS("views", "channels", "channels_1", "green + red", "channels_2", "red+green+blue",
                      "channel_rule", "cut"),
                yellow_or_all, 0, true);
    set_free(t);
}

static void a_third_channel_makes_a_third_source(void)
{
    test_set *t = set_of(3, 6, 5, TEST_IMAGES);
    dataset *two = dataset_of(t, VIEWS("views", "channels")),
            *three = dataset_of(t, VIEWS("views", "channels", "channels_3", "green"));
    CU_ASSERT_EQUAL(two->shape.sources, 2);
    CU_ASSERT_EQUAL(three->shape.sources, 3);
    dataset_free(two);
    dataset_free(three);
    set_free(t);
}

static bool everything(int source, int channel, int y, int x, int extent)
{
    (void)source, (void)channel, (void)y, (void)x, (void)extent;
    return true;
}

static void whole_images_are_whole(void)
{
    test_set *t = set_of(3, 9, 4, TEST_IMAGES);
    check_views(t, VIEWS("views", "whole"), everything, 0, false);
    set_free(t);
}

/* Mean and deviation of a channel over all training samples as source 1 sees them. */
static void measure(const dataset *d, int channel, double *mean, double *deviation)
{
    const int plane = d->shape.image[0].height * d->shape.image[0].width;
    double sum = 0, squares = 0, count = (double)d->shape.train * plane;
    for (int i = 0; i < d->shape.train; i++) {
        float *x = sample_of(d, DATA_TRAIN, 0, i);
        for (int p = 0; p < plane; p++) {
            const double value = (double)x[channel * plane + p];
            sum += value;
            squares += value * value;
        }
        free(x);
    }
    *mean = sum / count;
    *deviation = sqrt(squares / count - *mean * *mean);
}

static void data_normalised_by_itself_has_mean_0_and_deviation_1(void)
{
    test_set *t = set_of(3, 8, 8, TEST_IMAGES);
    double mean, deviation;
    for (int i = 0; i < (TRAIN + TEST_IMAGES) * 3 * 64; i++)
        if (i / 64 % 3 == 1) t->pixels[i] /= 4; /* channels of different scales */
    dataset *d = dataset_of(t, VIEWS("views", "whole", "normalise", "data"));
    for (int c = 0; c < 3; c++) {
        measure(d, c, &mean, &deviation);
        CHECK_NEAR(mean, 0, 1e-6); /* single precision of numbers near 1, here and below */
        CHECK_NEAR(deviation, 1, 1e-6);
    }
    dataset_free(d);
    set_free(t);
}

static void a_channel_that_never_changes_is_centred_and_keeps_its_scale(void)
{
    test_set *t = set_of(1, 4, 4, TEST_IMAGES);
    memset(t->pixels, 51, (TRAIN + TEST_IMAGES) * 16);
    t->pixels[TRAIN * 16] = 102; /* in the test part */
    dataset *d = dataset_of(t, VIEWS("views", "whole", "normalise", "data"));
    float *train = sample_of(d, DATA_TRAIN, 0, 0), *test = sample_of(d, DATA_TEST, 0, 0);
    CHECK_NEAR((double)train[0], 0, 1e-7);
    CHECK_NEAR((double)test[0], 0.2, 1e-7);
    free(train);
    free(test);
    dataset_free(d);
    set_free(t);
}

static void published_means_are_taken_off_before_the_rest_becomes_0(void)
{
    static const double mean[] = { 0.4914, 0.4822, 0.4465 }, deviation[] = { 0.2023, 0.1994, 0.2010 };
    test_set *t = set_of(3, 32, 32, TEST_IMAGES);
    dataset *d = dataset_of(t, VIEWS("width", "16", "normalise", "cifar"));
    float *x = sample_of(d, DATA_TRAIN, 0, 7);
    for (int c = 0; c < 3; c++) {
        const double pixel = (double)pixel_of(t, 7, c, 3, 20);
        CHECK_NEAR((double)x[(c * 32 + 3) * 32 + 20], (pixel - mean[c]) / deviation[c], 1e-6);
        CHECK_NEAR((double)x[(c * 32 + 3) * 32 + 15], 0, 0);
    }
    free(x);
    dataset_free(d);
    set_free(t);
}

static void filling_a_dataset_gives_what_reading_gives(void)
{
    test_set *t = set_of(1, 28, 28, TEST_IMAGES);
    dataset *d = dataset_of(t, VIEWS("views", "halves", "crop_rule", "cut"));
    CU_ASSERT_EQUAL(dataset_fill(d), OK);
    for (int i = 0; i < 2; i++) {
        float *train = sample_of(d, DATA_TRAIN, i, 41), *test = sample_of(d, DATA_TEST, i, 29);
        const size_t features = (size_t)d->shape.features[i];
        CU_ASSERT(memcmp(train, d->train_x[i] + 41 * features, features * sizeof *train) == 0);
        CU_ASSERT(memcmp(test, d->test_x[i] + 29 * features, features * sizeof *test) == 0);
        free(train);
        free(test);
    }
    dataset_free(d);
    set_free(t);
}

CHECK_MAIN("views", TEST(source_1_sees_the_last_columns_and_source_2_the_first),
           TEST(zeroed_crops_have_the_size_of_the_image_and_cut_ones_their_own),
           TEST(crops_share_no_pixel_up_to_half_of_the_image),
           TEST(halves_are_top_and_bottom_and_the_bottom_has_the_middle_row),
           TEST(channels_are_those_that_are_named), TEST(a_third_channel_makes_a_third_source),
           TEST(whole_images_are_whole), TEST(data_normalised_by_itself_has_mean_0_and_deviation_1),
           TEST(a_channel_that_never_changes_is_centred_and_keeps_its_scale),
           TEST(published_means_are_taken_off_before_the_rest_becomes_0),
           TEST(filling_a_dataset_gives_what_reading_gives))
