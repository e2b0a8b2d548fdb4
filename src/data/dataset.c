#include "data.h"

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

static bool lay_out(const data_shape *shape, offsets *at)
{
    bool fits = true;
    *at = (offsets){ 0 };
    for (int i = 0; i < shape->sources; i++) {
        fits = fits && reserve(&at->total, shape->train, shape->features[i], sizeof(float), &at->train_x[i]);
        at->test_x[i] = at->train_x[i];
        if (!shape->weighted)
            fits =
                fits && reserve(&at->total, shape->test, shape->features[i], sizeof(float), &at->test_x[i]);
    }
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

/* Points the arrays of a dataset into its block. */
static void place_arrays(dataset *d, const offsets *at)
{
    char *base = d->block;
    for (int i = 0; i < d->shape.sources; i++) {
        d->train_x[i] = (float *)(void *)(base + at->train_x[i]);
        d->test_x[i] = (float *)(void *)(base + at->test_x[i]);
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

status dataset_make(const data_shape *shape, dataset **out)
{
    status result = OK;
    offsets at;
    dataset *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for a dataset");
    CHECK(lay_out(shape, &at), NO_MEMORY, "a dataset of %lld samples is larger than memory can be",
          (long long)(shape->train + shape->test));
    made->block = at.total > 0 ? aligned_alloc(ALIGNMENT, at.total) : NULL;
    CHECK(made->block != NULL, NO_MEMORY, "no memory for a dataset of %zu bytes", at.total);
    memset(made->block, 0, at.total);

    made->shape = *shape;
    made->target_entropy_bits = NAN;
    place_arrays(made, &at);
    *out = made;
    made = NULL;
done:
    dataset_free(made);
    return result;
}

void dataset_free(dataset *d)
{
    if (d == NULL) return;
    free(d->block);
    free(d);
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
