#include "work.h"

#include <assert.h>
#include <math.h>

/* An estimator's fraction is believed from here on; before, it says little. */
#define FRACTION_MIN 0.05
/* Of measured work that counts fully when times are corrected. */
#define MEMORY_SECONDS 30

void work_begin(work *w, const schedule *s)
{
    *w = (work){ .schedule = s };
}

void work_add(work *w, portion p, double seconds)
{
    w->queue[(w->head + w->queued++) % QUEUE_MAX] = p;
    w->queue_seconds += seconds;
}

/* Cuts the next slice off the queue. */
static void next_slice(work *w, int64_t *first, int *count, double *seconds)
{
    portion *p = &w->queue[w->head];
    portion_cut(w->schedule, p, first, count, seconds);
    if (p->count == 0) {
        w->head = (w->head + 1) % QUEUE_MAX;
        w->queued--;
    }
    w->queue_seconds = w->queued > 0 ? fmax(w->queue_seconds - *seconds, 0) : 0;
}

void work_drop(work *w)
{
    for (; w->queued > 0; w->queued--, w->head = (w->head + 1) % QUEUE_MAX)
        w->tasks.left += w->queue[w->head].count;
    w->queue_seconds = 0;
}

static const pace *known_pace(const work *w)
{
    return pace_measured(&w->pace) ? &w->pace : &w->pace_of_all;
}

void work_drop_late(work *w, double seconds)
{
    int64_t first;
    int count;
    double predicted;
    while (!work_empty(w)) {
        portion next = w->queue[w->head];
        portion_cut(w->schedule, &next, &first, &count, &predicted);
        if (predicted <= pace_fit(known_pace(w), seconds)) return;
        next_slice(w, &first, &count, &predicted);
        w->tasks.left += count;
    }
}

status work_slice(work *w, ticker *t)
{
    int64_t first;
    int count;
    double seconds;
    next_slice(w, &first, &count, &seconds);

    w->slice_first = first;
    w->slice_count = count;
    w->slice_seconds = seconds;
    w->slice_began = MPI_Wtime();
    w->fraction = 0;
    tally tasks = { 0 };
    status result = w->schedule->run(w->schedule->context, first, count, t, &tasks);
    double busy = MPI_Wtime() - w->slice_began;
    w->slice_count = 0;
    if (result != OK) return result;
    assert(tasks.done + tasks.failed == count);
    w->tasks.done += tasks.done;
    w->tasks.failed += tasks.failed;

    pace_add(&w->pace, busy, seconds, MEMORY_SECONDS);
    w->busy_seconds += busy;
    w->predicted_seconds += seconds;
    return OK;
}

void work_forget(work *w)
{
    w->tasks = (tally){ 0 };
    w->busy_seconds = w->predicted_seconds = 0;
}

void work_tick(work *w, double fraction)
{
    w->fraction = fraction;
}

/* Of the running slice. */
static double slice_left(const work *w)
{
    double elapsed = MPI_Wtime() - w->slice_began;
    if (w->fraction >= FRACTION_MIN) return elapsed * (1 - fmin(w->fraction, 1)) / w->fraction;
    /* a slice that is overdue and does not say how far it is: as likely as not it takes as long again */
    double rest = w->slice_seconds * pace_ratio(known_pace(w)) - elapsed;
    return rest > 0 ? rest : elapsed;
}

double work_left(const work *w)
{
    double queued = w->queue_seconds * pace_ratio(known_pace(w));
    return w->slice_count > 0 ? queued + slice_left(w) : queued;
}

running work_running(const work *w)
{
    if (w->slice_count == 0) return (running){ .count = 0 };
    return (running){ .first = w->slice_first,
                      .count = w->slice_count,
                      .seconds = MPI_Wtime() - w->slice_began,
                      .left_seconds = slice_left(w) };
}
