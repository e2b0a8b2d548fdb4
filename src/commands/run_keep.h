/* How a run keeps the states of long tasks: between the estimator, which gives and takes them (estimator.h), and the files in
 * which they lie (store/checkpoint.h). */
#ifndef COMMANDS_RUN_KEEP_H
#define COMMANDS_RUN_KEEP_H

#include "estimator.h"
#include "store.h"
#include "store/checkpoint.h"

typedef struct keeping {
    store *store; /* borrowed */
    keeper keeper;
    bool leads;      /* this rank is the first of its gang, whose business the files are */
    int64_t written; /* a cell whose row is written, and may not be on disk yet; -1: none */

    checkpoint checkpoint; /* what the estimator is given, */
    ticker ticker;         /* and how it ticks */
    ticker *outer;
    bool stopped; /* a tick said stop */
} keeping;

/* The keeper has been filled in. */
void keep_make(keeping *k, store *st);
/* Lets a task's state be kept while it runs: its pack gets a checkpoint, and *t is replaced. */
status keep_begin(keeping *k, int64_t cell, task_pack *pack, ticker **t);
/* The task's row is written: when that is on disk, its state goes. */
void keep_written(keeping *k, int64_t cell);
/* To be called now and then. */
void keep_look(keeping *k);
/* Collective. Rank 0 then has the cost on all ranks. */
void keep_sum(keeping *k);

#endif
