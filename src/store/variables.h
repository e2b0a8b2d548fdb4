/* The variables of a result file: how they are made over the grid. */
#ifndef STORE_VARIABLES_H
#define STORE_VARIABLES_H

#include <stdbool.h>

#include "hdf5.h"
#include "row.h"
#include "sweep.h"

/* Is `name` one of the store's own variables or inner axes? */
bool variables_reserved(const char *name);

/* The name of an axis' coordinate: the axis' own, or the option's full name where a variable has that name already.
 * `l` may be NULL. */
const char *variables_coordinate(const axis *a, const layout *l);

/* Creates the coordinates, the results and the bookkeeping in an empty file, everything allocated and filled: pending
 * (absent where the grid says so), no attempts, NaN, rank -1. */
status variables_make(hid_t file, const grid *g, const layout *l);

#endif
