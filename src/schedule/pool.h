/* The pool: packs that nobody has yet, and how much of them the next rank gets. No messages here.
 *
 * Packs leave in their order, longest first. Packs that are short beside the time between two answers leave many at
 * once; towards the end a pack is split where that lets the last rank finish earlier. Splitting is not free: the
 * tasks of a pack train in the lanes of SIMD registers, and half a pack may take as long as all of it. So every way
 * of splitting is priced with the schedule's own prediction.
 *
 * Near a time limit the longest no longer fit. Then they are cut to what fits, or the shortest leave first, from the
 * other end, cut as well; what fits nobody stays, and may fit again when work turns out to be faster than it seemed.
 *
 * The pool holds the packs of one stage (pack.h) at a time. */
#ifndef SCHEDULE_POOL_H
#define SCHEDULE_POOL_H

#include "messages.h"

typedef struct pool {
    const schedule *schedule;
    int stage;
    int64_t pack;         /* the next one; `end` when the pool is empty */
    int64_t end;          /* behind the last one */
    int64_t first;        /* the next task */
    int64_t last;         /* behind the last task */
    double front_seconds; /* predicted for what is left of the next pack */
    double after_seconds; /* predicted for the packs behind it */
} pool;

/* Who asks, and how the others are off. Times are predictions corrected by what was measured, but for fit_seconds. */
typedef struct request {
    int ranks;
    double left_seconds;     /* of work that the asking rank has already */
    double all_left_seconds; /* the same summed over all ranks, the asking one included */
    double least_seconds;    /* the same for the rank that has least */
    double want_seconds;     /* how much to give, if it is made of short packs; 0: one pack at most */
    double ratio;            /* measured over predicted */
    bool measured;           /* false: the ratio is a guess */
    bool limited;            /* nothing longer than fit_seconds may be given */
    double fit_seconds;      /* as predicted, uncorrected */
} request;

/* With the first stage. */
void pool_fill(pool *p, const schedule *s);
bool pool_empty(const pool *p);
double pool_seconds(const pool *p); /* predicted, uncorrected, for one rank */
int64_t pool_tasks(const pool *p);  /* of this stage and those to come */
/* Predicted for the task that is the first to fit. The pool must not be empty. */
double pool_shortest_seconds(const pool *p);

/* The pool must be empty; false: there are no more stages. */
bool pool_next_stage(pool *p);
/* How many slices of this stage may run at once; 0: any number. */
int pool_width(const pool *p, int ranks);
/* Predicted, uncorrected, for the stages to come, each of them run by as many ranks as may. */
double pool_later_seconds(const pool *p, int ranks);
/* Takes everything out, of this stage and those to come. */
void pool_clear(pool *p);

/* Should this rank wait, because it asks early and the end is near? Then what is left is for those who finish sooner. */
bool pool_waits(const pool *p, const request *r);
/* Is there anything that this rank may be given? */
bool pool_suits(const pool *p, const request *r);

/* Takes the next portion; there must be one that suits. *seconds is predicted, uncorrected. */
portion pool_take(pool *p, const request *r, double *seconds);

/* Cuts the next slice, the tasks of one pack, off a portion that is not empty; predicted, uncorrected. */
void portion_cut(const schedule *s, portion *p, int64_t *first, int *count, double *seconds);
double portion_seconds(const schedule *s, portion p);

#endif
