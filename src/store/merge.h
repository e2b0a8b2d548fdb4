/* Merging: the result files of all shards of a sweep become one, as a run of the whole sweep would have left it.
 *
 * The data of every row is copied bit by bit, and so is its bookkeeping; `runs` gets the runs of all shards. The file is made
 * under a temporary name and renamed. The shards are read only. */
#ifndef STORE_MERGE_H
#define STORE_MERGE_H

#include "row.h"

/* NAME.h5, where every path is NAME.shard-I-of-N.h5; BAD_INPUT otherwise. The caller frees it. */
status merge_default_path(const char *const *paths, int count, char **out);

/* BAD_INPUT, which names the file, where the files are not all shards of one sweep, each once, and all of their tasks run.
 * An existing file at `out` is replaced with `force` only. `tasks` (OUTCOMES) counts what became of them. */
status merge_shards(const char *const *paths, int count, const char *out, bool force,
                    int64_t tasks[OUTCOMES]);

#endif
