#include "data/sampling.h"

#include <math.h>
#include <stdlib.h>

#include "exact.h"
#include "random.h"

status sampling_shape(const sampling *o, const table *t, data_shape *shape)
{
    status result = OK;
    *shape = (data_shape){ .sources = t->sources, .classes = t->classes };
    for (int i = 0; i < t->sources; i++) {
        int features = o->encoding == ENCODING_ONEHOT ? t->symbols[i] : 1;
        shape->features[i] = features + o->noise_inputs + o->common_inputs;
    }
    if (o->samples == SAMPLES_TABLE) {
        CHECK(o->noise_inputs == 0, BAD_INPUT,
              "data.samples: a table has no noise; use noise_inputs: 0 or a number of samples");
        shape->train = shape->test = t->rows;
        shape->weighted = 1;
        goto done;
    }
    shape->train = llround((double)o->samples * o->train_fraction);
    shape->test = o->samples - shape->train;
    CHECK(shape->train > 0 && shape->test > 0, BAD_INPUT,
          "data.train_fraction: %g of %lld samples leaves %lld for training and %lld for testing; both need "
          "one",
          o->train_fraction, (long long)o->samples, (long long)shape->train, (long long)shape->test);
done:
    return result;
}

/* Draws the table row of every sample: inverts the cumulative distribution of the rows. */
static status draw(const sampling *o, const table *t, int32_t *row)
{
    status result = OK;
    random_key key = { .seed = (uint64_t)o->seed, .purpose = RANDOM_DATA };
    double *below =
        malloc((size_t)t->rows * sizeof *below); /* (rows) probability of the rows up to this one */
    CHECK(below != NULL, NO_MEMORY, "no memory for %d rows", t->rows);
    double sum = 0;
    for (int r = 0; r < t->rows; r++) below[r] = sum += t->p[r];

    for (int64_t i = 0; i < o->samples; i++) {
        double u = random_uniform(key, (uint64_t)i);
        /* the classes lie one after the other in the table, each with the same share of the unit interval */
        if (o->classes_turn) u = ((double)(i % t->classes) + u) / t->classes;
        int low = 0, high = t->rows - 1;
        while (low < high) {
            int middle = low + (high - low) / 2;
            if (u < below[middle])
                high = middle;
            else
                low = middle + 1;
        }
        row[i] = low;
    }
done:
    free(below);
    return result;
}

/* Features of source `source` in table row `row`, for sample number `sample`. */
static void encode(const sampling *o, const table *t, int row, int source, int64_t sample, float *x)
{
    int symbol = t->symbol[row * t->sources + source];
    if (o->encoding == ENCODING_ONEHOT) {
        for (int k = 0; k < t->symbols[source]; k++) *x++ = k == symbol ? 1.0F : 0.0F;
    } else {
        *x++ = (float)t->value[source][symbol];
    }
    /* the index leaves room for every sample, so a noise input keeps its values when others are added */
    random_key key = { .seed = (uint64_t)o->seed, .purpose = RANDOM_NOISE, .stream = (uint32_t)source };
    for (int k = 0; k < o->noise_inputs; k++)
        *x++ = (float)(o->noise_deviation * random_normal(key, (uint64_t)k << 32 | (uint64_t)sample));
    for (int k = 0; k < o->common_inputs; k++) *x++ = (float)o->common_value;
}

static void fill_from_table(const sampling *o, const table *t, dataset *d)
{
    for (int r = 0; r < t->rows; r++) {
        for (int i = 0; i < t->sources; i++)
            encode(o, t, r, i, r, d->train_x[i] + (int64_t)r * d->shape.features[i]);
        d->train_y[r] = t->y[r];
        d->weight[r] = t->p[r];
    }
}

static status fill_from_draws(const sampling *o, const table *t, dataset *d)
{
    status result = OK;
    random_key key = { .seed = (uint64_t)o->seed, .purpose = RANDOM_SPLIT };
    int32_t *row = malloc((size_t)o->samples * sizeof *row);
    int32_t *order = malloc((size_t)o->samples * sizeof *order);
    CHECK(row != NULL && order != NULL, NO_MEMORY, "no memory for %lld samples", (long long)o->samples);
    TRY(draw(o, t, row));
    random_permutation(key, o->samples, order);

    for (int64_t k = 0; k < o->samples; k++) {
        int64_t sample = order[k], test = k - d->shape.train;
        bool trains = test < 0;
        for (int i = 0; i < t->sources; i++) {
            float *x = trains ? d->train_x[i] + k * d->shape.features[i]
                              : d->test_x[i] + test * d->shape.features[i];
            encode(o, t, row[sample], i, sample, x);
        }
        if (trains)
            d->train_y[k] = t->y[row[sample]];
        else
            d->test_y[test] = t->y[row[sample]];
    }
done:
    free(row);
    free(order);
    return result;
}

status sampling_make(const sampling *o, const table *t, dataset **out)
{
    status result = OK;
    data_shape shape;
    dataset *made = NULL;
    TRY(sampling_shape(o, t, &shape));
    TRY(dataset_make(&shape, &made));
    made->target_entropy_bits = table_target_entropy_bits(t);
    if (shape.weighted)
        fill_from_table(o, t, made);
    else
        TRY(fill_from_draws(o, t, made));
    *out = made;
    made = NULL;
done:
    dataset_free(made);
    return result;
}
