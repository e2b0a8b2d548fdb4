#include <stdlib.h>
#include <string.h>

#include "numerics/lapack.h"
#include "numerics/pca_parts.h"
#include "numerics/scalapack.h"

struct spread_matrix {
    rank_grid grid;
    grid_matrix products, vectors;
};

/* Workspace of pdsyevd, which counts it in an int. */
typedef struct workspace {
    double *numbers;
    int *integers;
    int numbers_size, integers_size;
} workspace;

/* Calls pdsyevd, or asks it for the sizes of its workspace. */
static int call(spread_matrix *m, int n, double *value, workspace *w)
{
    const int one = 1;
    int info = 0;
    pdsyevd_("V", "L", &n, m->products.value, &one, &one, m->products.descriptor, value, m->vectors.value,
             &one, &one, m->vectors.descriptor, w->numbers, &w->numbers_size, w->integers, &w->integers_size,
             &info, 1, 1);
    return info;
}

/* pdsyevd asks for less than its last step may need, the product of its eigenvectors with the reflections that made the matrix
 * tridiagonal, which is then left out without a word. */
static double numbers_for_reflections(const tiling *l)
{
    return ((double)l->local_rows + l->local_columns + 3 * l->block) * l->block;
}

/* Collective. The size is the same on all ranks: some routines choose their ways by it. */
static status size_workspace(spread_matrix *m, int n, workspace *out)
{
    status result = OK;
    double numbers = 0;
    int integers = 0;
    workspace question = { &numbers, &integers, -1, -1 };
    int info = call(m, n, &numbers, &question);
    CHECK(info == 0, BROKEN, "pdsyevd asked for its workspace ended with %d for order %d", info, n);
    numbers += numbers_for_reflections(&m->products.tiling);
    MPI_Allreduce(MPI_IN_PLACE, &numbers, 1, MPI_DOUBLE, MPI_MAX, m->grid.comm);
    CHECK(numbers < 2147483647., BAD_INPUT,
          "principal components of order %d: too large for so few ranks; more are right", n);
    out->numbers_size = (int)numbers;
    out->integers_size = integers;
done:
    return result;
}

static status make_workspace(workspace *w, int n)
{
    status result = OK;
    w->numbers = lapack_numbers((size_t)w->numbers_size);
    w->integers = malloc((size_t)w->integers_size * sizeof *w->integers);
    CHECK(w->numbers && w->integers, NO_MEMORY, "no memory for the eigenvectors of a matrix of order %d", n);
done:
    return result;
}

/* Before the first collective call of ScaLAPACK all ranks have all that they need. */
static status make_parts(const centred_rows *c, const spectrum *s, spread_matrix *m)
{
    status result = OK;
    TRY(grid_matrix_make(&m->grid, s->n, &m->products));
    TRY(grid_matrix_make(&m->grid, s->n, &m->vectors));
    TRY(s->of_samples ? products_of_samples(c, &m->products.tiling, m->products.value)
                      : products_of_features(c, &m->products.tiling, m->products.value));
done:
    return result;
}

static status decompose(gang *g, spectrum *s)
{
    status result = OK;
    spread_matrix *m = s->spread;
    workspace w = { 0 };
    TRY(size_workspace(m, s->n, &w));
    TRY(gang_agree(g, make_workspace(&w, s->n)));
    int info = call(m, s->n, s->value, &w);
    TRY(gang_agree(
        g, info == 0 ? OK : failure(BROKEN, "pdsyevd ended with %d for a matrix of order %d", info, s->n)));
    MPI_Bcast(s->value, s->n, MPI_DOUBLE, 0, m->grid.comm);
done:
    free(w.numbers);
    free(w.integers);
    return result;
}

status spectrum_spread(gang *g, const centred_rows *c, spectrum *s)
{
    status result = OK;
    spread_matrix *m = calloc(1, sizeof *m);
    TRY(gang_agree(g, m ? OK : failure(NO_MEMORY, "no memory for a matrix of order %d", s->n)));
    rank_grid_make(g, &m->grid);
    s->spread = m;
    TRY(gang_agree(g, make_parts(c, s, m)));
    TRY(decompose(g, s));
    grid_matrix_free(&m->products);
done:
    if (s->spread == NULL) free(m);
    return result;
}

/* Each rank adds its numbers to zeros. */
status spread_vectors(const spectrum *s, int count, double *to)
{
    const grid_matrix *v = &s->spread->vectors;
    const tiling *l = &v->tiling;
    memset(to, 0, (size_t)count * (size_t)s->n * sizeof *to);
    for (int j = 0; j < l->local_columns; j++) {
        int k = s->n - 1 - tiling_global(l, j, l->column, l->grid_columns);
        for (int i = 0; i < l->local_rows && k < count; i++)
            to[(ptrdiff_t)k * s->n + tiling_global(l, i, l->row, l->grid_rows)] =
                v->value[i + (ptrdiff_t)j * l->local_rows];
    }
    spread_sum(s, to, (int64_t)count * s->n);
    return OK;
}

void spread_sum(const spectrum *s, double *x, int64_t count)
{
    rank_grid_sum(&s->spread->grid, x, count);
}

void spread_free(spread_matrix *m)
{
    if (m == NULL) return;
    grid_matrix_free(&m->products);
    grid_matrix_free(&m->vectors);
    rank_grid_free(&m->grid);
    free(m);
}
