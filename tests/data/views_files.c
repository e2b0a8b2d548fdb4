/* Views of images in files, as a sweep asks for them. */
#include "data/reading.h"
#include "data/views_of.h"

enum { RECORD = 3073, RECORDS = 40 };

/* A file in CIFAR-10's binary layout: labels in turn, pixels without a pattern. Returns its path. */
static const char *write_cifar(const char *name)
{
    test_set *t = set_of(3, 32, 32, TEST_IMAGES);
    unsigned char *bytes = malloc((size_t)RECORDS * RECORD);
    if (bytes == NULL) abort();
    for (size_t i = 0; i < RECORDS; i++) {
        bytes[i * RECORD] = (unsigned char)(i % CLASSES);
        memcpy(bytes + i * RECORD + 1, t->pixels + i * (RECORD - 1), RECORD - 1);
    }
    const char *path = file_of(name, bytes, (size_t)RECORDS * RECORD);
    free(bytes);
    set_free(t);
    return path;
}

static dataset *made_of(const test_settings *t)
{
    dataset *d = NULL;
    if (t->s.data->make(&t->s, &d) != OK) fprintf(stderr, "make: %s\n", failure_text());
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    return d;
}

static status compare_path(const char *path, void *context)
{
    const char **expected = context;
    CU_ASSERT_STRING_EQUAL(path, *expected);
    *expected = "";
    return OK;
}

static void a_cifar_file_becomes_views_with_named_classes(void)
{
    const char *path = write_cifar("ten.bin"), *const *name = NULL, *expected = path;
    int count = 0;
    test_set *t = set_of(3, 32, 32, TEST_IMAGES);
    test_settings *s = VIEWS("file", path, "test_file", path, "width", "16");
    dataset *d = made_of(s);
    CU_ASSERT_EQUAL(d->shape.train, RECORDS);
    CU_ASSERT_EQUAL(d->shape.test, RECORDS);
    CU_ASSERT_EQUAL(d->shape.classes, 10);
    CU_ASSERT_EQUAL(d->train_y[13], 3);
    float *x = sample_of(d, DATA_TRAIN, 1, 13);
    CHECK_NEAR((double)x[2 * 1024 + 5 * 32 + 15], (double)pixel_of(t, 13, 2, 5, 15), 0);
    CU_ASSERT_EQUAL(s->s.data->classes(&s->s, &name, &count), OK);
    CU_ASSERT_EQUAL_FATAL(count, 10);
    CU_ASSERT_STRING_EQUAL(name[0], "airplane");
    CU_ASSERT_STRING_EQUAL(name[9], "truck");
    settings_set(s, "test_file", "");
    CU_ASSERT_EQUAL(s->s.data->files(&s->s, compare_path, &expected), OK);
    CU_ASSERT_STRING_EQUAL(expected, ""); /* it was there */
    free(x);
    dataset_free(d);
    settings_of_free(s);
    set_free(t);
    data_close();
}

static void samples_stay_the_same_when_the_images_move_to_shared_memory(void)
{
    test_settings *s = VIEWS("file", write_cifar("moves.bin"), "test_fraction", "0.5");
    dataset *d = made_of(s);
    size_t bytes = 0;
    float *before = sample_of(d, DATA_TEST, 0, 7);
    CU_ASSERT_EQUAL(data_shared_bytes(&bytes), OK);
    CU_ASSERT(bytes > RECORDS * RECORD);
    void *block = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (block == NULL) abort();
    CU_ASSERT_EQUAL(data_move(block), OK);
    float *after = sample_of(d, DATA_TEST, 0, 7);
    dataset *again = made_of(s);
    float *anew = sample_of(again, DATA_TEST, 0, 7);
    CU_ASSERT(memcmp(before, after, sizeof *before * 3072) == 0);
    CU_ASSERT(memcmp(before, anew, sizeof *before * 3072) == 0);
    free(before);
    free(after);
    free(anew);
    dataset_free(d);
    dataset_free(again);
    settings_of_free(s);
    data_close();
    free(block);
}

/* Is this file below INFOSWEEP_DATA? */
static bool has_data(const char *name)
{
    char *found = NULL;
    const bool there = data_find(".", name, &found) == OK;
    if (!there) printf("skipped: no data (%s)\n", name);
    free(found);
    return there;
}

/* Mean of a channel over the first `images` training samples of source 1. */
static double mean_of(const dataset *d, int channel, int images)
{
    const int plane = d->shape.image[0].height * d->shape.image[0].width;
    double sum = 0;
    for (int i = 0; i < images; i++) {
        float *x = sample_of(d, DATA_TRAIN, 0, i);
        for (int p = 0; p < plane; p++) sum += (double)x[channel * plane + p];
        free(x);
    }
    return sum / ((double)images * plane);
}

static void cifar_images_have_the_published_means(void)
{
    static const char file[] = "images/cifar10_lossless4000.bin.gz";
    static const double published[] = { 0.4914, 0.4822, 0.4465 };
    static const int first[] = { 6, 9, 9, 4, 1, 1, 2, 7, 8, 3 }; /* of CIFAR-10's first training batch */
    if (!has_data(file)) return;
    test_settings *s = VIEWS("file", file, "test_fraction", "0.25", "views", "whole");
    dataset *d = made_of(s);
    CU_ASSERT_EQUAL(d->shape.train, 3000);
    CU_ASSERT_EQUAL(d->shape.test, 1000);
    CU_ASSERT_EQUAL(d->shape.features[0], 3072);
    CHECK_NEAR(d->target_entropy_bits, log2(10), 2e-3); /* classes have 366 to 422 images */
    /* means of images deviate by about 0.12 from each other, so the mean of 3000 by 0.002: 4 times that */
    for (int c = 0; c < 3; c++) CHECK_NEAR(mean_of(d, c, 3000), published[c], 0.009);
    dataset_free(d);
    settings_set(s, "test_file", file);
    dataset *all = made_of(s);
    CU_ASSERT_EQUAL(all->shape.train, 4000);
    for (int i = 0; i < 10; i++) CU_ASSERT_EQUAL(all->train_y[i], first[i]);
    dataset_free(all);
    settings_of_free(s);
    data_close();
}

static void mnist_halves_have_the_published_mean(void)
{
    static const char file[] = "images/train-images-idx3-ubyte.gz",
                      test[] = "images/t10k-images-idx3-ubyte.gz";
    static const int train_first[] = { 5, 0, 4, 1, 9 }, test_first[] = { 7, 2, 1, 0, 4 };
    if (!has_data(file) || !has_data(test)) return;
    test_settings *s = VIEWS("file", file, "test_file", test, "views", "halves", "crop_rule", "cut");
    dataset *d = made_of(s);
    CU_ASSERT_EQUAL(d->shape.train, 60000);
    CU_ASSERT_EQUAL(d->shape.test, 10000);
    CU_ASSERT_EQUAL(d->shape.features[0], 14 * 28);
    for (int i = 0; i < 5; i++) {
        CU_ASSERT_EQUAL(d->train_y[i], train_first[i]);
        CU_ASSERT_EQUAL(d->test_y[i], test_first[i]);
    }
    dataset_free(d);
    settings_set(s, "views", "whole");
    d = made_of(s);
    CHECK_NEAR(mean_of(d, 0, 60000), 0.1307, 5e-5); /* four decimals are published */
    dataset_free(d);
    settings_of_free(s);
    data_close();
}

CHECK_MAIN("views of files", TEST(a_cifar_file_becomes_views_with_named_classes),
           TEST(samples_stay_the_same_when_the_images_move_to_shared_memory),
           TEST(cifar_images_have_the_published_means), TEST(mnist_halves_have_the_published_mean))
