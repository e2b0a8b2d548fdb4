#include "worker.h"

#include <math.h>

#include "work.h"

/* Work is asked for when less than this many ticks' worth is left: the worker notices at a tick of its own, and the
 * coordinator answers at one of its. */
#define TICKS_AHEAD 3
/* Progress is told this often when there is nothing else to say. */
#define REPORT_SECONDS 0.25

typedef struct worker {
    const schedule *schedule;
    MPI_Comm comm;
    work work;
    status failed;          /* what a slice returned that was not OK */
    bool asked;             /* an order is due */
    bool stopping;          /* this rank has told the coordinator to stop all */
    bool leaving;           /* the coordinator said so */
    int64_t received;       /* orders */
    double began, reported; /* MPI_Wtime of the start, of the last report */
    report report;          /* on its way while `sending` is not null */
    MPI_Request sending;
} worker;

/* Fills and sends the report. The one before must be gone. */
static void worker_report(worker *w)
{
    double now = MPI_Wtime(), left = work_left(&w->work);
    bool asks = !w->asked && !work_full(&w->work) && !w->leaving && w->failed == OK &&
                left < TICKS_AHEAD * w->schedule->tick_seconds;
    bool stops = w->failed != OK || w->stopping;
    bool idle = left == 0 && w->work.tasks.done + w->work.tasks.failed > 0; /* the end may hang on this */
    bool news =
        asks || idle || w->leaving || (stops && !w->report.stops) || now - w->reported > REPORT_SECONDS;
    if (!news || !message_gone(&w->sending)) return;
    w->report = (report){
        .tasks = w->work.tasks,
        .busy_seconds = w->work.busy_seconds,
        .predicted_seconds = w->work.predicted_seconds,
        .at_seconds = now - w->began,
        .left_seconds = left,
        .received = w->received,
        .asks = asks,
        .stops = stops,
        .leaves = w->leaving,
    };
    work_forget(&w->work);
    w->asked = w->asked || asks;
    w->reported = now;
    report_send(w->comm, &w->report, &w->sending);
}

/* Reads orders, looks whether this rank is to stop, and reports when there is something to say. */
static void worker_look(worker *w)
{
    order o;
    while (order_receive(w->comm, &o)) {
        w->received++;
        w->asked = false;
        w->leaving = o.leave;
        if (!o.leave) work_add(&w->work, o.portion, portion_seconds(w->schedule, o.portion));
    }
    if (w->schedule->look && w->schedule->look(w->schedule->context) != WISH_GO_ON) w->stopping = true;
    if (!w->leaving) worker_report(w);
}

static bool worker_tick(ticker *self, double fraction_done)
{
    worker *w = self->context;
    work_tick(&w->work, fraction_done);
    worker_look(w);
    return !w->leaving && !w->stopping;
}

status worker_run(MPI_Comm comm, const schedule *s)
{
    /* the coordinator begins as if every worker had asked */
    worker w = { .schedule = s, .comm = comm, .asked = true, .sending = MPI_REQUEST_NULL };
    ticker t = { .tick = worker_tick, .context = &w, .interval_seconds = s->tick_seconds };
    patience p = { 0 };
    work_begin(&w.work, s);
    w.began = w.reported = MPI_Wtime();

    while (!w.leaving) {
        worker_look(&w);
        if (work_empty(&w.work) || w.failed != OK || w.stopping || w.leaving) {
            patience_wait(&p);
        } else {
            p = (patience){ 0 };
            w.failed = work_slice(&w.work, &t);
        }
    }
    /* the last report waits for the one before to be gone */
    patience_complete(&w.sending);
    worker_report(&w);
    patience_complete(&w.sending);
    return w.failed;
}
