#include "simulate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "rank_heap.h"
#include "work.h"

/* As the coordinator and the workers have them. */
#define TICKS_PER_ORDER 6
#define TICKS_AHEAD     3
#define MEMORY_SECONDS  30
#define REPORT_SECONDS  0.25

/* A rank, as it is: rank 0, too, as far as it works. All times are seconds since the start. */
typedef struct member {
    portion queue[QUEUE_MAX]; /* ring */
    int queued, head;
    double queue_seconds; /* predicted for all that is queued */
    bool running;
    double began, ends;   /* of the running slice */
    double slice_seconds; /* predicted for it */
    double held_seconds;  /* of it, in which rank 0 reads what workers tell now and then */
    pace pace;
    double busy_seconds, predicted_seconds; /* finished since the last report */
    double reported, idle_since;
    bool asked, used;
    bool order_comes; /* … and is here at order_at */
    double order_at, order_seconds;
    portion order;
    bool report_comes; /* to rank 0; what it says: */
    double report_at, report_free_at, report_busy, report_predicted;
    bool report_asks, report_knows; /* of the last order */
} member;

typedef struct simulator {
    const simulation *what;
    schedule schedule;
    pool pool;
    member *member;   /* (ranks) */
    rank_heap events; /* when each rank does something next */
    /* what rank 0 knows: */
    rank_heap loaded; /* ranks that have work, by when they will have done it … */
    double free_sum;  /* … and the sum of these times */
    rank_heap asking; /* ranks that are owed an order, by when they will be without work */
    pace pace;
    int *mail; /* (ranks) ring: whose reports are on their way, in the order in which they come */
    int mail_count, mail_first;
    bool looking;      /* rank 0 reads and answers … */
    double look_began; /* … since then */
    simulated sum;
} simulator;

static double seconds_of(void *context, int64_t first, int count)
{
    const simulator *m = context;
    return m->what->seconds(m->what->context, first, count);
}

static void simulator_free(simulator *m)
{
    rank_heap_free(&m->events);
    rank_heap_free(&m->loaded);
    rank_heap_free(&m->asking);
    free(m->member);
    free(m->mail);
}

static status simulator_make(simulator *m, const simulation *what)
{
    status result = OK;
    *m = (simulator){ .what = what };
    TRY(rank_heap_make(what->ranks, &m->events));
    TRY(rank_heap_make(what->ranks, &m->loaded));
    TRY(rank_heap_make(what->ranks, &m->asking));
    m->member = calloc((size_t)what->ranks, sizeof *m->member);
    m->mail = calloc((size_t)what->ranks, sizeof *m->mail);
    CHECK(m->member && m->mail, NO_MEMORY, "no memory for %d ranks", what->ranks);
    m->schedule = (schedule){
        .packs = what->packs, .tick_seconds = what->tick_seconds, .seconds = seconds_of, .context = m
    };
    pool_fill(&m->pool, &m->schedule);
    /* the coordinator begins as if every worker had asked */
    for (int i = 1; i < what->ranks; i++) {
        m->member[i].asked = true;
        rank_heap_put(&m->asking, i, 0);
    }
    rank_heap_put(&m->events, 0, 0);
done:
    return result;
}

/* ---- a rank at work ---------------------------------------------------------------------------------------------------- */

/* The first moment after `now`, and not before `wanted`, at which a rank that runs a slice looks around. */
static double next_look(const simulator *m, const member *w, double now, double wanted)
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

static void slice_begin(simulator *m, int rank, double now)
{
    member *w = &m->member[rank];
    int64_t first, of = w->queue[w->head].pack;
    int count;
    portion_cut(&m->schedule, &w->queue[w->head], &first, &count, &w->slice_seconds);
    if (w->queue[w->head].count == 0) {
        w->head = (w->head + 1) % QUEUE_MAX;
        w->queued--;
    }
    w->queue_seconds = w->queued > 0 ? fmax(w->queue_seconds - w->slice_seconds, 0) : 0;
    w->running = true;
    w->began = now;
    double lasts = m->what->lasts(m->what->context, of, first, count, w->slice_seconds);
    w->held_seconds = rank == 0 ? held_seconds(m, lasts) : 0;
    w->ends = now + lasts + w->held_seconds;
    m->sum.message_seconds += w->held_seconds;
    m->sum.used += !w->used;
    w->used = true;
}

static void slice_end(simulator *m, member *w)
{
    double busy = w->ends - w->began - w->held_seconds;
    w->running = false;
    w->idle_since = w->ends;
    w->busy_seconds += busy;
    w->predicted_seconds += w->slice_seconds;
    pace_add(&w->pace, busy, w->slice_seconds, MEMORY_SECONDS);
    m->sum.busy_seconds += busy;
    m->sum.slices++;
}

static void enqueue(member *w, portion p, double seconds)
{
    w->queue[(w->head + w->queued++) % QUEUE_MAX] = p;
    w->queue_seconds += seconds;
}

/* Seconds until a rank has done all that it has: its own estimate. What is left of a slice is known from its fraction. */
static double work_seconds(const member *w, double now)
{
    return w->queue_seconds * pace_ratio(&w->pace) + (w->running ? w->ends - now : 0);
}

/* ---- workers ----------------------------------------------------------------------------------------------------------- */

static void report_post(simulator *m, int rank, double now, bool asks)
{
    member *w = &m->member[rank];
    w->report_at = now + m->what->message_seconds;
    w->report_free_at = now + work_seconds(w, now);
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
    double at = c->running ? next_look(m, c, now, w->report_at) : w->report_at;
    if (m->events.place[0] < 0 || at < m->events.time[0]) rank_heap_put(&m->events, 0, at);
}

/* When a worker looks next for a reason: its slice ends, little is left, an order comes. */
static void worker_schedule(simulator *m, int rank, double now)
{
    member *w = &m->member[rank];
    double at = w->running ? w->ends : INFINITY, ahead = TICKS_AHEAD * m->what->tick_seconds;
    if (w->running && !w->asked && w->queued < QUEUE_MAX)
        at = fmin(at, next_look(m, w, now, now + work_seconds(w, now) - ahead));
    if (w->order_comes) at = fmin(at, w->running ? next_look(m, w, now, w->order_at) : w->order_at);
    if (at < INFINITY)
        rank_heap_put(&m->events, rank, at);
    else if (m->events.place[rank] >= 0)
        rank_heap_remove(&m->events, rank);
}

static void worker_look(simulator *m, int rank, double now)
{
    member *w = &m->member[rank];
    if (w->running && now >= w->ends) slice_end(m, w);
    if (w->order_comes && now >= w->order_at) {
        w->order_comes = w->asked = false;
        enqueue(w, w->order, w->order_seconds);
    }
    double left = work_seconds(w, now);
    bool asks = !w->asked && w->queued < QUEUE_MAX && left < TICKS_AHEAD * m->what->tick_seconds;
    bool finished = w->predicted_seconds > 0, idle = left == 0 && finished;
    if (asks || idle || (finished && now - w->reported > REPORT_SECONDS)) report_post(m, rank, now, asks);
    if (!w->running && w->queued > 0) slice_begin(m, rank, now);
    worker_schedule(m, rank, now);
}

/* ---- rank 0 ------------------------------------------------------------------------------------------------------------ */

/* Rank 0 knows that a rank will have done all that it has at `time`. */
static void know(simulator *m, int rank, double time)
{
    if (m->loaded.place[rank] >= 0) m->free_sum -= m->loaded.time[rank];
    m->free_sum += time;
    rank_heap_put(&m->loaded, rank, time);
    if (m->asking.place[rank] >= 0) rank_heap_put(&m->asking, rank, time);
}

static void forget_idle(simulator *m, double now)
{
    while (m->loaded.count > 0 && m->loaded.time[rank_heap_first(&m->loaded)] <= now) {
        int rank = rank_heap_first(&m->loaded);
        m->free_sum -= m->loaded.time[rank];
        rank_heap_remove(&m->loaded, rank);
    }
}

/* What the pool needs to know of `rank`. */
static request request_of(simulator *m, int rank, double now)
{
    const rank_heap *l = &m->loaded;
    forget_idle(m, now);
    double left = l->place[rank] < 0 ? 0 : l->time[rank] - now;
    bool all = l->count == m->what->ranks;
    return (request){
        .ranks = m->what->ranks,
        .left_seconds = left,
        .all_left_seconds = fmax(m->free_sum - l->count * now, 0),
        .least_seconds = all ? l->time[rank_heap_first(l)] - now : 0,
        .want_seconds = rank == 0 ? 0 : TICKS_PER_ORDER * m->what->tick_seconds - left,
        .ratio = pace_ratio(&m->pace),
        .measured = m->pace.predicted_seconds > 0,
    };
}

static void book(simulator *m, double busy_seconds, double predicted_seconds)
{
    pace_add(&m->pace, busy_seconds, predicted_seconds, MEMORY_SECONDS * m->what->ranks);
}

/* Reads the first report, if one has come. */
static bool report_read(simulator *m, double now)
{
    if (m->mail_count == 0) return false;
    int rank = m->mail[m->mail_first];
    member *w = &m->member[rank];
    if (w->report_at > now) return false;
    m->mail_first = (m->mail_first + 1) % m->what->ranks;
    m->mail_count--;
    book(m, w->report_busy, w->report_predicted);
    if (w->report_knows) know(m, rank, w->report_free_at);
    if (w->report_asks) rank_heap_put(&m->asking, rank, w->report_free_at);
    m->sum.reports++;
    w->report_comes = w->report_asks = false;
    w->report_busy = w->report_predicted = 0;
    return true;
}

/* Sends an order to the rank that asks and will be the first without work, if there is one and it should not wait. */
static bool order_send_next(simulator *m, double now)
{
    if (m->asking.count == 0 || pool_empty(&m->pool)) return false;
    int rank = rank_heap_first(&m->asking);
    member *w = &m->member[rank];
    request r = request_of(m, rank, now);
    if (pool_waits(&m->pool, &r)) return false;
    w->order = pool_take(&m->pool, &r, &w->order_seconds);
    rank_heap_remove(&m->asking, rank);
    know(m, rank, now + r.left_seconds + w->order_seconds * r.ratio);
    w->order_comes = true;
    w->order_at = now + m->what->message_seconds;
    m->sum.orders++;
    worker_schedule(m, rank, now);
    return true;
}

/* Back to work: its slice ends later by what the look took; or another one begins. */
static void look_end(simulator *m, double now)
{
    member *c = &m->member[0];
    double took = now - m->look_began, seconds, at = INFINITY;
    m->looking = false;
    m->sum.message_seconds += took;
    if (!c->running && !pool_empty(&m->pool)) {
        request r = request_of(m, 0, now);
        portion mine = pool_take(&m->pool, &r, &seconds);
        enqueue(c, mine, seconds);
        slice_begin(m, 0, now);
        know(m, 0, c->ends);
    } else if (c->running) {
        c->began += took;
        c->ends += took;
    }
    bool waited_for = m->mail_count > 0 || (m->asking.count > 0 && !pool_empty(&m->pool));
    double comes = m->mail_count > 0 ? m->member[m->mail[m->mail_first]].report_at : now;
    if (c->running) at = waited_for ? next_look(m, c, now, comes) : c->ends;
    if (!c->running && m->mail_count > 0) at = comes;
    if (at < INFINITY)
        rank_heap_put(&m->events, 0, at);
    else if (m->events.place[0] >= 0)
        rank_heap_remove(&m->events, 0);
}

/* One message at a time, so that others can come meanwhile. Who gets an order is found by looking at every rank. */
static void coordinator_look(simulator *m, double now)
{
    member *c = &m->member[0];
    if (!m->looking) {
        m->looking = true;
        m->look_began = now;
        if (c->running && now >= c->ends) {
            slice_end(m, c);
            book(m, c->busy_seconds, c->predicted_seconds);
            c->busy_seconds = c->predicted_seconds = 0;
        }
    }
    if (report_read(m, now))
        rank_heap_put(&m->events, 0, now + m->what->message_seconds);
    else if (order_send_next(m, now))
        rank_heap_put(&m->events, 0, now + m->what->message_seconds + m->what->ranks * m->what->scan_seconds);
    else
        look_end(m, now);
}

status simulate(const simulation *what, simulated *out)
{
    status result = OK;
    simulator m;
    TRY(simulator_make(&m, what));
    while (m.events.count > 0) {
        int rank = rank_heap_first(&m.events);
        double now = m.events.time[rank];
        m.sum.seconds = fmax(m.sum.seconds, now);
        if (rank == 0)
            coordinator_look(&m, now);
        else
            worker_look(&m, rank, now);
    }
    assert(pool_empty(&m.pool));
    for (int i = 0; i < what->ranks; i++) m.sum.end_seconds += m.sum.seconds - m.member[i].idle_since;
    *out = m.sum;
done:
    simulator_free(&m);
    return result;
}
