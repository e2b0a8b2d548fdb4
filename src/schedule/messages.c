#include "messages.h"

#include <sched.h>
#include <time.h>

enum { TAG_ORDER = 1, TAG_REPORT = 2 };

void order_send(MPI_Comm comm, int rank, const order *o, MPI_Request *sending)
{
    MPI_Isend(o, (int)sizeof *o, MPI_BYTE, rank, TAG_ORDER, comm, sending);
}

bool order_receive(MPI_Comm comm, order *o)
{
    int there = 0;
    MPI_Iprobe(0, TAG_ORDER, comm, &there, MPI_STATUS_IGNORE);
    if (there) MPI_Recv(o, (int)sizeof *o, MPI_BYTE, 0, TAG_ORDER, comm, MPI_STATUS_IGNORE);
    return there != 0;
}

void report_send(MPI_Comm comm, const report *r, MPI_Request *sending)
{
    MPI_Isend(r, (int)sizeof *r, MPI_BYTE, 0, TAG_REPORT, comm, sending);
}

bool report_receive(MPI_Comm comm, report *r, int *rank)
{
    int there = 0;
    MPI_Status from;
    MPI_Iprobe(MPI_ANY_SOURCE, TAG_REPORT, comm, &there, &from);
    if (there) {
        *rank = from.MPI_SOURCE;
        MPI_Recv(r, (int)sizeof *r, MPI_BYTE, *rank, TAG_REPORT, comm, MPI_STATUS_IGNORE);
    }
    return there != 0;
}

bool message_gone(MPI_Request *sending)
{
    int gone = 0;
    MPI_Test(sending, &gone, MPI_STATUS_IGNORE);
    return gone != 0;
}

void patience_wait(patience *p)
{
    /* Yielding costs half a microsecond when nobody else wants the core, so a rank with a core of its own answers at
     * once for about 0.1 ms; whoever waits longer than that waits for work that takes long. */
    enum { YIELDS = 200, SLEEP_MIN = 20000, SLEEP_MAX = 1000000 };
    if (p->looks++ < YIELDS) {
        sched_yield();
        return;
    }
    int doublings = (p->looks - YIELDS) / 16;
    long nanoseconds = doublings < 6 ? (long)SLEEP_MIN << doublings : SLEEP_MAX;
    nanosleep(&(struct timespec){ .tv_nsec = nanoseconds < SLEEP_MAX ? nanoseconds : SLEEP_MAX }, NULL);
}

void patience_complete(MPI_Request *request)
{
    patience p = { 0 };
    while (!message_gone(request)) patience_wait(&p);
}
