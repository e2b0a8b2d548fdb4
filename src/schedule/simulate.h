/* Simulation: how a schedule would go on so many ranks, without running anything.
 *
 * The pool is the real one, and so are its decisions: who gets what, how much of it, and when a pack is split. The ranks are
 * simulated, event by event: a worker asks when little is left, at a tick of its own; rank 0 reads that at a tick of its
 * own, answers, and works on packs in between. Nothing here is random: alike input, alike output. */
#ifndef SCHEDULE_SIMULATE_H
#define SCHEDULE_SIMULATE_H

#include "pack.h"

typedef struct simulation {
    const packs *packs;
    int ranks;
    double tick_seconds;
    double
        message_seconds; /* from one rank to another; it costs rank 0 as much of its own time to read or send one */
    double scan_seconds; /* of rank 0's time for every rank that it looks at to find who gets an order */
    /* Predicted seconds of tasks packs->cell[first … first+count-1], of one pack: what the pool goes by. */
    double (*seconds)(void *context, int64_t first, int count);
    /* What they take when they run, of which `predicted` was predicted. */
    double (*lasts)(void *context, int64_t first, int count, double predicted);
    void *context;
} simulation;

typedef struct simulated {
    double seconds;         /* from the start to the last message */
    double busy_seconds;    /* sum over ranks of the time spent in slices */
    double message_seconds; /* of rank 0's time, spent on messages */
    double end_seconds;     /* sum over ranks of the time from their last slice to the end */
    int64_t slices, orders, reports;
    int used; /* ranks that got anything to do */
} simulated;

/* NO_MEMORY is all that can go wrong. */
status simulate(const simulation *what, simulated *out);

#endif
