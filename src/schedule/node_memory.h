/* Memory that the processes of one machine map: a file without a name, in a folder that lies in memory.
 *
 * MPI's own shared windows take the same road, but do not look after themselves where /dev/shm is small, as it is in
 * containers: Open MPI 4.1 then fails on one rank and leaves the others waiting for ever, and where room runs out later, the
 * first touch kills. Here all room is taken before anything is written, and none is no failure. */
#ifndef SCHEDULE_NODE_MEMORY_H
#define SCHEDULE_NODE_MEMORY_H

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>

/* Collective over `near`, the ranks of a machine. Takes `bytes` in the first folder of the list (ended by NULL) that has
 * room and that all ranks see. Rank 0 may write to *memory until node_memory_seal, the others may not. *memory is NULL on all
 * ranks where no folder will do. */
void node_memory_make(MPI_Comm near, size_t bytes, const char *const *folder, void **memory);
/* Collective. What rank 0 has written is there for all, and nobody writes from now on. */
void node_memory_seal(MPI_Comm near, void *memory, size_t bytes);
/* NULL is fine. */
void node_memory_free(void *memory, size_t bytes);

#endif
