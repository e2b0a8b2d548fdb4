/* The pool: packs that nobody has yet, and how much of them the next rank gets. No messages here.
 *
 * Packs leave in their order, longest first. Packs that are short beside the time between two answers leave many at
 * once; towards the end a pack is split where that lets the last rank finish earlier. Splitting is not free: the
 * tasks of a pack train in the lanes of SIMD registers, and half a pack may take as long as all of it. So every way
 * of splitting is priced with the schedule's own prediction.
 *
 * Packs for one rank stand in one line, those for gangs of each size in one of their own, from each of which the longest
 * leave first: who asks says for how many ranks. What a gang's pack takes is predicted for the gang.
 *
 * Near a time limit the longest no longer fit. Then they are cut to what fits, or the shortest leave first, from the
 * other end, cut as well; what fits nobody stays, and may fit again when work turns out to be faster than it seemed. A task
 * that keeps checkpoints goes on where it stopped, so that it may leave where only a part of it fits.
 *
 * The pool holds the packs of one stage (pack.h) at a time. */
#ifndef SCHEDULE_POOL_H
#define SCHEDULE_POOL_H

#include "slice.h"

enum { LINES_MAX = 31 }; /* sizes of gangs are powers of two, and an int */

/* Packs for so many ranks. */
typedef struct line {
    int ranks;
    int64_t pack;         /* the next one; `end` when the line is empty */
    int64_t end;          /* behind the last one */
    int64_t first;        /* the next task */
    int64_t last;         /* behind the last task */
    double front_seconds; /* predicted for what is left of the next pack */
    double after_seconds; /* predicted for the packs behind it */
} line;

typedef struct pool {
    const schedule *schedule;
    int stage;
    int lines;
    line line[LINES_MAX]; /* (lines) of the largest gangs first; the last is for one rank */
} pool;

/* Who asks, and how the others are off. Times are predictions corrected by what was measured, but for fit_seconds and
 * spare_seconds. */
typedef struct request {
    int ranks;
    int width;               /* ranks that ask together, for a gang; up to 1: one for itself */
    double left_seconds;     /* of work that the asking rank has already */
    double all_left_seconds; /* the same summed over all ranks, the asking one included */
    double least_seconds;    /* the same for the rank that has least */
    double want_seconds;     /* how much to give, if it is made of short packs; 0: one pack at most */
    double ratio;            /* measured over predicted */
    bool measured;           /* false: the ratio is a guess */
    bool limited;            /* nothing may be given that does not fit into fit_seconds */
    double fit_seconds;      /* as predicted, uncorrected */
    bool held;               /* for a gang: nothing may be given that takes longer than spare_seconds */
    double spare_seconds;    /* as predicted, uncorrected */
} request;

/* With the first stage. */
void pool_fill(pool *p, const schedule *s);
bool pool_empty(const pool *p);
/* Is there nothing for one rank alone? */
bool pool_has_no_singles(const pool *p);
double pool_seconds(
    const pool *p); /* predicted, uncorrected, for one rank: those of gangs count for each of theirs */
/* Predicted, uncorrected, for the packs of gangs alone, on so many ranks. */
double pool_gang_seconds(const pool *p, int ranks);
int64_t pool_tasks(const pool *p); /* of this stage and those to come */
/* Predicted for the task that is the first to fit; where it keeps checkpoints, what must be there for it to begin, and
 * *keeps says so (may be NULL). The pool must not be empty. */
double pool_shortest_seconds(const pool *p, bool *keeps);

/* The pool must be empty; false: there are no more stages. */
bool pool_next_stage(pool *p);
/* How many slices of this stage may run at once; 0: any number. */
int pool_width(const pool *p, int ranks);
/* Ranks of the largest gang of this stage; 1 where there is none. */
int pool_widest(const pool *p);
/* Predicted, uncorrected, for the stages to come, each of them run by as many ranks as may. */
double pool_later_seconds(const pool *p, int ranks);
/* Takes everything out, of this stage and those to come. */
void pool_clear(pool *p);

/* Of what may be given, whoever asks: for how many ranks is the longest? A gang goes before one rank with as much; 0: there
 * is nothing. r->width does not matter. */
int pool_turn(const pool *p, const request *r);
/* Should this rank wait, because it asks early and the end is near? Then what is left is for those who finish sooner. */
bool pool_waits(const pool *p, const request *r);
/* Is there anything that this rank may be given? */
bool pool_suits(const pool *p, const request *r);

/* Takes the next portion; there must be one that suits. *seconds is predicted, uncorrected. */
portion pool_take(pool *p, const request *r, double *seconds);

#endif
