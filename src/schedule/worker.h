/* A worker: every rank but 0. */
#ifndef SCHEDULE_WORKER_H
#define SCHEDULE_WORKER_H

#include "gang_make.h"
#include "schedule.h"

/* Works for the coordinator until it says leave. OK, WORK_LEFT when a slice was given up, or what a slice failed with. What
 * runs at MPI_Wtime `ends` (INFINITY: never) is given up. */
status worker_run(MPI_Comm comm, const schedule *s, const gang_set *gangs, double ends);

#endif
