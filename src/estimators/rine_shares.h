/* Who does what of a task that a gang of ranks trains together. Sources are shared out first, because then each network lives on
 * one rank, and nothing but logits travels; what ranks are left over train parts of the batch: of its micro-batches, whose
 * number the task says and the gang does not change. Rank r is part r % parts of group r / parts; group q has the sources
 * q, q + groups, q + 2 groups, …; part p has an equal run of the micro-batches. */
#ifndef RINE_SHARES_H
#define RINE_SHARES_H

#include <stdbool.h>
#include <stdint.h>

#include "gang.h"

typedef struct rine_shares {
    gang *all;  /* borrowed */
    gang *same; /* the ranks of this one's group, which have the same networks; owned */
    int sources, micro_batches;
    int groups, parts;
    int group, part; /* this rank's */
} rine_shares;

/* Most ranks that a task has work for. */
int rine_shares_most(int sources, int micro_batches);
/* Of a gang of at most so many ranks: as many groups as leave the busiest rank least to do. */
int rine_shares_groups(int sources, int micro_batches, int ranks);
/* Collective over the gang. */
status rine_shares_make(gang *all, int sources, int micro_batches, rine_shares *out);
void rine_shares_free(rine_shares *s);

/* Sources that a group has at most. */
static inline int rine_shares_each(const rine_shares *s)
{
    return (s->sources + s->groups - 1) / s->groups;
}

static inline bool rine_shares_has(const rine_shares *s, int source)
{
    return source % s->groups == s->group;
}

/* The first rank that has this source. */
static inline int rine_shares_owner(const rine_shares *s, int source)
{
    return source % s->groups * s->parts;
}

/* Micro-batches of a part. */
static inline int rine_shares_rounds(const rine_shares *s)
{
    return s->micro_batches / s->parts;
}

/* Rows of a batch of so many: micro-batch m has those from the first of m up to the first of m + 1. */
static inline int rine_micro_first(int rows, int micro_batches, int m)
{
    return (int)((int64_t)rows * m / micro_batches);
}

#endif
