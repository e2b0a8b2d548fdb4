/* The time limit of a run: when its allocation ends. */
#ifndef COMMANDS_TIME_LIMIT_H
#define COMMANDS_TIME_LIMIT_H

#include "status.h"

/* Seconds that are written as SLURM does, [D-]HH:MM:SS, MM:SS or UNLIMITED (INFINITY), or as 90s, 30m, 2h, 1.5d. A bare number
 * is refused, because SLURM would read minutes. */
status time_limit_parse(const char *text, double *seconds);

/* Seconds from now until the run must have ended: what was typed (NULL: nothing), or SLURM_JOB_END_TIME (Unix seconds) where the
 * batch system sets it, whichever comes first; INFINITY without. May be negative. */
status time_limit_find(const char *typed, double *seconds);

#endif
