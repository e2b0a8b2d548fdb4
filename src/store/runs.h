/* The runs that worked on a file: who, where, when, with which program. One row per run in the preallocated group
 * `runs`, fixed-length text, so that noting a run changes no metadata. */
#ifndef STORE_RUNS_H
#define STORE_RUNS_H

#include "hdf5.h"
#include "results.h"
#include "store.h"

status runs_make(hid_t file);
/* Notes the start of a run. A file that has seen RUNS_MAX runs forgets the last one. */
status runs_begin(hid_t file, const store_request *q);
/* Both note something about the run that began last: its end; up to when rows are safe from a loss of power (Unix time). */
status runs_end(hid_t file, const char *ending);
status runs_note_safe(hid_t file, double unix_seconds);
/* How busy its ranks were: see run_record. */
status runs_note_work(hid_t file, double busy, double least_busy, double processor);
status runs_read(hid_t file, run_record **out, int *count);
/* Replaces the rows by those of runs, oldest first, that are at least as many. Of too many, the oldest are left out. */
status runs_write(hid_t file, const run_record *runs, int count);

#endif
