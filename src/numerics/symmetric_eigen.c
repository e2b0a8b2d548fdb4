#include "numerics/symmetric_eigen.h"

#include <stdlib.h>

#include "numerics/lapack.h"

status symmetric_eigen(int n, double *matrix, double *value)
{
    status result = OK;
    int work_size = -1, iwork_size = -1, info, need;
    double *work = NULL, numbers;
    int *iwork = NULL;
    dsyevd_("V", "L", &n, matrix, &n, value, &numbers, &work_size, &need, &iwork_size, &info, 1, 1);
    work_size = (int)numbers;
    iwork_size = need;
    work = lapack_numbers((size_t)work_size);
    iwork = malloc((size_t)iwork_size * sizeof *iwork);
    CHECK(work && iwork, NO_MEMORY, "no memory for the eigenvectors of a matrix of order %d", n);
    dsyevd_("V", "L", &n, matrix, &n, value, work, &work_size, iwork, &iwork_size, &info, 1, 1);
    CHECK(info == 0, BROKEN, "dsyevd ended with %d for a matrix of order %d", info, n);
done:
    free(work);
    free(iwork);
    return result;
}
