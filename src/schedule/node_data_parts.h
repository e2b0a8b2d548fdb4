/* The parts of node_data.h that tests use: they run on one machine, and play several. */
#ifndef SCHEDULE_NODE_DATA_PARTS_H
#define SCHEDULE_NODE_DATA_PARTS_H

#include "node_data.h"

/* Collective. node_data_share where `near` (taken over) says which ranks share a machine, with memory in the first of the
 * folders (ended by NULL) that will do. */
status node_data_share_among(MPI_Comm comm, MPI_Comm near, const char *const *folder,
                             status (*load)(void *context), void *context, node_data **out);

#endif
