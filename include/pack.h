/* Packs: tasks that can train in lock-step, gathered from the cells that are to run.
 *
 * Two tasks may share a pack when estimator, kinds, data shape and every option but those marked OPTION_LANE agree. The
 * cells are ordered so that a pack is one run of `cell`; a slice of a pack is a run too, which is what the coordinator
 * hands out and splits. Same sweep, same cells: same packs on every rank. */
#ifndef PACK_H
#define PACK_H

#include "sweep.h"

typedef struct pack {
    int64_t first;  /* index into packs.cell */
    int count;      /* tasks; at most run.pack */
    double flops;   /* arithmetic of the whole pack, by the estimator's cost model */
    double seconds; /* predicted for the whole pack on one rank; see estimator.h */
    size_t bytes;   /* memory that it needs while it runs */
} pack;

typedef struct packs {
    int64_t cells;
    int64_t *cell; /* (cells) in the order of the packs */
    int64_t count;
    pack *pack; /* (count) longest predicted time first; ties in grid order */
} packs;

/* Gathers the cells with wanted[cell] != 0 (NULL: every cell that is not absent). */
status packs_make(const sweep *s, const uint8_t *wanted, packs **out);
void packs_free(packs *p);

/* Predicted seconds of `count` tasks of a pack, for splitting: lanes train as fast as one of them. */
status pack_seconds(const sweep *s, const packs *p, int64_t first, int count, double *seconds);

#endif
