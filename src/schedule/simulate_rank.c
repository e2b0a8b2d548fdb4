#include <math.h>

#include "simulate_state.h"

/* As the workers have it. */
#define REPORT_SECONDS 0.25
/* As all ranks have it. */
#define MEMORY_SECONDS 30

/* ---- a rank at work ---------------------------------------------------------------------------------------------------- */

double simulator_next_look(const simulator *m, const member *w, double now, double wanted)
{
    double tick = m->what->tick_seconds;
    double ticks = fmax(floor((now - w->began) / tick) + 1, ceil((wanted - w->began) / tick));
    while (w->began + ticks * tick <= now) ticks++; /* rounding: now is a tick */
    return fmin(w->began + ticks * tick, w->ends);
}

/* While all work on what is long, each worker tells how it stands at the first tick after REPORT_SECONDS. That many messages
 * are no events here; rank 0 is slowed down by them. */
static double held_seconds(const simulator *m, double seconds)
{
    const double most = 0.9; /* beyond, rank 0 does little but read, and the model says nothing */
    double interval = m->what->tick_seconds * ceil(REPORT_SECONDS / m->what->tick_seconds);
    double load = fmin((m->what->ranks - 1) * m->what->message_seconds / interval, most);
    return seconds > interval ? (seconds - interval) * load / (1 - load) : 0;
}

/* What is next in the queue begins on this rank, and takes what it takes. */
static void begin(simulator *m, int rank, double now, double lasts)
{
    member *w = &m->member[rank];
    int64_t first;
    int count;
    portion_cut(&m->schedule, &w->queue[w->head], &first, &count, &w->slice_seconds);
    if (w->queue[w->head].count == 0) {
        w->head = (w->head + 1) % QUEUE_MAX;
        w->queued--;
    }
    w->queue_seconds = w->queued > 0 ? fmax(w->queue_seconds - w->slice_seconds, 0) : 0;
    w->running = true;
    w->waits = false;
    w->began = now;
    w->held_seconds = rank == 0 ? held_seconds(m, lasts) : 0;
    w->ends = now + lasts + w->held_seconds;
    m->sum.message_seconds += w->held_seconds;
    m->sum.used += !w->used;
    w->used = true;
}

void simulator_slice_begin(simulator *m, int rank, double now)
{
    member *w = &m->member[rank];
    portion next = w->queue[w->head];
    int width = pack_width(&m->schedule, next.pack), begin_of = rank / width * width, count;
    int64_t first;
    double seconds;
    w->waits = true;
    for (int i = begin_of; i < begin_of + width; i++)
        if (!m->member[i].waits) return;
    portion_cut(&m->schedule, &next, &first, &count, &seconds);
    double lasts = m->what->lasts(m->what->context, first, count, seconds);
    m->sum.slices++;
    for (int i = begin_of; i < begin_of + width; i++) {
        begin(m, i, now, lasts);
        if (i > 0 && i != rank) simulator_worker_schedule(m, i, now);
        if (i == 0 && i != rank) simulator_coordinator_schedule(m, now);
    }
}

void simulator_slice_end(simulator *m, member *w)
{
    double busy = w->ends - w->began - w->held_seconds;
    w->running = false;
    w->idle_since = w->ends;
    w->busy_seconds += busy;
    w->predicted_seconds += w->slice_seconds;
    pace_add(&w->pace, busy, w->slice_seconds, MEMORY_SECONDS);
    m->sum.busy_seconds += busy;
}

void simulator_enqueue(member *w, portion p, double seconds)
{
    w->queue[(w->head + w->queued++) % QUEUE_MAX] = p;
    w->queue_seconds += seconds;
}

double simulator_work_seconds(const member *w, double now)
{
    return w->queue_seconds * pace_ratio(&w->pace) + (w->running ? w->ends - now : 0);
}

/* ---- workers ----------------------------------------------------------------------------------------------------------- */

static void report_post(simulator *m, int rank, double now, bool asks)
{
    member *w = &m->member[rank];
    w->report_at = now + m->what->message_seconds;
    w->report_free_at = now + simulator_work_seconds(w, now);
    w->report_busy += w->busy_seconds;
    w->report_predicted += w->predicted_seconds;
    w->report_asks = w->report_asks || asks;
    w->report_knows = !w->order_comes;
    w->busy_seconds = w->predicted_seconds = 0;
    w->reported = now;
    w->asked = w->asked || asks;
    if (w->report_comes) return; /* one that was not read yet */
    w->report_comes = true;
    m->mail[(m->mail_first + m->mail_count++) % m->what->ranks] = rank;
    if (m->looking) return;
    const member *c = &m->member[0];
    double at = c->running ? simulator_next_look(m, c, now, w->report_at) : w->report_at;
    if (m->events.place[0] < 0 || at < m->events.time[0]) rank_heap_put(&m->events, 0, at);
}

/* When a worker looks next for a reason: its slice ends, little is left, an order comes. */
void simulator_worker_schedule(simulator *m, int rank, double now)
{
    member *w = &m->member[rank];
    double at = w->running ? w->ends : INFINITY, ahead = TICKS_AHEAD * m->what->tick_seconds;
    if (w->running && !w->asked && w->queued < QUEUE_MAX)
        at = fmin(at, simulator_next_look(m, w, now, now + simulator_work_seconds(w, now) - ahead));
    if (w->order_comes) at = fmin(at, w->running ? simulator_next_look(m, w, now, w->order_at) : w->order_at);
    if (at < INFINITY)
        rank_heap_put(&m->events, rank, at);
    else if (m->events.place[rank] >= 0)
        rank_heap_remove(&m->events, rank);
}

void simulator_worker_look(simulator *m, int rank, double now)
{
    member *w = &m->member[rank];
    if (w->running && now >= w->ends) simulator_slice_end(m, w);
    if (w->order_comes && now >= w->order_at) {
        w->order_comes = w->asked = false;
        simulator_enqueue(w, w->order, w->order_seconds);
    }
    double left = simulator_work_seconds(w, now);
    bool asks = !w->asked && w->queued < QUEUE_MAX && left < TICKS_AHEAD * m->what->tick_seconds;
    bool finished = w->predicted_seconds > 0, idle = left == 0 && finished;
    if (asks || idle || (finished && now - w->reported > REPORT_SECONDS)) report_post(m, rank, now, asks);
    if (!w->running && w->queued > 0) simulator_slice_begin(m, rank, now);
    simulator_worker_schedule(m, rank, now);
}
