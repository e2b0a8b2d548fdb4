/* What does not fit an image set is refused in one line that names the option. */
#include "data/views_of.h"

/* Is this refused with a line that holds `part`, by shape and by make alike? Frees the options. */
static void check_refused(const test_set *t, test_settings *options, const char *part)
{
    data_shape shape;
    dataset *d = NULL;
    for (int way = 0; way < 2; way++) {
        failure_clear();
        const status result = way == 0 ? views_shape(&t->set, options_in(options), &shape)
                                       : views_make(&t->set, options_in(options), &d);
        const bool right =
            result == BAD_INPUT && strstr(failure_text(), part) && strchr(failure_text(), '\n') == NULL;
        if (!right) fprintf(stderr, "wanted '%s', got status %d: %s\n", part, (int)result, failure_text());
        CU_ASSERT(right);
    }
    dataset_free(d);
    settings_of_free(options);
}

static void check_accepted(const test_set *t, test_settings *options)
{
    data_shape shape;
    const status result = views_shape(&t->set, options_in(options), &shape);
    if (result != OK) fprintf(stderr, "%s\n", failure_text());
    CU_ASSERT_EQUAL(result, OK);
    settings_of_free(options);
}

/* The parser itself refuses the value. */
static void check_unreadable(const char *name, const char *text)
{
    test_settings *t = settings_of("views");
    const option *row = option_find(t->s.section[SECTION_DATA]->options, name);
    CU_ASSERT_EQUAL(option_parse(row, text, t->s.block[SECTION_DATA]), BAD_INPUT);
    settings_of_free(t);
}

static void crops_that_are_no_part_of_the_image(void)
{
    test_set *t = set_of(3, 32, 32, TEST_IMAGES), *narrow = set_of(1, 4, 1, TEST_IMAGES),
             *flat = set_of(1, 1, 4, TEST_IMAGES);
    check_unreadable("width", "0");
    check_unreadable("width", "-1");
    check_refused(
        t, VIEWS("width", "33"),
        "data.width is 33, but the images of images.bin have 32 columns; right would be 1 to 32, or half");
    check_accepted(t, VIEWS("width", "32"));
    check_refused(narrow, VIEWS("width", "half"), "data.width: the images of images.bin have one column");
    check_accepted(narrow, VIEWS("width", "1"));
    check_refused(flat, VIEWS("views", "halves"), "data.views: the images of images.bin have one row");
    set_free(t);
    set_free(narrow);
    set_free(flat);
}

static void masks_larger_than_the_image(void)
{
    test_set *even = set_of(1, 28, 28, TEST_IMAGES), *odd = set_of(1, 9, 14, TEST_IMAGES);
    check_accepted(even, VIEWS("views", "frequencies", "mask", "13"));
    check_refused(
        even, VIEWS("views", "frequencies", "mask", "14"),
        "data.mask is 14, a square of 29 x 29, but the images of images.bin have 28 x 28 pixels; right would "
        "be 0 to 13");
    check_accepted(odd, VIEWS("views", "frequencies", "mask", "4"));
    check_refused(odd, VIEWS("views", "frequencies", "mask", "5"), "right would be 0 to 4");
    check_accepted(even, VIEWS("views", "crops", "mask", "14"));
    set_free(even);
    set_free(odd);
}

static void channels_that_there_are_not(void)
{
    test_set *colour = set_of(3, 4, 4, TEST_IMAGES), *grey = set_of(1, 4, 4, TEST_IMAGES);
    check_refused(colour, VIEWS("views", "channels", "channels_1", "yellow"),
                  "data.channels_1: 'yellow' is not understood; right would be red, green, blue, or several");
    check_refused(colour, VIEWS("views", "channels", "channels_2", "red+"), "data.channels_2: 'red+'");
    check_refused(colour, VIEWS("views", "channels", "channels_2", "red blue"),
                  "data.channels_2: 'red blue'");
    check_refused(colour, VIEWS("views", "channels", "channels_2", "red xblue"),
                  "data.channels_2: 'red xblue'");
    check_refused(colour, VIEWS("views", "channels", "channels_2", ""), "data.channels_2: ''");
    check_refused(colour, VIEWS("views", "channels", "channels_3", "r"), "data.channels_3: 'r'");
    check_refused(grey, VIEWS("views", "channels"),
                  "data.views: channels are of red, green and blue, but the images of images.bin have 1");
    set_free(colour);
    set_free(grey);
}

static void numbers_of_colours_for_grey_images(void)
{
    test_set *grey = set_of(1, 8, 8, TEST_IMAGES), *colour = set_of(3, 8, 8, TEST_IMAGES);
    check_refused(grey, VIEWS("normalise", "cifar"),
                  "data.normalise: cifar is of red, green and blue, but the images of images.bin have 1");
    check_refused(colour, VIEWS("fill", "[1, 2]"), "data.fill has 2 numbers");
    check_unreadable("fill", "[256]");
    check_unreadable("fill", "[-1]");
    check_accepted(grey, VIEWS("fill", "[9]"));
    set_free(grey);
    set_free(colour);
}

static void padding_wider_than_the_image(void)
{
    test_set *t = set_of(1, 8, 6, TEST_IMAGES);
    check_accepted(t, VIEWS("augment", "same", "pad", "6"));
    check_refused(t, VIEWS("augment", "same", "pad", "7"),
                  "data.pad is 7, but the images of images.bin have 8 x 6 pixels; right would be 0 to 6");
    check_accepted(t, VIEWS("augment", "none", "pad", "7"));
    set_free(t);
}

static void more_images_than_there_are(void)
{
    test_set *given = set_of(1, 2, 2, TEST_IMAGES), *split = set_of(1, 2, 2, 0);
    check_accepted(given, VIEWS("images", "60", "test_images", "30"));
    check_refused(given, VIEWS("images", "61"),
                  "data.images is 61, but there are 60; right would be up to that, or all");
    check_refused(given, VIEWS("test_images", "31"), "data.test_images is 31, but there are 30");
    check_refused(split, VIEWS("images", "60"), "data.images is 60, but there are 48");
    check_unreadable("images", "0");
    set_free(given);
    set_free(split);
}

static void fractions_that_leave_a_part_empty(void)
{
    test_set *given = set_of(1, 2, 2, TEST_IMAGES), *split = set_of(1, 2, 2, 0);
    check_refused(split, VIEWS("test_fraction", "0"),
                  "data.test_fraction is 0, and images.bin has no test part of its own");
    check_refused(split, VIEWS("test_fraction", "1"), "data.test_fraction is 1");
    check_refused(split, VIEWS("test_fraction", "0.01"),
                  "data.test_fraction: none of the 1 test images of images.bin is of class 1");
    check_refused(split, VIEWS("test_fraction", "0.99"), "data.test_fraction: none of the 1 training images");
    check_unreadable("test_fraction", "1.1");
    check_accepted(given, VIEWS("test_fraction", "0")); /* the test part is there */
    set_free(given);
    set_free(split);
}

static void classes_without_an_image(void)
{
    static const char *const name[CLASSES] = { "plane", "car",  "bird",  "cat",  "deer",
                                               "dog",   "frog", "horse", "ship", "truck" };
    test_set *t = set_of(1, 2, 2, TEST_IMAGES);
    t->set.class_name = name;
    check_refused(
        t, VIEWS("images", "5"),
        "data.images: none of the 5 training images of images.bin is of class 5, dog (of 0 to 9); right "
        "would be some of every class");
    check_refused(t, VIEWS("test_images", "9"),
                  "data.test_images: none of the 9 test images of images.bin is of class 9, truck");
    for (int i = 0; i < TEST_IMAGES; i++) t->label[TRAIN + i] %= 9;
    check_refused(t, VIEWS("images", "all"),
                  "data.test_file: none of the 30 test images of images.bin is of class 9, truck");
    for (int i = 0; i < TRAIN; i++) t->label[i] %= 9;
    check_refused(t, VIEWS("images", "all"), "data.file: none of the 60 training images of images.bin");
    set_free(t);
}

static void files_that_are_not_given_or_not_there(void)
{
    data_shape shape;
    test_settings *t = settings_of("views");
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "data.file"));
    settings_set(t, "file", "/no/such/images");
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "/no/such/images"));
    settings_of_free(t);
}

CHECK_MAIN("refusals of views", TEST(crops_that_are_no_part_of_the_image), TEST(masks_larger_than_the_image),
           TEST(channels_that_there_are_not), TEST(numbers_of_colours_for_grey_images),
           TEST(padding_wider_than_the_image), TEST(more_images_than_there_are),
           TEST(fractions_that_leave_a_part_empty), TEST(classes_without_an_image),
           TEST(files_that_are_not_given_or_not_there))
