#include <math.h>
#include <stdlib.h>

#include "numerics/lapack.h"
#include "numerics/log_determinant_parts.h"
#include "numerics/scalapack.h"

/* This rank's numbers of the columns that it has a part of. */
static status read_columns(const covariance_reader *c, grid_matrix *m)
{
    status result = OK;
    const tiling *l = &m->tiling;
    double *column = malloc((size_t)l->n * sizeof *column);
    CHECK(column != NULL, NO_MEMORY, "no memory for a covariance of %d columns", l->n);
    for (int j = 0; j < l->local_columns; j++) {
        TRY(c->read(c->context, tiling_global(l, j, l->column, l->grid_columns), column));
        for (int i = 0; i < l->local_rows; i++)
            m->value[i + (ptrdiff_t)j * l->local_rows] = column[tiling_global(l, i, l->row, l->grid_rows)];
    }
done:
    free(column);
    return result;
}

/* Collective. The diagonal (n) of a spread matrix on all ranks: each adds its numbers to zeros. */
static void gather_diagonal(const rank_grid *g, const grid_matrix *m, double *diagonal)
{
    const tiling *l = &m->tiling;
    for (int j = 0; j < l->n; j++) diagonal[j] = 0;
    for (int j = 0; j < l->local_columns; j++) {
        int global = tiling_global(l, j, l->column, l->grid_columns);
        int i = tiling_before(l, global, l->row, l->grid_rows);
        if (i < l->local_rows && tiling_global(l, i, l->row, l->grid_rows) == global)
            diagonal[global] = m->value[i + (ptrdiff_t)j * l->local_rows];
    }
    rank_grid_sum(g, diagonal, l->n);
}

static void scale(grid_matrix *m, const double *inverse)
{
    const tiling *l = &m->tiling;
    for (int j = 0; j < l->local_columns; j++) {
        double of_column = inverse[tiling_global(l, j, l->column, l->grid_columns)];
        for (int i = 0; i < l->local_rows; i++)
            m->value[i + (ptrdiff_t)j * l->local_rows] *=
                inverse[tiling_global(l, i, l->row, l->grid_rows)] * of_column;
    }
}

/* Collective. Everything of the matrix that is looked at is there on all ranks. */
static status factor(const rank_grid *g, grid_matrix *m, double *pivot, double *inverse, double *nats)
{
    status result = OK;
    const int one = 1, n = m->tiling.n;
    int info = 0;
    gather_diagonal(g, m, pivot);
    TRY(covariance_scale(n, pivot, inverse));
    scale(m, inverse);
    pdpotrf_("L", &n, m->value, &one, &one, m->descriptor, &info, 1);
    MPI_Allreduce(MPI_IN_PLACE, &info, 1, MPI_INT, MPI_MAX, g->comm);
    CHECK(info >= 0, BROKEN, "pdpotrf ended with %d for a covariance of %d columns", info, n);
    gather_diagonal(g, m, pivot);
    TRY(covariance_leading(n, info > 0 ? info - 1 : n, pivot, inverse, nats));
done:
    return result;
}

static status make(const rank_grid *grid, const covariance_reader *c, const centred_rows *rows,
                   grid_matrix *m)
{
    status result = OK;
    TRY(grid_matrix_make(grid, c ? c->n : rows->rows->features, m));
    TRY(c ? read_columns(c, m) : products_of_features(rows, &m->tiling, m->value));
done:
    return result;
}

status log_determinants_spread(gang *g, const covariance_reader *c, const centred_rows *rows, double *nats)
{
    status result = OK;
    size_t n = (size_t)(c ? c->n : rows->rows->features);
    double *pivot = malloc(n * sizeof *pivot), *inverse = malloc(n * sizeof *inverse);
    rank_grid grid = { .comm = MPI_COMM_NULL };
    grid_matrix m = { 0 };
    lapack_one_thread();
    TRY(gang_agree(g, pivot && inverse ? OK : failure(NO_MEMORY, "no memory for %zu columns", n)));
    rank_grid_make(g, &grid);
    TRY(gang_agree(g, make(&grid, c, rows, &m)));
    TRY(factor(&grid, &m, pivot, inverse, nats));
done:
    grid_matrix_free(&m);
    if (grid.comm != MPI_COMM_NULL) rank_grid_free(&grid);
    free(pivot);
    free(inverse);
    return result;
}
