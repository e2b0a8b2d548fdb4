/* The schedule: which rank runs which tasks, and when.
 *
 * Rank 0 coordinates: it hands slices of packs to the ranks, longest first by predicted time, keeps some ticks' worth of
 * predicted work queued at every worker so that nobody waits for an answer, splits packs near the end when a rank would
 * otherwise idle, and works on packs itself, answering messages at the ticks of its own work. Workers run slices and
 * tell what became of them. Messages are two-sided; there is no collective between the start and the end.
 *
 * A pack of r > 1 ranks runs on a gang: on an aligned block of ranks, [k r, (k + 1) r). When such a pack is the longest that
 * is left, the block that will be free first is held for it: its ranks get nothing more that would not end before the last
 * of them is free. Other packs go to the other ranks, so that neither kind waits for the other to be through.
 *
 * The schedule knows packs and costs; what running a slice means is the caller's. */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include <mpi.h>

#include "estimator.h"
#include "gang.h"
#include "pack.h"

typedef struct tally {
    int64_t done, failed; /* failed: diverged, failed and quarantined */
    int64_t left;         /* not begun: they would not have ended before the limit, or a drain came first */
} tally;

/* What a rank is told from outside, by a signal: each wish outranks the ones before it. */
typedef enum wish {
    WISH_GO_ON,
    WISH_DRAIN, /* begin nothing more; what runs may end */
    WISH_STOP,  /* give up what runs, at the next tick */
} wish;

/* What a rank runs at the moment; count 0: nothing, or its part of what the first rank of its gang tells of. */
typedef struct running {
    int64_t first; /* of packs->cell */
    int count;
    int ranks;           /* of the gang that runs it; 1: this rank alone */
    double seconds;      /* since it began */
    double left_seconds; /* predicted */
    task_note note;      /* as the estimator last told */
} running;

typedef struct progress {
    int ranks;
    int64_t total;             /* tasks of this run */
    tally tasks;               /* finished by all ranks so far */
    double elapsed_seconds;    /* since the start of the schedule */
    double left_seconds;       /* predicted, corrected by what was measured; NaN while unknown */
    double predicted_seconds;  /* for the whole run, before it started */
    double busy_seconds;       /* sum over ranks of time spent in slices, as far as reported */
    const int64_t *rank_tasks; /* (ranks) finished by each */
    double least_busy_seconds; /* of the rank with the least */
    const double *rank_busy;   /* (ranks) seconds that each has spent in slices, as far as reported */
    const running *running;    /* (ranks) as far as reported */

    wish asked;            /* by any rank */
    bool out_of_time;      /* nothing that is left would end before the limit: draining for that */
    double limit_seconds;  /* until the limit, margin not taken off; INFINITY without */
    double margin_seconds; /* kept free before it */
    double safe_seconds;   /* since the start: what was written before then is on the disks of all ranks */
    int64_t suspects;      /* tasks that are run apart, not finished */
} progress;

typedef struct schedule {
    const packs *packs;
    double tick_seconds;

    /* Runs tasks packs->cell[first … first+count-1] and adds each of them to `tally`. Anything but OK stops the whole
     * schedule. Collective over the gang (NULL: this rank alone), of which the first rank alone writes rows and adds to
     * `tally`; while a rank waits for others of it, it ticks. */
    status (*run)(void *context, int64_t first, int count, gang *team, ticker *t, tally *tally);
    /* Predicted seconds of such a slice on one rank. */
    double (*seconds)(void *context, int64_t first, int count);
    /* Rank 0, now and then (at ticks): tell a person, write the live file. May be NULL. */
    void (*progress)(void *context, const progress *p);
    /* Called on every rank at ticks and while it waits: what is it told from outside? The place for whatever a rank does
     * now and then (syncing). May be NULL. */
    wish (*look)(void *context);
    /* Seconds for which this rank's oldest row has been waiting to be put on disk; 0 where none waits. May be NULL. */
    double (*unsynced)(void *context);

    /* Seconds until the allocation ends, from the call of schedule_run on, the same on all ranks; 0 or INFINITY: never. A
     * slice is begun only where it is predicted, from what was measured, to end `margin_seconds` before; at that moment
     * what still runs is given up. */
    double limit_seconds, margin_seconds;
    void *context;
} schedule;

/* Can a run on so many ranks have gangs of `ranks_per_task`? BAD_INPUT says why not. */
status schedule_check(int ranks, int64_t ranks_per_task);

/* Collective. Runs every pack, stage after stage (pack.h). All ranks return the same status: OK when every slice ran;
 * WORK_LEFT when stopped, drained or out of time, saying which; the worst failure otherwise. `last` (rank 0 only; may be
 * NULL) gets the final progress; its arrays are NULL. */
status schedule_run(MPI_Comm comm, const schedule *s, progress *last);

/* Collective. The worst status of all ranks, whose failure text every rank then has (prefixed with the rank, unless that is 0). */
status schedule_agree(MPI_Comm comm, status mine);

#endif
