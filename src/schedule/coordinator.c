#include "coordinator.h"

#include <math.h>
#include <stdlib.h>

#include "work.h"

/* An order holds this many ticks' worth of short packs: twice what a worker keeps ahead (worker.c), so that it asks about
 * as often as it ticks. */
#define TICKS_PER_ORDER 6
/* Of measured work per rank that counts fully when predictions are corrected. */
#define MEMORY_SECONDS   30
#define PROGRESS_SECONDS 0.1

typedef struct member {
    double free_at; /* MPI_Wtime when it will have done all that it has, by its own last estimate */
    bool asks;      /* it is owed an order */
    bool ordered_away;
    int64_t sent; /* orders */
    order order;  /* on its way while `sending` is not null */
    MPI_Request sending;
} member;

struct coordinator {
    const schedule *schedule;
    MPI_Comm comm;
    int ranks;
    pool pool;
    member *member;      /* (ranks) the first is this rank */
    int64_t *rank_tasks; /* (ranks) finished */
    int asking, here;    /* members that ask, workers that have not left */
    work work;           /* of this rank */
    pace pace;           /* of all ranks */
    tally tasks;
    double began, predicted_seconds, busy_seconds, told;
    bool stopping;
};

status coordinator_make(MPI_Comm comm, const schedule *s, coordinator **out)
{
    status result = OK;
    coordinator *c = calloc(1, sizeof *c);
    CHECK(c != NULL, NO_MEMORY, "no memory for the coordinator");
    MPI_Comm_size(comm, &c->ranks);
    c->member = calloc((size_t)c->ranks, sizeof *c->member);
    c->rank_tasks = calloc((size_t)c->ranks, sizeof *c->rank_tasks);
    CHECK(c->member != NULL && c->rank_tasks != NULL, NO_MEMORY, "no memory for %d ranks", c->ranks);

    c->schedule = s;
    c->comm = comm;
    pool_fill(&c->pool, s);
    work_begin(&c->work, s);
    c->predicted_seconds = pool_seconds(&c->pool) / c->ranks;
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
    free(c);
}

static bool finished(const coordinator *c)
{
    return c->tasks.done + c->tasks.failed == c->schedule->packs->cells;
}

/* Seconds until the ranks have done what they have. */
typedef struct backlog {
    double sum, least, most;
} backlog;

static backlog backlog_of_ranks(const coordinator *c, double now)
{
    backlog b = { .least = INFINITY };
    for (int i = 0; i < c->ranks; i++) {
        double left = i == 0 ? work_left(&c->work) : fmax(c->member[i].free_at - now, 0);
        b.sum += left;
        b.least = fmin(b.least, left);
        b.most = fmax(b.most, left);
    }
    return b;
}

progress coordinator_progress(const coordinator *c)
{
    double now = MPI_Wtime();
    backlog b = backlog_of_ranks(c, now);
    double even = (b.sum + pool_seconds(&c->pool) * pace_ratio(&c->pace)) / c->ranks;
    return (progress){
        .ranks = c->ranks,
        .total = c->schedule->packs->cells,
        .tasks = c->tasks,
        .elapsed_seconds = now - c->began,
        .left_seconds = finished(c) ? 0 : fmax(even, b.most),
        .predicted_seconds = c->predicted_seconds,
        .busy_seconds = c->busy_seconds,
        .rank_tasks = c->rank_tasks,
    };
}

/* Adds what a rank has finished. */
static void book(coordinator *c, int rank, tally tasks, double busy_seconds, double predicted_seconds)
{
    c->tasks.done += tasks.done;
    c->tasks.failed += tasks.failed;
    c->rank_tasks[rank] += tasks.done + tasks.failed;
    c->busy_seconds += busy_seconds;
    pace_add(&c->pace, busy_seconds, predicted_seconds, MEMORY_SECONDS * c->ranks);
}

static void read_reports(coordinator *c)
{
    report r;
    int rank;
    while (report_receive(c->comm, &r, &rank)) {
        member *m = &c->member[rank];
        book(c, rank, r.tasks, r.busy_seconds, r.predicted_seconds);
        /* an estimate that does not know of the last order would make the rank look idle */
        if (r.received == m->sent) m->free_at = c->began + r.at_seconds + r.left_seconds;
        if (r.asks && !m->asks) {
            m->asks = true;
            c->asking++;
        }
        if (r.stops) c->stopping = true;
        if (r.leaves) c->here--;
    }
}

/* What the pool needs to know of `rank`, which has `left` seconds of work. */
static request request_of(const coordinator *c, int rank, double left)
{
    backlog b = backlog_of_ranks(c, MPI_Wtime());
    return (request){
        .ranks = c->ranks,
        .left_seconds = left,
        .all_left_seconds = b.sum,
        .least_seconds = b.least,
        .want_seconds = rank == 0 ? 0 : TICKS_PER_ORDER * c->schedule->tick_seconds - left,
        .ratio = pace_ratio(&c->pace),
        .measured = c->pace.predicted_seconds > 0,
    };
}

/* The member that asks and will be the first without work; NULL when none can be answered. */
static member *hungriest(coordinator *c)
{
    member *first = NULL;
    for (int i = 1; i < c->ranks && c->asking > 0; i++) {
        member *m = &c->member[i];
        if (m->asks && (first == NULL || m->free_at < first->free_at) && message_gone(&m->sending)) first = m;
    }
    return first;
}

static void hand_out(coordinator *c)
{
    member *m;
    while (c->asking > 0 && !pool_empty(&c->pool) && (m = hungriest(c)) != NULL) {
        int rank = (int)(m - c->member);
        double now = MPI_Wtime(), seconds;
        request r = request_of(c, rank, fmax(m->free_at - now, 0));
        if (pool_waits(&c->pool, &r)) return; /* and so do the others, who have more */
        m->order = (order){ .portion = pool_take(&c->pool, &r, &seconds) };
        m->free_at = fmax(m->free_at, now) + seconds * pace_ratio(&c->pace);
        m->asks = false;
        c->asking--;
        m->sent++;
        order_send(c->comm, rank, &m->order, &m->sending);
    }
}

static void send_away(coordinator *c)
{
    for (int i = 1; i < c->ranks; i++) {
        member *m = &c->member[i];
        if (m->ordered_away || !message_gone(&m->sending)) continue;
        m->order = (order){ .leave = 1 };
        m->ordered_away = true;
        order_send(c->comm, i, &m->order, &m->sending);
    }
}

/* What the coordinator does at every tick and between its own slices. */
static void look(coordinator *c)
{
    const schedule *s = c->schedule;
    book(c, 0, c->work.tasks, c->work.busy_seconds, c->work.predicted_seconds);
    work_forget(&c->work);
    if (c->here > 0) read_reports(c);
    if (s->look && s->look(s->context) != WISH_GO_ON) c->stopping = true;

    if (c->stopping || finished(c))
        send_away(c);
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
    work_tick(&c->work, fraction_done);
    look(c);
    return !c->stopping;
}

status coordinator_run(coordinator *c)
{
    status failed = OK;
    ticker t = { .tick = coordinator_tick, .context = c, .interval_seconds = c->schedule->tick_seconds };
    patience p = { 0 };
    c->began = MPI_Wtime();
    for (look(c); c->here > 0 || !(c->stopping || finished(c)); look(c)) {
        if (c->stopping || (work_empty(&c->work) && pool_empty(&c->pool))) {
            patience_wait(&p);
            continue;
        }
        p = (patience){ 0 };
        if (work_empty(&c->work)) {
            double seconds;
            request r = request_of(c, 0, 0);
            portion mine = pool_take(&c->pool, &r, &seconds);
            work_add(&c->work, mine, seconds);
        }
        failed = work_slice(&c->work, &t);
        if (failed != OK) c->stopping = true;
    }
    for (int i = 1; i < c->ranks; i++) patience_complete(&c->member[i].sending);
    if (failed != OK && failed != WORK_LEFT) return failed;
    return finished(c) ? OK
                       : failure(WORK_LEFT, "stopped with %lld of %lld tasks left",
                                 (long long)(c->schedule->packs->cells - c->tasks.done - c->tasks.failed),
                                 (long long)c->schedule->packs->cells);
}
