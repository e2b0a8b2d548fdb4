#include "data/pair_samples.h"

#include <math.h>
#include <stdlib.h>

random_key pair_key(const settings *s, data_part part, pair_stream stream)
{
    return (random_key){ .seed = (uint64_t)settings_task(s)->seed,
                         .purpose = RANDOM_DATA,
                         .stream = (uint32_t)part * PAIR_STREAMS + (uint32_t)stream };
}

pair_part pair_part_of(const samples *s, data_part part)
{
    const int64_t first = part == DATA_TRAIN ? 0 : s->shape.train;
    return (pair_part){ .rows = part == DATA_TRAIN ? s->shape.train : s->shape.test,
                        .x = s->x[0] + first * s->shape.features[0],
                        .y = s->value + first * s->shape.dimensions };
}

/* The information of a pair is -ln sqrt(1 - correlation^2). At 30 nats the part of Y that X does not know is 1e-13 of it, some
 * hundred times the rounding of numbers about 1. */
status pair_design_of(const pair_options *o, int x, int y, int pairs, pair_design *out)
{
    enum { PAIR_NATS_MOST = 30 };
    status result = OK;
    const double each = o->information / pairs;
    CHECK(each <= PAIR_NATS_MOST, BAD_INPUT,
          "data.information is %g nats of %d %s of correlated numbers, which double precision hardly tells "
          "from equal ones: at most %d nats here",
          o->information, pairs, pairs == 1 ? "pair" : "pairs", pairs * PAIR_NATS_MOST);
    *out = (pair_design){ .x = x,
                          .y = y,
                          .pairs = pairs,
                          .correlation = sqrt(-expm1(-2 * each)),
                          .rest = exp(-each),
                          .rotated = o->rotate };
done:
    return result;
}

data_shape pair_shape(const pair_options *o, int x, int y)
{
    return (data_shape){
        .sources = 1, .features = { x }, .dimensions = y, .train = o->train_samples, .test = o->samples
    };
}

data_shape pair_image_shape(const pair_options *o, int size)
{
    data_shape shape = pair_shape(o, size * size, size * size);
    shape.image[0] = (image_size){ .channels = 1, .height = size, .width = size };
    return shape;
}

/* ---- normal vectors ----------------------------------------------------------------------------------------------- */

static void draw_part(const settings *s, const pair_design *d, data_part part, pair_part rows)
{
    draw_normal(pair_key(s, part, PAIR_X), 0, rows.rows * d->x, rows.x);
    draw_normal(pair_key(s, part, PAIR_Y), 0, rows.rows * d->y, rows.y);
    for (int64_t r = 0; r < rows.rows; r++)
        for (int i = 0; i < d->pairs; i++)
            rows.y[r * d->y + i] = d->correlation * rows.x[r * d->x + i] + d->rest * rows.y[r * d->y + i];
}

/* Both parts by the same rotation; stream 0 is that of X, 1 that of Y. */
static status rotate(const settings *s, uint32_t stream, int n, int64_t rows, double *x)
{
    status result = OK;
    const random_key key = { .seed = (uint64_t)settings_task(s)->seed,
                             .purpose = RANDOM_NOISE,
                             .stream = stream };
    double *rotation = NULL, *room = NULL;
    if (n == 1) goto done;
    TRY(rotation_make(key, n, &rotation));
    room = malloc((size_t)n * sizeof *room);
    CHECK(room != NULL, NO_MEMORY, "no memory for a row of %d numbers", n);
    rotation_apply(rotation, n, rows, x, room);
done:
    free(rotation);
    free(room);
    return result;
}

status pair_samples(const settings *s, const pair_options *o, const pair_design *d, samples **out)
{
    status result = OK;
    samples *made = NULL;
    const data_shape shape = pair_shape(o, d->x, d->y);
    const int64_t rows = shape.train + shape.test;
    TRY(samples_make(&shape, &made));
    draw_part(s, d, DATA_TRAIN, pair_part_of(made, DATA_TRAIN));
    draw_part(s, d, DATA_TEST, pair_part_of(made, DATA_TEST));
    if (d->rotated) TRY(rotate(s, 0, d->x, rows, made->x[0]));
    if (d->rotated) TRY(rotate(s, 1, d->y, rows, made->value));
    made->information_bits = fabs(d->pairs * log2(d->rest)); /* of 0 pairs: 0, not -0 */
    *out = made;
    made = NULL;
done:
    samples_free(made);
    return result;
}

/* ---- maps --------------------------------------------------------------------------------------------------------- */

status pair_mapped(const samples *from, const data_shape *shape, pair_map x, pair_map y, const void *how,
                   samples **out)
{
    status result = OK;
    const data_shape *before = &from->shape;
    TRY(samples_make(shape, out));
    for (int64_t r = 0; r < shape->train + shape->test; r++) {
        x(how, before->features[0], from->x[0] + r * before->features[0],
          (*out)->x[0] + r * shape->features[0]);
        y(how, before->dimensions, from->value + r * before->dimensions,
          (*out)->value + r * shape->dimensions);
    }
    (*out)->information_bits = from->information_bits;
done:
    return result;
}

status pair_shown(const settings *s, const pair_options *o, const pair_design *d, const data_shape *shape,
                  pair_map map, const void *how, samples **out)
{
    status result = OK;
    samples *latent = NULL;
    TRY(pair_samples(s, o, d, &latent));
    TRY(pair_mapped(latent, shape, map, map, how, out));
done:
    samples_free(latent);
    return result;
}

status pair_dataset(const settings *s, dataset **out)
{
    status result = OK;
    samples *made = NULL;
    TRY(samples_of(s, &made));
    TRY(samples_dataset(made, out));
done:
    samples_free(made);
    return result;
}
