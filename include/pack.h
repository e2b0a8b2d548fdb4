/* Packs: tasks that can train in lock-step, gathered from the cells that are to run.
 *
 * Two tasks may share a pack when estimator, kinds, the estimator's envelope of the data shape and every option but those
 * marked OPTION_LANE agree. The cells are ordered so that a pack is one run of `cell`; a slice of a pack is a run too, which
 * is what the coordinator hands out and splits. Same sweep, same cells: same packs on every rank. */
#ifndef PACK_H
#define PACK_H

#include <stdbool.h>

#include "sweep.h"

/* How a cell is wanted, as store_prepare says. */
enum {
    WANT_NOT,
    WANT_PACKED,
    WANT_ALONE, /* in a pack of its own, after all others: it crashed once, or was quarantined */
    /* + n, n from 1 to 60: ran at n unexplained deaths, n in a row */
    WANT_SUSPECT = WANT_ALONE
};

typedef struct pack {
    int64_t first;  /* index into packs.cell */
    int count;      /* tasks; at most run.pack */
    int lanes;      /* tasks that run at once: the others wait, and lanes without a task run empty */
    int ranks;      /* that run it together, a gang: run.ranks_per_task, or the most that its task can use */
    bool keeps;     /* one task that keeps checkpoints: it may be begun where it cannot end in time */
    double flops;   /* arithmetic of the whole pack, by the estimator's cost model */
    double seconds; /* predicted for the whole pack on one rank; see estimator.h */
    size_t bytes;   /* memory that it needs while it runs */
} pack;

/* Packs that run when all of the stages before have ended, so that a death tells of these alone. The first stage has the
 * packed cells and may be empty; then come those alone, then suspects, of few deaths first. Suspects of a first death run
 * half as many at a time as there are ranks, of a second death a quarter …: whoever kills is found in as many deaths as the
 * number of ranks has halves, and a thousand innocent suspects of a lost node do not wait for each other. */
typedef struct stage {
    int64_t first_pack; /* it ends where the next one begins */
    int halvings;       /* at most max(1, min(ranks, packs of the stage) >> halvings) run at once */
} stage;

typedef struct packs {
    int64_t cells;
    int64_t *cell; /* (cells) in the order of the packs */
    int64_t count;
    pack *pack; /* (count) stage by stage; those of the largest gangs first; longest predicted time first; ties in grid order */
    int stages; /* 0: all packs are one stage */
    stage *stage;
} packs;

/* Gathers the cells with wanted[cell] != WANT_NOT (NULL: every cell that is not absent), into as few packs as run.pack allows. Where
 * an estimator has lanes, no more registers are begun than there are tasks for: all packs of a group but one are full
 * registers. */
status packs_make(const sweep *s, const uint8_t *wanted, packs **out);
void packs_free(packs *p);

/* The ranks of a gang wait for each other now and then, and for what they tell each other. */
#define GANG_EFFICIENCY 0.9
/* Seconds that a pack takes on the ranks that run it, where it or a part of it takes `seconds` on one. */
static inline double pack_span(const pack *p, double seconds)
{
    return p->ranks > 1 ? seconds / (GANG_EFFICIENCY * p->ranks) : seconds;
}

/* The same packs for so few ranks: gangs are no larger than what is there. */
status packs_for_ranks(const packs *p, int ranks, packs **out);

/* Predicted seconds on one rank of `count` tasks of a pack, for splitting: lanes train as fast as one of them. */
status pack_seconds(const sweep *s, const packs *p, int64_t first, int count, double *seconds);

/* The data shape of `count` such cells, of which the first has the settings `t`: their own, or their envelope where they
 * differ. */
status pack_shape(const sweep *s, const int64_t *cells, int count, const settings *t, data_shape *shape);

/* Lanes that `count` tasks take, with those that stay empty. */
int64_t pack_lanes(int lanes, int64_t count);

#endif
