#include "schedule.h"

#include <math.h>
#include <stdio.h>

#include "coordinator.h"
#include "gang_make.h"
#include "messages.h"
#include "worker.h"

status schedule_agree(MPI_Comm comm, status mine)
{
    struct {
        int code, rank;
    } my = { .code = (int)mine }, worst;
    char text[FAILURE_TEXT_MAX];
    MPI_Request request;
    MPI_Comm_rank(comm, &my.rank);
    MPI_Iallreduce(&my, &worst, 1, MPI_2INT, MPI_MAXLOC, comm, &request);
    patience_complete(&request);
    if (worst.code == OK) return OK;

    snprintf(text, sizeof text, "%s", failure_text());
    MPI_Bcast(text, (int)sizeof text, MPI_CHAR, worst.rank, comm);
    status joint = (status)worst.code;
    return worst.rank == 0 ? failure(joint, "%s", text) : failure(joint, "rank %d: %s", worst.rank, text);
}

/* MPI_Wtime when nothing may run any more. */
static double end_of(const schedule *s)
{
    bool limited = s->limit_seconds != 0 && isfinite(s->limit_seconds);
    return limited ? MPI_Wtime() + s->limit_seconds - s->margin_seconds : INFINITY;
}

status schedule_check(int ranks, int64_t ranks_per_task)
{
    status result = OK;
    long long wanted = ranks_per_task;
    CHECK((wanted & (wanted - 1)) == 0, BAD_INPUT,
          "run.ranks_per_task=%lld: is no power of two, as the ranks of a task must be: 1, 2, 4, ...",
          wanted);
    CHECK(wanted <= ranks, BAD_INPUT,
          "run.ranks_per_task=%lld: a task cannot have more ranks than the run, which has %d: mpirun -n "
          "%lld, or "
          "--set run.ranks_per_task=%d",
          wanted, ranks, wanted, ranks >= 2 ? 2 : 1);
done:
    return result;
}

status schedule_run(MPI_Comm comm, const schedule *s, progress *last)
{
    status result = OK;
    int rank;
    double ends = end_of(s);
    coordinator *c = NULL;
    gang_set gangs;
    MPI_Comm own; /* messages of others on `comm` must not be taken for ours */
    MPI_Comm_dup(comm, &own);
    MPI_Comm_rank(own, &rank);
    result = gang_set_make(own, s->packs, &gangs);
    if (rank == 0 && result == OK) result = coordinator_make(own, s, &gangs, ends, &c);
    TRY(schedule_agree(own, result));

    result = rank == 0 ? coordinator_run(c) : worker_run(own, s, &gangs, ends);
    if (rank == 0 && last != NULL) {
        *last = coordinator_progress(c);
        last->rank_tasks = NULL;
        last->rank_busy = NULL;
        last->running = NULL;
    }
    TRY(schedule_agree(own, result));
done:
    coordinator_free(c);
    gang_set_free(&gangs);
    MPI_Comm_free(&own);
    return result;
}
