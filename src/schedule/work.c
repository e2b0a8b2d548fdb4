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

status work_slice(work *w, ticker *t)
{
    int64_t first;
    int count;
    double seconds;
    portion *p = &w->queue[w->head];
    portion_cut(w->schedule, p, &first, &count, &seconds);
    if (p->count == 0) {
        w->head = (w->head + 1) % QUEUE_MAX;
        w->queued--;
    }
    w->queue_seconds = w->queued > 0 ? fmax(w->queue_seconds - seconds, 0) : 0;

    w->slice_seconds = seconds;
    w->slice_began = MPI_Wtime();
    w->fraction = 0;
    tally tasks = { 0 };
    status result = w->schedule->run(w->schedule->context, first, count, t, &tasks);
    double busy = MPI_Wtime() - w->slice_began;
    w->slice_seconds = 0;
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

double work_left(const work *w)
{
    double ratio = pace_ratio(&w->pace), left = w->queue_seconds * ratio;
    if (!(w->slice_seconds > 0)) return left;
    double elapsed = MPI_Wtime() - w->slice_began;
    if (w->fraction >= FRACTION_MIN) return left + elapsed * (1 - fmin(w->fraction, 1)) / w->fraction;
    /* a slice that is overdue and does not say how far it is: as likely as not it takes as long again */
    double rest = w->slice_seconds * ratio - elapsed;
    return left + (rest > 0 ? rest : elapsed);
}
