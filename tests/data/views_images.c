/* Which images are trained on and which are tested. */
#include "data/views_images.h"
#include "data/views_of.h"

/* Makes the choice and frees the options. */
static chosen_images chosen_of(const test_set *set, test_settings *options)
{
    chosen_images c;
    if (chosen_images_make(&set->set, options_in(options), &c) != OK) {
        fprintf(stderr, "chosen: %s\n", failure_text());
        abort();
    }
    settings_of_free(options);
    return c;
}

static int of_class(const uint16_t *label, const int32_t *image, int64_t count, int class)
{
    int found = 0;
    for (int64_t i = 0; i < count; i++) found += label[image[i]] == class;
    return found;
}

/* Are the numbers ascending, each once, and below `end`? */
static bool in_order(const int32_t *image, int64_t count, int64_t end)
{
    for (int64_t i = 0; i < count; i++)
        if (image[i] < 0 || image[i] >= end || (i > 0 && image[i] <= image[i - 1])) return false;
    return true;
}

static int shared(const int32_t *a, int64_t a_count, const int32_t *b, int64_t b_count)
{
    int found = 0;
    for (int64_t i = 0; i < a_count; i++)
        for (int64_t k = 0; k < b_count; k++) found += a[i] == b[k];
    return found;
}

static void all_images_are_used_as_they_are_given(void)
{
    test_set *t = set_of(1, 2, 2, TEST_IMAGES);
    chosen_images c = chosen_of(t, VIEWS("images", "all"));
    CU_ASSERT_EQUAL(c.train, TRAIN);
    CU_ASSERT_EQUAL(c.test, TEST_IMAGES);
    CU_ASSERT(in_order(c.train_image, c.train, TRAIN) && in_order(c.test_image, c.test, TEST_IMAGES));
    chosen_images_free(&c);
    set_free(t);
}

static void fewer_images_are_the_same_share_of_every_class(void)
{
    test_set *t = set_of(1, 2, 2, TEST_IMAGES);
    for (int i = 0; i < 30; i++) t->label[i] = 0; /* 33 of class 0, 3 of every other */
    chosen_images c = chosen_of(t, VIEWS("images", "20", "test_images", "10"));
    CU_ASSERT_EQUAL(c.train, 20);
    CU_ASSERT_EQUAL(c.test, 10);
    CU_ASSERT(in_order(c.train_image, 20, TRAIN) && in_order(c.test_image, 10, TEST_IMAGES));
    CU_ASSERT_EQUAL(of_class(t->set.train_label, c.train_image, 20, 0), 11);
    for (int k = 1; k < CLASSES; k++) {
        CU_ASSERT_EQUAL(of_class(t->set.train_label, c.train_image, 20, k), 1);
        CU_ASSERT_EQUAL(of_class(t->set.test_label, c.test_image, 10, k), 1);
    }
    chosen_images_free(&c);
    set_free(t);
}

static void what_rounding_leaves_goes_to_the_classes_that_it_cut_most(void)
{
    test_set *t = set_of(1, 2, 2, TEST_IMAGES);
    for (int i = 0; i < TRAIN; i++) t->label[i] = (uint16_t)(i < 30 ? 0 : i < 50 ? 1 : 2); /* 30, 20, 10 */
    t->set.classes = 3;
    for (int i = 0; i < TEST_IMAGES; i++) t->label[TRAIN + i] = (uint16_t)(i % 3);
    chosen_images c = chosen_of(t, VIEWS("images", "10")); /* shares 5, 3 1/3, 1 2/3 */
    CU_ASSERT_EQUAL(of_class(t->set.train_label, c.train_image, 10, 0), 5);
    CU_ASSERT_EQUAL(of_class(t->set.train_label, c.train_image, 10, 1), 3);
    CU_ASSERT_EQUAL(of_class(t->set.train_label, c.train_image, 10, 2), 2);
    chosen_images_free(&c);
    set_free(t);
}

static void a_test_part_is_taken_of_every_class_and_never_trained_on(void)
{
    test_set *t = set_of(1, 2, 2, 0);
    chosen_images c = chosen_of(t, VIEWS("test_fraction", "0.5"));
    CU_ASSERT_EQUAL(c.train, 30);
    CU_ASSERT_EQUAL(c.test, 30);
    CU_ASSERT(in_order(c.train_image, 30, TRAIN) && in_order(c.test_image, 30, TRAIN));
    CU_ASSERT_EQUAL(shared(c.train_image, 30, c.test_image, 30), 0);
    for (int k = 0; k < CLASSES; k++) CU_ASSERT_EQUAL(of_class(t->set.train_label, c.test_image, 30, k), 3);
    chosen_images_free(&c);
    set_free(t);
}

static void the_test_part_is_the_same_however_many_are_trained_on(void)
{
    test_set *t = set_of(1, 2, 2, 0);
    chosen_images many = chosen_of(t, VIEWS("test_fraction", "0.5")),
                  some = chosen_of(t, VIEWS("test_fraction", "0.5", "images", "20")),
                  few = chosen_of(t, VIEWS("test_fraction", "0.5", "images", "10"));
    CU_ASSERT_EQUAL(shared(many.test_image, 30, few.test_image, 30), 30);
    CU_ASSERT_EQUAL(shared(many.train_image, 30, few.train_image, 10), 10);
    CU_ASSERT_EQUAL(shared(some.train_image, 20, few.train_image, 10), 10); /* those, and others */
    chosen_images_free(&many);
    chosen_images_free(&some);
    chosen_images_free(&few);
    set_free(t);
}

static void the_split_seed_decides_and_the_seed_of_the_task_does_not(void)
{
    test_set *t = set_of(1, 2, 2, 0);
    test_settings *other_task = VIEWS("test_fraction", "0.5");
    other_task->task.seed = 99;
    CU_ASSERT(!data_kind_find("views")->drawn(&other_task->s));
    chosen_images first = chosen_of(t, VIEWS("test_fraction", "0.5")), again = chosen_of(t, other_task),
                  other = chosen_of(t, VIEWS("test_fraction", "0.5", "split_seed", "3"));
    CU_ASSERT_EQUAL(shared(first.test_image, 30, again.test_image, 30), 30);
    CU_ASSERT(shared(first.test_image, 30, other.test_image, 30) < 25); /* 15 are expected */
    chosen_images_free(&first);
    chosen_images_free(&again);
    chosen_images_free(&other);
    set_free(t);
}

static void samples_and_classes_are_those_of_the_chosen_images(void)
{
    test_set *t = set_of(1, 4, 4, 0);
    chosen_images c = chosen_of(t, VIEWS("test_fraction", "0.5", "images", "20"));
    dataset *d = dataset_of(t, VIEWS("test_fraction", "0.5", "images", "20", "views", "whole"));
    int wrong = d->shape.train != 20 || d->shape.test != 30;
    for (int part = 0; part < 2; part++)
        for (int32_t i = 0; i < (part ? d->shape.test : d->shape.train); i++) {
            const int32_t image = part ? c.test_image[i] : c.train_image[i];
            float *x = sample_of(d, (data_part)part, 1, i);
            for (int k = 0; k < 16; k++)
                wrong += fabs((double)(x[k] - pixel_of(t, image, 0, k / 4, k % 4))) > 0;
            wrong += (part ? d->test_y[i] : d->train_y[i]) != t->label[image];
            free(x);
        }
    CU_ASSERT_EQUAL(wrong, 0);
    chosen_images_free(&c);
    dataset_free(d);
    set_free(t);
}

static void target_entropy_is_of_all_images_that_are_used(void)
{
    test_set *t = set_of(1, 2, 2, TEST_IMAGES);
    dataset *even = dataset_of(t, VIEWS("images", "20"));
    CHECK_NEAR(even->target_entropy_bits, log2(10), 1e-12);
    t->set.classes = 2;
    for (int i = 0; i < TRAIN + TEST_IMAGES; i++)
        t->label[i] = i % 5 == 0; /* 18 of 90, in both parts 1 in 5 */
    dataset *uneven = dataset_of(t, VIEWS("images", "all"));
    CHECK_NEAR(uneven->target_entropy_bits, -0.2 * log2(0.2) - 0.8 * log2(0.8), 1e-12);
    t->label[TRAIN + 1] = 1; /* 19 */
    dataset *one_more = dataset_of(t, VIEWS("images", "all"));
    const double p = 19 / 90.0;
    CHECK_NEAR(one_more->target_entropy_bits, -p * log2(p) - (1 - p) * log2(1 - p), 1e-12);
    dataset_free(even);
    dataset_free(uneven);
    dataset_free(one_more);
    set_free(t);
}

CHECK_MAIN("images of views", TEST(all_images_are_used_as_they_are_given),
           TEST(fewer_images_are_the_same_share_of_every_class),
           TEST(what_rounding_leaves_goes_to_the_classes_that_it_cut_most),
           TEST(a_test_part_is_taken_of_every_class_and_never_trained_on),
           TEST(the_test_part_is_the_same_however_many_are_trained_on),
           TEST(the_split_seed_decides_and_the_seed_of_the_task_does_not),
           TEST(samples_and_classes_are_those_of_the_chosen_images),
           TEST(target_entropy_is_of_all_images_that_are_used))
