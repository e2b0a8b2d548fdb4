/* The variables of a result file: how they are made over the grid. */
#ifndef STORE_VARIABLES_H
#define STORE_VARIABLES_H

#include "hdf5.h"
#include "row.h"
#include "sweep.h"

/* Creates the coordinates, the results and the bookkeeping in an empty file, everything allocated and filled: pending
 * (absent where the grid says so), no attempts, NaN, rank -1. */
status variables_make(hid_t file, const grid *g, const layout *l);

#endif
