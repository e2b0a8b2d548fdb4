/* What is called of BLAS and LAPACK, which come without a header in some places. Matrices are column-major; Fortran gets numbers by
 * their addresses and lengths of texts after everything else. */
#ifndef LAPACK_H
#define LAPACK_H

#include <stddef.h>
#include <stdint.h>

/* c = alpha op(a) op(b) + beta c, c (m, n), k terms to a sum. */
void dgemm_(const char *op_a, const char *op_b, const int *m, const int *n, const int *k, const double *alpha,
            const double *a, const int *lda, const double *b, const int *ldb, const double *beta, double *c,
            const int *ldc);
/* All eigenvalues, rising, and eigenvectors, which replace a; by divide and conquer. */
void dsyevd_(const char *job, const char *triangle, const int *n, double *a, const int *lda, double *value,
             double *work, const int *work_size, int *iwork, const int *iwork_size, int *info, size_t,
             size_t);

/* Room for so many numbers, zeroed, that BLAS, LAPACK and ScaLAPACK are given; freed with free. Some kernels of OpenBLAS read beyond the
 * end of a matrix in their last step (dsymv of 0.3.21 does), which ends the process where nothing lies there. NULL: no memory. */
double *lapack_numbers(size_t count);

/* OpenBLAS has it: its threads would fight with the other ranks for the cores. */
extern void openblas_set_num_threads(int threads) __attribute__((weak));
static inline void lapack_one_thread(void)
{
    if (openblas_set_num_threads) openblas_set_num_threads(1);
}

#endif
