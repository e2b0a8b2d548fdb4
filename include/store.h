/* The store: one HDF5 file per sweep, in which the grid is the array.
 *
 * Crash-safe by construction: rank 0 creates everything with the serial driver (contiguous, allocated early, explicit
 * fill), syncs and closes; then all ranks open the file with MPI-IO and nothing changes metadata any more. A rank writes
 * its own rows: values, then checksum, then status. Killed at any moment, the file opens, and a row marked done is whole.
 *
 * Layout of the file (all variables over the grid's dimensions, dimension scales attached):
 *   one coordinate variable per axis, NAME_group beside it where the data says what its values belong to; coordinates of
 *   inner axes (source, class, epoch, metric, sample)
 *   one double variable per result; status (uint8), attempts (int32), wall_seconds, rank (int32), checksum (uint32),
 *   reason (fixed-length text); group `runs`: one row per run
 *   attributes: title, sweep_file, sweep_sets, sweep_members (what `all` stood for), every constant option by its full
 *   name, digests of data files, kernels */
#ifndef STORE_H
#define STORE_H

#include <mpi.h>

#include "row.h"
#include "sweep.h"

/* ---- before the run: serial, rank 0 only --------------------------------------------------------------------- */

typedef struct store_lock store_lock;
/* Takes FILE.lock against a second writer; BAD_INPUT names host and process of the one that has it. */
status store_lock_take(const char *path, store_lock **out);
void store_lock_release(store_lock *l); /* NULL is fine */

typedef enum store_mode {
    STORE_NEW,   /* refuse a path that exists */
    STORE_FORCE, /* replace it */
    STORE_RESUME, /* go on with it, or start where there is none (job scripts always resume); refuse what is not ours or
                     another sweep's, saying what differs */
} store_mode;

typedef struct store_request {
    const char *path;
    store_mode mode;
    const char *reuse;   /* a result file whose done cells are copied where the settings are alike; or NULL */
    const char *kernels; /* name of the kernel set that all ranks use */
    bool other_kernels;  /* resume although the file was made with another kernel set */
    int ranks;
    const char *command; /* the command line */
} store_request;

/* Makes the file ready to be opened by all ranks and says which cells are to run: wanted (cells) is 1 there. Creates
 * under a temporary name and renames, so nothing half-made is ever at `path`. On resume, torn rows (status done, checksum
 * wrong) and rows that were running become pending again, failed and diverged rows are wanted again, and done and
 * quarantined rows are not touched. `*copied` counts the cells taken over from `reuse`. */
status store_prepare(const store_request *q, const sweep *s, const layout *l, uint8_t *wanted,
                     int64_t *copied);

/* ---- during the run ------------------------------------------------------------------------------------------- */

typedef struct store store;
/* Collective: all ranks get the same status, and the text of the one that failed. Opens the prepared file with MPI-IO. The
 * layout is borrowed until store_close. */
status store_open(MPI_Comm comm, const char *path, const sweep *s, const layout *l, store **out);
/* Marks cells as running and counts the attempt; store_close takes both back for cells that were not written. Independent. */
status store_begin(store *st, const int64_t *cells, int count);
/* Writes finished rows, neighbouring cells in one piece. Independent. IO_FAILED says what the system said. */
status store_write(store *st, const int64_t *cells, task_row *const *rows, int count);
/* Puts what this rank wrote on disk when `interval_seconds` have passed since it last did. Independent. */
status store_sync(store *st, double interval_seconds);
/* Collective, and so is its status. Notes the end of the run (rank 0: time, outcome), closes and frees. */
status store_close(store *st, const char *ending);

#endif
