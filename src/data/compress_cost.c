/* What fitting and applying transforms takes, for plans. */
#include <math.h>

#include "data/compress_parts.h"

/* Of one source or the target. */
static void add_cost(double rows, double fitted, double columns, double kept, int ranks, compress_cost *to)
{
    /* products of features or of samples, whichever are fewer; their eigenvectors; scores (pca.h, measured by `make bench`) */
    enum { DECOMPOSING = 10, ROWS_AT_ONCE = 256 };
    const double least = fmin(fitted, columns), most = fmax(fitted, columns);
    /* LAPACK has the matrix and two of its size to work in, each rank of a gang its share of the matrix, its eigenvectors and two */
    const double matrices = (ranks > 1 ? 4.0 / ranks : 3) * least * least;
    const double numbers = matrices + kept * columns + 2 * ROWS_AT_ONCE * columns;
    to->flops += least * least * most + DECOMPOSING * least * least * least + 2 * rows * columns * kept;
    if (numbers > (double)to->bytes) to->bytes = (size_t)numbers; /* one is fitted after the other */
}

void compress_cost_of(const settings *s, bool by_gang, compress_cost *out)
{
    const double flops_per_second = 6e9, seconds_per_number = 2e-8;
    const run_options *run = s->block[SECTION_RUN];
    const int ranks = by_gang && run ? (int)run->ranks_per_task : 1;
    data_shape whole, kept;
    double columns = 0;
    *out = (compress_cost){ .flops = 0 };
    if (!compress_is_on(s) || s->data->shape(s, &whole) != OK) return;
    kept = whole;
    if (compress_shape(s, &kept) != OK) return;
    const double rows = (double)(whole.train + whole.test), fitted = (double)compress_fitted_rows(&whole);
    for (int i = 0; i < whole.sources; i++) {
        add_cost(rows, fitted, whole.features[i], kept.features[i], ranks, out);
        columns += whole.features[i];
    }
    if (compress_takes_target(s, &whole))
        add_cost(rows, fitted, whole.dimensions, kept.dimensions, ranks, out);
    columns += whole.dimensions;
    out->seconds = out->flops / flops_per_second + rows * columns * seconds_per_number;
    /* every rank has all samples as the data kind makes them */
    const double number = s->data->samples ? sizeof(double) : sizeof(float);
    out->bytes = out->bytes * sizeof(double) + (size_t)(rows * columns * number);
}
