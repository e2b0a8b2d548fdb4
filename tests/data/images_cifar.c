/* CIFAR's binary files, written here and read back. */
#include "data/image_files.h"

enum { PIXELS = 3072 };

/* Records of images number … with labels in turn; `coarse` adds the first label of CIFAR-100. */
static void write_records(const char *path, int count, int number, int classes, bool hundred)
{
    bytes b = { 0 };
    for (int i = number; i < number + count; i++) {
        uint8_t pixels[PIXELS];
        for (int k = 0; k < PIXELS; k++) pixels[k] = value_of(i, k);
        if (hundred) add_byte(&b, i % 20);
        add_byte(&b, i * 7 % classes);
        add_bytes(&b, pixels, PIXELS);
    }
    write_bytes(path, &b);
}

static void write_text(const char *path, const char *text)
{
    bytes b = { 0 };
    add_bytes(&b, text, strlen(text));
    write_bytes(path, &b);
}

/* Labels of a part, as write_records writes them. */
static bool holds_labels(const images *m, data_part part, int number, int classes)
{
    for (int i = 0; i < m->part[part].count; i++)
        if (m->part[part].label[i] != (number + i) * 7 % classes) return false;
    return true;
}

static void a_file_is_read_plain_and_packed(void)
{
    static const char *const names[] = { "some.bin", "some.bin.gz" };
    start_anew();
    for (int n = 0; n < 2; n++) {
        write_records(at("%s", names[n]), 12, 0, 10, false);
        images *m = images_of(at("%s", names[n]), NULL, NULL);
        CU_ASSERT(m->size.channels == 3 && m->size.height == 32 && m->size.width == 32);
        CU_ASSERT_EQUAL(m->classes, 10);
        CU_ASSERT_EQUAL(m->part[DATA_TRAIN].count, 12);
        CU_ASSERT_EQUAL(m->part[DATA_TEST].count, 0);
        CU_ASSERT(holds_values(m, DATA_TRAIN, 0, 12, 0));
        CU_ASSERT(holds_labels(m, DATA_TRAIN, 0, 10));
        CU_ASSERT_STRING_EQUAL(m->class_name[1], "automobile");
        CU_ASSERT_STRING_EQUAL(m->imported, "cifar");
        images_free(m);
    }
}

static void several_files_are_one_part_in_their_order(void)
{
    start_anew();
    write_records(at("b.bin"), 3, 100, 10, false);
    write_records(at("a.bin.gz"), 2, 200, 10, false);
    const char *const paths[] = { at("b.bin"), at("a.bin.gz") };
    images *m = NULL;
    CU_ASSERT_EQUAL_FATAL(images_read(&(image_source){ paths, 2, NULL }, &(image_source){ 0 }, &m), OK);
    CU_ASSERT_EQUAL(m->part[DATA_TRAIN].count, 5);
    CU_ASSERT(holds_values(m, DATA_TRAIN, 0, 3, 100));
    CU_ASSERT(holds_values(m, DATA_TRAIN, 3, 2, 200));
    images_free(m);
}

static void a_folder_holds_five_batches_and_a_test_batch(void)
{
    start_anew();
    for (int b = 1; b <= 5; b++) write_records(at("ten/data_batch_%d.bin", b), 2, 2 * b, 10, false);
    CU_ASSERT(refuses(at("ten"), NULL, NULL, "has no test_batch.bin (nor test_batch.bin.gz)"));
    write_records(at("ten/test_batch.bin.gz"), 3, 50, 10, false);
    images *m = images_of(at("ten"), NULL, NULL);
    CU_ASSERT_EQUAL(m->part[DATA_TRAIN].count, 10);
    CU_ASSERT_EQUAL(m->part[DATA_TEST].count, 3);
    CU_ASSERT(holds_values(m, DATA_TRAIN, 0, 10, 2));
    CU_ASSERT(holds_values(m, DATA_TEST, 0, 3, 50));
    CU_ASSERT(holds_labels(m, DATA_TEST, 50, 10));
    images_free(m);
    unlink(at("ten/data_batch_3.bin"));
    CU_ASSERT(refuses(at("ten"), NULL, NULL, "has no data_batch_3.bin"));
}

static void cifar_100_has_fine_labels_or_coarse_ones(void)
{
    start_anew();
    write_records(at("hundred/train.bin"), 4, 40, 100, true);
    write_records(at("hundred/test.bin"), 3, 70, 100, true);
    images *fine = images_of(at("hundred"), NULL, NULL), *coarse = images_of(at("hundred"), NULL, "coarse");
    CU_ASSERT_EQUAL(fine->classes, 100);
    CU_ASSERT_EQUAL(coarse->classes, 20);
    CU_ASSERT_PTR_NULL(fine->class_name);
    CU_ASSERT(holds_labels(fine, DATA_TRAIN, 40, 100));
    CU_ASSERT(holds_labels(fine, DATA_TEST, 70, 100));
    for (int i = 0; i < 4; i++) CU_ASSERT_EQUAL(coarse->part[DATA_TRAIN].label[i], (40 + i) % 20);
    CU_ASSERT(holds_values(coarse, DATA_TEST, 0, 3, 70));
    images_free(fine);
    images_free(coarse);
    CU_ASSERT(refuses(at("hundred"), NULL, "rough", "labels of CIFAR-100 are fine or coarse, not rough"));
}

/* 3073 records of 3074 bytes are as long as 3074 of 3073. */
static void labels_tell_what_the_size_does_not(void)
{
    start_anew();
    write_records(at("ten.bin"), 3074, 0, 10, false);
    images *m = images_of(at("ten.bin"), NULL, NULL);
    CU_ASSERT_EQUAL(m->classes, 10);
    CU_ASSERT_EQUAL(m->part[DATA_TRAIN].count, 3074);
    images_free(m);
    write_records(at("hundred.bin"), 3073, 0, 100, true);
    m = images_of(at("hundred.bin"), NULL, NULL);
    CU_ASSERT_EQUAL(m->classes, 100);
    CU_ASSERT_EQUAL(m->part[DATA_TRAIN].count, 3073);
    CU_ASSERT(holds_values(m, DATA_TRAIN, 0, 3073, 0));
    images_free(m);
}

static void names_of_classes_lie_beside_the_images(void)
{
    start_anew();
    write_records(at("some.bin"), 10, 0, 10, false);
    write_text(at("batches.meta.txt"), "nought\r\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n\n");
    images *m = images_of(at("some.bin"), NULL, NULL);
    CU_ASSERT_STRING_EQUAL(m->class_name[0], "nought");
    CU_ASSERT_STRING_EQUAL(m->class_name[9], "nine");
    images_free(m);
    write_text(at("batches.meta.txt"), "one\ntwo\n");
    CU_ASSERT(refuses(at("some.bin"), NULL, NULL,
                      "batches.meta.txt: names 2 classes; right would be 10, one a line"));
    write_text(at("batches.meta.txt"), "a\na\nb\nc\nd\ne\nf\ng\nh\ni\n");
    CU_ASSERT(refuses(at("some.bin"), NULL, NULL, "two classes are called a"));
}

static void what_is_no_cifar_file_is_refused(void)
{
    start_anew();
    bytes b = { 0 };
    write_bytes(at("empty.bin"), &b);
    CU_ASSERT(refuses(at("empty.bin"), NULL, NULL, "empty.bin: is empty"));
    write_records(at("cut.bin"), 2, 0, 10, false);
    CU_ASSERT_EQUAL(truncate(at("cut.bin"), 2 * 3073 - 1), 0);
    CU_ASSERT(refuses(at("cut.bin"), NULL, NULL, "cut.bin: 6145 bytes are no whole number of CIFAR images"));
    CU_ASSERT(refuses(at("nowhere.bin"), NULL, NULL, "nowhere.bin: cannot open"));
}

static void a_label_out_of_range_is_named(void)
{
    start_anew();
    write_records(at("odd.bin"), 3, 0, 10, false);
    FILE *f = fopen(at("odd.bin"), "r+b");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    fseek(f, 2 * 3073, SEEK_SET);
    fputc(10, f);
    fclose(f);
    CU_ASSERT(refuses(at("odd.bin"), NULL, NULL,
                      "odd.bin: image 2 (from 0) has label 10; right would be 0 to 9, as CIFAR-10 has"));
}

/* A packed file that is cut off, or changed, says so wherever it ends. */
static void a_packed_file_that_is_damaged_is_refused(void)
{
    start_anew();
    write_records(at("some.bin.gz"), 8, 0, 10, false);
    struct stat about;
    CU_ASSERT_EQUAL_FATAL(stat(at("some.bin.gz"), &about), 0);
    for (off_t size = about.st_size - 1; size > 40; size -= 997) {
        CU_ASSERT_EQUAL(truncate(at("some.bin.gz"), size), 0);
        CU_ASSERT(refuses(at("some.bin.gz"), NULL, NULL, "some.bin.gz: cut off"));
    }
    write_records(at("some.bin.gz"), 8, 0, 10, false);
    FILE *f = fopen(at("some.bin.gz"), "r+b");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    fseek(f, -6, SEEK_END); /* in the checksum */
    fputc(fgetc(f) ^ 1, f);
    fclose(f);
    CU_ASSERT(refuses(at("some.bin.gz"), NULL, NULL, "some.bin.gz: damaged: it does not unpack"));
}

static void a_test_part_from_elsewhere_must_fit(void)
{
    start_anew();
    write_records(at("train.bin"), 10, 0, 10, false);
    write_records(at("test.bin"), 4, 30, 10, false);
    images *m = images_of(at("train.bin"), at("test.bin"), NULL);
    CU_ASSERT_EQUAL(m->part[DATA_TEST].count, 4);
    CU_ASSERT(holds_values(m, DATA_TEST, 0, 4, 30));
    CU_ASSERT(holds_labels(m, DATA_TEST, 30, 10));
    images_free(m);
    write_records(at("hundred.bin"), 4, 30, 100, true);
    CU_ASSERT(refuses(at("train.bin"), at("hundred.bin"), NULL, "which the training images do not know"));
    for (int b = 1; b <= 5; b++) write_records(at("ten/data_batch_%d.bin", b), 1, 2 * b, 10, false);
    write_records(at("ten/test_batch.bin"), 3, 50, 10, false);
    CU_ASSERT(refuses(at("ten"), at("test.bin"), NULL, "holds a test part already"));
    CU_ASSERT(refuses(at("train.bin"), at("ten"), NULL, "right would be test images alone"));
}

CHECK_MAIN("images_cifar", TEST(a_file_is_read_plain_and_packed),
           TEST(several_files_are_one_part_in_their_order),
           TEST(a_folder_holds_five_batches_and_a_test_batch), TEST(cifar_100_has_fine_labels_or_coarse_ones),
           TEST(labels_tell_what_the_size_does_not), TEST(names_of_classes_lie_beside_the_images),
           TEST(what_is_no_cifar_file_is_refused), TEST(a_label_out_of_range_is_named),
           TEST(a_packed_file_that_is_damaged_is_refused), TEST(a_test_part_from_elsewhere_must_fit))
