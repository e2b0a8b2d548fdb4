#include "numerics/centred_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numerics/lapack.h"

/* Of a block of rows: as many numbers as a core's cache holds some of, in at least and at most so many rows. */
enum { BLOCK_NUMBERS = 1 << 20, BLOCK_LEAST = 16, BLOCK_MOST = 256 };

static status read_memory(void *context, int64_t first, int64_t count, double *to)
{
    const rows_in_memory *m = context;
    memcpy(to, m->x + first * m->features, (size_t)(count * m->features) * sizeof *to);
    return OK;
}

sample_rows sample_rows_of(rows_in_memory *memory, int64_t count)
{
    return (
        sample_rows){ .count = count, .features = memory->features, .read = read_memory, .context = memory };
}

/* ---- rows ------------------------------------------------------------------------------------------------ */

int centred_rows_block(const centred_rows *c)
{
    int rows = BLOCK_NUMBERS / c->rows->features;
    return rows < BLOCK_LEAST ? BLOCK_LEAST : rows > BLOCK_MOST ? BLOCK_MOST : rows;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static status add_to_mean(const sample_rows *rows, int64_t first, int64_t count, const double *x,
                          double *mean)
{
    int n = rows->features;
    for (int64_t r = 0; r < count; r++, x += n)
        for (int j = 0; j < n; j++) {
            if (!isfinite(x[j]))
                return failure(BAD_INPUT, "sample %lld, feature %d is not a finite number",
                               (long long)(first + r + 1), j + 1);
            mean[j] += x[j];
        }
    return OK;
}

status centred_rows_make(const sample_rows *rows, centred_rows *out)
{
    status result = OK;
    double *block = NULL;
    *out = (centred_rows){ .rows = rows };
    CHECK(rows->features >= 1, BAD_INPUT, "samples of %d features: 1 or more are right", rows->features);
    CHECK(rows->count >= 2, BAD_INPUT, "%lld sample%s: a covariance needs 2 or more", (long long)rows->count,
          rows->count == 1 ? "" : "s");
    int at_once = centred_rows_block(out);
    size_t features = (size_t)rows->features;
    out->mean = calloc(features, sizeof *out->mean);
    block = malloc(features * (size_t)at_once * sizeof *block);
    CHECK(out->mean && block, NO_MEMORY, "no memory for %d samples of %d features", at_once, rows->features);
    for (int64_t first = 0; first < rows->count; first += at_once) {
        int64_t count = least(at_once, rows->count - first);
        TRY(rows->read(rows->context, first, count, block));
        TRY(add_to_mean(rows, first, count, block, out->mean));
    }
    for (int j = 0; j < rows->features; j++) out->mean[j] /= (double)rows->count;
done:
    free(block);
    return result;
}

void centred_rows_free(centred_rows *c)
{
    free(c->mean);
    c->mean = NULL;
}

status centred_rows_read(const centred_rows *c, int64_t first, int64_t count, double *to)
{
    status result = OK;
    int n = c->rows->features;
    TRY(c->rows->read(c->rows->context, first, count, to));
    for (int64_t r = 0; r < count; r++, to += n)
        for (int j = 0; j < n; j++) to[j] -= c->mean[j];
done:
    return result;
}

/* ---- layouts --------------------------------------------------------------------------------------------- */

int tiling_before(const tiling *l, int global, int at, int of)
{
    int whole = global / l->block, mine = whole / of * l->block, next = whole % of;
    if (at < next) return mine + l->block;
    return at == next ? mine + global % l->block : mine;
}

int tiling_global(const tiling *l, int local, int at, int of)
{
    return (local / l->block * of + at) * l->block + local % l->block;
}

tiling tiling_make(int n, int block, int grid_rows, int grid_columns, int row, int column)
{
    tiling l = { .n = n,
                 .block = block,
                 .grid_rows = grid_rows,
                 .grid_columns = grid_columns,
                 .row = row,
                 .column = column };
    l.local_rows = tiling_before(&l, n, row, grid_rows);
    l.local_columns = tiling_before(&l, n, column, grid_columns);
    return l;
}

size_t tiling_size(const tiling *l)
{
    size_t size = (size_t)l->local_rows * (size_t)l->local_columns;
    return size > 0 ? size : 1;
}

/* ---- features -------------------------------------------------------------------------------------------- */

/* The features of some samples that are rows, or columns, of this rank's part: from (count, n) to (count, local). */
static void pick(const tiling *l, const double *x, int64_t count, int at, int of, int local, double *to)
{
    for (int64_t r = 0; r < count; r++, x += l->n, to += local)
        for (int from = 0; from < local; from += l->block) {
            size_t width = (size_t)least(l->block, local - from);
            memcpy(to + from, x + tiling_global(l, from, at, of), width * sizeof *to);
        }
}

/* Adds what `count` samples give: left (count, local rows), right (count, local columns). A block of columns at a time, from
 * the diagonal down. */
static void add_products(const tiling *l, const double *left, const double *right, int count, double scale,
                         double *matrix)
{
    const double one = 1;
    for (int column = 0; column < l->local_columns; column += l->block) {
        int from =
            tiling_before(l, tiling_global(l, column, l->column, l->grid_columns), l->row, l->grid_rows);
        int height = l->local_rows - from, width = (int)least(l->block, l->local_columns - column);
        if (height > 0)
            dgemm_("N", "T", &height, &width, &count, &scale, left + from, &l->local_rows, right + column,
                   &l->local_columns, &one, matrix + from + (ptrdiff_t)column * l->local_rows,
                   &l->local_rows);
    }
}

status products_of_features(const centred_rows *c, const tiling *l, double *matrix)
{
    status result = OK;
    int at_once = centred_rows_block(c);
    size_t rows = (size_t)at_once;
    double scale = 1 / (double)(c->rows->count - 1);
    double *x = malloc(rows * (size_t)l->n * sizeof *x);
    double *left = lapack_numbers(rows * (size_t)l->local_rows);
    double *right = lapack_numbers(rows * (size_t)l->local_columns);
    CHECK(x && left && right, NO_MEMORY, "no memory for %d samples of %d features", at_once, l->n);
    for (int64_t first = 0; first < c->rows->count; first += at_once) {
        int64_t count = least(at_once, c->rows->count - first);
        TRY(centred_rows_read(c, first, count, x));
        pick(l, x, count, l->row, l->grid_rows, l->local_rows, left);
        pick(l, x, count, l->column, l->grid_columns, l->local_columns, right);
        add_products(l, left, right, (int)count, scale, matrix);
    }
done:
    free(x);
    free(left);
    free(right);
    return result;
}

/* ---- samples --------------------------------------------------------------------------------------------- */

/* Samples that are rows, or columns, [first, first + count) of this rank's part: to (count, features). */
static status read_local(const centred_rows *c, const tiling *l, int first, int count, int at, int of,
                         double *to)
{
    status result = OK;
    for (int have = 0, run; have < count; have += run) {
        int local = first + have;
        run = (int)least(l->block - local % l->block, count - have);
        TRY(centred_rows_read(c, tiling_global(l, local, at, of), run,
                              to + (ptrdiff_t)have * c->rows->features));
    }
done:
    return result;
}

/* Columns [column, column + width) of this rank's part, from the diagonal down; right holds their samples. */
static status multiply_samples(const centred_rows *c, const tiling *l, int column, int width,
                               const double *right, double *left, double *matrix)
{
    status result = OK;
    const double zero = 0, scale = 1 / (double)(c->rows->count - 1);
    int n = c->rows->features, at_once = centred_rows_block(c);
    int from = tiling_before(l, tiling_global(l, column, l->column, l->grid_columns), l->row, l->grid_rows);
    for (int height; from < l->local_rows; from += height) {
        height = (int)least(at_once, l->local_rows - from);
        TRY(read_local(c, l, from, height, l->row, l->grid_rows, left));
        dgemm_("T", "N", &height, &width, &n, &scale, left, &n, right, &n, &zero,
               matrix + from + (ptrdiff_t)column * l->local_rows, &l->local_rows);
    }
done:
    return result;
}

/* Two blocks of samples are held at a time; those of columns are read once, those of rows once for each block of columns. */
status products_of_samples(const centred_rows *c, const tiling *l, double *matrix)
{
    status result = OK;
    int at_once = centred_rows_block(c);
    size_t size = (size_t)at_once * (size_t)c->rows->features;
    double *left = lapack_numbers(size), *right = lapack_numbers(size);
    CHECK(left && right, NO_MEMORY, "no memory for %d samples of %d features", at_once, c->rows->features);
    for (int column = 0; column < l->local_columns; column += at_once) {
        int width = (int)least(at_once, l->local_columns - column);
        TRY(read_local(c, l, column, width, l->column, l->grid_columns, right));
        TRY(multiply_samples(c, l, column, width, right, left, matrix));
    }
done:
    free(left);
    free(right);
    return result;
}
