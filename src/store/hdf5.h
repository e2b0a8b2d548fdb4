/* What the store asks of HDF5 beside plain calls: opening without HDF5's own locks, attributes, lists of words, and
 * failures in one line instead of HDF5's error stack. Serial. */
#ifndef STORE_HDF5_H
#define STORE_HDF5_H

#include <hdf5.h>
#include <stdbool.h>
#include <stdint.h>

#include "status.h"

/* Stops HDF5 from printing its error stack. Every function that starts to work with a file calls it first. */
void hdf5_quiet(void);

/* Records "PATH: WHAT: REASON" right after a failed call (any other call of HDF5 forgets the reason). Returns IO_FAILED
 * where HDF5 has kept a reason of the system, else `code`. */
status hdf5_failure(status code, const char *path, const char *what);

/* Creates or truncates. Metadata gets checksums (the 1.8 file format), so that damage is noticed when it is read. */
status hdf5_create(const char *path, hid_t *file);
/* Opens for reading or for changing. BAD_INPUT says whether it is missing, not HDF5, cut off or damaged. Closing the
 * file closes all that was opened in it. */
status hdf5_open(const char *path, bool change, hid_t *file);

/* Text is variable-length UTF-8. The writing functions return IO_FAILED, the reading ones BAD_INPUT for what is missing
 * or of another type, without the path (callers know it). */
hid_t hdf5_text_type(void); /* to be closed with H5Tclose */
status hdf5_write_text(hid_t object, const char *name, const char *text);
/* Numbers of a native type; one is a plain number, not an array. */
status hdf5_write_numbers(hid_t object, const char *name, hid_t type, const void *values, int count);
status hdf5_read_text(hid_t object, const char *name, char **text); /* the caller frees */
status hdf5_read_integer(hid_t object, const char *name, int64_t *value);

/* The values of a one-dimensional dataset, as text: numbers in the shortest form that reads back to the same value. */
status hdf5_read_values(hid_t file, const char *name, int64_t *count, char ***values);
void hdf5_free_values(char **values, int64_t count);

#endif
