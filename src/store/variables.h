/* The variables of a result file: how they are made over the grid. */
#ifndef STORE_VARIABLES_H
#define STORE_VARIABLES_H

#include "hdf5.h"
#include "row.h"
#include "sweep.h"

/* The auxiliary coordinate of an axis that says what its values belong to. */
#define GROUP_NAME "%s_group"
enum { GROUP_NAME_MAX = 160 };

/* Creates the coordinates, the results and the bookkeeping in an empty file, everything allocated and filled: pending
 * (absent where the grid says so), no attempts, NaN, rank -1. */
status variables_make(hid_t file, const grid *g, const layout *l);

#endif
