/* What the coordinator (rank 0) and the workers tell each other, and how a rank waits without burning its core.
 *
 * A worker asks for work in a report and gets at most one order for it, so a rank never has more than one message of
 * each kind on its way to another: one buffer and one request per direction are enough and nothing can pile up. */
#ifndef SCHEDULE_MESSAGES_H
#define SCHEDULE_MESSAGES_H

#include "pace.h"
#include "schedule.h"

/* Tasks `first` … `first + count - 1` of packs->cell; the first of them lies in pack `pack`. Cut at the ends of packs. */
typedef struct portion {
    int64_t pack, first, count;
} portion;

/* Coordinator to worker. */
typedef struct order {
    portion portion; /* empty where there is something else to say */
    int64_t leave;   /* 1: drop what is queued, send a last report and leave after what runs … */
    int64_t give_up; /* … 1: which is given up. 0: all is done, but a rank of a gang may not have come to the end of its part */
    int64_t drain;   /* 1: drop what is queued and ask for no more */
    pace pace;       /* of all ranks, for who has measured nothing */
} order;

/* Worker to coordinator: what happened since its last report, and how it stands. */
typedef struct report {
    tally tasks;
    double busy_seconds;      /* in slices that finished */
    double predicted_seconds; /* for the same slices, uncorrected */
    double at_seconds;        /* since the schedule began: the ranks' clocks need not agree */
    double left_seconds;      /* from then on, until everything that it has is done: its own estimate */
    double unsynced_seconds;  /* for which its oldest row has been waiting for the disk */
    running running;
    int64_t received;    /* orders so far: tells whether left_seconds knows of the last one */
    int64_t asks;        /* 1: wants one order */
    int64_t wish;        /* of this rank */
    int64_t out_of_time; /* 1: by its own clock the limit has come, and it runs nothing any more */
    int64_t fails;       /* 1: a slice failed */
    int64_t leaves;      /* 1: the last report */
} report;

/* Of what is wished at two times or places, what outranks the other. */
static inline wish wish_worse(wish one, wish other)
{
    return one > other ? one : other;
}

/* Structs travel as bytes: every rank runs the same program on the same kind of machine. */
void order_send(MPI_Comm comm, int rank, const order *o, MPI_Request *sending);
bool order_receive(MPI_Comm comm, order *o); /* false: there is none */
void report_send(MPI_Comm comm, const report *r, MPI_Request *sending);
bool report_receive(MPI_Comm comm, report *r, int *rank);
/* Has the buffer of this request been sent? True for MPI_REQUEST_NULL. */
bool message_gone(MPI_Request *sending);

/* How long a rank has found nothing to do. Zero it when there was something. */
typedef struct patience {
    int looks;
} patience;

/* Gives the core away for a moment: at first only to whom it is owed, later by sleeping, up to a millisecond. */
void patience_wait(patience *p);
/* Waits for a request in that way. */
void patience_complete(MPI_Request *request);

#endif
