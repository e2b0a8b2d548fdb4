/* A check that must come before HDF5 sees a file that others wrote. The names of a group's members lie in a heap; HDF5 1.10
 * believes the places that the group gives for them, and in a damaged file reads somewhere in its own memory. Files of the
 * newer layout, which have checksums, are left to it. */
#ifndef HDF5_GROUPS_H
#define HDF5_GROUPS_H

#include "status.h"

/* Walks through all groups from the root on, and refuses a file in which a name is not where its group says. */
status hdf5_check_groups(const char *path);

#endif
