/* Rehearsals: HDF5 1.10 trusts what a file says of itself in many places, and a damaged one may end the process. So a copy of
 * the process does first what may go wrong. Where the system allows no copy, the act itself is the trial. */
#ifndef HDF5_REHEARSAL_H
#define HDF5_REHEARSAL_H

#include <stdbool.h>

#include "status.h"

/* Does the process survive this? Nothing that `act` changes is seen outside, but for files. */
bool hdf5_survives(void (*act)(void *context), void *context);

/* BAD_INPUT where HDF5 does not survive opening and reading every group, dataset and attribute of the file. What it refuses
 * in order is left to the reader. */
status hdf5_rehearse(const char *path);

#endif
