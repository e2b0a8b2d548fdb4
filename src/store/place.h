/* A place: where the values of a variable lie in the file.
 *
 * A variable over the grid is one contiguous stretch of numbers as the machine has them, whose first byte stays where it is
 * once the file is made. So rows are written with plain writes of the system at known offsets: what HDF5 would do in the end,
 * and independent of other ranks. */
#ifndef STORE_PLACE_H
#define STORE_PLACE_H

#include "hdf5.h"
#include "sweep.h"

typedef struct place {
    int64_t offset; /* of cell 0, in bytes from the start of the file */
    int64_t bytes;  /* per cell */
} place;

/* BAD_INPUT where the file has no such variable of `count` elements per cell, or holds it in pieces, compressed, or in
 * another type than `type` (a machine with another byte order made it). */
status place_find(hid_t file, const char *name, const grid *g, hid_t type, int64_t count, place *out);

/* Cells first … first+cells-1, through a plain descriptor. IO_FAILED says what the system said; failures name no path. */
status place_read(const place *p, int file, int64_t first, int64_t cells, void *values);
status place_write(const place *p, int file, int64_t first, int64_t cells, const void *values);

#endif
