/* The pool: packs that nobody has yet, and how much of them the next rank gets. No messages here.
 *
 * Packs leave in their order, longest first. Packs that are short beside the time between two answers leave many at
 * once; towards the end a pack is split where that lets the last rank finish earlier. Splitting is not free: the
 * tasks of a pack train in the lanes of SIMD registers, and half a pack may take as long as all of it. So every way
 * of splitting is priced with the schedule's own prediction. */
#ifndef SCHEDULE_POOL_H
#define SCHEDULE_POOL_H

#include "messages.h"

/* Measured over predicted seconds, of recent work. */
typedef struct pace {
    double busy_seconds, predicted_seconds;
} pace;

/* Older work counts less once there is more than `memory_seconds` of it. */
void pace_add(pace *p, double busy_seconds, double predicted_seconds, double memory_seconds);
double pace_ratio(const pace *p); /* 1 while nothing is measured */

typedef struct pool {
    const schedule *schedule;
    int64_t pack;         /* the next one; packs->count when the pool is empty */
    int64_t first;        /* its next task */
    double front_seconds; /* predicted for what is left of it */
    double after_seconds; /* predicted for the packs behind it */
} pool;

/* Who asks, and how the others are off. Times are predictions corrected by what was measured. */
typedef struct request {
    int ranks;
    double left_seconds;     /* of work that the asking rank has already */
    double all_left_seconds; /* the same summed over all ranks, the asking one included */
    double least_seconds;    /* the same for the rank that has least */
    double want_seconds;     /* how much to give, if it is made of short packs; 0: one pack at most */
    double ratio;            /* measured over predicted */
    bool measured;           /* false: the ratio is a guess */
} request;

void pool_fill(pool *p, const schedule *s);
bool pool_empty(const pool *p);
double pool_seconds(const pool *p); /* predicted, uncorrected, for one rank */

/* Should this rank wait, because it asks early and the end is near? Then what is left is for those who finish sooner. */
bool pool_waits(const pool *p, const request *r);

/* Takes the next portion; the pool must not be empty. *seconds is predicted, uncorrected. */
portion pool_take(pool *p, const request *r, double *seconds);

/* Cuts the next slice, the tasks of one pack, off a portion that is not empty; predicted, uncorrected. */
void portion_cut(const schedule *s, portion *p, int64_t *first, int *count, double *seconds);
double portion_seconds(const schedule *s, portion p);

#endif
