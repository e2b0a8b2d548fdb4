#include "data.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Arrays start on cache lines, so that vector loads of neighbouring rows never split the first one. */
enum { ALIGNMENT = 64 };

/* Adds an array of rows × columns items to the block's size and says where it starts; false on overflow. */
static bool reserve(size_t *total, int64_t rows, int64_t columns, size_t item, size_t *start)
{
    size_t bytes;
    if (__builtin_mul_overflow((size_t)rows, (size_t)columns, &bytes)) return false;
    if (__builtin_mul_overflow(bytes, item, &bytes)) return false;
    *start = *total;
    if (__builtin_add_overflow(*total, bytes, total)) return false;
    if (__builtin_add_overflow(*total, (size_t)ALIGNMENT - 1, total)) return false;
    *total -= *total % ALIGNMENT;
    return true;
}

typedef struct offsets {
    size_t train_x[SOURCES_MAX], test_x[SOURCES_MAX], train_y, test_y, weight, total;
    size_t test_trial[SOURCES_MAX], test_block[SOURCES_MAX];
} offsets;

/* Classes, or numbers of a continuous target, whose size is the same. */
static bool lay_out_target(const data_shape *shape, int64_t samples, size_t *total, size_t *at)
{
    int64_t columns = shape->dimensions > 0 ? shape->dimensions : 1;
    return reserve(total, samples, columns, shape->dimensions > 0 ? sizeof(float) : sizeof(int32_t), at);
}

/* The features: all samples of all sources. */
static bool lay_out_features(const data_shape *shape, offsets *at)
{
    bool fits = true;
    for (int i = 0; i < shape->sources; i++) {
        fits = fits && reserve(&at->total, shape->train, shape->features[i], sizeof(float), &at->train_x[i]);
        at->test_x[i] = at->train_x[i];
        if (!shape->weighted)
            fits =
                fits && reserve(&at->total, shape->test, shape->features[i], sizeof(float), &at->test_x[i]);
    }
    return fits;
}

static bool lay_out(const data_shape *shape, bool features, offsets *at)
{
    bool fits = true;
    *at = (offsets){ 0 };
    if (features) fits = lay_out_features(shape, at);
    fits = fits && lay_out_target(shape, shape->train, &at->total, &at->train_y);
    at->test_y = at->train_y;
    if (shape->weighted) return fits && reserve(&at->total, shape->train, 1, sizeof(double), &at->weight);
    fits = fits && lay_out_target(shape, shape->test, &at->total, &at->test_y);
    for (int i = 0; shape->recorded && i < shape->sources; i++) {
        fits = fits && reserve(&at->total, shape->test, 1, sizeof(int32_t), &at->test_trial[i]);
        fits = fits && reserve(&at->total, shape->test, 1, sizeof(int32_t), &at->test_block[i]);
    }
    return fits;
}

static void place_features(dataset *d, char *base, const offsets *at)
{
    for (int i = 0; i < d->shape.sources; i++) {
        d->train_x[i] = (float *)(void *)(base + at->train_x[i]);
        d->test_x[i] = (float *)(void *)(base + at->test_x[i]);
    }
}

/* Points the arrays of a dataset into its block. */
static void place_arrays(dataset *d, const offsets *at)
{
    char *base = d->block;
    if (d->reader == NULL) place_features(d, base, at);
    for (int i = 0; i < d->shape.sources; i++) {
        if (!d->shape.recorded) continue;
        d->test_trial[i] = (int32_t *)(void *)(base + at->test_trial[i]);
        d->test_block[i] = (int32_t *)(void *)(base + at->test_block[i]);
    }
    if (d->shape.dimensions > 0) {
        d->train_value = (float *)(void *)(base + at->train_y);
        d->test_value = (float *)(void *)(base + at->test_y);
    } else {
        d->train_y = (int32_t *)(void *)(base + at->train_y);
        d->test_y = (int32_t *)(void *)(base + at->test_y);
    }
    if (d->shape.weighted) d->weight = (double *)(void *)(base + at->weight);
}

static status allocate(size_t bytes, void **out)
{
    status result = OK;
    *out = bytes > 0 ? aligned_alloc(ALIGNMENT, bytes) : NULL;
    CHECK(*out != NULL, NO_MEMORY, "no memory for a dataset of %zu bytes", bytes);
    memset(*out, 0, bytes);
done:
    return result;
}

status dataset_make_read(const data_shape *shape, const sample_reader *reader, void *state, dataset **out)
{
    status result = OK;
    offsets at;
    dataset *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for a dataset");
    made->reader = reader;
    made->reader_state = state;
    state = NULL;
    CHECK(lay_out(shape, reader == NULL, &at), NO_MEMORY,
          "a dataset of %lld samples is larger than memory can be", (long long)(shape->train + shape->test));
    TRY(allocate(at.total, &made->block));
    made->shape = *shape;
    made->target_entropy_bits = NAN;
    place_arrays(made, &at);
    *out = made;
    made = NULL;
done:
    if (reader && state) reader->free(state);
    dataset_free(made);
    return result;
}

status dataset_make(const data_shape *shape, dataset **out)
{
    return dataset_make_read(shape, NULL, NULL, out);
}

void dataset_free(dataset *d)
{
    if (d == NULL) return;
    if (d->reader) d->reader->free(d->reader_state);
    free(d->filled);
    free(d->block);
    free(d);
}

/* ---- samples ------------------------------------------------------------------------------------------------- */

enum { FILL_ROWS = 256 };

/* All samples of a part, in their order. */
static void fill_part(dataset *d, data_part part, int source, float *to)
{
    const int64_t samples = part == DATA_TRAIN ? d->shape.train : d->shape.test;
    int32_t visit[FILL_ROWS];
    for (int64_t first = 0; first < samples; first += FILL_ROWS) {
        const int rows = (int)(samples - first < FILL_ROWS ? samples - first : FILL_ROWS);
        for (int r = 0; r < rows; r++) visit[r] = (int32_t)(first + r);
        d->reader->read(d, part, source, 0, first, visit, rows, to + first * d->shape.features[source]);
    }
}

status dataset_fill(dataset *d)
{
    status result = OK;
    offsets at = { .total = 0 };
    if (d->reader == NULL || d->filled) return OK;
    assert(!d->shape.augmented);
    CHECK(lay_out_features(&d->shape, &at), NO_MEMORY,
          "a dataset of %lld samples is larger than memory can be",
          (long long)(d->shape.train + d->shape.test));
    TRY(allocate(at.total, &d->filled));
    place_features(d, d->filled, &at);
    for (int i = 0; i < d->shape.sources; i++) {
        fill_part(d, DATA_TRAIN, i, d->train_x[i]);
        fill_part(d, DATA_TEST, i, d->test_x[i]);
    }
done:
    return result;
}

void dataset_read(const dataset *d, data_part part, int source, int64_t seed, int64_t first,
                  const int32_t *visit, int rows, float *to)
{
    if (d->reader) {
        d->reader->read(d, part, source, seed, first, visit, rows, to);
        return;
    }
    const size_t features = (size_t)d->shape.features[source];
    const float *x = part == DATA_TRAIN ? d->train_x[source] : d->test_x[source];
    for (int r = 0; r < rows; r++)
        memcpy(to + (size_t)r * features, x + (size_t)visit[r] * features, features * sizeof *to);
}

double dataset_empirical_entropy_bits(const int32_t *labels, int64_t count, int classes)
{
    double entropy = 0;
    for (int c = 0; c < classes; c++) {
        int64_t occurrences = 0;
        for (int64_t i = 0; i < count; i++) occurrences += labels[i] == c;
        double p = count > 0 ? (double)occurrences / (double)count : 0;
        if (p > 0) entropy -= p * log2(p);
    }
    return entropy;
}
