/* Opening NWB 2 files, and finding the tables of trials in them. */
#ifndef NWB_FILE_H
#define NWB_FILE_H

#include <stdio.h>

#include "data/nwb_table.h"

/* Refuses what is no NWB 2 file. */
status nwb_open(const char *path, hdf5_object **root);

/* Names of the tables below /intervals; freed with hdf5_texts_free. Refuses a file without any, saying what it holds. */
status nwb_trial_tables(const hdf5_object *root, char ***names, int64_t *count);
/* A table of trials: its name below /intervals, or a path in the file. */
status nwb_open_trials(const hdf5_object *root, const char *name, nwb_table *out);

/* What the file holds, and a mapping that fits it, for `data import` without a mapping. */
status nwb_describe(const char *path, FILE *to);

#endif
