/* RINE's networks of images trained by gangs: what a task comes to does not depend on how many ranks train it, nor on who goes on
 * with it. Gangs of 1, 2, 4, … as far as the ranks of the test go. */
#include <mpi.h>

#include "estimators/image_task.h"
#include "schedule/gang_make.h"
#include "tensor.h"

static MPI_Comm comm;
static int rank, ranks;

#define NETWORK                                                                                            \
    "estimator: rine\ndata: {kind: views, file: none}\nmodel: {kind: cnn, channels: [4, 6], hidden: []}\n" \
    "rine: {beta: 3, average_last: 2, history: true}\n"

/* Trains as a gang of the first `count` ranks; the others pass. What is told counts on rank 0. A gang that is to stop is freed when all
 * of its ranks have ended. */
static status train_by(int count, const char *text, int sources, checkpoint *keep, int64_t stop_at, told *out)
{
    image_task task;
    gang *all = NULL;
    if (rank >= count) {
        if (stop_at > 0) MPI_Barrier(comm);
        return OK;
    }
    image_task_make(&task, text, draw_images(SHOWN_CLASS, sources, 100, 50));
    CU_ASSERT_FATAL(gang_make(comm, 0, count, &all) == OK);
    status result = train_images(&task, all, keep, stop_at, out);
    if (stop_at > 0) MPI_Barrier(comm);
    gang_free(all);
    image_task_free(&task);
    return result;
}

static void check_gangs(const char *text, int sources, int most)
{
    told alone, together;
    CU_ASSERT_EQUAL(train_by(1, text, sources, NULL, 0, &alone), OK);
    for (int count = 2; count <= ranks && count <= most; count *= 2) {
        CU_ASSERT_EQUAL(train_by(count, text, sources, NULL, 0, &together), OK);
        if (rank == 0) CU_ASSERT(alone.epochs == 3 && memcmp(&alone, &together, sizeof alone) == 0);
    }
}

static void gangs_of_any_size_give_the_same_bits(void)
{
    check_gangs(NETWORK "train: {batch: 32, epochs: 3}\n", 2, 2);
    check_gangs(NETWORK "train: {batch: 32, epochs: 3}\n", 3, 2);
    check_gangs(NETWORK "train: {batch: 40, epochs: 3, micro_batches: 4}\n", 2, 8);
    check_gangs(NETWORK "train: {batch: 40, epochs: 3, micro_batches: 4, optimizer: adam}\n", 3, 8);
    /* parts of 5 and 6 rows */
    check_gangs(NETWORK "train: {batch: 23, epochs: 3, micro_batches: 4, last_batch: drop}\n", 2, 8);
}

static void a_gang_of_another_size_goes_on_with_the_same_bits(void)
{
    const char *text = NETWORK "train: {batch: 40, epochs: 3, micro_batches: 4}\n";
    told alone, together;
    int most = 1;
    while (2 * most <= ranks && most < 8) most *= 2;
    CU_ASSERT_EQUAL(train_by(1, text, 2, NULL, 0, &alone), OK);
    for (int count = 1; count <= most; count *= 2)
        for (int then = 1; then <= most; then *= 2) {
            memory_checkpoint keep;
            memory_checkpoint_make(&keep, 4);
            CU_ASSERT_EQUAL(train_by(count, text, 2, &keep.base, 0, &together), OK);
            if (rank == 0) CU_ASSERT_EQUAL(keep.saves, 2);
            keep.every = 0;
            CU_ASSERT_EQUAL(train_by(then, text, 2, &keep.base, 0, &together), OK);
            if (rank == 0) CU_ASSERT(memcmp(&alone, &together, sizeof alone) == 0);
            free(keep.state);
        }
}

static void a_gang_that_must_stop_ends_on_all_ranks(void)
{
    told t;
    int most = 1;
    while (2 * most <= ranks && most < 8) most *= 2;
    for (int64_t stop = 5; stop < 100; stop += 40) {
        /* what a gang that was given up has not received would reach the next one of the same communicator */
        MPI_Comm others = comm;
        MPI_Comm_dup(others, &comm);
        /* each rank is told at its own time, as by messages */
        status result = train_by(most, NETWORK "train: {batch: 40, epochs: 3, micro_batches: 4}\n", 2, NULL,
                                 stop + 3 * rank, &t);
        if (rank < most) CU_ASSERT_EQUAL(result, WORK_LEFT);
        MPI_Comm_free(&comm);
        comm = others;
    }
}

static const check_test tests[] = {
    TEST(gangs_of_any_size_give_the_same_bits),
    TEST(a_gang_of_another_size_goes_on_with_the_same_bits),
    TEST(a_gang_that_must_stop_ends_on_all_ranks),
};

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);
    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &ranks);
    int failed = 0;
    if (tensor_available())
        failed = check_run("gang_rine", tests, sizeof tests / sizeof tests[0], argc, argv);
    else
        puts("skipped: no oneDNN");
    MPI_Comm_free(&comm);
    MPI_Finalize();
    return failed;
}
