/* A rank at work: runs slices one after the other, and knows how long the rest will take. */
#ifndef SCHEDULE_WORK_H
#define SCHEDULE_WORK_H

#include "pool.h"

enum { QUEUE_MAX = 16 };

typedef struct work {
    const schedule *schedule;
    portion queue[QUEUE_MAX]; /* ring: not begun, but for the first, which may be begun */
    int queued, head;
    double queue_seconds; /* predicted for all that is queued, uncorrected */

    int64_t slice_first;
    int slice_count;      /* 0 when none runs */
    double slice_seconds; /* predicted for the running slice */
    double slice_began;   /* MPI_Wtime */
    double fraction;      /* of it, as the estimator says */
    pace pace;
    pace pace_of_all; /* to go by while nothing is measured here */

    /* finished since the last work_forget */
    tally tasks;
    double busy_seconds, predicted_seconds;
} work;

void work_begin(work *w, const schedule *s);
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

/* Nothing that is queued will be begun: counts it as left. */
void work_drop(work *w);
/* The same of what comes next and will hardly have ended in `seconds`, until something comes that will. */
void work_drop_late(work *w, double seconds);
/* Is there nothing to tell? */
static inline bool work_told(const work *w)
{
    return w->tasks.done + w->tasks.failed + w->tasks.left == 0;
}

/* Runs the next slice. */
status work_slice(work *w, ticker *t);
/* What has finished has been told. */
void work_forget(work *w);
/* To be called at each tick. */
void work_tick(work *w, double fraction);
/* Estimated seconds until the running slice and all that is queued are done. */
double work_left(const work *w);
running work_running(const work *w);

#endif
