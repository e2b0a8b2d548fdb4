/* A column: one variable of the file, seen as (cells, count) however many dimensions the grid has.
 *
 * Neighbouring cells are read and written in one piece. In an N-dimensional dataset a run of cells is a handful of
 * boxes, each of which is one selection and one contiguous stretch of the file. */
#ifndef STORE_COLUMN_H
#define STORE_COLUMN_H

#include "hdf5.h"
#include "sweep.h"

enum { INNER_MAX = 2 };

typedef struct column {
    const char *name;           /* borrowed */
    hid_t dataset, space, type; /* type: of the memory */
    const grid *grid;           /* borrowed */
    int inner;                  /* dimensions behind those of the grid */
    int64_t extent[INNER_MAX];
    int64_t count; /* elements per cell */
    size_t size;   /* bytes of an element in memory */
} column;

/* BAD_INPUT where the file has no such variable or one over another grid. `type` is copied. */
status column_open(hid_t file, const char *name, const grid *g, hid_t type, column *out);
void column_close(column *c); /* a column of zeros is fine */

/* Cells first … first+cells-1. Failures name no path. */
status column_read(const column *c, int64_t first, int64_t cells, void *values);
status column_write(const column *c, int64_t first, int64_t cells, const void *values);

/* A whole variable at once: opens, reads (cells, count) elements of `size` bytes into new memory, closes. */
status column_read_all(hid_t file, const char *name, const grid *g, hid_t type, void **values);
status column_write_all(hid_t file, const char *name, const grid *g, hid_t type, const void *values);

#endif
