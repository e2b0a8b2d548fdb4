/* All eigenvalues and eigenvectors of a symmetric matrix. */
#ifndef SYMMETRIC_EIGEN_H
#define SYMMETRIC_EIGEN_H

#include "status.h"

/* Largest n: LAPACK counts its workspace of more than 2 n^2 numbers in an int. */
enum { EIGEN_LARGEST = 32000 };

/* Of matrix (n, n), whose lower triangle counts (column-major): values rise; vectors, one a column, replace it. LAPACK's bits depend on
 * the processor. */
status symmetric_eigen(int n, double *matrix, double *value);

#endif
