/* The coordinator: rank 0, which hands out all work and does its share of it. */
#ifndef SCHEDULE_COORDINATOR_H
#define SCHEDULE_COORDINATOR_H

#include "gang_make.h"
#include "schedule.h"

typedef struct coordinator coordinator;

/* Nothing may run any more at MPI_Wtime `ends`; INFINITY: never. */
status coordinator_make(MPI_Comm comm, const schedule *s, const gang_set *gangs, double ends,
                        coordinator **out);
void coordinator_free(coordinator *c);
/* Runs until every worker has left. WORK_LEFT when that was before the end, what a slice of this rank failed with, or OK. */
status coordinator_run(coordinator *c);
/* How things stand; the arrays are borrowed, and renewed by the next call. */
progress coordinator_progress(const coordinator *c);

#endif
