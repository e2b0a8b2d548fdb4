/* Matrices that are spread over the ranks of a gang, and what is called of ScaLAPACK, which has no header. */
#ifndef SCALAPACK_H
#define SCALAPACK_H

#include <mpi.h>

#include "gang.h"
#include "numerics/centred_rows.h"

void pdsyevd_(const char *job, const char *triangle, const int *n, double *a, const int *ia, const int *ja,
              const int *desc_a, double *value, double *z, const int *iz, const int *jz, const int *desc_z,
              double *work, const int *work_size, int *iwork, const int *iwork_size, int *info, size_t,
              size_t);
void pdpotrf_(const char *triangle, const int *n, double *a, const int *ia, const int *ja, const int *desc,
              int *info, size_t);

/* The ranks of a gang as a grid of about as many rows as columns. */
typedef struct rank_grid {
    MPI_Comm comm;
    int handle, context; /* of BLACS */
    int rows, columns, row, column;
} rank_grid;

/* Collective over the gang, which is of more than one rank. */
void rank_grid_make(gang *g, rank_grid *out);
void rank_grid_free(rank_grid *g);

/* A square matrix on a grid, zeroed. */
enum { DESCRIPTOR = 9 };
typedef struct grid_matrix {
    tiling tiling;
    int descriptor[DESCRIPTOR];
    double *value; /* (local rows, local columns) column-major */
} grid_matrix;

status grid_matrix_make(const rank_grid *g, int n, grid_matrix *out);
void grid_matrix_free(grid_matrix *m);

/* Collective. x (count) becomes the sum over the ranks of the grid, of any length. */
void rank_grid_sum(const rank_grid *g, double *x, int64_t count);

#endif
