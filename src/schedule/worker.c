#include "worker.h"

#include <math.h>

#include "work.h"

/* Progress is told this often when there is nothing else to say. */
#define REPORT_SECONDS 0.25

typedef struct worker {
    const schedule *schedule;
    MPI_Comm comm;
    work work;
    status failed;          /* what a slice returned that was not OK */
    bool asked;             /* an order is due */
    wish wish;              /* of this rank */
    bool draining;          /* the coordinator said so, or this rank wishes it */
    bool out_of_time;       /* what runs must end now */
    bool leaving;           /* the coordinator said so … */
    bool giving_up;         /* … at once */
    int64_t received;       /* orders */
    double began, reported; /* MPI_Wtime of the start, of the last report */
    double ends;            /* MPI_Wtime when nothing may run any more */
    report report;          /* on its way while `sending` is not null */
    MPI_Request sending;
} worker;

/* Must what runs be given up? */
static bool stops(const worker *w)
{
    return w->giving_up || w->wish == WISH_STOP || w->out_of_time;
}

/* What has changed, with what it asks for now. */
static report report_of(const worker *w, double now, double left, bool asks)
{
    const schedule *s = w->schedule;
    return (report){
        .tasks = w->work.tasks,
        .busy_seconds = w->work.busy_seconds,
        .predicted_seconds = w->work.predicted_seconds,
        .at_seconds = now - w->began,
        .left_seconds = left,
        .unsynced_seconds = s->unsynced ? s->unsynced(s->context) : 0,
        .running = work_running(&w->work),
        .received = w->received,
        .asks = asks,
        .wish = w->wish,
        .out_of_time = w->out_of_time,
        .fails = w->failed != OK,
        .leaves = w->leaving,
    };
}

/* Reports when there is something to say. The report before must be gone. */
static void worker_report(worker *w)
{
    double now = MPI_Wtime(), left = work_left(&w->work);
    bool asks = !w->asked && !work_full(&w->work) && !w->draining && !stops(w) && w->failed == OK &&
                left < TICKS_AHEAD * w->schedule->tick_seconds;
    bool idle = left == 0 && !work_told(&w->work); /* the end may hang on this */
    bool fails = w->failed != OK && !w->report.fails;
    bool wishes = w->wish != (wish)w->report.wish || w->out_of_time != (w->report.out_of_time != 0);
    bool news = asks || idle || fails || wishes || w->leaving || now - w->reported > REPORT_SECONDS;
    if (!news || !message_gone(&w->sending)) return;
    w->report = report_of(w, now, left, asks);
    work_forget(&w->work);
    w->asked = w->asked || asks;
    w->reported = now;
    report_send(w->comm, &w->report, &w->sending);
}

static void obey(worker *w, const order *o)
{
    w->received++;
    w->leaving = w->leaving || o->leave;
    w->giving_up = w->giving_up || o->give_up;
    w->draining = w->draining || o->drain;
    w->work.pace_of_all = o->pace;
    if (o->portion.count == 0) return;
    w->asked = false;
    work_add(&w->work, o->portion, portion_seconds(w->schedule, o->portion));
}

/* Reads orders, asks what this rank is told from outside, and reports when there is something to say. */
static void worker_look(worker *w)
{
    const schedule *s = w->schedule;
    order o;
    while (order_receive(w->comm, &o)) obey(w, &o);
    if (s->look) w->wish = wish_worse(w->wish, s->look(s->context));
    if (isfinite(w->ends) && w->work.slice_count > 0 && MPI_Wtime() >= w->ends) w->out_of_time = true;
    if (w->wish == WISH_DRAIN) w->draining = true;
    if (w->draining) work_drop(&w->work);
    if (!w->leaving) worker_report(w);
}

static bool worker_tick(ticker *self, double fraction_done)
{
    worker *w = self->context;
    work_tick(&w->work, self, fraction_done);
    worker_look(w);
    return !stops(w);
}

status worker_run(MPI_Comm comm, const schedule *s, const gang_set *gangs, double ends)
{
    /* the coordinator begins as if every worker had asked */
    worker w = { .schedule = s, .comm = comm, .asked = true, .ends = ends, .sending = MPI_REQUEST_NULL };
    ticker t = { .tick = worker_tick, .context = &w, .interval_seconds = s->tick_seconds };
    patience p = { 0 };
    work_begin(&w.work, s, gangs);
    w.began = w.reported = MPI_Wtime();

    while (!w.leaving) {
        worker_look(&w);
        if (isfinite(ends)) work_drop_late(&w.work, ends - MPI_Wtime());
        if (work_empty(&w.work) || w.failed != OK || stops(&w)) {
            patience_wait(&p);
        } else {
            p = (patience){ 0 };
            w.failed = work_slice(&w.work, &t, ends - MPI_Wtime());
        }
    }
    /* the last report waits for the one before to be gone */
    patience_complete(&w.sending);
    worker_report(&w);
    patience_complete(&w.sending);
    return w.failed;
}
