#include "coordinator.h"

#include <math.h>
#include <stdlib.h>

#include "block.h"
#include "coordinator_state.h"

/* An order holds this many ticks' worth of short packs: twice what a worker keeps ahead (worker.c), so that it asks about
 * as often as it ticks. */
#define TICKS_PER_ORDER 6
/* Of measured work per rank that counts fully when predictions are corrected. */
#define MEMORY_SECONDS   30
#define PROGRESS_SECONDS 0.1

status coordinator_make(MPI_Comm comm, const schedule *s, const gang_set *gangs, double ends,
                        coordinator **out)
{
    status result = OK;
    coordinator *c = calloc(1, sizeof *c);
    CHECK(c != NULL, NO_MEMORY, "no memory for the coordinator");
    MPI_Comm_size(comm, &c->ranks);
    c->member = calloc((size_t)c->ranks, sizeof *c->member);
    c->rank_tasks = calloc((size_t)c->ranks, sizeof *c->rank_tasks);
    c->rank_busy = calloc((size_t)c->ranks, sizeof *c->rank_busy);
    c->running = calloc((size_t)c->ranks, sizeof *c->running);
    CHECK(c->member && c->rank_tasks && c->rank_busy && c->running, NO_MEMORY, "no memory for %d ranks",
          c->ranks);

    c->schedule = s;
    c->comm = comm;
    c->ends = ends;
    pool_fill(&c->pool, s);
    work_begin(&c->work, s, gangs);
    c->later_seconds = pool_later_seconds(&c->pool, c->ranks);
    c->predicted_seconds =
        fmax(pool_seconds(&c->pool) / coordinator_width(c), pool_gang_seconds(&c->pool, c->ranks)) +
        c->later_seconds;
    if (s->packs->stages > 1)
        c->apart = s->packs->cells - s->packs->pack[s->packs->stage[1].first_pack].first;
    c->here = c->asking = c->ranks - 1;
    for (int i = 0; i < c->ranks; i++) {
        c->member[i].sending = MPI_REQUEST_NULL;
        c->member[i].asks = i > 0;
    }
    *out = c;
    c = NULL;
done:
    coordinator_free(c);
    return result;
}

void coordinator_free(coordinator *c)
{
    if (c == NULL) return;
    free(c->member);
    free(c->rank_tasks);
    free(c->rank_busy);
    free(c->running);
    free(c);
}

/* Must what runs be given up? */
static bool stops(const coordinator *c)
{
    return c->failed || c->time_is_up || c->asked == WISH_STOP;
}

/* ---- what comes in --------------------------------------------------------------------------------------- */

/* Adds what a rank has finished. */
static void book(coordinator *c, int rank, tally tasks, double busy_seconds, double predicted_seconds)
{
    member *m = &c->member[rank];
    int64_t finished = tasks.done + tasks.failed, ended = finished + tasks.left;
    if (ended == 0 && predicted_seconds == 0) return;
    c->tasks.done += tasks.done;
    c->tasks.failed += tasks.failed;
    c->tasks.left += tasks.left;
    c->rank_tasks[rank] += finished;
    c->rank_busy[rank] += busy_seconds;
    c->busy_seconds += busy_seconds;
    if (c->pool.stage > 0) c->apart_ended += finished;
    m->out -= ended;
    if (ended > 0 && m->out == 0) c->working--;
    pace_add(&m->pace, busy_seconds, predicted_seconds, MEMORY_SECONDS);
    pace_add(&c->pace, busy_seconds, predicted_seconds, MEMORY_SECONDS * c->ranks);
}

static void read_reports(coordinator *c)
{
    report r;
    int rank;
    while (report_receive(c->comm, &r, &rank)) {
        member *m = &c->member[rank];
        book(c, rank, r.tasks, r.busy_seconds, r.predicted_seconds);
        m->reported_at = c->began + r.at_seconds;
        m->safe_at = m->reported_at - r.unsynced_seconds;
        m->slice = r.running;
        /* an estimate that does not know of the last order would make the rank look idle */
        if (r.received == m->sent) m->free_at = m->reported_at + r.left_seconds;
        if (r.asks && !m->asks) {
            m->asks = true;
            c->asking++;
        }
        c->asked = wish_worse(c->asked, (wish)r.wish);
        if (r.out_of_time) c->time_is_up = true;
        if (r.fails) c->failed = true;
        if (r.leaves) c->here--;
    }
}

/* ---- what goes out --------------------------------------------------------------------------------------- */

/* Of work that it has. Rank 0 takes more only when it has none. */
static double left_of(const coordinator *c, int rank, double now)
{
    return rank > 0 ? coordinator_left(c, rank, now) : 0;
}

/* Predicted seconds of work that this rank will have ended in so many. */
static double fit_of(const coordinator *c, int rank, double seconds)
{
    const pace *own = &c->member[rank].pace;
    return pace_fit(pace_measured(own) ? own : &c->pace, seconds);
}

/* How long what this rank gets may take: `held` is the block that waits for its last rank, if one does. */
static request bounds_of(const coordinator *c, const block *held, int rank, double now)
{
    double left = left_of(c, rank, now);
    request r = { .limited = isfinite(c->ends), .held = block_has(held, rank) };
    if (r.limited) r.fit_seconds = fit_of(c, rank, c->ends - now - left);
    if (r.held) r.spare_seconds = fit_of(c, rank, held->left_seconds - left);
    return r;
}

/* What the pool needs to know of `rank`. */
static request request_of(const coordinator *c, const block *held, int rank, double now)
{
    backlog b = backlog_of_ranks(c, now);
    bool ahead = rank > 0 && pool_width(&c->pool, c->ranks) == 0;
    request r = bounds_of(c, held, rank, now);
    r.ranks = c->ranks;
    r.left_seconds = left_of(c, rank, now);
    r.all_left_seconds = b.sum;
    r.least_seconds = b.least;
    r.want_seconds = ahead ? TICKS_PER_ORDER * c->schedule->tick_seconds - r.left_seconds : 0;
    r.ratio = pace_ratio(&c->pace);
    r.measured = pace_measured(&c->pace);
    return r;
}

static portion take(coordinator *c, int rank, const request *r, double *seconds)
{
    member *m = &c->member[rank];
    portion taken = pool_take(&c->pool, r, seconds);
    if (m->out == 0) c->working++;
    m->out += taken.count;
    return taken;
}

/* In a stage of which few slices run at a time, nobody gets one ahead. */
static bool has_turn(const coordinator *c, int rank)
{
    int width = pool_width(&c->pool, c->ranks);
    return width == 0 || (c->working < width && c->member[rank].out == 0);
}

/* Is there anything for this rank alone? */
static bool is_served(const coordinator *c, const block *held, int rank, double now)
{
    if (!has_turn(c, rank) || pool_has_no_singles(&c->pool)) return false;
    if (!isfinite(c->ends) && !block_has(held, rank)) return true;
    request bounds = bounds_of(c, held, rank, now);
    return pool_suits(&c->pool, &bounds);
}

/* The member that asks and will be the first without work; NULL when none can be answered. */
static member *hungriest(coordinator *c, const block *held, double now)
{
    member *first = NULL;
    for (int i = 1; i < c->ranks && c->asking > 0; i++) {
        member *m = &c->member[i];
        if (m->asks && (first == NULL || m->free_at < first->free_at) && is_served(c, held, i, now) &&
            message_gone(&m->sending))
            first = m;
    }
    return first;
}

static void send(coordinator *c, int rank, order o)
{
    member *m = &c->member[rank];
    m->order = o;
    m->order.pace = c->pace;
    m->sent++;
    order_send(c->comm, rank, &m->order, &m->sending);
}

/* ---- gangs ----------------------------------------------------------------------------------------------- */

static double left_now(const void *context, int rank)
{
    return coordinator_left(context, rank, MPI_Wtime());
}

/* The block for which the next pack is, where it is one for a gang. */
static block held_block(const coordinator *c, double now)
{
    request anyone = { .limited = isfinite(c->ends), .fit_seconds = pace_fit(&c->pace, c->ends - now) };
    if (pool_widest(&c->pool) == 1) return (block){ .width = 0 };
    int width = pool_turn(&c->pool, &anyone);
    if (width <= 1) return (block){ .width = 0 };
    return block_soonest(c->ranks, width, left_now, c);
}

/* Will this rank take what is for its gang soon? */
static bool is_ready(coordinator *c, int rank)
{
    member *m = &c->member[rank];
    if (rank > 0) return m->asks && message_gone(&m->sending);
    return work_empty(&c->work) && work_left(&c->work) < TICKS_AHEAD * c->schedule->tick_seconds;
}

/* Has the block its turn, where few slices run at a time? */
static bool block_has_turn(const coordinator *c, const block *b)
{
    for (int i = b->first; i < b->first + b->width; i++)
        if (!has_turn(c, i)) return false;
    return true;
}

/* Gives the next pack to a block whose ranks all ask; false where they do not, or there is nothing that suits. */
static bool hand_to_gang(coordinator *c, const block *b, double now)
{
    double seconds;
    if (!block_has_turn(c, b)) return false;
    for (int i = b->first; i < b->first + b->width; i++)
        if (!is_ready(c, i)) return false;
    request r = request_of(c, &(block){ .width = 0 }, b->first, now);
    r.width = b->width;
    r.left_seconds = b->left_seconds;
    r.want_seconds = 0;
    if (r.limited) r.fit_seconds = pace_fit(&c->pace, c->ends - now - b->left_seconds);
    if (!pool_suits(&c->pool, &r)) return false;

    portion taken = take(c, b->first, &r, &seconds);
    for (int i = b->first; i < b->first + b->width; i++) {
        member *m = &c->member[i];
        if (i == 0) {
            work_add(&c->work, taken, seconds);
            continue;
        }
        m->asks = false;
        c->asking--;
        send(c, i, (order){ .portion = taken });
        m->free_at = now + b->left_seconds + seconds * r.ratio;
    }
    return true;
}

/* ---- all ------------------------------------------------------------------------------------------------- */

static void hand_out(coordinator *c)
{
    while (c->asking > 0 && !pool_empty(&c->pool)) {
        double now = MPI_Wtime(), seconds;
        block held = held_block(c, now);
        if (held.width > 0 && hand_to_gang(c, &held, now)) continue;
        member *m = hungriest(c, &held, now);
        if (m == NULL) return;
        int rank = (int)(m - c->member);
        request r = request_of(c, &held, rank, now);
        if (pool_waits(&c->pool, &r)) return; /* and so do the others, who have more */
        m->asks = false;
        c->asking--;
        send(c, rank, (order){ .portion = take(c, rank, &r, &seconds) });
        m->free_at = fmax(m->free_at, now) + seconds * r.ratio;
    }
}

/* Tells the workers to drain or to leave, unless they know. */
static void tell(coordinator *c, wish what)
{
    for (int i = 1; i < c->ranks; i++) {
        member *m = &c->member[i];
        if (m->told >= what || !message_gone(&m->sending)) continue;
        m->told = what;
        send(c, i, (order){ .drain = 1, .leave = what == WISH_STOP, .give_up = stops(c) });
    }
}

/* ---- the end --------------------------------------------------------------------------------------------- */

static void leave_the_rest(coordinator *c)
{
    c->tasks.left += pool_tasks(&c->pool);
    pool_clear(&c->pool);
}

/* What fits nobody is left for good when nothing runs that might show it to be shorter than it seems. */
static void mind_the_time(coordinator *c)
{
    double left = c->ends - MPI_Wtime();
    request anyone = { .limited = true, .fit_seconds = pace_fit(&c->pace, left) };
    if (left <= 0 && c->working > 0) c->time_is_up = true;
    if (pool_empty(&c->pool)) return;
    c->out_of_time = pool_turn(&c->pool, &anyone) == 0;
    if (!c->out_of_time || c->working > 0) return;
    c->short_seconds = pool_shortest_seconds(&c->pool, &c->short_keeps) * pace_ratio(&c->pace);
    c->spared_seconds = fmax(left, 0);
    leave_the_rest(c);
}

static void drain(coordinator *c)
{
    leave_the_rest(c);
    work_drop(&c->work);
    tell(c, WISH_DRAIN);
}

static void next_stage(coordinator *c)
{
    while (c->working == 0 && pool_empty(&c->pool) && pool_next_stage(&c->pool))
        c->later_seconds = pool_later_seconds(&c->pool, c->ranks);
}

/* What the coordinator does at every tick and between its own slices. */
static void look(coordinator *c)
{
    const schedule *s = c->schedule;
    book(c, 0, c->work.tasks, c->work.busy_seconds, c->work.predicted_seconds);
    work_forget(&c->work);
    c->work.pace_of_all = c->pace;
    if (c->here > 0) read_reports(c);
    if (s->look) c->asked = wish_worse(c->asked, s->look(s->context));
    next_stage(c);
    if (isfinite(c->ends)) mind_the_time(c);
    if (c->asked == WISH_DRAIN) drain(c);

    if (stops(c) || coordinator_finished(c))
        tell(c, WISH_STOP);
    else
        hand_out(c);

    if (s->progress && MPI_Wtime() - c->told > PROGRESS_SECONDS) {
        c->told = MPI_Wtime();
        progress p = coordinator_progress(c);
        s->progress(s->context, &p);
    }
}

static bool coordinator_tick(ticker *self, double fraction_done)
{
    coordinator *c = self->context;
    work_tick(&c->work, self, fraction_done);
    look(c);
    return !stops(c);
}

/* Takes a slice for this rank, unless it has one; false when there is none for it. */
static bool take_own(coordinator *c)
{
    if (!work_empty(&c->work)) return true;
    if (pool_has_no_singles(&c->pool) || !has_turn(c, 0)) return false;
    double seconds, now = MPI_Wtime();
    block held = held_block(c, now);
    request r = request_of(c, &held, 0, now);
    if (!pool_suits(&c->pool, &r)) return false;
    portion mine = take(c, 0, &r, &seconds);
    work_add(&c->work, mine, seconds);
    return true;
}

status coordinator_run(coordinator *c)
{
    status mine = OK;
    ticker t = { .tick = coordinator_tick, .context = c, .interval_seconds = c->schedule->tick_seconds };
    patience p = { 0 };
    c->began = MPI_Wtime();
    for (look(c); c->here > 0 || !(stops(c) || coordinator_finished(c)); look(c)) {
        if (stops(c) || !take_own(c)) {
            patience_wait(&p);
            continue;
        }
        p = (patience){ 0 };
        mine = work_slice(&c->work, &t, c->ends - MPI_Wtime());
        if (mine != OK) c->failed = true;
    }
    for (int i = 1; i < c->ranks; i++) patience_complete(&c->member[i].sending);
    return mine != OK && mine != WORK_LEFT ? mine : coordinator_verdict(c);
}
