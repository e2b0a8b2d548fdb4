/* The node: what the ranks of one machine share. */
#ifndef NODE_H
#define NODE_H

#include <mpi.h>

#include "status.h"

/* Collective. One copy of the data per node. Calls `load` on the first rank of every node, which reads what the sweep's data
 * kinds need; moves what they then hold into memory that all ranks of the node share; and calls `load` on the others, which
 * find it there. All ranks get the same status. The memory lives until node_free. */
typedef struct node node;
status node_share_data(MPI_Comm comm, status (*load)(void *context), void *context, node **out);
/* Bytes that the ranks of this node share. */
size_t node_bytes(const node *n);
/* Collective over the ranks of a node; after data_close. NULL is fine. */
void node_free(node *n);

#endif
