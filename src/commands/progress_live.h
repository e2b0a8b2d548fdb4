/* What the live file says of a run that is on. */
#ifndef COMMANDS_PROGRESS_LIVE_H
#define COMMANDS_PROGRESS_LIVE_H

#include "live.h"
#include "schedule.h"

/* Names this process as the one that writes, now. */
void progress_live_begin(live *l, live_state state, int ranks, int64_t total);
/* The same with how the run is getting on. */
void progress_live(const progress *p, const packs *all, live *l);

/* What an estimator told, without what makes no sense: numbers are known and finite or NaN, and the epoch is one of its epochs;
 * epochs 0 where it tells nothing. */
task_note progress_note(const running *r);

/* Why a run begins nothing more, if so: what a signal asked counts before the time limit. */
live_state progress_state(const progress *p);
/* Predicted seconds until what runs has ended. */
double progress_running_seconds(const progress *p);

#endif
