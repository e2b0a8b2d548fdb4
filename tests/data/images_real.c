/* Real images of the folder in INFOSWEEP_DATA: what is known of them comes out. */
#include "data/image_files.h"
#include "store/digest.h"

#ifdef HAVE_JPEG
#include <jpeglib.h>
#endif

/* A file of the data folder; NULL, and a word of it, where it is not there. */
static const char *data_file(const char *name)
{
    static char path[2][512];
    static int turn;
    const char *folder = getenv("INFOSWEEP_DATA");
    char *to = path[turn++ % 2];
    snprintf(to, sizeof path[0], "%s/%s", folder && folder[0] ? folder : "../shared/data", name);
    if (access(to, R_OK) == 0) return to;
    printf("skipped: no data (%s)\n", name);
    return NULL;
}

static int64_t count_class(const images *m, data_part part, int class)
{
    int64_t count = 0;
    for (int64_t i = 0; i < m->part[part].count; i++) count += m->part[part].label[i] == class;
    return count;
}

/* LeCun et al.: 60000 and 10000 images; the first ten labels, and how many sevens there are, are well known. */
static void mnist_has_its_first_labels_and_its_counts(void)
{
    static const int first[] = { 5, 0, 4, 1, 9, 2, 1, 3, 1, 4 },
                     first_test[] = { 7, 2, 1, 0, 4, 1, 4, 9, 5, 9 };
    const char *train = data_file("images/train-images-idx3-ubyte.gz"),
               *test = data_file("images/t10k-images-idx3-ubyte.gz");
    if (train == NULL || test == NULL) return;
    images *m = images_of(train, test, NULL);
    CU_ASSERT(m->size.channels == 1 && m->size.height == 28 && m->size.width == 28);
    CU_ASSERT_EQUAL(m->classes, 10);
    CU_ASSERT_EQUAL(m->part[DATA_TRAIN].count, 60000);
    CU_ASSERT_EQUAL(m->part[DATA_TEST].count, 10000);
    for (int i = 0; i < 10; i++) {
        CU_ASSERT_EQUAL(m->part[DATA_TRAIN].label[i], first[i]);
        CU_ASSERT_EQUAL(m->part[DATA_TEST].label[i], first_test[i]);
    }
    CU_ASSERT_EQUAL(count_class(m, DATA_TRAIN, 7), 6265);
    CU_ASSERT_EQUAL(count_class(m, DATA_TEST, 7), 1028);
    /* mean of the training pixels, 0.1307 of 1, as every tutorial normalises by it */
    double sum = 0;
    for (int64_t k = 0; k < 60000LL * 784; k++) sum += m->part[DATA_TRAIN].pixels[k];
    CHECK_NEAR(sum / (60000.0 * 784 * 255), 0.1307, 5e-5); /* half of the last digit */
    images_free(m);
}

static void lossless_cifar_images_have_the_mean_that_all_have(void)
{
    static const double mean[] = { 0.4914, 0.4822, 0.4465 }; /* of the 50000 training images */
    const char *path = data_file("images/cifar10_lossless4000.bin.gz");
    if (path == NULL) return;
    images *m = images_of(path, NULL, NULL);
    CU_ASSERT_EQUAL(m->part[DATA_TRAIN].count, 4000);
    for (int c = 0; c < 10; c++) CU_ASSERT(count_class(m, DATA_TRAIN, c) > 300);
    for (int c = 0; c < 3; c++) {
        double sum = 0;
        for (int64_t i = 0; i < 4000; i++)
            for (int k = 0; k < 1024; k++) sum += m->part[DATA_TRAIN].pixels[(i * 3 + c) * 1024 + k];
        /* means of images spread by about 0.12, so that of 4000 by 0.002; colours in another order would be 0.01 off at
         * least, and in another place far more */
        CHECK_NEAR(sum / (4000.0 * 1024 * 255), mean[c], 0.006);
    }
    images_free(m);
}

static void letters_are_read_in_their_order(void)
{
    const char *path = data_file("letters/az-uniform-images-idx3-ubyte.gz");
    if (path == NULL) return;
    images *m = images_of(path, NULL, NULL);
    CU_ASSERT_EQUAL(m->classes, 26);
    CU_ASSERT_EQUAL(m->part[DATA_TRAIN].count, 2990);
    for (int c = 0; c < 26; c++) CU_ASSERT_EQUAL(count_class(m, DATA_TRAIN, c), 115);
    images_free(m);
}

/* The first five files of each class, and one of the test part. */
static bool unpack_some(const char *archive)
{
    char command[1200];
    snprintf(command, sizeof command,
             "xz -dc '%s' 2>/dev/null | tar x -C %s --wildcards 'train/*/000[0-4].jpg' 'test/*/0000.jpg' "
             "2>/dev/null",
             archive, root);
    return system(command) == 0;
}

static void jpeg_images_are_the_same_bits_everywhere(void)
{
#ifdef HAVE_JPEG
    const char *archive = data_file("images/cifar10_jpeg.tar.xz");
    start_anew();
    if (archive == NULL) return;
    if (!unpack_some(archive)) {
        printf("skipped: no xz or tar\n");
        return;
    }
    images *m = images_of(root, NULL, NULL);
    CU_ASSERT_EQUAL(m->classes, 10);
    CU_ASSERT_STRING_EQUAL(m->class_name[1], "automobile");
    CU_ASSERT_EQUAL(m->part[DATA_TRAIN].count, 50);
    CU_ASSERT_EQUAL(m->part[DATA_TEST].count, 10);
#ifdef LIBJPEG_TURBO_VERSION /* other libraries interpolate colours otherwise */
    static const char digest[] = "f68fa80ca620ea97f535ba7f374c30f6f5ac5c456ad19045bb5b070dd6331d1c";
    char text[DIGEST_TEXT];
    digest_state d;
    digest_start(&d);
    digest_add(&d, m->part[DATA_TRAIN].pixels, 3072);
    digest_end(&d, text);
    CU_ASSERT_STRING_EQUAL(text, digest);
#endif
    images_free(m);
#else
    printf("skipped: made without libjpeg\n");
#endif
}

CHECK_MAIN("images_real", TEST(mnist_has_its_first_labels_and_its_counts),
           TEST(lossless_cifar_images_have_the_mean_that_all_have), TEST(letters_are_read_in_their_order),
           TEST(jpeg_images_are_the_same_bits_everywhere))
