/* Signals: what a person, mpirun or a batch system wants of a run. */
#ifndef COMMANDS_SIGNALS_H
#define COMMANDS_SIGNALS_H

#include <stdbool.h>

#include "schedule.h"

/* From now on: SIGUSR1 drains, SIGTERM stops. Ctrl-C drains at first and stops the second time; the third kills, in case no
 * tick comes. `launched`: Ctrl-C stops at once, because mpirun kills a second later. A Ctrl-C that was ignored when the
 * process began (in the background of a script) stays so. */
void signals_catch(bool launched);
/* What has been asked for so far. */
wish signals_wish(void);

#endif
