#include "numerics/scalapack.h"
#include "numerics/lapack.h"

#include <stdlib.h>

#include "schedule/gang_parts.h"

int Csys2blacs_handle(MPI_Comm comm);
void Cfree_blacs_system_handle(int handle);
void Cblacs_gridinit(int *context, const char *order, int rows, int columns);
void Cblacs_gridinfo(int context, int *rows, int *columns, int *row, int *column);
void Cblacs_gridexit(int context);
void Cblacs_set(int context, int what, const int *value);

/* What BLACS may be told of a grid: sums in the same order each time, and the same bits for all who get one. */
enum { BLACS_REPEATABLE = 15, BLACS_COHERENT = 16 };

void rank_grid_make(gang *g, rank_grid *out)
{
    const int yes = 1;
    int rows = 1, ranks = gang_ranks(g);
    while (4 * rows * rows <= ranks) rows *= 2;
    *out = (rank_grid){ .comm = gang_communicator(g), .rows = rows, .columns = ranks / rows };
    out->handle = Csys2blacs_handle(out->comm);
    out->context = out->handle;
    Cblacs_gridinit(&out->context, "Row", out->rows, out->columns);
    Cblacs_set(out->context, BLACS_REPEATABLE, &yes);
    Cblacs_set(out->context, BLACS_COHERENT, &yes);
    Cblacs_gridinfo(out->context, &out->rows, &out->columns, &out->row, &out->column);
}

void rank_grid_free(rank_grid *g)
{
    Cblacs_gridexit(g->context);
    Cfree_blacs_system_handle(g->handle);
    MPI_Comm_free(&g->comm);
}

/* Blocks keep the cores busy when they are large, and all ranks when they are small enough for each to have some. */
static int block_of(const rank_grid *g, int n)
{
    enum { LARGEST = 64 };
    int longer = g->rows > g->columns ? g->rows : g->columns, fair = (n + longer - 1) / longer;
    return fair < LARGEST ? fair : LARGEST;
}

status grid_matrix_make(const rank_grid *g, int n, grid_matrix *out)
{
    status result = OK;
    int block = block_of(g, n);
    *out = (grid_matrix){ .tiling = tiling_make(n, block, g->rows, g->columns, g->row, g->column) };
    int rows = out->tiling.local_rows > 0 ? out->tiling.local_rows : 1;
    int descriptor[DESCRIPTOR] = { 1 /* dense */, g->context, n, n, block, block, 0, 0, rows };
    for (int i = 0; i < DESCRIPTOR; i++) out->descriptor[i] = descriptor[i];
    out->value = lapack_numbers(tiling_size(&out->tiling));
    CHECK(out->value != NULL, NO_MEMORY, "no memory for this rank's part of a matrix of order %d", n);
done:
    return result;
}

void grid_matrix_free(grid_matrix *m)
{
    free(m->value);
    m->value = NULL;
}

void rank_grid_sum(const rank_grid *g, double *x, int64_t count)
{
    const int64_t most = 1 << 24; /* MPI counts in an int */
    for (int64_t from = 0; from < count; from += most) {
        int some = (int)(count - from < most ? count - from : most);
        MPI_Allreduce(MPI_IN_PLACE, x + from, some, MPI_DOUBLE, MPI_SUM, g->comm);
    }
}
