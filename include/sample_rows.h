/* Rows of numbers that are read in blocks when they are wanted: what is computed of them needs memory for a block of rows and for
 * its own result, and each rank of a gang reads what its part of the work asks for. */
#ifndef SAMPLE_ROWS_H
#define SAMPLE_ROWS_H

#include <stdint.h>

#include "status.h"

typedef struct sample_rows {
    int64_t count;
    int features;
    /* Writes rows [first, first + count) to (count, features), row-major. Rows are read more than once, and must be the same each
     * time and on every rank. A status other than OK ends the computation with it: a reader looks after other duties, too. */
    status (*read)(void *context, int64_t first, int64_t count, double *to);
    void *context;
} sample_rows;

/* Rows that lie in memory, which is borrowed. */
typedef struct rows_in_memory {
    const double *x; /* (count, features) */
    int features;
} rows_in_memory;
sample_rows sample_rows_of(rows_in_memory *memory, int64_t count);

#endif
