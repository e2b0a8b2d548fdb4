/* Data files of images: written, read back, and made by others with what must be refused. */
#include <hdf5.h>

#include "data/image_files.h"
#include "data/recordings_of.h"
#include "store/digest.h"
#include "store/hdf5.h"

/* Images of 3 × 4 × 5 in three classes. */
static images *some_images(int train, int test, bool named)
{
    static const char *const names[] = { "größer", "b", "c" };
    images *m = calloc(1, sizeof *m);
    const int count[] = { train, test };
    if (m == NULL) abort();
    m->size = (image_size){ 3, 4, 5 };
    m->classes = 3;
    if (named) must(images_name_classes(m, names, 3));
    for (int p = 0; p < 2; p++) {
        if (count[p] == 0) continue;
        must(image_part_make(&m->part[p], m->size, count[p], "some"));
        for (int i = 0; i < count[p]; i++) {
            for (int k = 0; k < 60; k++) m->part[p].pixels[i * 60 + k] = value_of(100 * p + i, k);
            m->part[p].label[i] = (uint16_t)((i + p) % 3);
        }
    }
    m->title = strdup("Some images");
    m->source = strdup("some.bin");
    m->sha256 = strdup("0123");
    m->imported = strdup("cifar");
    return m;
}

static void what_is_written_is_read_back(void)
{
    for (int kind = 0; kind < 4; kind++) {
        start_anew();
        const int test = kind % 2 ? 7 : 0;
        images *m = some_images(20000, test, kind / 2); /* more than one chunk */
        CU_ASSERT_EQUAL(images_write(m, at("some.h5"), false), OK);
        images *again = images_of(at("some.h5"), NULL, NULL);
        CU_ASSERT(image_size_equal(again->size, m->size));
        CU_ASSERT_EQUAL(again->classes, 3);
        CU_ASSERT_EQUAL(again->part[DATA_TEST].count, test);
        for (int p = 0; p < 2; p++) {
            const size_t count = (size_t)m->part[p].count;
            CU_ASSERT_EQUAL(again->part[p].count, m->part[p].count);
            if (count == 0) continue;
            CU_ASSERT_EQUAL(memcmp(again->part[p].pixels, m->part[p].pixels, count * 60), 0);
            CU_ASSERT_EQUAL(memcmp(again->part[p].label, m->part[p].label, count * sizeof(uint16_t)), 0);
        }
        CU_ASSERT_EQUAL(again->class_name != NULL, kind / 2);
        if (again->class_name) CU_ASSERT_STRING_EQUAL(again->class_name[0], "größer");
        CU_ASSERT_STRING_EQUAL(again->title, "Some images");
        CU_ASSERT_STRING_EQUAL(again->source, "some.bin");
        CU_ASSERT_STRING_EQUAL(again->sha256, "0123");
        CU_ASSERT_STRING_EQUAL(again->imported, "cifar");
        CU_ASSERT(images_is_data_file(at("some.h5")));
        images_free(again);
        images_free(m);
    }
}

static void a_file_that_is_there_is_replaced_only_if_asked(void)
{
    start_anew();
    images *m = some_images(9, 0, false);
    must(images_write(m, at("some.h5"), false));
    CU_ASSERT_EQUAL(images_write(m, at("some.h5"), false), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "some.h5 is there already; --replace puts the new file"));
    CU_ASSERT_EQUAL(images_write(m, at("some.h5"), true), OK);
    /* what cannot be written leaves the old file, and nothing beside it */
    m->part[DATA_TRAIN].label[3] = 3;
    CU_ASSERT_EQUAL(images_write(m, at("some.h5"), true), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "image 3 (from 0) of the training part has label 3"));
    images_free(images_of(at("some.h5"), NULL, NULL));
    unlink(at("some.h5"));
    CU_ASSERT_EQUAL(rmdir(root), 0);
    images_free(m);
}

static void the_same_images_are_the_same_bytes(void)
{
    char digest[2][DIGEST_TEXT];
    start_anew();
    images *m = some_images(90, 9, true);
    for (int i = 0; i < 2; i++) {
        must(images_write(m, at("%d.h5", i), false));
        must(digest_file(at("%d.h5", i), digest[i]));
    }
    CU_ASSERT_STRING_EQUAL(digest[0], digest[1]);
    images_free(m);
}

/* ---- files of others ------------------------------------------------------------------------------------------------------ */

/* Opens what was written, to change it. */
static hid_t open_some(void)
{
    start_anew();
    images *m = some_images(9, 3, true);
    must(images_write(m, at("some.h5"), false));
    images_free(m);
    hid_t file = H5Fopen(at("some.h5"), H5F_ACC_RDWR, H5P_DEFAULT);
    if (file < 0) abort();
    return file;
}

/* Puts an array of zeros in the place of another; rank 0 leaves it out. */
static void put_array(hid_t file, const char *name, hid_t type, int rank, const hsize_t *extent)
{
    H5Ldelete(file, name, H5P_DEFAULT);
    if (rank == 0) return;
    hid_t space = H5Screate_simple(rank, extent, NULL);
    hid_t array = H5Dcreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (array < 0) abort();
    H5Dclose(array);
    H5Sclose(space);
}

static void put_label(hid_t file, const char *name, hid_t type, int count, int index, double value)
{
    const hsize_t extent = (hsize_t)count;
    double label[16] = { 0 };
    label[index] = value;
    put_array(file, name, type, 1, &extent);
    hid_t array = H5Dopen2(file, name, H5P_DEFAULT);
    if (H5Dwrite(array, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, label) < 0) abort();
    H5Dclose(array);
}

static bool closed_and_refused(hid_t file, const char *says)
{
    H5Fclose(file);
    return refuses(at("some.h5"), NULL, NULL, says);
}

static void arrays_of_other_shapes_are_refused(void)
{
    static const struct {
        const char *name;
        int rank;
        hsize_t extent[5];
        const char *says;
    } cases[] = {
        { "train_images", 0, { 0 }, "train_images" },
        { "train_labels", 0, { 0 }, "train_labels" },
        { "test_labels", 0, { 0 }, "test_labels" },
        { "train_images",
          3,
          { 9, 4, 5 },
          "/train_images is no array (images, channels, height, width) of bytes" },
        { "train_images",
          4,
          { 9, 5, 4, 4 },
          "/train_images holds 9 images of 5 channels × 4 × 4; right would be" },
        { "train_images", 4, { 9, 3, 1, 5000 }, "1 to 4 channels and 1 to 4096 a side" },
        { "train_images", 4, { 9, 3, 0, 5 }, "/train_images holds 9 images of 3 channels × 0 × 5" },
        { "train_images", 4, { 0, 3, 4, 5 }, "/train_images holds 0 images" },
        { "train_images", 4, { 1 << 30, 3, 4000, 4000 }, "which the file cannot hold" },
        { "train_images", 4, { 8, 3, 4, 5 }, "/train_labels: has 9 values; at most 8 are right here" },
        { "train_images",
          4,
          { 10, 3, 4, 5 },
          "/train_labels has 9 labels; right would be 10, one per image" },
        { "test_images",
          4,
          { 3, 3, 5, 4 },
          "/test_images holds images of 5 × 4 in 3 colours, and the training" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hid_t file = open_some();
        put_array(file, cases[i].name, H5T_STD_U8LE, cases[i].rank, cases[i].extent);
        CU_ASSERT(closed_and_refused(file, cases[i].says));
    }
    hid_t file = open_some();
    put_array(file, "train_images", H5T_STD_I16LE, 4, (const hsize_t[]){ 9, 3, 4, 5 });
    CU_ASSERT(closed_and_refused(file, "of bytes, uint8"));
}

static void labels_are_classes(void)
{
    static const struct {
        const char *name;
        int count;
        double value;
        const char *says;
    } cases[] = {
        { "train_labels", 9, -1, "/train_labels[2] is -1; right would be a class, 0 to 9999" },
        { "train_labels", 9, 0.5, "/train_labels[2] is 0.5; right would be a class" },
        { "train_labels", 9, 70000, "/train_labels[2] is 70000; right would be a class" },
        { "train_labels", 9, NAN, "right would be a class" },
        { "train_labels", 9, 3, "/class_names names 3 classes, and there are 4" },
        { "test_labels", 3, 3, "image 2 (from 0) of the test part has label 3; right would be 0 to 2" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hid_t file = open_some();
        put_label(file, cases[i].name, H5T_IEEE_F64LE, cases[i].count, 2, cases[i].value);
        CU_ASSERT(closed_and_refused(file, cases[i].says));
    }
    hid_t file = open_some(); /* whole numbers of any type will do */
    put_label(file, "train_labels", H5T_STD_I64BE, 9, 2, 2);
    H5Fclose(file);
    images *m = images_of(at("some.h5"), NULL, NULL);
    CU_ASSERT_EQUAL(m->part[DATA_TRAIN].label[2], 2);
    images_free(m);
}

static void other_files_are_told_apart(void)
{
    hid_t file = open_some();
    const int version = 2;
    H5Adelete(file, "infosweep_version");
    must(hdf5_write_numbers(file, "infosweep_version", H5T_NATIVE_INT, &version, 1));
    CU_ASSERT(closed_and_refused(file, "is a data file of version 2, and this infosweep reads version 1"));
    file = open_some();
    H5Adelete(file, "infosweep_format");
    CU_ASSERT(closed_and_refused(file, "is no infosweep data file"));
    CU_ASSERT(!images_is_data_file(at("some.h5")));

    recordings *r = turning_recordings(2, (const int[]){ 12, 15 }, 4);
    must(recordings_write(r, at("recordings.h5"), false));
    recordings_free(r);
    CU_ASSERT(!images_is_data_file(at("recordings.h5")));
    CU_ASSERT(refuses(at("recordings.h5"), NULL, NULL, "is an infosweep file, but of recordings"));
    H5Fclose(open_some());
    CU_ASSERT_EQUAL(recordings_read(at("some.h5"), &r), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "is an infosweep file, but of images"));
}

/* Cut off wherever it may be. */
static void a_truncated_file_is_refused(void)
{
    struct stat about;
    H5Fclose(open_some());
    CU_ASSERT_EQUAL_FATAL(stat(at("some.h5"), &about), 0);
    for (off_t size = about.st_size - 1; size > 8; size -= about.st_size / 7) {
        CU_ASSERT_EQUAL(truncate(at("some.h5"), size), 0);
        CU_ASSERT(refuses(at("some.h5"), NULL, NULL, "some.h5: "));
    }
}

/* ---- digests --------------------------------------------------------------------------------------------------------------- */

static void write_word(const char *path, const char *word)
{
    bytes b = { 0 };
    add_bytes(&b, word, strlen(word));
    write_bytes(path, &b);
}

/* As sha256sum says: of b/1 and b-1, in this order of bytes: printf '…  b-1\n…  b/1\n' | sha256sum. */
static void the_digest_of_a_folder_is_that_of_names_and_contents(void)
{
    char first[DIGEST_TEXT], again[DIGEST_TEXT], one[DIGEST_TEXT], lines[256];
    digest_state d;
    start_anew();
    write_word(at("set/b/1"), "eins");
    write_word(at("set/b-1"), "zwei");
    write_word(at("set/.hidden"), "nichts");
    must(digest_path(at("set"), first));

    digest_start(&d);
    must(digest_file(at("set/b-1"), one));
    snprintf(lines, sizeof lines, "%s  b-1\n", one);
    digest_add(&d, lines, strlen(lines));
    must(digest_file(at("set/b/1"), one));
    snprintf(lines, sizeof lines, "%s  b/1\n", one);
    digest_add(&d, lines, strlen(lines));
    digest_end(&d, again);
    CU_ASSERT_STRING_EQUAL(first, again);

    rename(at("set/b/1"), at("set/b/2"));
    must(digest_path(at("set"), again));
    CU_ASSERT(strcmp(first, again) != 0);
    must(digest_path(at("set/b-1"), again));
    must(digest_file(at("set/b-1"), one));
    CU_ASSERT_STRING_EQUAL(again, one);
    CU_ASSERT_EQUAL(symlink(".", at("set/circle")), 0);
    CU_ASSERT_EQUAL(digest_path(at("set"), again), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "folders in folders"));
}

CHECK_MAIN("images_file", TEST(what_is_written_is_read_back),
           TEST(a_file_that_is_there_is_replaced_only_if_asked), TEST(the_same_images_are_the_same_bytes),
           TEST(arrays_of_other_shapes_are_refused), TEST(labels_are_classes),
           TEST(other_files_are_told_apart), TEST(a_truncated_file_is_refused),
           TEST(the_digest_of_a_folder_is_that_of_names_and_contents))
