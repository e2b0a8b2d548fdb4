/* A rank at work: runs slices one after the other, and knows how long the rest will take. */
#ifndef SCHEDULE_WORK_H
#define SCHEDULE_WORK_H

#include "gang_make.h"
#include "pool.h"

enum { QUEUE_MAX = 16 };
/* Work is asked for when less than this many ticks' worth is left: a rank notices at a tick of its own, and the coordinator
 * answers at one of its. */
#define TICKS_AHEAD 3

typedef struct work {
    const schedule *schedule;
    const gang_set *gangs;
    portion queue[QUEUE_MAX]; /* ring: not begun, but for the first, which may be begun */
    int queued, head;
    double queue_seconds; /* predicted for all that is queued, uncorrected */

    bool begins_nothing; /* what is queued for a gang is begun by none of it */
    int64_t slice_first;
    int slice_count;      /* 0 when none runs */
    double slice_seconds; /* predicted for the running slice */
    double slice_began;   /* MPI_Wtime */
    double fraction;      /* of it, as the estimator says */
    task_note note;       /* likewise */
    int slice_ranks;      /* of its gang; 0: the first rank of which tells of it */
    pace pace;
    pace pace_of_all; /* to go by while nothing is measured here */

    /* finished since the last work_forget */
    tally tasks;
    double busy_seconds, predicted_seconds;
} work;

void work_begin(work *w, const schedule *s, const gang_set *gangs);
/* The queue must have room. */
void work_add(work *w, portion p, double seconds);
static inline bool work_empty(const work *w)
{
    return w->queued == 0;
}
static inline bool work_full(const work *w)
{
    return w->queued == QUEUE_MAX;
}

/* Nothing that is queued will be begun: counts it as left. What is queued for a gang stays: the others may have begun it, and
 * wait for this rank to say that it does not. */
void work_drop(work *w);
/* The same of what comes next and will hardly have ended in `seconds`, until something comes that will. */
void work_drop_late(work *w, double seconds);
/* Is there nothing to tell? */
static inline bool work_told(const work *w)
{
    return w->tasks.done + w->tasks.failed + w->tasks.left == 0;
}

/* Runs the next slice. One for a gang is begun when all of its ranks have come to it, if all of them can: this one has
 * `seconds` left for it. Else it counts as left. */
status work_slice(work *w, ticker *t, double seconds);
/* What has finished has been told. */
void work_forget(work *w);
/* To be called at each tick; `t` is the schedule's own. */
void work_tick(work *w, const ticker *t, double fraction);
/* Estimated seconds until the running slice and all that is queued are done. */
double work_left(const work *w);
running work_running(const work *w);

#endif
