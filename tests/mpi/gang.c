/* Gangs: what ranks hand each other, sums whose bits do not depend on how many ranks there are, and giving up. The gang is the
 * largest that the ranks of the test can form; the others stand by. */
#include <mpi.h>
#include <stdlib.h>
#include <time.h>

#include "check.h"
#include "schedule/gang_make.h"

static gang *team;
static bool takes_part;

/* A number with all its bits in use, of a wide range, so that another order of adding shows. */
static float drawn(int64_t leaf, int64_t index)
{
    uint32_t bits = (uint32_t)(leaf * 7919 + index) * 2654435761u;
    bits ^= bits >> 15;
    bits *= 2246822519u;
    bits ^= bits >> 13;
    return ((float)bits / 4294967296.0f - 0.5f) * (float)(1 << (bits % 20));
}

enum { LEAVES = 8 };

/* Sum of leaves [first, first + count), halves first. */
static float tree(int64_t index, int first, int count)
{
    if (count == 1) return drawn(first, index);
    return tree(index, first, count / 2) + tree(index, first + count / 2, count / 2);
}

/* Each rank of `g` sums its run of the leaves, and the gang the rest. Elements that differ from the tree of one rank. */
static int64_t wrong_sums(gang *g, int64_t count)
{
    int64_t wrong = 0;
    int own = LEAVES / gang_ranks(g);
    float *x = malloc((size_t)(count + 1) * sizeof *x);
    for (int64_t i = 0; i < count; i++) x[i] = tree(i, gang_rank(g) * own, own);
    x[count] = -1;
    CU_ASSERT_EQUAL(gang_sum(g, x, count), OK);
    for (int64_t i = 0; i < count; i++) wrong += x[i] != tree(i, 0, LEAVES);
    CU_ASSERT_EQUAL(x[count], -1);
    free(x);
    return wrong;
}

static void a_sum_has_the_bits_of_one_tree_on_any_number_of_ranks(void)
{
    const int64_t count[] = { 0, 1, 2, 3, 5, 127, 65536, 65537, 200001 }; /* a chunk is 65536 */
    for (size_t i = 0; i < sizeof count / sizeof count[0] && takes_part; i++) {
        CU_ASSERT_EQUAL(wrong_sums(team, count[i]), 0);
        CU_ASSERT_EQUAL(wrong_sums(NULL, count[i]), 0);
    }
}

static void a_gathering_has_all_blocks_in_order(void)
{
    const size_t bytes[] = { 0, 1, 7, 300000 };
    for (int i = 0; i < 4 && takes_part; i++) {
        size_t ranks = (size_t)gang_ranks(team), wrong = 0;
        char *mine = malloc(bytes[i] + 1), *all = malloc(bytes[i] * ranks + 1);
        for (size_t b = 0; b < bytes[i]; b++) mine[b] = (char)(b * 3 + (size_t)gang_rank(team));
        all[bytes[i] * ranks] = 'e';
        CU_ASSERT_EQUAL(gang_gather(team, mine, bytes[i], all), OK);
        for (size_t b = 0; b < bytes[i] * ranks; b++)
            wrong += all[b] != (char)(b % bytes[i] * 3 + b / bytes[i]);
        CU_ASSERT_EQUAL(wrong, 0);
        CU_ASSERT_EQUAL(all[bytes[i] * ranks], 'e');
        free(mine);
        free(all);
    }
}

static void what_the_first_rank_has_is_shared_with_all(void)
{
    const size_t bytes[] = { 1, 700001 };
    for (int i = 0; i < 2 && takes_part; i++) {
        size_t wrong = 0;
        char *data = calloc(1, bytes[i]);
        for (size_t b = 0; b < bytes[i] && gang_rank(team) == 0; b++) data[b] = (char)(b * 5 + 1);
        CU_ASSERT_EQUAL(gang_share(team, data, bytes[i]), OK);
        for (size_t b = 0; b < bytes[i]; b++) wrong += data[b] != (char)(b * 5 + 1);
        CU_ASSERT_EQUAL(wrong, 0);
        free(data);
    }
}

static void what_any_rank_has_is_fetched_by_the_first(void)
{
    enum { BYTES = 300001 };
    for (int from = 0; from < gang_ranks(team) && takes_part; from++) {
        int64_t wrong = 0;
        char *data = malloc(BYTES);
        memset(data, gang_rank(team) + 1, BYTES);
        CU_ASSERT_EQUAL(gang_fetch(team, from, data, BYTES), OK);
        int wanted = gang_rank(team) == 0 ? from + 1 : gang_rank(team) + 1;
        for (int b = 0; b < BYTES; b++) wrong += data[b] != wanted;
        CU_ASSERT_EQUAL(wrong, 0);
        free(data);
    }
}

static void a_part_is_a_gang_of_its_own(void)
{
    for (int count = 1; count <= gang_ranks(team) && takes_part; count *= 2) {
        gang *part;
        int first = gang_rank(team) / count * count, all[8] = { 0 }, mine = gang_rank(team);
        CU_ASSERT_EQUAL(gang_part(team, first, count, &part), OK);
        CU_ASSERT_EQUAL(part == NULL, count == 1);
        CU_ASSERT_EQUAL(gang_ranks(part), count);
        CU_ASSERT_EQUAL(gang_rank(part), mine - first);
        CU_ASSERT_EQUAL(gang_gather(part, &mine, sizeof mine, all), OK);
        for (int i = 0; i < count; i++) CU_ASSERT_EQUAL(all[i], first + i);
        CU_ASSERT_EQUAL(wrong_sums(part, 1000), 0);
        /* parts and the whole may take turns */
        CU_ASSERT_EQUAL(gang_gather(team, &mine, sizeof mine, all), OK);
        for (int i = 0; i < gang_ranks(team); i++) CU_ASSERT_EQUAL(all[i], i);
        gang_free(part);
    }
}

static int pauses;

static bool count_pause(void *context)
{
    (void)context;
    pauses++;
    return true;
}

static void who_waits_looks_after_its_other_duties(void)
{
    if (!takes_part || team == NULL) return;
    int mine = 0, all[8];
    pauses = 0;
    gang_set_pause(team, count_pause, NULL);
    double until = MPI_Wtime() + 0.1;
    while (gang_rank(team) == 0 && MPI_Wtime() < until) continue;
    CU_ASSERT_EQUAL(gang_gather(team, &mine, sizeof mine, all), OK);
    if (gang_rank(team) == 1) CU_ASSERT(pauses > 10); /* once a millisecond, on a machine that is not busy */
    CU_ASSERT(pauses < 1000);
    gang_set_pause(team, NULL, NULL);
}

/* Of the rank that gives up: not at once, so that it does so in the middle; the others hear of it later. */
typedef struct stop {
    double at; /* MPI_Wtime */
} stop;

static bool before_stop(void *context)
{
    const stop *s = context;
    return MPI_Wtime() < s->at;
}

/* Each of the gang in turn leaves a large sum alone; the others wait in vain until they are told to stop as well, and what
 * they had been adding up is freed at once. */
static void a_gang_that_is_given_up_ends_on_all_ranks(void)
{
    int largest = team ? gang_ranks(team) : 1;
    MPI_Bcast(&largest, 1, MPI_INT, 0, MPI_COMM_WORLD);
    for (int leaver = 0; leaver < largest; leaver++) {
        MPI_Comm comm;
        MPI_Comm_dup(MPI_COMM_WORLD, &comm);
        double began = MPI_Wtime();
        gang *g = NULL;
        if (takes_part) {
            CU_ASSERT_EQUAL(gang_make(comm, 0, largest, &g), OK);
            stop s = { .at = began + (gang_rank(g) == leaver ? 0.05 : 0.2) };
            int64_t count = 11000000;
            float *x = calloc((size_t)count, sizeof *x);
            gang_set_pause(g, before_stop, &s);
            status result = OK;
            while (result == OK && g != NULL) {
                if (gang_rank(g) == leaver && !before_stop(&s)) break;
                result = gang_sum(g, x, count);
            }
            memset(x, 0x7f, (size_t)count * sizeof *x);
            free(x);
            if (g != NULL && gang_rank(g) != leaver) CU_ASSERT_EQUAL(result, WORK_LEFT);
            if (result != OK) CU_ASSERT_EQUAL(gang_sum(g, NULL, 1), WORK_LEFT);
        }
        MPI_Barrier(MPI_COMM_WORLD);
        gang_free(g);
        MPI_Comm_free(&comm);
        CU_ASSERT(MPI_Wtime() - began < 1);
    }
}

static const check_test tests[] = {
    TEST(a_sum_has_the_bits_of_one_tree_on_any_number_of_ranks),
    TEST(a_gathering_has_all_blocks_in_order),
    TEST(what_the_first_rank_has_is_shared_with_all),
    TEST(what_any_rank_has_is_fetched_by_the_first),
    TEST(a_part_is_a_gang_of_its_own),
    TEST(who_waits_looks_after_its_other_duties),
    TEST(a_gang_that_is_given_up_ends_on_all_ranks),
};

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);
    int rank, ranks, count = 1;
    MPI_Comm comm;
    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &ranks);
    while (count * 2 <= ranks && count < LEAVES) count *= 2;
    takes_part = rank < count;
    if (takes_part && gang_make(comm, 0, count, &team) != OK) return 2;
    int failed = check_run("gang", tests, sizeof tests / sizeof tests[0], argc, argv);
    gang_free(team);
    MPI_Comm_free(&comm);
    /* after the last test, sums that nobody ends are still on their way */
    time_t began = time(NULL);
    MPI_Finalize();
    return failed || difftime(time(NULL), began) > 5;
}
