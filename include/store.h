/* The store: one HDF5 file per sweep, in which the grid is the array.
 *
 * Crash-safe by construction: rank 0 creates everything (contiguous, allocated early, explicit fill), syncs and closes;
 * then nothing changes metadata any more, and every value has its place in the file for good. A rank writes its own rows
 * there with plain writes: values, then checksum, then status. Killed at any moment, the file opens, and a row marked done
 * is whole.
 *
 * Layout of the file (all variables over the grid's dimensions, dimension scales attached):
 *   one coordinate variable per axis, NAME_group beside it where the data says what its values belong to; coordinates of
 *   inner axes (source, class, epoch, metric, sample)
 *   one double variable per result; status (uint8), attempts (int32), wall_seconds, rank (int32), checksum (uint32),
 *   reason (fixed-length text); group `runs`: one row per run
 *   attributes: title, sweep_file, sweep_sets, sweep_members (what `all` stood for), every constant option by its full
 *   name, digests of data files, kernels, same_bits (from which runs: where tasks round by their number of ranks, as on compressed
 *   samples, run.ranks_per_task is one of the options that decide what is computed) */
#ifndef STORE_H
#define STORE_H

#include <mpi.h>

#include "row.h"
#include "sweep.h"

/* ---- before the run: serial, rank 0 only --------------------------------------------------------------------- */

typedef struct store_lock store_lock;
/* Takes FILE.lock against a second writer. Where a run that was killed is still dying (its ranks outlive it by a second or
 * two), waits up to `patience_seconds` and says so on stderr; then BAD_INPUT names host and process of the one that has it. */
status store_lock_take(const char *path, double patience_seconds, store_lock **out);
/* What every other rank takes part in, so that nobody else begins while it lives. Only for ranks other than the owner's: the
 * system drops a process's locks when it closes any descriptor of the file. */
status store_lock_share(const char *path, store_lock **out);
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
    /* 0, or a set of 1u << OUTCOME_…: only cells of these outcomes (failed, diverged, quarantined) are wanted */
    unsigned retry;
    int64_t crash_limit; /* unexplained deaths as the sole suspect that quarantine; 0: never */
} store_request;

/* What store_prepare found and did, for a person. */
typedef struct store_found {
    int64_t copied;      /* cells taken over from `reuse` */
    int64_t torn;        /* rows that were half-written: to be done again */
    int64_t crashed;     /* cells that ran in a process which crashed by its own signal since the last run */
    int64_t suspects;    /* cells wanted as suspects */
    int64_t quarantined; /* cells quarantined now */
    char data[65];       /* digest of all data files, in hexadecimal digits */
} store_found;

/* Makes the file ready to be opened by all ranks and says how each cell is wanted: wanted (cells), WANT_… of pack.h. Creates
 * under a temporary name and renames, so nothing half-made is ever at `path`. On resume, torn rows (status done, checksum
 * wrong) become pending again; done, failed, diverged and quarantined rows are not touched, unless `retry` asks for them.
 * Rows that were running when the last run died tell of its death (crash.h): the file counts per cell `crashes` (by the
 * process's own signal), `suspicions` (unexplained deaths at which it ran, in a row) and `sole_suspicions` (at which it ran
 * alone). */
status store_prepare(const store_request *q, const sweep *s, const layout *l, uint8_t *wanted,
                     store_found *found);

/* ---- during the run ------------------------------------------------------------------------------------------- */

typedef struct store store;
/* Collective: all ranks get the same status, and the text of the one that failed. Opens the prepared file; with
 * `store.writer: rank0` of the sweep, on rank 0 alone, to which the others send their rows. The layout is borrowed until
 * store_close. */
status store_open(MPI_Comm comm, const char *path, const sweep *s, const layout *l, store **out);
/* Marks cells as running and counts the attempt. Independent. */
status store_begin(store *st, const int64_t *cells, int count);
/* Takes store_begin back for the cells that were begun and not written: a planned stop is no attempt and no death. To be
 * called at once when a slice is given up, since what comes after a signal may have a second only. Independent. */
status store_give_up(store *st);
/* Writes finished rows, neighbouring cells in one piece. Independent. IO_FAILED says what the system said. */
status store_write(store *st, const int64_t *cells, task_row *const *rows, int count);
/* To be called at ticks and while waiting. Puts what this rank wrote on disk when `interval_seconds` have passed since it
 * last did; on rank 0, writes what other ranks have sent. Independent. */
status store_look(store *st, double interval_seconds);
/* Seconds for which the oldest row that this rank wrote (or sent) has not been put on disk; 0 where there is none. */
double store_unsynced_seconds(const store *st);
/* Rank 0: notes in the row of this run up to when (Unix time) rows are safe from a loss of power. Independent. */
status store_note_safe(store *st, double unix_seconds);
/* Rank 0, before store_close: notes there how busy the ranks were (results.h, run_record). Independent. */
status store_note_work(store *st, double busy, double least_busy, double processor);
/* Collective, and so is its status. Notes the end of the run (rank 0: time, outcome), closes and frees. */
status store_close(store *st, const char *ending);

#endif
