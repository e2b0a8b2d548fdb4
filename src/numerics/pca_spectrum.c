#include <stdlib.h>
#include <string.h>

#include "numerics/lapack.h"
#include "numerics/pca_parts.h"
#include "numerics/symmetric_eigen.h"

static status decompose_products(const centred_rows *c, spectrum *s)
{
    status result = OK;
    tiling l = tiling_make(s->n, s->n, 1, 1, 0, 0);
    CHECK(s->n <= EIGEN_LARGEST, BAD_INPUT,
          "principal components of %lld samples of %d features: the smaller number is at most %d on one rank",
          (long long)c->rows->count, c->rows->features, EIGEN_LARGEST);
    s->vector = lapack_numbers(tiling_size(&l));
    CHECK(s->vector != NULL, NO_MEMORY, "no memory for a matrix of order %d", s->n);
    TRY(s->of_samples ? products_of_samples(c, &l, s->vector) : products_of_features(c, &l, s->vector));
    TRY(symmetric_eigen(s->n, s->vector, s->value));
done:
    return result;
}

status spectrum_make(gang *g, const centred_rows *c, spectrum *out)
{
    status result = OK;
    int64_t samples = c->rows->count;
    bool of_samples = samples < c->rows->features;
    *out = (spectrum){ .of_samples = of_samples, .n = of_samples ? (int)samples : c->rows->features };
    lapack_one_thread();
    out->value = malloc((size_t)out->n * sizeof *out->value);
    TRY(gang_agree(g, out->value ? OK : failure(NO_MEMORY, "no memory for %d eigenvalues", out->n)));
    TRY(g ? spectrum_spread(g, c, out) : decompose_products(c, out));
done:
    return result;
}

void spectrum_free(spectrum *s)
{
    free(s->value);
    free(s->vector);
    spread_free(s->spread);
    *s = (spectrum){ 0 };
}

status spectrum_vectors(const spectrum *s, int count, double *to)
{
    size_t n = (size_t)s->n;
    if (s->spread) return spread_vectors(s, count, to);
    for (int k = 0; k < count; k++)
        memcpy(to + (size_t)k * n, s->vector + (n - 1 - (size_t)k) * n, n * sizeof *to);
    return OK;
}

void spectrum_sum(const spectrum *s, double *x, int64_t count)
{
    if (s->spread) spread_sum(s, x, count);
}
