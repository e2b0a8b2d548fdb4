/* One copy of images per machine: the first rank reads and spoils the file, so that a rank which has the images has them from
 * there. */
#include <mpi.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "data/image_set.h"
#include "schedule/node_data_parts.h"

enum { IMAGES = 40, TEST_IMAGES = 10, RECORD = 3073 };

static int rank, ranks;
static char folder[] = "/tmp/infosweep-image-sets-XXXXXX"; /* of files and of memory */
static const char *const here[] = { folder, NULL };
static char train[sizeof folder + 16], test[sizeof folder + 16];

static unsigned char byte_of(int image, int place)
{
    return (unsigned char)((image * 131 + place * 17 + place / 251) % 256);
}

/* Records of CIFAR-10, of class image % 10. */
static void write_file(const char *path, int count)
{
    FILE *to = fopen(path, "wb");
    for (int i = 0; to && i < count; i++) {
        fputc(i % 10, to);
        for (int k = 1; k < RECORD; k++) fputc(byte_of(i, k - 1), to);
    }
    if (to == NULL || fclose(to) != 0) abort();
}

typedef struct loading {
    const image_set *set;
    int calls;
} loading;

static const settings none = { .folder = "." };
static const image_files files = { .file = train, .test_file = test };

static status load(void *context)
{
    status result = OK;
    loading *l = context;
    l->calls++;
    TRY(image_set_find(&none, &files, &l->set));
    CHECK(truncate(train, 0) == 0, IO_FAILED, "%s: cannot be spoiled", train);
done:
    return result;
}

static bool holds_images(const image_set *s)
{
    bool right = s->train == IMAGES && s->test == TEST_IMAGES && s->classes == 10 && s->size.channels == 3;
    for (int i = 0; right && i < IMAGES; i++) {
        right = s->train_label[i] == i % 10;
        for (int k = 0; k < RECORD - 1; k++) right &= s->train_pixels[i * (RECORD - 1) + k] == byte_of(i, k);
    }
    for (int i = 0; right && i < TEST_IMAGES; i++) right = s->test_label[i] == i % 10;
    return right && strcmp(s->class_name[6], "frog") == 0;
}

static void one_rank_reads_images_for_all(void)
{
    loading l = { 0 };
    node_data *n;
    MPI_Comm near;
    if (rank == 0) write_file(train, IMAGES);
    if (rank == 0) write_file(test, TEST_IMAGES);
    MPI_Comm_dup(MPI_COMM_WORLD, &near);
    MPI_Barrier(MPI_COMM_WORLD);
    CU_ASSERT_EQUAL_FATAL(node_data_share_among(MPI_COMM_WORLD, near, here, load, &l, &n), OK);
    CU_ASSERT_EQUAL(l.calls, 1);
    CU_ASSERT_EQUAL(node_data_bytes(n) > (IMAGES + TEST_IMAGES) * (RECORD - 1), ranks > 1);
    CU_ASSERT_FATAL(l.set != NULL);
    CU_ASSERT(holds_images(l.set));
    data_close();
    node_data_free(n);
    MPI_Barrier(MPI_COMM_WORLD);
    if (rank == 0) CU_ASSERT(unlink(train) == 0 && unlink(test) == 0 && rmdir(folder) == 0);
}

int main(int argc, char **argv)
{
    static const check_test tests[] = { TEST(one_rank_reads_images_for_all) };
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    if (rank == 0 && mkdtemp(folder) == NULL) abort();
    MPI_Bcast(folder, (int)sizeof folder, MPI_CHAR, 0, MPI_COMM_WORLD);
    snprintf(train, sizeof train, "%s/train.bin", folder);
    snprintf(test, sizeof test, "%s/test.bin", folder);
    int failed = check_run("image_sets", tests, sizeof tests / sizeof tests[0], argc, argv);
    MPI_Finalize();
    return failed;
}
