/* A heap of ranks, each with a time: the earliest is found at once, and any rank may be given another time. */
#ifndef SCHEDULE_RANK_HEAP_H
#define SCHEDULE_RANK_HEAP_H

#include "status.h"

typedef struct rank_heap {
    int count;
    int *rank;    /* (count) a binary heap by time; ties by rank */
    int *place;   /* (ranks) where in it; -1: not there */
    double *time; /* (ranks) */
} rank_heap;

/* Empty, with room for `ranks`. What was made is freed also after a failure. */
status rank_heap_make(int ranks, rank_heap *h);
void rank_heap_free(rank_heap *h);

/* The earliest; the heap must not be empty. */
static inline int rank_heap_first(const rank_heap *h)
{
    return h->rank[0];
}
/* Adds a rank, or gives it another time. */
void rank_heap_put(rank_heap *h, int rank, double time);
/* Takes a rank out that is there. */
void rank_heap_remove(rank_heap *h, int rank);

#endif
