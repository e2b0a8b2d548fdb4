/* Results: a result file that is open for reading, serially and without MPI, also while a run writes to it (store.h says
 * how the file is made and laid out). */
#ifndef RESULTS_H
#define RESULTS_H

#include "row.h"
#include "sweep.h"

/* The disk space that a result file takes, and a little more; reasons aside, which are few. */
int64_t results_bytes(const grid *g, const layout *l);

typedef struct results results;

/* BAD_INPUT when it is missing, not HDF5, truncated, or not ours. Reads while a run writes, too. */
status results_open(const char *path, results **out);
void results_close(results *r);

/* All three are borrowed. */
const char *results_path(const results *r);
const sweep *results_sweep(const results *r);   /* from the text in the file; loose */
const layout *results_layout(const results *r); /* as in the file */

/* All values of a variable (cells, count) row-major, as of now; the caller frees. While a run writes, ask for the status
 * first: what it calls done then has its values. */
status results_values(const results *r, const char *variable, double **out);
/* The outcome of every cell (cells); torn rows show as pending; the caller frees. */
status results_status(const results *r, uint8_t **out);
status results_reason(const results *r, int64_t cell, char reason[REASON_MAX]); /* "" where it is done */
/* The same counts from the bookkeeping alone, without reading values: cheap, for looks at a file that grows. Torn rows count
 * as done. `count` (OUTCOMES) is added up from zero. */
status results_count(const results *r, int64_t count[OUTCOMES]);

/* What each value of an axis belongs to, as the file has it (axis->count), borrowed until results_close; NULL where the
 * axis has no groups. */
const char *const *results_groups(const results *r, const axis *a);

/* A run, as `runs` has it. */
typedef struct run_record {
    char started[32], ended[32]; /* ISO 8601, UTC; ended is "" while it runs or when it was killed */
    char safe[32]; /* ISO 8601, UTC: what was written before is on disk; "" while nothing is known */
    char host[64], version[32], commit[48], compiler[96], flags[160], kernels[64], libraries[160],
        command[256];
    char ending[32]; /* "done", "stopped", "failed: …", "" */
    int ranks;
    /* Of the time from the first task to the last, shares of it: in which ranks ran tasks, mean over ranks, and the rank that
     * was least busy; in which they had a processor, by the system's account. 0 while the run is on or when it was killed. */
    double busy, least_busy, processor;
} run_record;
status results_runs(const results *r, run_record **out, int *count); /* oldest first; the caller frees */

#endif
