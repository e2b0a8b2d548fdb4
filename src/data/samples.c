#include "samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

static int64_t rows_of(const data_shape *shape)
{
    return shape->train + shape->test;
}

/* Bytes of an array of rows × columns numbers, rounded up to a cache line; 0 where memory cannot hold them. */
static size_t padded(int64_t rows, int64_t columns, size_t item)
{
    size_t bytes;
    if (__builtin_mul_overflow((size_t)rows, (size_t)columns, &bytes)) return 0;
    if (__builtin_mul_overflow(bytes, item, &bytes)) return 0;
    return bytes > SIZE_MAX / (2 * (SOURCES_MAX + 1)) ? 0 : (bytes / ALIGNMENT + 1) * ALIGNMENT;
}

status samples_make(const data_shape *shape, samples **out)
{
    status result = OK;
    const int64_t rows = rows_of(shape);
    size_t bytes[SOURCES_MAX], target, total;
    samples *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for samples");
    target = shape->dimensions > 0 ? padded(rows, shape->dimensions, sizeof(double))
                                   : padded(rows, 1, sizeof(int32_t));
    total = target;
    CHECK(target > 0, NO_MEMORY, "%lld samples are more than memory can hold", (long long)rows);
    for (int i = 0; i < shape->sources; i++) {
        bytes[i] = padded(rows, shape->features[i], sizeof(double));
        CHECK(bytes[i] > 0, NO_MEMORY, "%lld samples are more than memory can hold", (long long)rows);
        total += bytes[i];
    }
    made->block = aligned_alloc(ALIGNMENT, total);
    CHECK(made->block != NULL, NO_MEMORY, "no memory for samples of %zu bytes", total);
    memset(made->block, 0, total);
    made->shape = *shape;
    made->information_bits = NAN;
    char *at = made->block;
    if (shape->dimensions > 0)
        made->value = (double *)(void *)at;
    else
        made->label = (int32_t *)(void *)at;
    at += target;
    for (int i = 0; i < shape->sources; at += bytes[i++]) made->x[i] = (double *)(void *)at;
    *out = made;
    made = NULL;
done:
    samples_free(made);
    return result;
}

void samples_free(samples *s)
{
    if (s == NULL) return;
    free(s->block);
    free(s);
}

/* ---- from and to datasets -------------------------------------------------------------------------------------------- */

static void widen(const float *from, int64_t count, double *to)
{
    for (int64_t i = 0; i < count; i++) to[i] = (double)from[i];
}

static void narrow(const double *from, int64_t count, float *to)
{
    for (int64_t i = 0; i < count; i++) to[i] = (float)from[i];
}

/* Numbers of the training part, and of both, of so many columns. */
static int64_t fitted(const data_shape *shape, int columns)
{
    return shape->train * columns;
}

static void take_all(samples *to, const dataset *from)
{
    const data_shape *shape = &to->shape;
    for (int i = 0; i < shape->sources; i++) {
        const int64_t first = fitted(shape, shape->features[i]);
        widen(from->train_x[i], first, to->x[i]);
        widen(from->test_x[i], shape->test * shape->features[i], to->x[i] + first);
    }
    if (shape->dimensions > 0) {
        const int64_t first = fitted(shape, shape->dimensions);
        widen(from->train_value, first, to->value);
        widen(from->test_value, shape->test * shape->dimensions, to->value + first);
    } else {
        memcpy(to->label, from->train_y, (size_t)shape->train * sizeof *to->label);
        memcpy(to->label + shape->train, from->test_y, (size_t)shape->test * sizeof *to->label);
    }
}

static status widen_dataset(const settings *s, samples **out)
{
    status result = OK;
    dataset *d = NULL;
    TRY(s->data->make(s, &d));
    CHECK(!d->shape.weighted, BAD_INPUT, "data kind %s gives a finite table here, and samples are wanted",
          s->data->name);
    CHECK(!d->shape.augmented, BAD_INPUT,
          "passes over the samples of data kind %s differ, and one is wanted: set data.augment to none",
          s->data->name);
    TRY(dataset_fill(d));
    TRY(samples_make(&d->shape, out));
    take_all(*out, d);
done:
    dataset_free(d);
    return result;
}

status samples_of(const settings *s, samples **out)
{
    *out = NULL;
    return s->data->samples ? s->data->samples(s, out) : widen_dataset(s, out);
}

status samples_dataset(const samples *s, dataset **out)
{
    status result = OK;
    const data_shape *shape = &s->shape;
    TRY(dataset_make(shape, out));
    for (int i = 0; i < shape->sources; i++) {
        const int64_t first = fitted(shape, shape->features[i]);
        narrow(s->x[i], first, (*out)->train_x[i]);
        narrow(s->x[i] + first, shape->test * shape->features[i], (*out)->test_x[i]);
    }
    if (shape->dimensions > 0) {
        const int64_t first = fitted(shape, shape->dimensions);
        narrow(s->value, first, (*out)->train_value);
        narrow(s->value + first, shape->test * shape->dimensions, (*out)->test_value);
    } else {
        memcpy((*out)->train_y, s->label, (size_t)shape->train * sizeof *s->label);
        memcpy((*out)->test_y, s->label + shape->train, (size_t)shape->test * sizeof *s->label);
    }
done:
    return result;
}
