/* Reading HDF5 files that others wrote: recordings, NWB and MATLAB v7.3 share these few verbs.
 *
 * A file is opened as its root group; groups and datasets are objects that know the file's path and their own place, so
 * that every failure says both. Nothing is believed: extents are checked against what the file can hold before memory is
 * asked for, types are asked before values are read, and HDF5 prints nothing. All is serial. Failures are BAD_INPUT but
 * for want of memory. */
#ifndef HDF5_READ_H
#define HDF5_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "status.h"

typedef struct hdf5_object hdf5_object; /* a group (the root among them) or a dataset */

/* What a dataset holds. Booleans of NWB and h5py, which are stored as enumerations, are numbers. */
typedef enum hdf5_class { HDF5_GROUP, HDF5_NUMBERS, HDF5_TEXTS, HDF5_REFERENCES, HDF5_OTHER } hdf5_class;

enum { HDF5_RANK_MAX = 8 };
typedef struct hdf5_about {
    hdf5_class class;
    int rank; /* 0: a single value */
    int64_t extent
        [HDF5_RANK_MAX]; /* (rank) slowest first, as h5py and NWB count; MATLAB's order is the reverse */
    int64_t count;       /* product of the extents; 1 for a single value; 0 for a group */
    bool whole, real;    /* numbers: are stored as whole numbers, as floating-point numbers */
    bool bytes;          /* whole numbers: are stored as unsigned bytes */
} hdf5_about;

/* Opens a file as its root group. Says whether it is missing, a folder, no HDF5, cut off or damaged. */
status hdf5_root(const char *path, hdf5_object **out);
void hdf5_object_free(hdf5_object *o); /* the root last: it closes the file */

const char *hdf5_path(const hdf5_object *o);  /* of the file */
const char *hdf5_place(const hdf5_object *o); /* in the file: "/units/spike_times" */

/* A member of a group, by name or by "a/b/c". A missing one is refused with the names of those that are there. */
bool hdf5_has(const hdf5_object *group, const char *name);
status hdf5_member(const hdf5_object *group, const char *name, hdf5_object **out);
/* Names of a group's members, by name. Freed with hdf5_texts_free. */
status hdf5_members(const hdf5_object *group, char ***names, int64_t *count);

/* What an object is. Refuses more than HDF5_RANK_MAX dimensions and more values than the file can hold. */
status hdf5_describe(const hdf5_object *o, hdf5_about *out);

/* All values of a dataset of numbers of any type; at most `most` of them (0: as many as the file holds). Caller frees. */
status hdf5_doubles(const hdf5_object *dataset, int64_t most, double **values, int64_t *count);
/* Rows first … first+rows-1 of the first dimension, into `to` (rows, product of the other extents). */
status hdf5_double_rows(const hdf5_object *dataset, int64_t first, int64_t rows, double *to);
/* The same for counts: each must be a whole number from 0 to 255; the first that is not is named with its place. */
status hdf5_counts(const hdf5_object *dataset, int64_t most, uint8_t **values, int64_t *count);
status hdf5_count_rows(const hdf5_object *dataset, int64_t first, int64_t rows, uint8_t *to);

/* All texts of a dataset, of fixed or variable length, without padding. */
status hdf5_texts(const hdf5_object *dataset, int64_t most, char ***texts, int64_t *count);
void hdf5_texts_free(char **texts, int64_t count);

/* What reference `index` of a dataset of object references points at. `place` of the result says where it came from:
 * "/trials/spikes[12]". */
status hdf5_follow(hdf5_object *references, int64_t index, hdf5_object **out);

/* Attributes. Absent ones leave *out NULL, or the number as it is; of another type they are refused. A text may be of
 * fixed or variable length; a list gives its first. */
bool hdf5_has_attribute(const hdf5_object *o, const char *name);
status hdf5_text_attribute(const hdf5_object *o, const char *name, char **out); /* caller frees */
status hdf5_number_attribute(const hdf5_object *o, const char *name, double *out);
status hdf5_follow_attribute(const hdf5_object *o, const char *name, hdf5_object **out);
/* Names of all attributes, by name. Freed with hdf5_texts_free. */
status hdf5_attributes(const hdf5_object *o, char ***names, int64_t *count);

#endif
