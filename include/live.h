/* The live file, FILE.live beside a result file while a run fills it: how the run is getting on, for whoever looks. Rank 0
 * writes it about once a second; lines of "name values" that a person can read, too, and no more of them for ten thousand
 * ranks than for a hundred. Whoever reads it takes nothing in it for granted. */
#ifndef LIVE_H
#define LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "estimator.h"

/* name, word in the file, what a person is told */
#define LIVE_STATE_LIST(X)                                                              \
    X(RUNNING, "running", "running")                                                    \
    X(STARTING, "starting", "starting")                                                 \
    X(DRAINING, "draining", "draining, as a signal asked")                              \
    X(OUT_OF_TIME, "out_of_time", "draining, since what is left would not end in time") \
    X(STOPPING, "stopping", "stopping, as a signal asked")
#define LIVE_STATE_ENUM(name, word, text) LIVE_##name,
typedef enum live_state { LIVE_STATE_LIST(LIVE_STATE_ENUM) LIVE_STATES } live_state;
#undef LIVE_STATE_ENUM
const char *live_state_text(live_state s);

enum {
    LIVE_RANKS = 64, /* more ranks are not told one by one */
    LIVE_SLICES = 5  /* of those that run, the ones that have run longest */
};

/* What a rank has done. */
typedef struct live_rank {
    double busy; /* part of the time since the start that it spent on tasks, 0 to 1 */
    double tasks;
} live_rank;

#define LIVE_REAL_MAX 1e30 /* of what a note measures */

/* What a rank does, or a gang of them. */
typedef struct live_slice {
    int64_t cell; /* of its first task */
    int64_t tasks;
    int ranks;
    double seconds, left_seconds; /* since it began; predicted */
    task_note note;               /* epochs 0: it does not say how it gets on */
} live_slice;

typedef struct live {
    double unix_seconds; /* when it was written */
    int ranks;
    int64_t total, done, failed;          /* tasks of this run; failed: diverged, failed and quarantined */
    double elapsed_seconds, left_seconds; /* left: predicted; NaN while unknown */
    char host[64];
    int64_t process, process_start; /* of rank 0; start: live_process_start */

    live_state state;
    int64_t suspects; /* tasks that are run apart and not finished */
    double limit_seconds,
        margin_seconds;       /* until the time limit, margin not taken off; INFINITY or 0 without */
    double safe_unix_seconds; /* what was written before then outlives a loss of power; NaN while unknown */
    live_rank least, mean, most; /* of the ranks */
    int listed;                  /* ranks in `rank`: all, or none where there are more than fit */
    live_rank rank[LIVE_RANKS];
    int slices;
    live_slice slice[LIVE_SLICES]; /* longest first */
} live;

status live_write(const char *path, const live *l); /* atomically: temporary name, then rename */
bool live_read(const char *path, live *out);        /* false where there is none, or none that makes sense */
void live_remove(const char *path);

/* When a process of this machine began, in ticks since the machine did: with its number, it names one process for good. 0
 * where the system does not tell, or there is none (a process that is dead and not yet buried is none). */
int64_t live_process_start(int64_t process);

typedef enum live_pulse {
    LIVE_GONE,
    LIVE_BEATS,
    LIVE_UNKNOWN /* it belongs to another machine */
} live_pulse;
/* Does the process that wrote it live? No clock is asked. */
live_pulse live_pulse_of(const live *l);

#endif
