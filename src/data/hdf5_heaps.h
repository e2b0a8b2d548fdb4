/* A check that must come before HDF5 sees a file that others wrote. Texts of variable length lie in "global heap
 * collections"; HDF5 1.10 walks through the objects of one without asking whether they lead anywhere, and goes round for
 * ever in a damaged one. */
#ifndef HDF5_HEAPS_H
#define HDF5_HEAPS_H

#include "status.h"

/* Looks through the file for such collections, and refuses one whose objects do not fit into it. */
status hdf5_check_heaps(const char *path);

#endif
