/* The copying part of merging (merge.h). */
#ifndef STORE_MERGE_COPY_H
#define STORE_MERGE_COPY_H

#include "hdf5.h"
#include "results.h"

/* A new file with the same bytes; what is zero takes no disk, where the file system can. */
status merge_copy_file(const char *from, const char *to);

/* Copies the rows of the cells that `from`, a shard, has into a file of the same layout: results and bookkeeping. */
status merge_copy_rows(const results *from, hid_t into);

#endif
