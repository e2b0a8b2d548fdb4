/* Random crops of training images. */
#include "data/views_of.h"

enum { ROWS = 40 };

/* The shift by which a sample of a grey image without padding is explained, as (down + pad) * (2 pad + 1) + right + pad; -1: by
 * none. Pixels from beyond the edge are `fill`. */
static int explained_by(const test_set *t, int image, int pad, float fill, const float *x)
{
    const image_size s = t->set.size;
    for (int way = 0; way < (2 * pad + 1) * (2 * pad + 1); way++) {
        const int down = way / (2 * pad + 1) - pad, right = way % (2 * pad + 1) - pad;
        bool all = true;
        for (int y = 0; y < s.height && all; y++)
            for (int column = 0; column < s.width && all; column++) {
                const int from_y = y + down, from_x = column + right;
                const bool inside = from_y >= 0 && from_y < s.height && from_x >= 0 && from_x < s.width;
                const float expected = inside ? pixel_of(t, image, 0, from_y, from_x) : fill;
                all = x[y * s.width + column] >= expected && x[y * s.width + column] <= expected;
            }
        if (all) return way;
    }
    return -1;
}

static dataset *whole_images(const test_set *t, const char *choice)
{
    return dataset_of(t, VIEWS("views", "whole", "augment", choice, "pad", "2", "fill", "[77]"));
}

static const float fill_77 = (float)(77 / 255.0);

static int way_of(const test_set *t, const dataset *d, int source, int64_t seed, int64_t place, int image)
{
    float *x = sample_at(d, DATA_TRAIN, source, seed, place, image);
    const int way = explained_by(t, image, 2, fill_77, x);
    free(x);
    return way;
}

static void every_sample_is_a_crop_of_its_padded_image_and_every_crop_occurs(void)
{
    test_set *t = set_of(1, 8, 7, TEST_IMAGES);
    dataset *d = whole_images(t, "independent");
    int occurs[25] = { 0 }, unexplained = 0, missing = 0;
    for (int place = 0; place < 1000; place++) {
        const int way = way_of(t, d, 0, 5, place, place % TRAIN);
        if (way < 0)
            unexplained++;
        else
            occurs[way]++;
    }
    CU_ASSERT_EQUAL(unexplained, 0);
    /* 40 are expected of each: 5 standard deviations */
    for (int way = 0; way < 25; way++) missing += abs(occurs[way] - 40) > 31;
    CU_ASSERT_EQUAL(missing, 0);
    dataset_free(d);
    set_free(t);
}

static void colours_are_padded_with_their_own_fill_and_grey_with_the_mean(void)
{
    static const double fill[] = { 125, 123, 113 };
    test_set *colour = set_of(3, 6, 6, TEST_IMAGES), *grey = set_of(1, 6, 6, TEST_IMAGES);
    memset(colour->pixels, 7, (TRAIN + TEST_IMAGES) * 3 * 36);
    memset(grey->pixels, 7, (TRAIN + TEST_IMAGES) * 36);
    dataset *d = dataset_of(colour, VIEWS("views", "whole", "augment", "independent")),
            *of_grey = dataset_of(grey, VIEWS("views", "whole", "augment", "independent"));
    int filled = 0, wrong = 0;
    for (int place = 0; place < ROWS; place++) {
        float *x = sample_at(d, DATA_TRAIN, 0, 1, place, 0),
              *g = sample_at(of_grey, DATA_TRAIN, 0, 1, place, 0);
        for (int k = 0; k < 36; k++) {
            const bool beyond = fabs((double)g[k] - 7 / 255.0) > 1e-6;
            filled += beyond;
            wrong += beyond && fabs((double)g[k] - 120 / 255.0) > 1e-6; /* (125 + 123 + 113) / 3, cut off */
            for (int c = 0; c < 3; c++)
                wrong += fabs((double)x[c * 36 + k] - (beyond ? fill[c] : 7) / 255.0) > 1e-6;
        }
        free(x);
        free(g);
    }
    CU_ASSERT(filled > 100);
    CU_ASSERT_EQUAL(wrong, 0);
    dataset_free(d);
    dataset_free(of_grey);
    set_free(colour);
    set_free(grey);
}

/* Places at which both sources got the same crop. */
static int alike(const test_set *t, const char *choice)
{
    dataset *d = whole_images(t, choice);
    int same = 0;
    for (int place = 0; place < 500; place++)
        same += way_of(t, d, 0, 1, place, 3) == way_of(t, d, 1, 1, place, 3);
    dataset_free(d);
    return same;
}

static void sources_are_cropped_alike_or_independently(void)
{
    test_set *t = set_of(1, 8, 8, TEST_IMAGES);
    CU_ASSERT_EQUAL(alike(t, "same"), 500);
    CU_ASSERT_EQUAL(alike(t, "none"), 500);
    CHECK_NEAR(alike(t, "independent"), 500 / 25.0, 22); /* 5 standard deviations of a chance of 1 in 25 */
    set_free(t);
}

static void crops_are_taken_before_the_view_is(void)
{
    test_set *t = set_of(1, 8, 8, TEST_IMAGES);
    dataset *whole = whole_images(t, "independent");
    dataset *left = dataset_of(t, VIEWS("width", "3", "augment", "independent", "pad", "2", "fill", "[77]"));
    int wrong = 0;
    for (int place = 0; place < ROWS; place++)
        for (int source = 0; source < 2; source++) {
            float *x = sample_at(whole, DATA_TRAIN, source, 4, place, place),
                  *part = sample_at(left, DATA_TRAIN, source, 4, place, place);
            for (int k = 0; k < 64; k++) {
                const bool visible = source == 0 ? k % 8 >= 5 : k % 8 < 3;
                const float expected = visible ? x[k] : 0;
                wrong += part[k] < expected || part[k] > expected;
            }
            free(x);
            free(part);
        }
    CU_ASSERT_EQUAL(wrong, 0);
    dataset_free(whole);
    dataset_free(left);
    set_free(t);
}

static void a_batch_has_the_bits_of_its_rows_read_one_by_one(void)
{
    test_set *t = set_of(3, 32, 32, TEST_IMAGES);
    dataset *d = dataset_of(t, VIEWS("width", "12", "augment", "independent"));
    const size_t features = (size_t)d->shape.features[0];
    int32_t visit[ROWS];
    int differs = 0;
    float *batch = malloc(sizeof *batch * ROWS * features);
    if (batch == NULL) abort();
    for (int r = 0; r < ROWS; r++) visit[r] = (r * 37 + 11) % TRAIN;
    for (int source = 0; source < 2; source++) {
        dataset_read(d, DATA_TRAIN, source, 9, 1000, visit, ROWS, batch);
        for (int r = ROWS - 1; r >= 0; r--) {
            float *one = sample_at(d, DATA_TRAIN, source, 9, 1000 + r, visit[r]);
            differs += memcmp(one, batch + (size_t)r * features, features * sizeof *one) != 0;
            free(one);
        }
    }
    CU_ASSERT_EQUAL(differs, 0);
    free(batch);
    dataset_free(d);
    set_free(t);
}

static void seed_and_place_make_the_crop_and_the_image_does_not(void)
{
    test_set *t = set_of(1, 8, 8, TEST_IMAGES);
    dataset *d = whole_images(t, "independent");
    int other_image = 0, other_place = 0, other_seed = 0;
    for (int place = 0; place < 200; place++) {
        const int64_t far = ((int64_t)1 << 33) + place; /* beyond 32 bits as well */
        const int way = way_of(t, d, 1, 6, far, 2);
        other_image += way == way_of(t, d, 1, 6, far, 50);
        other_place += way == way_of(t, d, 1, 6, place, 2);
        other_seed += way == way_of(t, d, 1, 7, far, 2);
    }
    CU_ASSERT_EQUAL(other_image, 200);
    CU_ASSERT(other_place < 30 && other_seed < 30); /* 8 are expected, with a standard deviation of 3 */
    dataset_free(d);
    set_free(t);
}

static void the_test_part_is_never_cropped(void)
{
    test_set *t = set_of(3, 32, 32, TEST_IMAGES);
    dataset *plain = dataset_of(t, VIEWS("width", "20")),
            *cropped = dataset_of(t, VIEWS("width", "20", "augment", "independent"));
    int differs = 0;
    for (int image = 0; image < TEST_IMAGES; image++) {
        float *a = sample_at(plain, DATA_TEST, 1, 1, 0, image),
              *b = sample_at(cropped, DATA_TEST, 1, 2, 77, image);
        differs += memcmp(a, b, sizeof *a * (size_t)plain->shape.features[1]) != 0;
        free(a);
        free(b);
    }
    CU_ASSERT_EQUAL(differs, 0);
    dataset_free(plain);
    dataset_free(cropped);
    set_free(t);
}

static bool says_augmented(const test_set *t, test_settings *options)
{
    data_shape shape = { 0 };
    CU_ASSERT_EQUAL(views_shape(&t->set, options_in(options), &shape), OK);
    dataset *d = dataset_of(t, options);
    CU_ASSERT_EQUAL(d->shape.augmented, shape.augmented);
    dataset_free(d);
    return shape.augmented;
}

static void the_shape_says_whether_passes_differ(void)
{
    test_set *t = set_of(3, 32, 32, TEST_IMAGES);
    CU_ASSERT(says_augmented(t, VIEWS("augment", "same")));
    CU_ASSERT(says_augmented(t, VIEWS("augment", "independent", "views", "channels")));
    CU_ASSERT(!says_augmented(t, VIEWS("augment", "none")));
    CU_ASSERT(!says_augmented(t, VIEWS("augment", "independent", "pad", "0")));
    CU_ASSERT(!says_augmented(t, VIEWS("augment", "independent", "views", "frequencies")));
    set_free(t);
}

static void frequencies_are_not_cropped(void)
{
    test_set *t = set_of(3, 8, 8, TEST_IMAGES);
    dataset *d = dataset_of(t, VIEWS("views", "frequencies", "augment", "independent"));
    float *a = sample_at(d, DATA_TRAIN, 0, 1, 0, 4), *b = sample_at(d, DATA_TRAIN, 0, 2, 99, 4);
    CU_ASSERT(memcmp(a, b, sizeof *a * 3 * 64) == 0);
    free(a);
    free(b);
    dataset_free(d);
    set_free(t);
}

CHECK_MAIN("augmentation of views", TEST(every_sample_is_a_crop_of_its_padded_image_and_every_crop_occurs),
           TEST(colours_are_padded_with_their_own_fill_and_grey_with_the_mean),
           TEST(sources_are_cropped_alike_or_independently), TEST(crops_are_taken_before_the_view_is),
           TEST(a_batch_has_the_bits_of_its_rows_read_one_by_one),
           TEST(seed_and_place_make_the_crop_and_the_image_does_not), TEST(the_test_part_is_never_cropped),
           TEST(the_shape_says_whether_passes_differ), TEST(frequencies_are_not_cropped))
