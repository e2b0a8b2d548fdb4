#include "numerics/cholesky.h"

#include <math.h>
#include <stddef.h>

/* Takes what columns k … k+3 of the factor give off column j, from row j on. Four at a time, so that a number of the column
 * is loaded and stored once for four multiplications. */
static void reduce_by_four(int n, int j, const double *k, double *restrict column)
{
    const double *restrict a = k, *restrict b = a + n, *restrict c = b + n, *restrict d = c + n;
    double wa = a[j], wb = b[j], wc = c[j], wd = d[j];
    if (wa == 0 && wb == 0 && wc == 0 && wd == 0) return; /* matrices that begin with blocks have many such */
    for (int i = j; i < n; i++) column[i] -= (a[i] * wa + b[i] * wb) + (c[i] * wc + d[i] * wd);
}

static void reduce_by_one(int n, int j, const double *restrict a, double *restrict column)
{
    double wa = a[j];
    for (int i = j; i < n; i++) column[i] -= a[i] * wa;
}

int cholesky_leading(int n, double *a, double least)
{
    for (int j = 0; j < n; j++) {
        double *column = a + (size_t)j * (size_t)n;
        int k = 0;
        for (; k + 4 <= j; k += 4) reduce_by_four(n, j, a + (size_t)k * (size_t)n, column);
        for (; k < j; k++) reduce_by_one(n, j, a + (size_t)k * (size_t)n, column);
        if (!(column[j] > least)) return j;
        double pivot = sqrt(column[j]);
        for (int i = j; i < n; i++) column[i] /= pivot;
    }
    return n;
}

bool cholesky_factor(int n, double *a)
{
    return cholesky_leading(n, a, 0) == n;
}

void cholesky_forward(int n, const double *factor, double *x)
{
    for (int k = 0; k < n; k++) {
        const double *column = factor + (size_t)k * (size_t)n;
        if (x[k] == 0) continue; /* right sides begin with many zeros */
        x[k] /= column[k];
        for (int i = k + 1; i < n; i++) x[i] -= column[i] * x[k];
    }
}

void cholesky_backward(int n, const double *factor, double *x)
{
    for (int k = n - 1; k >= 0; k--) {
        const double *column = factor + (size_t)k * (size_t)n;
        double sum = x[k];
        for (int i = k + 1; i < n; i++) sum -= column[i] * x[i];
        x[k] = sum / column[k];
    }
}
