/* Rows about their mean, and the matrices of their products: of each feature with each (a covariance), or of each sample with each.
 * A matrix is spread over a grid of ranks in blocks that are dealt out in turn along both sides, as ScaLAPACK wants it; one rank
 * has it all, column-major. */
#ifndef CENTRED_ROWS_H
#define CENTRED_ROWS_H

#include <stddef.h>

#include "sample_rows.h"

typedef struct centred_rows {
    const sample_rows *rows;
    double *mean; /* (features) */
} centred_rows;

/* Reads all rows once; BAD_INPUT where there are fewer than 2 or a number is not finite. */
status centred_rows_make(const sample_rows *rows, centred_rows *out);
void centred_rows_free(centred_rows *c);
status centred_rows_read(const centred_rows *c, int64_t first, int64_t count, double *to);
/* How many rows are read at once. */
int centred_rows_block(const centred_rows *c);

/* Where the numbers of a matrix (n, n) are. */
typedef struct tiling {
    int n, block;                  /* blocks are (block, block) */
    int grid_rows, grid_columns;   /* ranks */
    int row, column;               /* of this rank */
    int local_rows, local_columns; /* of what this rank holds, column-major, tight */
} tiling;

/* The tiling of a matrix that one rank has all of is { n, n, 1, 1, 0, 0 }. */
tiling tiling_make(int n, int block, int grid_rows, int grid_columns, int row, int column);
/* Rows or columns before `global` at place `at` of `of` ranks. */
int tiling_before(const tiling *l, int global, int at, int of);
/* Row or column of the matrix that the local one at place `at` of `of` ranks is. */
int tiling_global(const tiling *l, int local, int at, int of);
size_t tiling_size(const tiling *l); /* numbers that this rank holds; never 0 */

/* The products divided by the number of rows - 1, to this rank's part of a matrix, zeroed (tiling_size); blocks above the diagonal
 * may be left out. */
status products_of_features(const centred_rows *c, const tiling *l, double *matrix);
status products_of_samples(const centred_rows *c, const tiling *l, double *matrix);

#endif
