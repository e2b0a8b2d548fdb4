/* Image sets: found by options, kept for the process, shared as blocks. */
#include "data/image_files.h"
#include "data/image_set.h"

static const settings none = { .folder = "." };

/* CIFAR-10 records, image i of class i % 10. */
static void write_some(const char *path, int count, int number)
{
    bytes b = { 0 };
    for (int i = number; i < number + count; i++) {
        add_byte(&b, i % 10);
        for (int k = 0; k < 3072; k++) add_byte(&b, value_of(i, k));
    }
    write_bytes(path, &b);
}

static const image_set *set_of(const char *file, const char *test_file)
{
    const image_set *set = NULL;
    if (image_set_find(&none, &(image_files){ .file = file, .test_file = test_file }, &set) != OK) {
        fprintf(stderr, "%s\n", failure_text());
        abort();
    }
    return set;
}

/* Are its images those of write_some, from number `number` on, and the test images from `test` on? */
static bool holds(const image_set *s, int number, int test)
{
    for (int64_t i = 0; i < s->train; i++)
        for (int k = 0; k < 3072; k++)
            if (s->train_pixels[i * 3072 + k] != value_of(number + (int)i, k) ||
                s->train_label[i] != (number + i) % 10)
                return false;
    for (int64_t i = 0; i < s->test; i++)
        for (int k = 0; k < 3072; k++)
            if (s->test_pixels[i * 3072 + k] != value_of(test + (int)i, k) ||
                s->test_label[i] != (test + i) % 10)
                return false;
    return true;
}

static void a_set_is_read_once_and_kept(void)
{
    start_anew();
    write_some(at("train.bin"), 9, 4);
    write_some(at("test.bin"), 3, 70);
    const image_set *set = set_of(at("train.bin"), at("test.bin"));
    CU_ASSERT_STRING_EQUAL(set->path, at("train.bin"));
    CU_ASSERT_EQUAL(set->train, 9);
    CU_ASSERT_EQUAL(set->test, 3);
    CU_ASSERT_EQUAL(set->classes, 10);
    CU_ASSERT_STRING_EQUAL(set->class_name[0], "airplane");
    CU_ASSERT(holds(set, 4, 70));
    unlink(at("train.bin"));
    write_some(at("train.bin"), 9, 500);
    CU_ASSERT_PTR_EQUAL(set_of(at("train.bin"), at("test.bin")), set);
    const image_set *other = set_of(at("train.bin"), "");
    CU_ASSERT_PTR_NOT_EQUAL(other, set); /* other options are another set */
    CU_ASSERT(holds(other, 500, 0) && other->test == 0);
    image_set_close();
    CU_ASSERT(holds(set_of(at("train.bin"), at("test.bin")), 500, 70));
    image_set_close();
}

/* Is it refused with this text? */
static bool find_refuses(const image_files *files, const char *says)
{
    const image_set *set = NULL;
    failure_clear();
    bool refused = image_set_find(&none, files, &set) == BAD_INPUT && strstr(failure_text(), says);
    if (!refused) fprintf(stderr, "\"%s\" does not say \"%s\"\n", failure_text(), says);
    return refused;
}

static void a_refusal_names_the_option(void)
{
    start_anew();
    write_some(at("train.bin"), 9, 4);
    const char *there = at("train.bin"), *nowhere = at("nowhere.bin");
    CU_ASSERT(find_refuses(&(image_files){ .file = "" }, "data.file is not given"));
    CU_ASSERT(find_refuses(&(image_files){ .file = nowhere }, "data.file: /tmp/"));
    CU_ASSERT(find_refuses(&(image_files){ .file = "nowhere.bin" },
                           "data.file: nowhere.bin: no such file or folder"));
    CU_ASSERT(find_refuses(&(image_files){ .file = there, .test_file = nowhere }, "data.test_file: /tmp/"));
    CU_ASSERT(find_refuses(&(image_files){ .file = there, .labels = nowhere }, "data.labels: /tmp/"));
    CU_ASSERT(find_refuses(&(image_files){ .file = there, .test_labels = there },
                           "data.test_labels is given without data.test_file"));
    CU_ASSERT(find_refuses(&(image_files){ .file = there, .labels = "coarse" },
                           "train.bin: is CIFAR-10, whose labels are its own"));
    image_set_close();
}

/* ---- which files -------------------------------------------------------------------------------------------------------- */

static int visits;
static char visited[8][512];

static status visit(const char *path, void *context)
{
    (void)context;
    if (visits < 8) snprintf(visited[visits++], sizeof visited[0], "%s", path);
    return OK;
}

static void every_file_of_a_set_is_visited(void)
{
    start_anew();
    for (int b = 1; b <= 5; b++) write_some(at("ten/data_batch_%d.bin%s", b, b % 2 ? "" : ".gz"), 2, 2 * b);
    write_some(at("ten/test_batch.bin"), 2, 50);
    write_some(at("more.bin"), 2, 50);
    visits = 0;
    CU_ASSERT_EQUAL(
        image_set_files(&none, &(image_files){ .file = at("ten"), .test_file = at("more.bin") }, visit, NULL),
        OK);
    CU_ASSERT_EQUAL_FATAL(visits, 7);
    CU_ASSERT_STRING_EQUAL(visited[0], at("ten/data_batch_1.bin"));
    CU_ASSERT_STRING_EQUAL(visited[1], at("ten/data_batch_2.bin.gz"));
    CU_ASSERT_STRING_EQUAL(visited[5], at("ten/test_batch.bin"));
    CU_ASSERT_STRING_EQUAL(visited[6], at("more.bin"));
}

/* ---- blocks ------------------------------------------------------------------------------------------------------------- */

static void a_set_that_is_moved_is_the_same(void)
{
    start_anew();
    write_some(at("train.bin"), 9, 4);
    write_some(at("test.bin"), 3, 70);
    const image_set *set = set_of(at("train.bin"), at("test.bin")), *small = set_of(at("test.bin"), "");
    const char *airplane = set->class_name[0];
    size_t size;
    CU_ASSERT_EQUAL_FATAL(data_shared_bytes(&size), OK);
    CU_ASSERT(size > (9 + 3 + 3) * 3074);
    unsigned char *block = aligned_alloc(64, (size + 63) / 64 * 64);
    CU_ASSERT_PTR_NOT_NULL_FATAL(block);
    CU_ASSERT_EQUAL(data_move(block), OK);
    CU_ASSERT(set->train_pixels > block && set->train_pixels < block + size);
    CU_ASSERT(holds(set, 4, 70) && holds(small, 70, 0));
    CU_ASSERT_PTR_EQUAL(set->class_name[0], airplane); /* may be borrowed, and stays */
    CU_ASSERT_EQUAL(data_shared_bytes(&size), OK);
    CU_ASSERT_EQUAL(size, 0); /* what is moved is not moved again */
    free(block);
    image_set_close();
}

/* As another process finds it: without files. */
static void a_set_is_found_in_a_block_instead_of_files(void)
{
    start_anew();
    write_some(at("train.bin"), 9, 4);
    write_some(at("test.bin"), 3, 70);
    set_of(at("train.bin"), at("test.bin"));
    size_t size;
    CU_ASSERT_EQUAL_FATAL(data_shared_bytes(&size), OK);
    unsigned char *block = aligned_alloc(64, (size + 63) / 64 * 64);
    CU_ASSERT_PTR_NOT_NULL_FATAL(block);
    CU_ASSERT_EQUAL(data_move(block), OK);
    image_set_close();
    CU_ASSERT_EQUAL(truncate(at("train.bin"), 0), 0);
    CU_ASSERT_EQUAL(data_adopt(block), OK);
    CU_ASSERT_EQUAL(data_adopt(block), OK); /* it is there already */
    const image_set *set = set_of(at("train.bin"), at("test.bin"));
    CU_ASSERT(set->train_pixels > block && set->train_pixels < block + size);
    CU_ASSERT(holds(set, 4, 70));
    CU_ASSERT(set->train == 9 && set->test == 3 && set->classes == 10);
    CU_ASSERT_STRING_EQUAL(set->class_name[9], "truck");
    CU_ASSERT_STRING_EQUAL(set->path, at("train.bin"));
    CU_ASSERT_EQUAL(data_shared_bytes(&size), OK);
    CU_ASSERT_EQUAL(size, 0);
    image_set_close();
    free(block);
}

CHECK_MAIN("images_set", TEST(a_set_is_read_once_and_kept), TEST(a_refusal_names_the_option),
           TEST(every_file_of_a_set_is_visited), TEST(a_set_that_is_moved_is_the_same),
           TEST(a_set_is_found_in_a_block_instead_of_files))
