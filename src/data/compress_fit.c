/* Fitting and applying a transform: rows are read in blocks, so that a matrix of all of them is never made. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/compress_parts.h"
#include "pca.h"

/* Rows of one source or of the target, training part first: from samples in double precision, or from a dataset, whose reader makes
 * them when they are wanted. */
typedef struct matrix {
    const samples *wide; /* NULL: of the dataset */
    const dataset *narrow;
    int source; /* that of the target: shape.sources */
    int columns;
} matrix;

enum { BLOCK = 256 };

static status read_wide(const matrix *m, int64_t first, int64_t count, double *to)
{
    const double *from = m->source < m->wide->shape.sources ? m->wide->x[m->source] : m->wide->value;
    memcpy(to, from + first * m->columns, (size_t)(count * m->columns) * sizeof *to);
    return OK;
}

static void read_part(const matrix *m, data_part part, int64_t first, int rows, float *block, double *to)
{
    int32_t visit[BLOCK];
    const dataset *d = m->narrow;
    const float *values = part == DATA_TRAIN ? d->train_value : d->test_value;
    for (int r = 0; r < rows; r++) visit[r] = (int32_t)(first + r);
    if (m->source < d->shape.sources)
        dataset_read(d, part, m->source, 0, first, visit, rows, block);
    else
        memcpy(block, values + first * m->columns, (size_t)rows * (size_t)m->columns * sizeof *block);
    for (int64_t k = 0; k < (int64_t)rows * m->columns; k++) to[k] = (double)block[k];
}

static status read_narrow(const matrix *m, int64_t first, int64_t count, double *to)
{
    status result = OK;
    const int64_t train = m->narrow->shape.train;
    float *block = malloc(BLOCK * (size_t)m->columns * sizeof *block);
    CHECK(block != NULL, NO_MEMORY, "%d rows of %d columns", BLOCK, m->columns);
    for (int64_t at = first, rows; at < first + count; at += rows) {
        const int64_t end = at < train && train < first + count ? train : first + count;
        rows = end - at < BLOCK ? end - at : BLOCK;
        if (at < train)
            read_part(m, DATA_TRAIN, at, (int)rows, block, to + (at - first) * m->columns);
        else
            read_part(m, DATA_TEST, at - train, (int)rows, block, to + (at - first) * m->columns);
    }
done:
    free(block);
    return result;
}

static status read_rows(void *context, int64_t first, int64_t count, double *to)
{
    const matrix *m = context;
    return m->wide ? read_wide(m, first, count, to) : read_narrow(m, first, count, to);
}

/* ---- compressing ----------------------------------------------------------------------------------------------------- */

/* Keeps the first `most` components at most. */
static status fit(const settings *s, gang *g, matrix *m, int64_t rows, int most, pca *out)
{
    const compress_options *o = compress_options_of(s);
    const sample_rows of = { .count = rows, .features = m->columns, .read = read_rows, .context = m };
    const bool by_share = o->components == 0 || o->share < 1;
    status result = pca_fit(g, &of, by_share ? (pca_keep){ 0, o->share } : (pca_keep){ most, 1 }, out);
    if (result == OK && out->components > most) out->components = most;
    return result;
}

/* Scores of all rows, to (rows, components). */
static status transform(const pca *p, matrix *m, int64_t rows, double *to)
{
    status result = OK;
    double *block = malloc(BLOCK * (size_t)m->columns * sizeof *block);
    CHECK(block != NULL, NO_MEMORY, "%d rows of %d columns", BLOCK, m->columns);
    for (int64_t first = 0; first < rows; first += BLOCK) {
        const int64_t count = rows - first < BLOCK ? rows - first : BLOCK;
        TRY(read_rows(m, first, count, block));
        pca_apply(p, block, count, to + first * p->components);
    }
done:
    free(block);
    return result;
}

static void tell(const settings *s, const pca *p, int at, compressed *what)
{
    const double noise = compress_options_of(s)->feature_noise;
    double kept = 0;
    for (int c = 0; c < p->components; c++) kept += p->variance[c];
    what->components[at] = p->components;
    what->variance[at] = kept / p->total_variance;
    if (noise > 0 && p->components < p->features)
        what->lost_nats[at] = pca_lost_bound_nats(p, p->components, noise * noise);
}

static const data_shape *shape_of(const origin *o)
{
    return o->wide ? &o->wide->shape : &o->narrow->shape;
}

static void copy_target(const origin *o, samples *to)
{
    const data_shape *shape = &to->shape;
    const size_t train = (size_t)shape->train, test = (size_t)shape->test, d = (size_t)shape->dimensions;
    if (to->label && o->wide) {
        memcpy(to->label, o->wide->label, (train + test) * sizeof *to->label);
    } else if (to->label) {
        memcpy(to->label, o->narrow->train_y, train * sizeof *to->label);
        memcpy(to->label + train, o->narrow->test_y, test * sizeof *to->label);
    } else if (o->wide) {
        memcpy(to->value, o->wide->value, (train + test) * d * sizeof *to->value);
    } else {
        for (size_t k = 0; k < train * d; k++) to->value[k] = (double)o->narrow->train_value[k];
        for (size_t k = 0; k < test * d; k++) to->value[train * d + k] = (double)o->narrow->test_value[k];
    }
}

/* Fits what is compressed; components tells how many of each are kept. */
static status fit_all(const settings *s, gang *g, const origin *from, pca *fitted, data_shape *shape,
                      compressed *what)
{
    status result = OK;
    const data_shape *whole = shape_of(from);
    data_shape most = *whole;
    TRY(compress_shape(s, &most));
    *shape = most;
    for (int i = 0; i < whole->sources; i++) {
        matrix m = { from->wide, from->narrow, i, whole->features[i] };
        TRY(fit(s, g, &m, compress_fitted_rows(whole), most.features[i], &fitted[i]));
        shape->features[i] = fitted[i].components;
        tell(s, &fitted[i], i, what);
    }
    if (!compress_takes_target(s, whole)) goto done;
    matrix m = { from->wide, from->narrow, whole->sources, whole->dimensions };
    TRY(fit(s, g, &m, compress_fitted_rows(whole), most.dimensions, &fitted[whole->sources]));
    shape->dimensions = fitted[whole->sources].components;
    tell(s, &fitted[whole->sources], SOURCES_MAX, what);
done:
    return result;
}

status compress_samples(const settings *s, gang *g, const origin *from, samples **out, compressed *what)
{
    status result = OK;
    pca fitted[SOURCES_MAX + 1];
    data_shape shape;
    samples *made = NULL;
    memset(fitted, 0, sizeof fitted);
    const data_shape *whole = shape_of(from);
    const int64_t rows = whole->train + whole->test;
    TRY(fit_all(s, g, from, fitted, &shape, what));
    TRY(samples_make(&shape, &made));
    for (int i = 0; i < whole->sources; i++) {
        matrix m = { from->wide, from->narrow, i, whole->features[i] };
        TRY(transform(&fitted[i], &m, rows, made->x[i]));
    }
    if (compress_takes_target(s, whole)) {
        matrix m = { from->wide, from->narrow, whole->sources, whole->dimensions };
        TRY(transform(&fitted[whole->sources], &m, rows, made->value));
    } else {
        copy_target(from, made);
    }
    if (from->wide) made->information_bits = from->wide->information_bits;
    *out = made;
    made = NULL;
done:
    for (int i = 0; i <= SOURCES_MAX; i++) pca_free(&fitted[i]);
    samples_free(made);
    return result;
}
