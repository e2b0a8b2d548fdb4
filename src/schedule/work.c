#include "work.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* An estimator's fraction is believed from here on; before, it says little. */
#define FRACTION_MIN 0.05
/* Of measured work that counts fully when times are corrected. */
#define MEMORY_SECONDS 30

void work_begin(work *w, const schedule *s, const gang_set *gangs)
{
    *w = (work){ .schedule = s, .gangs = gangs };
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

static bool is_for_gang(const work *w, portion p)
{
    return pack_width(w->schedule, p.pack) > 1;
}

void work_drop(work *w)
{
    int kept = 0;
    w->begins_nothing = true;
    w->queue_seconds = 0;
    for (int i = 0; i < w->queued; i++) {
        portion p = w->queue[(w->head + i) % QUEUE_MAX];
        if (is_for_gang(w, p))
            w->queue[(w->head + kept++) % QUEUE_MAX] = p;
        else
            w->tasks.left += p.count;
    }
    w->queued = kept;
}

static const pace *known_pace(const work *w)
{
    return pace_measured(&w->pace) ? &w->pace : &w->pace_of_all;
}

/* Will a slice have ended in so many seconds, or be worth beginning? */
static bool is_in_time(const work *w, int64_t index, double predicted, double seconds)
{
    return pack_needs(w->schedule, index, predicted) <= pace_fit(known_pace(w), seconds);
}

void work_drop_late(work *w, double seconds)
{
    int64_t first;
    int count;
    double predicted;
    while (!work_empty(w) && !is_for_gang(w, w->queue[w->head])) {
        portion next = w->queue[w->head];
        portion_cut(w->schedule, &next, &first, &count, &predicted);
        if (is_in_time(w, w->queue[w->head].pack, predicted, seconds)) return;
        next_slice(w, &first, &count, &predicted);
        w->tasks.left += count;
    }
}

/* ---- gangs ----------------------------------------------------------------------------------------------- */

/* While a rank waits for others of its gang, it ticks. */
typedef struct waiting {
    const work *work;
    ticker *ticker;
} waiting;

static bool tick_while_waiting(void *context)
{
    const waiting *w = context;
    return w->ticker->tick(w->ticker, w->work->fraction);
}

/* Collective over the gang. Do all of its ranks begin? WORK_LEFT: nobody does any more. */
static status gang_begins(gang *g, bool willing, bool *all)
{
    status result = OK;
    int count = gang_ranks(g);
    bool mine = willing, *each = malloc((size_t)count);
    *all = false;
    CHECK(each != NULL, NO_MEMORY, "no memory for a gang of %d ranks", count);
    TRY(gang_gather(g, &mine, sizeof mine, each));
    *all = true;
    for (int i = 0; i < count; i++) *all = *all && each[i];
done:
    free(each);
    return result;
}

/* ---- running --------------------------------------------------------------------------------------------- */

/* The slice that was cut off last. */
static status run_slice(work *w, gang *g, ticker *t)
{
    tally tasks = { 0 };
    w->slice_began = MPI_Wtime();
    status result = w->schedule->run(w->schedule->context, w->slice_first, w->slice_count, g, t, &tasks);
    if (result != OK) return result;
    assert(tasks.done + tasks.failed == (gang_rank(g) == 0 ? w->slice_count : 0));
    w->tasks.done += tasks.done;
    w->tasks.failed += tasks.failed;

    double busy = MPI_Wtime() - w->slice_began;
    pace_add(&w->pace, busy, w->slice_seconds, MEMORY_SECONDS);
    w->busy_seconds += busy;
    w->predicted_seconds += w->slice_seconds;
    return OK;
}

status work_slice(work *w, ticker *t, double seconds)
{
    status result = OK;
    int64_t index = w->queue[w->head].pack;
    gang *g = gang_set_find(w->gangs, pack_width(w->schedule, index));
    bool begins = true;
    next_slice(w, &w->slice_first, &w->slice_count, &w->slice_seconds);
    w->slice_ranks = gang_rank(g) == 0 ? gang_ranks(g) : 0;
    w->slice_began = MPI_Wtime();
    w->fraction = 0;
    t->note = w->note = (task_note){ .loss = NAN, .bits = NAN };
    gang_set_pause(g, tick_while_waiting, &(waiting){ w, t });
    if (g != NULL)
        TRY(gang_begins(g, !w->begins_nothing && is_in_time(w, index, w->slice_seconds, seconds), &begins));
    if (begins)
        TRY(run_slice(w, g, t));
    else if (gang_rank(g) == 0)
        w->tasks.left += w->slice_count;
done:
    gang_set_pause(g, NULL, NULL);
    w->slice_count = 0;
    return result;
}

void work_forget(work *w)
{
    w->tasks = (tally){ 0 };
    w->busy_seconds = w->predicted_seconds = 0;
}

void work_tick(work *w, const ticker *t, double fraction)
{
    w->fraction = fraction;
    w->note = t->note;
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
    if (w->slice_count == 0 || w->slice_ranks == 0) return (running){ .count = 0 };
    return (running){ .first = w->slice_first,
                      .count = w->slice_count,
                      .ranks = w->slice_ranks,
                      .seconds = MPI_Wtime() - w->slice_began,
                      .left_seconds = slice_left(w),
                      .note = w->note };
}
