/* Blocks: the aligned runs of ranks on which gangs work. */
#ifndef SCHEDULE_BLOCK_H
#define SCHEDULE_BLOCK_H

#include <stdbool.h>

/* Ranks [first, first + width); width 0: none. */
typedef struct block {
    int first, width;
    double left_seconds; /* until the last of them has done what it has */
} block;

/* The block of so many that is free first; of several, that of the lowest ranks. `left` says how long a rank has work. There
 * must be one. */
block block_soonest(int ranks, int width, double (*left)(const void *context, int rank), const void *context);

static inline bool block_has(const block *b, int rank)
{
    return rank >= b->first && rank < b->first + b->width;
}

#endif
