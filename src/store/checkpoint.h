/* Checkpoints on disk: the state of a long task, from which the next run goes on.
 *
 * That of cell 12 is the file FILE.checkpoint.12 beside the result file: a header that says whose state it is, then the state,
 * which is the estimator's own affair. It is written as FILE.checkpoint.12.new and renamed when it is on disk, so that a whole one
 * is there from the first to the end of its task, whenever the process is killed.
 *
 * A checkpoint is a help, never a need: one that cannot be read or written costs a line, and the task goes on without. */
#ifndef STORE_CHECKPOINT_H
#define STORE_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "digest.h"
#include "settings.h"

/* What was made of checkpoints, and what saving them took. */
typedef struct checkpoint_cost {
    int64_t loaded, saved;
    int64_t largest_bytes;
    double seconds; /* for all of them */
} checkpoint_cost;

/* Who keeps the checkpoints of one rank's tasks, one task after the other. The first four are the caller's, texts borrowed. */
typedef struct keeper {
    const char *path;        /* of the result file */
    const char *kernels;     /* that all ranks use */
    const char *data;        /* digest of the sweep's data files */
    double interval_seconds; /* between two checkpoints; 0: none are saved, but one that is there is used */
    void (*say)(void *context, const char *line); /* to a person; NULL: on stderr */
    void *context;
    checkpoint_cost cost;

    int64_t cell;               /* of the task */
    char settings[DIGEST_TEXT]; /* of the task */
    double since;               /* when the task began, or its state was last kept */
    bool complained;            /* that one could not be saved: said once */
} keeper;

/* The task that runs from now on. */
status keeper_begin(keeper *k, int64_t cell, const settings *s);
/* The task's state, which the caller frees. *state is NULL where there is none, or none that is whole and of this task. */
status keeper_load(keeper *k, void **state, size_t *bytes);
bool keeper_due(const keeper *k);
status keeper_save(keeper *k, const void *state, size_t bytes);

/* That of a cell whose row is written. */
void checkpoint_remove(const char *path, int64_t cell);
/* Removes what nobody needs: of cells whose row is written, by status (cells), of cells that are none, and what was cut short. Not
 * while a run is on. */
void checkpoints_tidy(const char *path, const uint8_t *status_of, int64_t cells);
/* Removes all. */
void checkpoints_clear(const char *path);
/* Those that are there, and their size together. */
void checkpoints_count(const char *path, int64_t *count, int64_t *bytes);

#endif
