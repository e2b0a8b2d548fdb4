/* How many empty tasks a second go through the coordinator: nothing but messages and bookkeeping. Run under mpirun; at
 * least 100 000 a second are wanted on two ranks. */
#include <stdio.h>
#include <stdlib.h>

#include "schedule.h"

static status run_nothing(void *context, int64_t first, int count, gang *team, ticker *t, tally *tasks)
{
    (void)context;
    (void)team;
    (void)first;
    (void)t;
    tasks->done += count;
    return OK;
}

/* Predicted as what a small estimator takes, so that the packs leave as they would for it. */
static double seconds(void *context, int64_t first, int count)
{
    (void)context;
    (void)first;
    return 1e-5 * count;
}

static int bench(int64_t count, int size)
{
    status result = OK;
    int rank, ranks;
    progress last = { 0 };
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    pack *all = calloc((size_t)count, sizeof *all);
    CHECK(all != NULL, NO_MEMORY, "no memory for %lld packs", (long long)count);
    for (int64_t i = 0; i < count; i++)
        all[i] = (pack){ .first = i * size, .count = size, .seconds = seconds(NULL, 0, size) };
    packs p = { .cells = count * size, .count = count, .pack = all };
    schedule s = { .packs = &p, .tick_seconds = 0.1, .run = run_nothing, .seconds = seconds };
    TRY(schedule_run(MPI_COMM_WORLD, &s, &last));
    if (rank == 0)
        printf("%5d %13d %12lld %10.3f %14.0f\n", ranks, size, (long long)p.cells, last.elapsed_seconds,
               (double)p.cells / last.elapsed_seconds);
done:
    free(all);
    return result != OK;
}

int main(int argc, char **argv)
{
    int rank, failed = 0;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (rank == 0)
        printf("%5s %13s %12s %10s %14s\n", "ranks", "tasks a pack", "empty tasks", "seconds", "a second");
    failed |= bench(1000000, 1);
    failed |= bench(100000, 16);
    MPI_Finalize();
    return failed;
}
