/* How things stand, for the coordinator and for a person. */
#include <math.h>

#include "coordinator_state.h"

int coordinator_width(const coordinator *c)
{
    int width = pool_width(&c->pool, c->ranks);
    return width > 0 ? width * pool_widest(&c->pool) : c->ranks;
}

double coordinator_left(const coordinator *c, int rank, double now)
{
    return rank == 0 ? work_left(&c->work) : fmax(c->member[rank].free_at - now, 0);
}

bool coordinator_finished(const coordinator *c)
{
    return c->tasks.done + c->tasks.failed + c->tasks.left == c->schedule->packs->cells;
}

backlog backlog_of_ranks(const coordinator *c, double now)
{
    backlog b = { .least = INFINITY };
    for (int i = 0; i < c->ranks; i++) {
        double left = coordinator_left(c, i, now);
        b.sum += left;
        b.least = fmin(b.least, left);
        b.most = fmax(b.most, left);
    }
    return b;
}

static double left_seconds(const coordinator *c, double now)
{
    if (coordinator_finished(c)) return 0;
    backlog b = backlog_of_ranks(c, now);
    if (c->out_of_time) return b.most;
    double ratio = pace_ratio(&c->pace);
    double even = (b.sum + pool_seconds(&c->pool) * ratio) / coordinator_width(c);
    double gangs = pool_gang_seconds(&c->pool, c->ranks) * ratio;
    return fmax(fmax(even, gangs), b.most) + c->later_seconds * ratio;
}

/* What each rank runs, as it will be by now. */
static void look_at_slices(const coordinator *c, double now)
{
    c->running[0] = work_running(&c->work);
    for (int i = 1; i < c->ranks; i++) {
        const member *m = &c->member[i];
        double since = now - m->reported_at;
        c->running[i] = m->slice;
        if (m->slice.count == 0) continue;
        c->running[i].seconds += since;
        c->running[i].left_seconds = fmax(m->slice.left_seconds - since, 0);
    }
}

/* Since the start. */
static double safe_seconds(const coordinator *c, double now)
{
    const schedule *s = c->schedule;
    double safe_at = now - (s->unsynced ? s->unsynced(s->context) : 0);
    for (int i = 1; i < c->ranks; i++) safe_at = fmin(safe_at, c->member[i].safe_at);
    return fmax(safe_at - c->began, 0);
}

static double least_busy(const coordinator *c)
{
    double least = c->rank_busy[0];
    for (int i = 1; i < c->ranks; i++) least = fmin(least, c->rank_busy[i]);
    return least;
}

progress coordinator_progress(const coordinator *c)
{
    double now = MPI_Wtime();
    look_at_slices(c, now);
    return (progress){
        .ranks = c->ranks,
        .total = c->schedule->packs->cells,
        .tasks = c->tasks,
        .elapsed_seconds = now - c->began,
        .left_seconds = left_seconds(c, now),
        .predicted_seconds = c->predicted_seconds,
        .busy_seconds = c->busy_seconds,
        .rank_tasks = c->rank_tasks,
        .least_busy_seconds = least_busy(c),
        .rank_busy = c->rank_busy,
        .running = c->running,
        .asked = c->asked,
        .out_of_time = c->out_of_time || c->time_is_up,
        .limit_seconds = c->ends + c->schedule->margin_seconds - now,
        .margin_seconds = c->schedule->margin_seconds,
        .safe_seconds = safe_seconds(c, now),
        .suspects = c->apart - c->apart_ended,
    };
}

static int digits_of(double seconds)
{
    return seconds < 10 ? 1 : 0;
}

/* Why what was not begun would not have ended before the limit. */
static status out_of_time(const coordinator *c, long long left)
{
    long long all = c->schedule->packs->cells;
    double margin = c->schedule->margin_seconds, takes = c->short_seconds, spared = c->spared_seconds;
    if (c->time_is_up)
        return failure(
            WORK_LEFT,
            "out of time with %lld of %lld tasks left: what still ran %g s before the limit was given up",
            left, all, margin);
    if (takes > 0 && c->short_keeps)
        return failure(
            WORK_LEFT,
            "out of time with %lld of %lld tasks left: what keeps checkpoints is begun with %.*f s "
            "left or more, and %.*f s were left before the margin of %g s",
            left, all, digits_of(takes), takes, digits_of(spared), spared, margin);
    if (takes > 0)
        return failure(
            WORK_LEFT,
            "out of time with %lld of %lld tasks left: the shortest is predicted to take %.*f s, or a "
            "quarter more, and %.*f s were left before the margin of %g s",
            left, all, digits_of(takes), takes, digits_of(spared), spared, margin);
    return failure(
        WORK_LEFT,
        "out of time with %lld of %lld tasks left, which would hardly have ended %g s before the limit", left,
        all, margin);
}

status coordinator_verdict(const coordinator *c)
{
    long long all = c->schedule->packs->cells, left = all - c->tasks.done - c->tasks.failed;
    if (left == 0) return OK;
    if (c->asked == WISH_STOP)
        return failure(WORK_LEFT, "stopped by a signal with %lld of %lld tasks left", left, all);
    if (c->asked == WISH_DRAIN)
        return failure(WORK_LEFT, "drained on a signal with %lld of %lld tasks left", left, all);
    return out_of_time(c, left);
}
