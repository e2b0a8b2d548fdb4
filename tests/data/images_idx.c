/* IDX files, written here and read back. */
#include "data/image_files.h"

/* An array of bytes; what `extent` says (ended by 0) need not be what follows. */
static bytes idx_of(int type, const int *extent)
{
    bytes b = { 0 };
    int rank = 0;
    while (extent[rank]) rank++;
    const uint8_t magic[] = { 0, 0, (uint8_t)type, (uint8_t)rank };
    add_bytes(&b, magic, 4);
    for (int i = 0; i < rank; i++)
        for (int shift = 24; shift >= 0; shift -= 8) add_byte(&b, extent[i] >> shift & 255);
    return b;
}
#define IDX(...) idx_of(8, (const int[]){ __VA_ARGS__, 0 })

/* Grey images number … of 5 × 4. */
static void write_images(const char *path, int count, int number)
{
    bytes b = IDX(count, 5, 4);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < 20; k++) add_byte(&b, value_of(number + i, k));
    write_bytes(path, &b);
}

/* Labels lowest … lowest + classes - 1 in turn, from the highest down. */
static void write_labels(const char *path, int count, int lowest, int classes)
{
    bytes b = IDX(count);
    for (int i = 0; i < count; i++) add_byte(&b, lowest + classes - 1 - i % classes);
    write_bytes(path, &b);
}

static void grey_images_are_read_with_the_labels_beside_them(void)
{
    static const char *const ending[] = { "", ".gz" };
    for (int e = 0; e < 4; e++) {
        start_anew();
        write_images(at("train-images-idx3-ubyte%s", ending[e / 2]), 6, 10);
        write_labels(at("train-labels-idx1-ubyte%s", ending[e % 2]), 6, 0, 3);
        images *m = images_of(at("train-images-idx3-ubyte%s", ending[e / 2]), NULL, NULL);
        CU_ASSERT(m->size.channels == 1 && m->size.height == 5 && m->size.width == 4);
        CU_ASSERT_EQUAL(m->classes, 3);
        CU_ASSERT_PTR_NULL(m->class_name);
        CU_ASSERT(holds_values(m, DATA_TRAIN, 0, 6, 10));
        for (int i = 0; i < 6; i++) CU_ASSERT_EQUAL(m->part[DATA_TRAIN].label[i], 2 - i % 3);
        images_free(m);
    }
}

static void labels_of_another_name_are_given(void)
{
    start_anew();
    write_images(at("digits"), 6, 10);
    write_labels(at("which"), 6, 0, 3);
    CU_ASSERT(
        refuses(at("digits"), NULL, NULL, "digits: its labels are in a file that its name does not tell"));
    images *m = images_of(at("digits"), NULL, at("which"));
    CU_ASSERT_EQUAL(m->part[DATA_TRAIN].label[0], 2);
    images_free(m);
    CU_ASSERT(refuses(at("which"), NULL, at("which"),
                      "which: holds labels; right would be the file of the images"));
    CU_ASSERT(
        refuses(at("digits"), NULL, at("digits"), "digits: holds no labels, but an array of 3 dimensions"));
}

static void a_folder_holds_both_parts(void)
{
    static const char *const test[] = { "t10k", "test" };
    for (int t = 0; t < 2; t++) {
        start_anew();
        write_images(at("set/train-images-idx3-ubyte.gz"), 6, 10);
        write_labels(at("set/train-labels-idx1-ubyte.gz"), 6, 0, 3);
        write_images(at("set/%s-images.idx3-ubyte", test[t]), 4, 90);
        write_labels(at("set/%s-labels.idx1-ubyte", test[t]), 4, 0, 2);
        images *m = images_of(at("set"), NULL, NULL);
        CU_ASSERT_EQUAL(m->classes, 3);
        CU_ASSERT(holds_values(m, DATA_TEST, 0, 4, 90));
        CU_ASSERT_EQUAL(m->part[DATA_TEST].label[0], 1);
        images_free(m);
        write_labels(at("set/%s-labels.idx1-ubyte", test[t]), 4, 0, 4);
        CU_ASSERT(refuses(at("set"), NULL, NULL,
                          "has label 3; right would be 0 to 2, as the training images have"));
    }
}

static void letters_count_from_one(void)
{
    start_anew();
    write_images(at("letters-train-images-idx3-ubyte"), 26, 0);
    write_labels(at("letters-train-labels-idx1-ubyte"), 26, 1, 26);
    write_images(at("letters-test-images-idx3-ubyte"), 3, 50);
    write_labels(at("letters-test-labels-idx1-ubyte"), 3, 24, 3); /* its lowest is not 1 */
    images *m = images_of(at("letters-train-images-idx3-ubyte"), at("letters-test-images-idx3-ubyte"), NULL);
    CU_ASSERT_EQUAL(m->classes, 26);
    CU_ASSERT_EQUAL(m->part[DATA_TRAIN].label[0], 25);
    CU_ASSERT_EQUAL(m->part[DATA_TEST].label[0], 25);
    CU_ASSERT_STRING_EQUAL(m->class_name[0], "1");
    CU_ASSERT_STRING_EQUAL(m->class_name[25], "26");
    images_free(m);
    write_labels(at("letters-test-labels-idx1-ubyte"), 3, 0, 3);
    CU_ASSERT(refuses(at("letters-train-images-idx3-ubyte"), at("letters-test-images-idx3-ubyte"), NULL,
                      "holds images of class 0, which the training images do not know"));
}

/* Channels before the pixels or behind them: the same image. */
static void colours_stand_before_or_behind(void)
{
    start_anew();
    for (int last = 0; last < 2; last++) {
        bytes b = last ? IDX(4, 5, 6, 3) : IDX(4, 3, 5, 6);
        for (int i = 0; i < 4; i++)
            for (int k = 0; k < 90; k++) add_byte(&b, value_of(i, last ? k % 3 * 30 + k / 3 : k));
        write_bytes(at("train-images-idx4-ubyte"), &b);
        write_labels(at("train-labels-idx1-ubyte"), 4, 0, 2);
        images *m = images_of(at("train-images-idx4-ubyte"), NULL, NULL);
        CU_ASSERT(m->size.channels == 3 && m->size.height == 5 && m->size.width == 6);
        CU_ASSERT(holds_values(m, DATA_TRAIN, 0, 4, 0));
        images_free(m);
    }
}

/* ---- refusals ----------------------------------------------------------------------------------------------------------- */

/* A file of these images, with good labels for `count` of them, is refused so. */
static bool images_are_refused(bytes b, int count, const char *says)
{
    start_anew();
    write_bytes(at("train-images-idx3-ubyte"), &b);
    write_labels(at("train-labels-idx1-ubyte"), count, 0, 2);
    return refuses(at("train-images-idx3-ubyte"), NULL, NULL, says);
}

static bytes with_values(bytes b, int count)
{
    for (int k = 0; k < count; k++) add_byte(&b, k);
    return b;
}

static void what_a_header_says_is_held_against_the_file(void)
{
    CU_ASSERT(images_are_refused(with_values(IDX(2, 5, 4), 39), 2,
                                 "cut off after 55 bytes; right would be 56 at least"));
    CU_ASSERT(
        images_are_refused(with_values(IDX(2, 5, 4), 41), 2, "goes on after 56 bytes, where it should end"));
    CU_ASSERT(images_are_refused(with_values(IDX(2000000, 2000, 2000), 9), 2,
                                 "says 2000000 × 2000 × 2000, and can hold 25 bytes at most"));
    CU_ASSERT(images_are_refused(IDX(-1, -1, -1, -1), 2, "can hold 20 bytes at most"));
    CU_ASSERT(images_are_refused(with_values(IDX(1, 5000, 1), 5000), 1,
                                 "holds images of 5000 × 1; right would be 1 to 4096 a side"));
    CU_ASSERT(images_are_refused(with_values(IDX(2, 2, 2, 2), 16), 2, "holds 2 × 2 × 2 × 2 values"));
    CU_ASSERT(images_are_refused(with_values(IDX(4, 4), 16), 4, "holds 4 × 4 values"));
    CU_ASSERT(images_are_refused(with_values(idx_of(13, (const int[]){ 1, 1, 1, 0 }), 4), 1,
                                 "holds IDX values of type 0x0d; right would be 0x08, bytes"));
    CU_ASSERT(images_are_refused(with_values(idx_of(8, (const int[]){ 1, 1, 1, 1, 1, 0 }), 1), 1,
                                 "an IDX array of 5 dimensions; right would be 1 to 4"));
    bytes none = IDX(1, 2, 2);
    none.at[7] = 0; /* images */
    CU_ASSERT(images_are_refused(none, 2, "is empty: 0 × 2 × 2"));
    bytes head = IDX(1, 2, 2);
    head.count = 9;
    CU_ASSERT(images_are_refused(head, 2, "cut off after 9 bytes"));
}

/* Deflate makes 1032 bytes of one at most; what says more is not believed before it is unpacked. */
static void a_small_packed_file_asks_for_no_large_memory(void)
{
    start_anew();
    bytes b = with_values(IDX(60000, 4000, 4000), 10);
    write_bytes(at("train-images-idx3-ubyte.gz"), &b);
    write_labels(at("train-labels-idx1-ubyte"), 2, 0, 2);
    CU_ASSERT(
        refuses(at("train-images-idx3-ubyte.gz"), NULL, NULL, "says 60000 × 4000 × 4000, and can hold"));
}

static void labels_must_fit_the_images(void)
{
    start_anew();
    write_images(at("train-images-idx3-ubyte"), 6, 10);
    CU_ASSERT(refuses(
        at("train-images-idx3-ubyte"), NULL, NULL,
        "its labels are not beside it: neither train-labels-idx1-ubyte nor train-labels-idx1-ubyte.gz"));
    write_labels(at("train-labels-idx1-ubyte"), 5, 0, 3);
    CU_ASSERT(
        refuses(at("train-images-idx3-ubyte"), NULL, NULL, "train-labels-idx1-ubyte: holds 5 labels, and"));
    write_labels(at("train-labels-idx1-ubyte"), 6, 0, 1);
    CU_ASSERT(
        refuses(at("train-images-idx3-ubyte"), NULL, NULL, "holds images of 1 class; right would be 2 to"));
}

static void parts_must_have_images_of_one_size(void)
{
    start_anew();
    write_images(at("set/train-images-idx3-ubyte"), 6, 10);
    write_labels(at("set/train-labels-idx1-ubyte"), 6, 0, 3);
    bytes b = with_values(IDX(2, 4, 5), 40);
    write_bytes(at("set/t10k-images-idx3-ubyte"), &b);
    write_labels(at("set/t10k-labels-idx1-ubyte"), 2, 0, 2);
    CU_ASSERT(refuses(at("set"), NULL, NULL, "t10k-images-idx3-ubyte: holds images of 4 × 5 grey, and"));
    CU_ASSERT(refuses(at("set/train-images-idx3-ubyte"), at("set/t10k-images-idx3-ubyte"), NULL,
                      "t10k-images-idx3-ubyte: holds images of 4 × 5 grey, and"));
}

static void what_is_nothing_known_is_refused(void)
{
    start_anew();
    bytes b = { 0 };
    add_bytes(&b, "# notes\n", 8);
    write_bytes(at("notes.md"), &b);
    CU_ASSERT(refuses(at("notes.md"), NULL, NULL, "notes.md: is no file of images that is known"));
    write_bytes(at("none"), &b);
    CU_ASSERT(refuses(at("none"), NULL, NULL, "none: is empty"));
    mkdir(at("folder"), 0700);
    CU_ASSERT(refuses(at("folder"), NULL, NULL, "folder: a folder without images"));
    CU_ASSERT(refuses("/dev/zero", NULL, NULL, "/dev/zero: is no regular file"));
}

CHECK_MAIN("images_idx", TEST(grey_images_are_read_with_the_labels_beside_them),
           TEST(labels_of_another_name_are_given), TEST(a_folder_holds_both_parts),
           TEST(letters_count_from_one), TEST(colours_stand_before_or_behind),
           TEST(what_a_header_says_is_held_against_the_file),
           TEST(a_small_packed_file_asks_for_no_large_memory), TEST(labels_must_fit_the_images),
           TEST(parts_must_have_images_of_one_size), TEST(what_is_nothing_known_is_refused))
