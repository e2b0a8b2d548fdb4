#include "progress_live.h"

#include <math.h>
#include <time.h>
#include <unistd.h>

live_state progress_state(const progress *p)
{
    if (p->asked == WISH_STOP) return LIVE_STOPPING;
    if (p->asked == WISH_DRAIN) return LIVE_DRAINING;
    return p->out_of_time ? LIVE_OUT_OF_TIME : LIVE_RUNNING;
}

double progress_running_seconds(const progress *p)
{
    double most = 0;
    for (int i = 0; p->running && i < p->ranks; i++)
        if (p->running[i].count > 0) most = fmax(most, p->running[i].left_seconds);
    return most;
}

void progress_live_begin(live *l, live_state state, int ranks, int64_t total)
{
    *l = (live){
        .unix_seconds = (double)time(NULL),
        .process = getpid(),
        .process_start = live_process_start(getpid()),
        .ranks = ranks,
        .state = state,
        .total = total,
        .left_seconds = NAN,
        .limit_seconds = INFINITY,
        .safe_unix_seconds = NAN,
    };
    gethostname(l->host, sizeof l->host - 1);
}

static double known(double value, double low)
{
    return value >= low && value <= LIVE_REAL_MAX ? value : NAN;
}

task_note progress_note(const running *r)
{
    const task_note *n = &r->note;
    if (r->count == 0 || n->epochs < 1 || n->epoch < 0 || n->epoch >= n->epochs) return (task_note){ 0 };
    return (task_note){ .epoch = n->epoch,
                        .epochs = n->epochs,
                        .loss = known(n->loss, -LIVE_REAL_MAX),
                        .bits = known(n->bits, -LIVE_REAL_MAX),
                        .samples_per_second = known(n->samples_per_second, 0) };
}

/* What a rank spent on slices that have ended, and on the one that it runs, of which `teller`, the first of its gang, tells. */
static double busy_seconds(const progress *p, int rank, int teller)
{
    double ended = p->rank_busy ? p->rank_busy[rank] : 0;
    const running *r = p->running ? &p->running[teller] : NULL;
    bool runs = r && r->count > 0 && (teller == rank || rank - teller < r->ranks);
    return ended + (runs ? r->seconds : 0);
}

/* Reports are a little older than the time since the start, so that parts may come out above 1. */
static live_rank rank_of(const progress *p, int rank, int teller)
{
    double busy = p->elapsed_seconds > 0 ? busy_seconds(p, rank, teller) / p->elapsed_seconds : 0;
    return (live_rank){ .busy = fmin(fmax(busy, 0), 1),
                        .tasks = p->rank_tasks ? (double)p->rank_tasks[rank] : 0 };
}

static void add_ranks(const progress *p, live *l)
{
    l->least = (live_rank){ INFINITY, INFINITY };
    for (int i = 0, teller = 0; i < p->ranks; i++) {
        if (p->running && p->running[i].count > 0) teller = i;
        live_rank r = rank_of(p, i, teller);
        l->least = (live_rank){ fmin(l->least.busy, r.busy), fmin(l->least.tasks, r.tasks) };
        l->most = (live_rank){ fmax(l->most.busy, r.busy), fmax(l->most.tasks, r.tasks) };
        l->mean.busy += r.busy / p->ranks;
        l->mean.tasks += r.tasks / p->ranks;
        if (p->ranks <= LIVE_RANKS) l->rank[l->listed++] = r;
    }
}

/* Keeps the slices that have run longest, longest first. */
static void add_slice(live *l, const live_slice *s)
{
    int at = l->slices;
    while (at > 0 && l->slice[at - 1].seconds < s->seconds) at--;
    if (at == LIVE_SLICES) return;
    if (l->slices < LIVE_SLICES) l->slices++;
    for (int i = l->slices - 1; i > at; i--) l->slice[i] = l->slice[i - 1];
    l->slice[at] = *s;
}

void progress_live(const progress *p, const packs *all, live *l)
{
    progress_live_begin(l, progress_state(p), p->ranks, p->total);
    l->done = p->tasks.done;
    l->failed = p->tasks.failed;
    l->suspects = p->suspects;
    l->elapsed_seconds = p->elapsed_seconds;
    l->left_seconds = p->left_seconds;
    l->limit_seconds = p->limit_seconds;
    l->margin_seconds = p->margin_seconds;
    if (p->safe_seconds > 0) l->safe_unix_seconds = l->unix_seconds - p->elapsed_seconds + p->safe_seconds;
    add_ranks(p, l);
    for (int i = 0; p->running && i < p->ranks; i++) {
        const running *r = &p->running[i];
        live_slice s = { .tasks = r->count,
                         .ranks = r->ranks > 1 ? r->ranks : 1,
                         .seconds = fmax(r->seconds, 0) };
        if (r->count == 0) continue;
        s.note = progress_note(r);
        s.cell = all->cell[r->first];
        s.left_seconds = fmax(r->left_seconds, 0);
        add_slice(l, &s);
    }
}
