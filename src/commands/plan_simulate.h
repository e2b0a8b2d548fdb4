/* What the schedule would make of a sweep on few ranks and on many: by simulating it. */
#ifndef COMMANDS_PLAN_SIMULATE_H
#define COMMANDS_PLAN_SIMULATE_H

#include "commands.h"
#include "pack.h"

typedef struct plan_simulation {
    const char *path; /* of the sweep file */
    strings sets;     /* --set */
    int64_t ranks;
    const char *measured;      /* a result file whose times correct the predictions; or NULL */
    double round_trip_seconds; /* of a message and its answer; 0: by whether the ranks fit this machine */
    double start_seconds;      /* that it took to read the sweep and make its packs */
} plan_simulation;

/* Prints a table, a row for each of some numbers of ranks up to `ranks`, and what bounds them. */
status plan_simulate(const plan_simulation *what, const sweep *s, const packs *p);
/* Predicted seconds of a run on so many ranks. */
status plan_predict(const sweep *s, const packs *p, int64_t ranks, double *seconds);

#endif
