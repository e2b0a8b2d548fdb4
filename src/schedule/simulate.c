#include "simulate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "block.h"
#include "simulate_state.h"

/* As the coordinator has them. */
#define TICKS_PER_ORDER 6
#define MEMORY_SECONDS  30

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

/* Until this rank has done what rank 0 knows of. */
static double left_of(const simulator *m, int rank, double now)
{
    const rank_heap *l = &m->loaded;
    return l->place[rank] < 0 ? 0 : fmax(l->time[rank] - now, 0);
}

/* What the pool needs to know of `rank`; `held` is the block that waits for its last rank, if one does. */
static request request_of(simulator *m, const block *held, int rank, double now)
{
    const rank_heap *l = &m->loaded;
    forget_idle(m, now);
    double left = left_of(m, rank, now);
    bool all = l->count == m->what->ranks;
    request r = {
        .ranks = m->what->ranks,
        .left_seconds = left,
        .all_left_seconds = fmax(m->free_sum - l->count * now, 0),
        .least_seconds = all ? l->time[rank_heap_first(l)] - now : 0,
        .want_seconds = rank == 0 ? 0 : TICKS_PER_ORDER * m->what->tick_seconds - left,
        .ratio = pace_ratio(&m->pace),
        .measured = m->pace.predicted_seconds > 0,
        .held = block_has(held, rank),
    };
    if (r.held) r.spare_seconds = pace_fit(&m->pace, held->left_seconds - left);
    return r;
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

static void order_post(simulator *m, int rank, double now, portion p, double seconds)
{
    member *w = &m->member[rank];
    w->order = p;
    w->order_seconds = seconds;
    w->order_comes = true;
    w->order_at = now + m->what->message_seconds;
    rank_heap_remove(&m->asking, rank);
    m->sum.orders++;
    simulator_worker_schedule(m, rank, now);
}

/* ---- gangs, as the coordinator has them --------------------------------------------------------------------------------- */

/* A moment. */
typedef struct moment {
    const simulator *m;
    double now;
} moment;

static double left_then(const void *context, int rank)
{
    const moment *at = context;
    return left_of(at->m, rank, at->now);
}

static block held_block(const simulator *m, double now)
{
    if (pool_widest(&m->pool) == 1) return (block){ .width = 0 };
    int width = pool_turn(&m->pool, &(request){ .limited = false });
    if (width <= 1) return (block){ .width = 0 };
    return block_soonest(m->what->ranks, width, left_then, &(moment){ m, now });
}

static bool is_ready(const simulator *m, int rank, double now)
{
    const member *w = &m->member[rank];
    if (rank > 0) return m->asking.place[rank] >= 0;
    return w->queued == 0 && simulator_work_seconds(w, now) < TICKS_AHEAD * m->what->tick_seconds;
}

/* Gives the next pack to a block whose ranks all ask; how many orders that took. */
static int hand_to_gang(simulator *m, const block *b, double now)
{
    double seconds;
    for (int i = b->first; i < b->first + b->width; i++)
        if (!is_ready(m, i, now)) return 0;
    request r = request_of(m, &(block){ .width = 0 }, b->first, now);
    r.width = b->width;
    r.left_seconds = b->left_seconds;
    r.want_seconds = 0;
    portion taken = pool_take(&m->pool, &r, &seconds);
    for (int i = b->first; i < b->first + b->width; i++) {
        know(m, i, now + b->left_seconds + seconds * r.ratio);
        if (i > 0)
            order_post(m, i, now, taken, seconds);
        else
            simulator_enqueue(&m->member[0], taken, seconds);
    }
    return b->width - (b->first == 0);
}

/* ---- rank 0 acts --------------------------------------------------------------------------------------------------- */

/* The rank that asks and will be the first without work, of those for which there is something; -1: none. */
static int hungriest(simulator *m, const block *held, double now)
{
    const rank_heap *h = &m->asking;
    if (held->width == 0) return rank_heap_first(h);
    int first = -1;
    for (int i = 0; i < h->count; i++) {
        int rank = h->rank[i];
        if (first >= 0 && h->time[rank] >= h->time[first]) continue;
        request r = request_of(m, held, rank, now);
        if (pool_suits(&m->pool, &r)) first = rank;
    }
    return first;
}

/* Sends what there is to send next: how many orders. */
static int order_send_next(simulator *m, double now)
{
    if (m->asking.count == 0 || pool_empty(&m->pool)) return 0;
    forget_idle(m, now);
    block held = held_block(m, now);
    int sent = held.width > 0 ? hand_to_gang(m, &held, now) : 0;
    if (sent > 0 || pool_has_no_singles(&m->pool)) return sent;
    int rank = hungriest(m, &held, now);
    if (rank < 0) return 0;
    request r = request_of(m, &held, rank, now);
    if (pool_waits(&m->pool, &r)) return 0;
    double seconds;
    portion taken = pool_take(&m->pool, &r, &seconds);
    know(m, rank, now + r.left_seconds + seconds * r.ratio);
    order_post(m, rank, now, taken, seconds);
    return 1;
}

/* For a reason: its slice ends, somebody asks, a report comes. */
void simulator_coordinator_schedule(simulator *m, double now)
{
    const member *c = &m->member[0];
    double at = INFINITY;
    if (m->looking) return;
    bool waited_for = m->mail_count > 0 || (m->asking.count > 0 && !pool_empty(&m->pool));
    double comes = m->mail_count > 0 ? m->member[m->mail[m->mail_first]].report_at : now;
    if (c->running) at = waited_for ? simulator_next_look(m, c, now, comes) : c->ends;
    if (!c->running && m->mail_count > 0) at = comes;
    if (at < INFINITY)
        rank_heap_put(&m->events, 0, at);
    else if (m->events.place[0] >= 0)
        rank_heap_remove(&m->events, 0);
}

/* Takes a slice for rank 0, unless it has one; false when there is none for it. */
static bool take_own(simulator *m, double now)
{
    double seconds;
    if (m->member[0].queued > 0) return true;
    if (pool_has_no_singles(&m->pool)) return false;
    forget_idle(m, now);
    block held = held_block(m, now);
    request r = request_of(m, &held, 0, now);
    if (!pool_suits(&m->pool, &r)) return false;
    portion mine = pool_take(&m->pool, &r, &seconds);
    simulator_enqueue(&m->member[0], mine, seconds);
    return true;
}

/* Back to work: its slice ends later by what the look took; or another one begins. */
static void look_end(simulator *m, double now)
{
    member *c = &m->member[0];
    double took = now - m->look_began;
    m->looking = false;
    m->sum.message_seconds += took;
    if (!c->running && take_own(m, now)) {
        simulator_slice_begin(m, 0, now);
        if (c->running) know(m, 0, c->ends);
    } else if (c->running) {
        c->began += took;
        c->ends += took;
    }
    simulator_coordinator_schedule(m, now);
}

/* One message at a time, so that others can come meanwhile. Who gets an order is found by looking at every rank. */
static void coordinator_look(simulator *m, double now)
{
    member *c = &m->member[0];
    int sent;
    if (!m->looking) {
        m->looking = true;
        m->look_began = now;
        if (c->running && now >= c->ends) {
            simulator_slice_end(m, c);
            book(m, c->busy_seconds, c->predicted_seconds);
            c->busy_seconds = c->predicted_seconds = 0;
        }
    }
    if (report_read(m, now))
        rank_heap_put(&m->events, 0, now + m->what->message_seconds);
    else if ((sent = order_send_next(m, now)) > 0)
        rank_heap_put(&m->events, 0,
                      now + sent * m->what->message_seconds + m->what->ranks * m->what->scan_seconds);
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
            simulator_worker_look(&m, rank, now);
    }
    assert(pool_empty(&m.pool));
    for (int i = 0; i < what->ranks; i++) m.sum.end_seconds += m.sum.seconds - m.member[i].idle_since;
    *out = m.sum;
done:
    simulator_free(&m);
    return result;
}
