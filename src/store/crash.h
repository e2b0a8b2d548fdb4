/* Crashes: a process that dies by its own signal (SEGV, BUS, FPE, ILL, ABRT) leaves a mark beside the result file, so that the
 * next run knows which cells ran in it. A death without a mark (SIGKILL, out of memory, a lost node) is unexplained.
 *
 * The mark is the file FILE.crash.RANK: one line "SIGNAL HOST PROCESS CELL CELL …". Written by the signal handler with open,
 * write and close alone. */
#ifndef STORE_CRASH_H
#define STORE_CRASH_H

#include "status.h"

#include <stdbool.h>
#include <stdint.h>

/* Installs the handlers, on a stack of their own; what stood before is called afterwards, so that the process still dies of
 * its signal. One result file per process. */
status crash_watch(const char *path, int rank);
void crash_unwatch(void);
/* The cells that run in this process from now on (borrowed; copied if few): store_begin, store_write and store_give_up keep
 * it true. count 0: none. */
status crash_cells(const int64_t *cells, int count);

/* What the marks beside a file tell, read and kept until crash_marks_clear. `signal_of` (cells) gets the signal's number for
 * each cell that a mark names; 0 elsewhere. Garbled marks are passed over. *marks counts the files. */
status crash_marks_read(const char *path, int64_t cells, uint8_t *signal_of, int *marks);
/* Removes the marks, once the counts are safe in the result file. */
void crash_marks_clear(const char *path);

/* "SIGSEGV" */
const char *crash_signal_name(int number);

#endif
