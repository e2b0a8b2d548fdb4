/* The schedule: which rank runs which tasks, and when.
 *
 * Rank 0 coordinates: it hands slices of packs to the ranks, longest first by predicted time, keeps some ticks' worth of
 * predicted work queued at every worker so that nobody waits for an answer, splits packs near the end when a rank would
 * otherwise idle, and works on packs itself, answering messages at the ticks of its own work. Workers run slices and
 * tell what became of them. Messages are two-sided; there is no collective between the start and the end.
 *
 * The schedule knows packs and costs; what running a slice means is the caller's. */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include <mpi.h>

#include "estimator.h"
#include "pack.h"

typedef struct tally {
    int64_t done, failed; /* failed: diverged, failed and quarantined */
} tally;

typedef struct progress {
    int ranks;
    int64_t total;             /* tasks of this run */
    tally tasks;               /* finished by all ranks so far */
    double elapsed_seconds;    /* since the start of the schedule */
    double left_seconds;       /* predicted, corrected by what was measured; NaN while unknown */
    double predicted_seconds;  /* for the whole run, before it started */
    double busy_seconds;       /* sum over ranks of time spent in slices, as far as reported */
    const int64_t *rank_tasks; /* (ranks) finished by each */
} progress;

typedef struct schedule {
    const packs *packs;
    double tick_seconds;

    /* Runs tasks packs->cell[first … first+count-1] and adds each of them to `tally`. Anything but OK stops the whole
     * schedule. */
    status (*run)(void *context, int64_t first, int count, ticker *t, tally *tally);
    /* Predicted seconds of such a slice. */
    double (*seconds)(void *context, int64_t first, int count);
    /* Rank 0, now and then (at ticks): tell a person, write the live file. May be NULL. */
    void (*progress)(void *context, const progress *p);
    /* Has somebody asked this rank to stop (a signal)? Looked at on every rank at ticks. May be NULL. */
    bool (*stop)(void *context);
    void *context;
} schedule;

/* Collective. Runs every pack. All ranks return the same status: OK when every slice ran; WORK_LEFT when stopped; the
 * worst failure otherwise. `last` (rank 0 only; may be NULL) gets the final progress; its rank_tasks is NULL. */
status schedule_run(MPI_Comm comm, const schedule *s, progress *last);

/* Collective. The worst status of all ranks, whose failure text every rank then has (prefixed with the rank, unless that is 0). */
status schedule_agree(MPI_Comm comm, status mine);

#endif
