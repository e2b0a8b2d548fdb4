#include "numerics/lapack.h"

#include <stdlib.h>

/* What is read beyond the end is not used; how far beyond is not told by anybody, some hundred bytes were seen. */
enum { BEYOND = 512 };

double *lapack_numbers(size_t count)
{
    return count > SIZE_MAX / sizeof(double) - BEYOND ? NULL : calloc(count + BEYOND, sizeof(double));
}
