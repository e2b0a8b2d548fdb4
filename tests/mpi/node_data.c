/* One copy of the data per machine. There is one machine only, so ranks play several; whoever reads a file spoils it, so that
 * a rank which has data and did not read it first has it from there. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "data/recordings_of.h"
#include "data/settings_of.h"
#include "schedule.h"
#include "schedule/node_data_parts.h"
#include "schedule/node_memory.h"

static int rank, ranks;
static char folder[] = "/tmp/infosweep-node-XXXXXX"; /* of files and of memory */
static const char *const here[] = { folder, NULL };

/* What a rank does when it is asked to load. */
typedef struct loading {
    char path[sizeof folder + 16];
    test_settings *settings;
    bool spoils; /* the file, after reading it */
    int calls;
} loading;

static status load(void *context)
{
    status result = OK;
    loading *l = context;
    data_shape shape;
    l->calls++;
    TRY(l->settings->s.data->shape(&l->settings->s, &shape));
    if (!l->spoils) goto done;
    int file = open(l->path, O_WRONLY | O_TRUNC);
    CHECK(file >= 0, IO_FAILED, "%s: %s", l->path, strerror(errno));
    close(file);
done:
    return result;
}

/* Each machine has a file of its own, which its first rank writes. */
static void begin(loading *l, int machine, bool writes, bool spoils)
{
    *l = (loading){ .spoils = spoils };
    snprintf(l->path, sizeof l->path, "%s/data%d.h5", folder, machine);
    if (writes) {
        recordings *r = turning_recordings(2, (const int[]){ 12, 15 }, 4);
        must(recordings_write(r, l->path, true));
        recordings_free(r);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    l->settings = settings_of("sessions");
    settings_set(l->settings, "file", l->path);
    settings_set(l->settings, "session_1", "A");
    settings_set(l->settings, "session_2", "B");
    settings_set(l->settings, "pairing", "surrogate");
}

static void end(loading *l, node_data *n)
{
    data_close();
    node_data_free(n);
    unlink(l->path);
    MPI_Barrier(MPI_COMM_WORLD); /* before the next file of this name is written */
    settings_of_free(l->settings);
}

/* Machines of every other rank, or one of all ranks. */
static MPI_Comm machine_of(int machine)
{
    MPI_Comm near;
    MPI_Comm_split(MPI_COMM_WORLD, machine, 0, &near);
    return near;
}

/* Samples can be made, from the same numbers on all ranks. */
static void expect_same_data(const loading *l)
{
    dataset *d = NULL;
    must(l->settings->s.data->make(&l->settings->s, &d));
    double sum = 0, least, most;
    for (int64_t i = 0; i < d->shape.train * d->shape.features[0]; i++)
        sum += (double)(i % 97) * (double)d->train_x[0][i];
    MPI_Allreduce(&sum, &least, 1, MPI_DOUBLE, MPI_MIN, MPI_COMM_WORLD);
    MPI_Allreduce(&sum, &most, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    CU_ASSERT(least == most && most != 0);
    dataset_free(d);
}

static void one_rank_of_a_machine_reads_for_all(void)
{
    loading l;
    node_data *n;
    begin(&l, 0, rank == 0, true);
    CU_ASSERT_EQUAL_FATAL(node_data_share(MPI_COMM_WORLD, load, &l, &n), OK);
    CU_ASSERT_EQUAL(l.calls, 1);
    CU_ASSERT_EQUAL(node_data_bytes(n) > 0, ranks > 1); /* a rank alone keeps what it has */
    expect_same_data(&l);
    end(&l, n);
}

static void each_machine_reads_for_itself(void)
{
    loading l;
    node_data *n;
    begin(&l, rank % 2, rank < 2, true);
    CU_ASSERT_EQUAL_FATAL(node_data_share_among(MPI_COMM_WORLD, machine_of(rank % 2), here, load, &l, &n),
                          OK);
    CU_ASSERT_EQUAL(node_data_bytes(n) > 0, ranks - rank % 2 > 2);
    expect_same_data(&l);
    end(&l, n);
}

static void a_machine_that_cannot_read_is_told_of_everywhere(void)
{
    int last = ranks > 1 ? 1 : 0;
    for (int failing = 0; failing <= last; failing++) {
        loading l;
        node_data *n;
        char said[64];
        begin(&l, rank % 2, rank < 2, false);
        if (rank == failing) unlink(l.path);
        MPI_Barrier(MPI_COMM_WORLD);
        CU_ASSERT_EQUAL(node_data_share_among(MPI_COMM_WORLD, machine_of(rank % 2), here, load, &l, &n),
                        BAD_INPUT);
        snprintf(said, sizeof said, "data%d.h5: no such file", failing);
        CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), said));
        CU_ASSERT_EQUAL(l.calls, rank < 2 ? 1 : 0);
        end(&l, n);
    }
}

/* Fails where data is found in place. */
static status load_first_only(void *context)
{
    int near_rank = *(const int *)context;
    return near_rank == 0 ? OK : failure(NO_MEMORY, "no memory for what comes next");
}

static void a_rank_that_comes_second_and_fails_is_told_of_everywhere(void)
{
    node_data *n;
    status expected = ranks > 1 ? NO_MEMORY : OK;
    CU_ASSERT_EQUAL(node_data_share(MPI_COMM_WORLD, load_first_only, &rank, &n), expected);
    if (ranks > 1) CU_ASSERT_STRING_EQUAL(failure_text(), "rank 1: no memory for what comes next");
    node_data_free(n);
}

static status load_nothing(void *context)
{
    (void)context;
    return OK;
}

static void where_there_is_no_data_nothing_is_shared(void)
{
    node_data *n;
    CU_ASSERT_EQUAL_FATAL(node_data_share(MPI_COMM_WORLD, load_nothing, NULL, &n), OK);
    CU_ASSERT_EQUAL(node_data_bytes(n), 0);
    node_data_free(n);
    node_data_free(NULL);
}

static void where_no_memory_can_be_shared_each_rank_reads(void)
{
    static const char *const nowhere[] = { "/nowhere", "/dev/null", NULL };
    loading l;
    node_data *n;
    begin(&l, 0, rank == 0, false);
    CU_ASSERT_EQUAL_FATAL(node_data_share_among(MPI_COMM_WORLD, machine_of(0), nowhere, load, &l, &n), OK);
    CU_ASSERT_EQUAL(node_data_bytes(n), 0);
    expect_same_data(&l);
    end(&l, n);
}

static void a_folder_that_is_not_there_is_passed_over(void)
{
    static const char *const second[] = { "/nowhere", folder, NULL };
    loading l;
    node_data *n;
    begin(&l, 0, rank == 0, true);
    CU_ASSERT_EQUAL_FATAL(node_data_share_among(MPI_COMM_WORLD, machine_of(0), second, load, &l, &n), OK);
    CU_ASSERT_EQUAL(node_data_bytes(n) > 0, ranks > 1);
    expect_same_data(&l);
    end(&l, n);
}

/* ---- memory ---------------------------------------------------------------------------------------------------------- */

static void more_than_there_is_is_no_failure(void)
{
    static const char *const folders[] = { "/dev/shm", folder, NULL };
    void *memory = folder;
    node_memory_make(MPI_COMM_WORLD, (size_t)1 << 60, folders, &memory);
    CU_ASSERT_PTR_NULL(memory);
}

/* Could this byte be written? Asks the system, which says so where a store would kill. */
static bool is_writable(void *at)
{
    int zeros = open("/dev/zero", O_RDONLY);
    ssize_t bytes = read(zeros, at, 1);
    close(zeros);
    return bytes == 1;
}

static void what_the_first_rank_writes_is_read_by_all_and_written_by_none(void)
{
    enum { BYTES = 3000000 };
    unsigned char *memory;
    void *made;
    node_memory_make(MPI_COMM_WORLD, BYTES, here, &made);
    memory = made;
    CU_ASSERT_PTR_NOT_NULL_FATAL(memory);
    CU_ASSERT_EQUAL(is_writable(memory), rank == 0);
    for (int i = 0; rank == 0 && i < BYTES; i++) memory[i] = (unsigned char)(i % 251);
    node_memory_seal(MPI_COMM_WORLD, memory, BYTES);
    int wrong = 0;
    for (int i = 0; i < BYTES; i++) wrong += memory[i] != i % 251;
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(!is_writable(memory));
    node_memory_free(memory, BYTES);
}

/* Comes last: the folder held all files and all memory. */
static void nothing_is_left_behind(void)
{
    MPI_Barrier(MPI_COMM_WORLD);
    if (rank == 0) CU_ASSERT_EQUAL(rmdir(folder), 0);
}

int main(int argc, char **argv)
{
    static const check_test tests[] = {
        TEST(one_rank_of_a_machine_reads_for_all),
        TEST(each_machine_reads_for_itself),
        TEST(a_machine_that_cannot_read_is_told_of_everywhere),
        TEST(a_rank_that_comes_second_and_fails_is_told_of_everywhere),
        TEST(where_there_is_no_data_nothing_is_shared),
        TEST(where_no_memory_can_be_shared_each_rank_reads),
        TEST(a_folder_that_is_not_there_is_passed_over),
        TEST(more_than_there_is_is_no_failure),
        TEST(what_the_first_rank_writes_is_read_by_all_and_written_by_none),
        TEST(nothing_is_left_behind),
    };
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    if (rank == 0 && mkdtemp(folder) == NULL) abort();
    MPI_Bcast(folder, (int)sizeof folder, MPI_CHAR, 0, MPI_COMM_WORLD);
    int failed = check_run("node_data", tests, sizeof tests / sizeof tests[0], argc, argv);
    MPI_Finalize();
    return failed;
}
