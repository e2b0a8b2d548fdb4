/* A run, as the files of the `run` command share it. */
#ifndef COMMANDS_RUN_H
#define COMMANDS_RUN_H

#include "commands.h"
#include "null.h"
#include "progress.h"
#include "store.h"

/* What was typed. */
typedef struct run_arguments {
    const char *sweep, *output, *reuse;
    null_axis null;
    strings sets;
    bool resume, force, other_kernels, quiet;
} run_arguments;

typedef struct job {
    run_arguments typed;
    int rank, ranks;
    sweep *sweep;
    layout *layout;
    char *path;    /* of the result file */
    char *command; /* the command line */
    const char *kernels;
    uint8_t *wanted; /* (cells) 1 where it is to run */
    store_found found; /* what was in the file */
    packs *packs;
    store_lock *lock; /* rank 0 */
    store *store;

    int room;        /* tasks of the largest pack */
    settings **task; /* (room) reused from slice to slice */
    task_row **row;  /* (room) likewise */

    int64_t lane_tasks, lane_places; /* tasks run by estimators with lanes, and the lanes that they took */

    progress_line line;
    double live_written; /* seconds after the start */
} job;

/* Room for the largest pack; packs and layout are there. */
status job_make_room(job *j);
void job_free(job *j); /* all that it holds; not the store, which closes collectively, nor the lock */

/* Collective. Runs all packs. */
status job_run(job *j, progress *last);

#endif
