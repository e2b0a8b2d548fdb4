/* What a library that speaks MPI itself needs of a gang (gang.h). */
#ifndef SCHEDULE_GANG_PARTS_H
#define SCHEDULE_GANG_PARTS_H

#include <mpi.h>

#include "gang.h"

/* Collective over the gang, which is of more than one rank. A communicator of its ranks alone, in their order; the caller frees
 * it. Ranks wait here as MPI does, without a pause: agree first (gang_agree), so that all are there. */
MPI_Comm gang_communicator(const gang *g);

#endif
