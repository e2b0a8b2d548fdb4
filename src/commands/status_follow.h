/* infosweep status --follow: looks again and again until no run fills the file. */
#ifndef COMMANDS_STATUS_FOLLOW_H
#define COMMANDS_STATUS_FOLLOW_H

#include "status.h"

/* On a terminal a block that is redrawn in place, and removed at the end; elsewhere a line when something has changed. Seconds
 * between two looks: `interval_seconds`, or, if that is 0, as often as a person wants to know. Ctrl-C and SIGTERM end the
 * process, once the terminal is in order. */
status status_follow(const char *path, double interval_seconds);

#endif
