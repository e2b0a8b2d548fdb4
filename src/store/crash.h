/* Crashes: a process that dies by its own signal (SEGV, BUS, FPE, ILL, ABRT) leaves a mark beside the result file, so that the
 * next run knows which cells ran in it. A death without a mark (SIGKILL, out of memory, a lost node) is unexplained.
 *
 * The mark is the file FILE.crash.RANK: one line "SIGNAL HOST PROCESS CELL CELL …". The signal handler writes it with open,
 * write and close alone. A process that runs no cell leaves none. */
#ifndef STORE_CRASH_H
#define STORE_CRASH_H

#include <stdbool.h>
#include <stdint.h>

#include "status.h"

/* Installs the handlers, on a stack of their own. What was installed before is called afterwards, so that the process still
 * dies of its signal. One result file per process. */
status crash_watch(const char *path, int rank);
void crash_unwatch(void);
/* The cells that run in this process from now on; count 0: none. The list is borrowed: it is to be taken back before it
 * changes. Costs next to nothing. */
void crash_cells(const int64_t *cells, int count);

/* What the marks beside a file tell: `signal_of` (cells) gets the signal's number for each cell that a mark names, 0 elsewhere.
 * *marks counts those that could be read; garbled ones are passed over, and so are cells that the grid has not. */
status crash_marks_read(const char *path, int64_t cells, uint8_t *signal_of, int *marks);
/* Removes the marks. */
void crash_marks_clear(const char *path);

/* "SIGSEGV" */
const char *crash_signal_name(int number);

#endif
