#include "log_determinant.h"

#include <math.h>
#include <stdlib.h>

#include "numerics/cholesky.h"
#include "numerics/covariance_refusal.h"
#include "numerics/lapack.h"
#include "numerics/log_determinant_parts.h"

status covariance_scale(int n, const double *variance, double *inverse)
{
    for (int j = 0; j < n; j++) {
        if (!isfinite(variance[j]))
            return failure(BAD_INPUT, "row %d, column %d of the covariance is not a finite number", j + 1,
                           j + 1);
        /* the factorisation says so when it comes to this column */
        inverse[j] = variance[j] > 0 ? 1 / sqrt(variance[j]) : 1;
    }
    return OK;
}

status covariance_leading(int n, int factored, const double *pivot, const double *inverse, double *nats)
{
    double sum = 0, least = covariance_least_share(n);
    for (int j = 0; j < n; j++) {
        if (j >= factored || !(pivot[j] * pivot[j] > least)) return covariance_refuse(j + 1);
        sum += 2 * (log(pivot[j]) - log(inverse[j]));
        nats[j] = sum;
    }
    return OK;
}

/* ---- on one rank ----------------------------------------------------------------------------------------- */

/* a (n, n) column-major, of which the lower triangle is there, is overwritten. */
static status factor(int n, double *a, double *nats)
{
    status result = OK;
    size_t size = (size_t)n;
    double *pivot = calloc(size, sizeof *pivot), *inverse = malloc(size * sizeof *inverse);
    CHECK(pivot && inverse, NO_MEMORY, "no memory for a covariance of %d columns", n);
    for (int j = 0; j < n; j++) pivot[j] = a[j + (ptrdiff_t)j * n];
    TRY(covariance_scale(n, pivot, inverse));
    for (int j = 0; j < n; j++)
        for (int i = j; i < n; i++) a[i + (ptrdiff_t)j * n] *= inverse[i] * inverse[j];
    int factored = cholesky_leading(n, a, covariance_least_share(n));
    for (int j = 0; j < n; j++) pivot[j] = a[j + (ptrdiff_t)j * n];
    TRY(covariance_leading(n, factored, pivot, inverse, nats));
done:
    free(pivot);
    free(inverse);
    return result;
}

status log_determinants(gang *g, const covariance_reader *c, double *nats)
{
    status result = OK;
    size_t n = (size_t)c->n;
    double *a = NULL;
    if (g) return log_determinants_spread(g, c, NULL, nats);
    a = malloc(n * n * sizeof *a);
    CHECK(a != NULL, NO_MEMORY, "no memory for a covariance of %d columns", c->n);
    for (int j = 0; j < c->n; j++) TRY(c->read(c->context, j, a + (size_t)j * n));
    TRY(factor(c->n, a, nats));
done:
    free(a);
    return result;
}

status log_determinants_of_rows(gang *g, const sample_rows *rows, double *nats)
{
    status result = OK;
    centred_rows c = { 0 };
    double *a = NULL;
    lapack_one_thread();
    TRY(gang_agree(g, centred_rows_make(rows, &c)));
    if (g) {
        TRY(log_determinants_spread(g, NULL, &c, nats));
        goto done;
    }
    tiling l = tiling_make(rows->features, rows->features, 1, 1, 0, 0);
    a = lapack_numbers(tiling_size(&l));
    CHECK(a != NULL, NO_MEMORY, "no memory for a covariance of %d columns", rows->features);
    TRY(products_of_features(&c, &l, a));
    TRY(factor(rows->features, a, nats));
done:
    free(a);
    centred_rows_free(&c);
    return result;
}
