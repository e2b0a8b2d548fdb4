/* A run, as the files of the `run` command share it. */
#ifndef COMMANDS_RUN_H
#define COMMANDS_RUN_H

#include "commands.h"
#include "node_data.h"
#include "null.h"
#include "progress.h"
#include "run_keep.h"
#include "store.h"
#include "store/kernels.h"

/* What was typed. */
typedef struct run_arguments {
    const char *sweep, *output, *reuse, *time_limit;
    const char *retry_text, *shard_text;
    unsigned retry;                   /* set of 1u << OUTCOME_… */
    int64_t shard_index, shard_count; /* 0 of 0: all */
    null_axis null;
    strings sets;
    bool resume, force, other_kernels, quiet;
} run_arguments;

typedef struct job {
    run_arguments typed;
    int rank, ranks;
    bool launched;   /* by mpirun or srun, which end a run their own way */
    double ends;     /* MPI_Wtime at which the allocation ends; INFINITY: never */
    node_data *data; /* what the ranks of this machine share */
    sweep *sweep;
    layout *layout;
    char *path;                /* of the result file */
    char *command;             /* the command line */
    char kernels[KERNELS_MAX]; /* that all ranks use, as the result file names them */
    uint8_t *wanted;           /* (cells) WANT_… */
    store_found found;         /* what was in the file */
    packs *packs;
    store_lock *lock;
    store *store;

    int room;        /* tasks of the largest pack */
    settings **task; /* (room) reused from slice to slice */
    task_row **row;  /* (room) likewise */

    keeping keep; /* of long tasks' states */

    int64_t lane_tasks, lane_places; /* tasks run by estimators with lanes, and the lanes that they took */

    status looked; /* what the store said at a tick, if not OK; its text */
    char looked_text[512];

    progress_line line;
    double live_written; /* seconds after the start */
} job;

/* Reads the command line; its texts are borrowed from argv. */
extern const char run_help[];
status run_arguments_read(int argc, char **argv, run_arguments *a);
/* The result file that is meant. The caller frees it. */
status run_path(const run_arguments *a, char **path);

/* Room for the largest pack; packs and layout are there. */
status job_make_room(job *j);
void job_free(
    job *j); /* all that it holds; not the store, which closes collectively, nor the lock and the node */

/* Rank 0, once it has the lock: `status` shows that a run begins. It is taken back when the run ends. */
void job_tell_starting(const job *j);

/* Collective. Runs all packs. */
status job_run(job *j, progress *last);

/* What a person is told on standard error, by rank 0: before the first task, and when all is over: how it went, what
 * failed in this run or before, and what to type next. */
void job_say_start(const job *j);
status job_say_end(const job *j, const progress *last);

#endif
