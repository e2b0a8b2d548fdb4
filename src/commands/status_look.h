/* A look at a result file and at the run that may be filling it. It reads, takes no locks, and keeps nothing open. */
#ifndef COMMANDS_STATUS_LOOK_H
#define COMMANDS_STATUS_LOOK_H

#include "live.h"
#include "results.h"

typedef struct look {
    results *results;
    int64_t count[OUTCOMES]; /* cells of each outcome */
    bool is_on;              /* a run fills the file */
    live live;               /* as that run tells it */
    run_record *runs;        /* oldest first */
    int run_count;
    int64_t checkpoints, checkpoint_bytes; /* states of tasks that did not end, beside the file */
} look;

/* Half-written rows are found by their checksums, for which all values are read: not while a run is on and has work left,
 * whose rows are none of the reader's business. BAD_INPUT for what is no result file of this version. */
status look_take(const char *path, look *out);
void look_free(look *l);

int64_t look_failed(const look *l); /* diverged, failed and quarantined */
int64_t look_left(const look *l);   /* pending and running */
/* Did the last run end, and say so? */
bool look_has_ended(const look *l);

/* Is a run on? Its own word, checked: a process of this machine is asked for; of one elsewhere the age of its word tells,
 * or whether it speaks again, since clocks differ. */
bool look_for_run(const char *path, live *out);

#endif
