/* How the schedule makes gangs (gang.h).
 *
 * A gang is a run of neighbouring ranks of a communicator and what they exchange; making one is no communication, and so is
 * freeing it. Everything that travels lies in buffers of the gang's own, so that a rank that gives a wait up leaves nothing
 * behind which could still be read from or written to the caller's memory: the other end may get to it much later. For the
 * same reason a gang that was given up is freed only when all of its ranks have ended their waits. */
#ifndef SCHEDULE_GANG_MAKE_H
#define SCHEDULE_GANG_MAKE_H

#include <mpi.h>

#include "gang.h"
#include "pack.h"

/* The gang of ranks [first, first + count) of `comm`, of which this is one; count is a power of two. NULL for one rank. The
 * communicator is borrowed; nothing but gangs may use it, and a rank works in one of them at a time. */
status gang_make(MPI_Comm comm, int first, int count, gang **out);

enum { GANG_SIZES = 31 }; /* powers of two, and an int */

/* The gangs in which a rank may find itself: in that of 2^k ranks, if there are packs for one and it lies in a whole block. */
typedef struct gang_set {
    gang *of[GANG_SIZES]; /* (k) */
    MPI_Comm comm;        /* MPI_COMM_NULL where no pack is for a gang */
} gang_set;

/* Collective. */
status gang_set_make(MPI_Comm comm, const packs *p, gang_set *out);
/* Collective, when all ranks have ended what they waited for. What was made is freed also after a failure. */
void gang_set_free(gang_set *g);
gang *gang_set_find(const gang_set *g, int ranks);

#endif
