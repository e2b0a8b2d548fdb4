/* The node: what the ranks of one machine share. */
#ifndef NODE_DATA_H
#define NODE_DATA_H

#include <mpi.h>

#include "status.h"

/* Collective. One copy of the data per node. Calls `load` on the first rank of every node, which reads what the sweep's data
 * kinds need; moves what they then hold into memory that all ranks of the node share; and calls `load` on the others, which
 * find it there. Where no memory can be shared, each rank reads the data for itself, and a line on stderr says so. All ranks
 * get the same status. *out is to be freed even where that is a failure; what is shared lives until then, and is only read. */
typedef struct node_data node_data;
status node_data_share(MPI_Comm comm, status (*load)(void *context), void *context, node_data **out);
/* Bytes that the ranks of this node share. */
size_t node_data_bytes(const node_data *n);
/* Collective over the ranks of a node; after data_close. NULL is fine. */
void node_data_free(node_data *n);

#endif
