/* What a simulation knows: simulate_rank.c has ranks at work, simulate.c rank 0, which hands it out. */
#ifndef SCHEDULE_SIMULATE_STATE_H
#define SCHEDULE_SIMULATE_STATE_H

#include "rank_heap.h"
#include "simulate.h"
#include "work.h"

/* A rank, as it is: rank 0, too, as far as it works. All times are seconds since the start. */
typedef struct member {
    portion queue[QUEUE_MAX]; /* ring */
    int queued, head;
    double queue_seconds; /* predicted for all that is queued */
    bool running;
    bool waits;           /* for the others of its gang, to begin what is queued first */
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

/* The first moment after `now`, and not before `wanted`, at which a rank that runs a slice looks around. */
double simulator_next_look(const simulator *m, const member *w, double now, double wanted);
/* The rank comes to the next slice of its queue. It begins, unless it waits for others of its gang; when the last of them has
 * come, all begin. */
void simulator_slice_begin(simulator *m, int rank, double now);
void simulator_slice_end(simulator *m, member *w);
/* The queue must have room. */
void simulator_enqueue(member *w, portion p, double seconds);
/* Seconds until a rank has done all that it has: its own estimate. What is left of a slice is known from its fraction. */
double simulator_work_seconds(const member *w, double now);

/* What a worker does at a tick, between slices or when an order comes; and when it does so next. */
void simulator_worker_look(simulator *m, int rank, double now);
void simulator_worker_schedule(simulator *m, int rank, double now);
/* When rank 0 looks next. */
void simulator_coordinator_schedule(simulator *m, double now);

#endif
