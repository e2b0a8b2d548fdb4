/* What the coordinator knows: coordinator.c acts on it, standing.c tells of it. */
#ifndef SCHEDULE_COORDINATOR_STATE_H
#define SCHEDULE_COORDINATOR_STATE_H

#include "coordinator.h"
#include "work.h"

typedef struct member {
    double free_at; /* MPI_Wtime when it will have done all that it has, by its own last estimate */
    double safe_at; /* what it wrote before this MPI_Wtime is on disk */
    bool asks;      /* it is owed an order */
    wish told;      /* WISH_STOP: sent away */
    int64_t out;    /* tasks that it has been given and has not told the end of */
    pace pace;
    running slice;      /* of its last report */
    double reported_at; /* MPI_Wtime */
    int64_t sent;       /* orders */
    order order;        /* on its way while `sending` is not null */
    MPI_Request sending;
} member;

struct coordinator {
    const schedule *schedule;
    MPI_Comm comm;
    int ranks;
    pool pool;
    member *member;      /* (ranks) the first is this rank */
    int64_t *rank_tasks; /* (ranks) finished */
    double *rank_busy;   /* (ranks) */
    running *running;    /* (ranks) as it was told last */
    int asking, here;    /* members that ask, workers that have not left */
    int working;         /* members that have tasks */
    work work;           /* of this rank */
    pace pace;           /* of all ranks */
    tally tasks;
    int64_t apart, apart_ended; /* tasks in stages behind the first; of these, finished */
    double began, predicted_seconds, busy_seconds, told;
    double later_seconds; /* predicted for the stages to come */

    wish asked;  /* by any rank */
    bool failed; /* a slice, somewhere */
    double ends; /* MPI_Wtime when nothing may run any more; INFINITY: never */
    bool time_is_up;
    bool out_of_time;      /* nothing that is left would have ended by then */
    double short_seconds;  /* which the shortest of it would have taken, or needed to begin; 0: not known */
    bool short_keeps;      /* it would have kept checkpoints */
    double spared_seconds; /* which were left for it */
};

/* Seconds until this rank has done what it has. */
double coordinator_left(const coordinator *c, int rank, double now);
/* Ranks that may work at a time. */
int coordinator_width(const coordinator *c);
/* Has every task ended or been left? */
bool coordinator_finished(const coordinator *c);
/* OK, or WORK_LEFT and why. */
status coordinator_verdict(const coordinator *c);

/* Seconds until the ranks have done what they have. */
typedef struct backlog {
    double sum, least, most;
} backlog;

backlog backlog_of_ranks(const coordinator *c, double now);

#endif
