#include "rine_decoder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct decoder_kind {
    void (*read)(rine_decoder *d, const rine_batches *b, rine_part part);
    /* Of `rows` rows of the batch from row `first` on, where `outputs`, `gradient` and `row_nats` begin. */
    void (*loss)(rine_decoder *d, const rine_batches *b, int first, int rows, const float *const *outputs,
                 const float *distance_weight, float *const *gradient, float *const *row_nats,
                 lanes_sums *sums);
    void (*step)(rine_decoder *d, const lanes_step *step);
    double (*score)(const rine_decoder *d, const lanes_sums *sums, int network, int lane);
} decoder_kind;

/* ---- classes ------------------------------------------------------------------------------------------------------- */

static void read_labels(rine_decoder *d, const rine_batches *b, rine_part part)
{
    const int32_t *y[LANES_MAX];
    for (int lane = 0; lane < d->lanes; lane++)
        y[lane] = part == PART_TEST ? b->data[lane]->test_y : b->data[lane]->train_y;
    lanes_gather_labels(d->kernels, y, (const int32_t *const *)b->visit, b->rows, d->label);
}

static void loss_of_classes(rine_decoder *d, const rine_batches *b, int first, int rows,
                            const float *const *outputs, const float *distance_weight, float *const *gradient,
                            float *const *row_nats, lanes_sums *sums)
{
    lanes_loss_run(d->kernels, &d->loss, rows, outputs, d->label + first * d->lanes,
                   b->weight + first * d->lanes, distance_weight, gradient, row_nats, sums);
}

static void no_step(rine_decoder *d, const lanes_step *step)
{
    (void)d;
    (void)step;
}

static double share_correct(const rine_decoder *d, const lanes_sums *sums, int network, int lane)
{
    (void)d;
    return sums->correct[network][lane];
}

static const decoder_kind of_classes = { read_labels, loss_of_classes, no_step, share_correct };

/* ---- Gaussians ------------------------------------------------------------------------------------------------------- */

/* Standardising by the training part keeps the variances of test values near 1, whatever the units. */
static void read_values(rine_decoder *d, const rine_batches *b, rine_part part)
{
    const float *y[LANES_MAX];
    int own[LANES_MAX];
    const int columns = d->loss.outputs * d->lanes;
    for (int lane = 0; lane < d->lanes; lane++) {
        y[lane] = part == PART_TEST ? b->data[lane]->test_value : b->data[lane]->train_value;
        own[lane] = d->loss.outputs;
    }
    lanes_gather(d->kernels, y, own, (const int32_t *const *)b->visit, b->rows, d->loss.outputs, d->value);
    for (int r = 0; r < b->rows; r++)
        for (int k = 0; k < columns; k++) {
            float *value = &d->value[r * columns + k];
            *value = (*value - d->centre[k]) * d->inverse[k];
        }
}

static void loss_of_gaussians(rine_decoder *d, const rine_batches *b, int first, int rows,
                              const float *const *outputs, const float *distance_weight,
                              float *const *gradient, float *const *row_nats, lanes_sums *sums)
{
    lanes_gaussian g = { .target = d->value + first * d->loss.outputs * d->lanes };
    for (int i = 0; i < d->loss.sources; i++) {
        g.log_variance[i] = d->log_variance[i];
        g.log_variance_gradient[i] = d->gradient[i];
        if (gradient)
            memset(d->gradient[i], 0, (size_t)(d->loss.outputs * d->lanes) * sizeof *d->gradient[i]);
    }
    lanes_gaussian_run(d->kernels, &d->loss, rows, outputs, &g, b->weight + first * d->lanes, distance_weight,
                       gradient, row_nats, sums);
}

static float clamped(float log_variance)
{
    if (log_variance > LOG_VARIANCE_MAX) return LOG_VARIANCE_MAX;
    return log_variance < -LOG_VARIANCE_MAX ? -LOG_VARIANCE_MAX : log_variance; /* keeps NaN */
}

static void step_variances(rine_decoder *d, const lanes_step *step)
{
    for (int i = 0; d->learned && i < d->loss.sources; i++) {
        float *value = d->log_variance[i];
        lanes_step_run(d->kernels, step, d->loss.outputs, d->gradient[i], d->first[i], d->second[i], value);
        for (int k = 0; k < d->loss.outputs * d->lanes; k++) value[k] = clamped(value[k]);
    }
}

static double share_explained(const rine_decoder *d, const lanes_sums *sums, int network, int lane)
{
    /* of one trial, or of alike ones, there is nothing to explain */
    if (!(d->test_variance[lane] > 0)) return NAN;
    return 1 - sums->squares[network][lane] / d->test_variance[lane];
}

static const decoder_kind of_gaussians = { read_values, loss_of_gaussians, step_variances, share_explained };

/* ---- making ---------------------------------------------------------------------------------------------------------- */

/* Mean and variance of column j of value (samples, dimensions). */
static void moments(const float *value, int64_t samples, int dimensions, int j, double *mean,
                    double *variance)
{
    double sum = 0, squares = 0;
    for (int64_t k = 0; k < samples; k++) sum += (double)value[k * dimensions + j];
    *mean = sum / (double)samples;
    for (int64_t k = 0; k < samples; k++) {
        double from_mean = (double)value[k * dimensions + j] - *mean;
        squares += from_mean * from_mean;
    }
    *variance = squares / (double)samples;
}

/* A dimension that does not vary is only centred. */
static void standardise(rine_decoder *d, const rine_batches *b, int lane)
{
    const dataset *data = b->data[lane];
    const int dimensions = d->loss.outputs;
    for (int j = 0; j < dimensions; j++) {
        double mean, variance, test_mean, test_variance;
        moments(data->train_value, data->shape.train, dimensions, j, &mean, &variance);
        moments(data->test_value, data->shape.test, dimensions, j, &test_mean, &test_variance);
        double deviation = variance > 0 ? sqrt(variance) : 1;
        d->centre[j * d->lanes + lane] = (float)mean;
        d->inverse[j * d->lanes + lane] = (float)(1 / deviation);
        d->log_scale_nats[lane] += log(deviation);
        d->test_variance[lane] += test_variance / (deviation * deviation);
    }
}

static status make_gaussians(rine_decoder *d, const rine_batches *b)
{
    status result = OK;
    const size_t row = (size_t)d->loss.outputs * (size_t)d->lanes, sources = (size_t)d->loss.sources;
    d->value = lanes_allocate((size_t)b->rows_most * row * sizeof *d->value);
    d->memory = lanes_allocate((2 + 4 * sources) * row * sizeof *d->memory);
    CHECK(d->value && d->memory, NO_MEMORY, "targets of %d dimensions", d->loss.outputs);
    d->centre = d->memory;
    d->inverse = d->centre + row;
    for (int i = 0; i < d->loss.sources; i++) {
        d->log_variance[i] = d->inverse + row + 4 * (size_t)i * row;
        d->gradient[i] = d->log_variance[i] + row;
        d->first[i] = d->gradient[i] + row;
        d->second[i] = d->first[i] + row;
    }
    for (int lane = 0; lane < d->lanes; lane++) standardise(d, b, lane);
done:
    return result;
}

status rine_decoder_make(rine_decoder *d, const rine_batches *b, const lanes_loss *loss, bool learned)
{
    status result = OK;
    const bool classes = b->data[0]->shape.classes > 0;
    *d = (rine_decoder){ .kind = classes ? &of_classes : &of_gaussians,
                         .kernels = b->kernels,
                         .loss = *loss,
                         .lanes = b->lanes,
                         .learned = learned };
    if (classes) {
        d->label = lanes_allocate((size_t)b->rows_most * (size_t)d->lanes * sizeof *d->label);
        CHECK(d->label, NO_MEMORY, "labels of %d samples", b->rows_most);
    } else {
        TRY(make_gaussians(d, b));
    }
done:
    return result;
}

void rine_decoder_free(rine_decoder *d)
{
    free(d->label);
    free(d->value);
    free(d->memory);
}

size_t rine_decoder_bytes(const data_shape *shape, int rows)
{
    size_t batch = (size_t)rows * sizeof(float), d = (size_t)shape->dimensions;
    if (shape->classes > 0) return batch;
    return d * (batch + (2 + 4 * (size_t)shape->sources) * sizeof(float));
}

/* ---- use ------------------------------------------------------------------------------------------------------------- */

void rine_decoder_read(rine_decoder *d, const rine_batches *b, rine_part part)
{
    d->kind->read(d, b, part);
}

void rine_decoder_loss(rine_decoder *d, const rine_batches *b, const float *const *outputs,
                       const float *distance_weight, float *const *gradient, float *const *row_nats,
                       lanes_sums *sums)
{
    d->kind->loss(d, b, 0, b->rows, outputs, distance_weight, gradient, row_nats, sums);
}

void rine_decoder_loss_rows(rine_decoder *d, const rine_batches *b, int first, int rows,
                            const float *const *outputs, const float *distance_weight, float *const *gradient,
                            lanes_sums *sums)
{
    const int at = first * d->loss.outputs * d->lanes;
    const float *outputs_at[SOURCES_MAX];
    float *gradient_at[SOURCES_MAX];
    for (int i = 0; i < d->loss.sources; i++) {
        outputs_at[i] = outputs[i] + at;
        gradient_at[i] = gradient[i] + at;
    }
    d->kind->loss(d, b, first, rows, outputs_at, distance_weight, gradient_at, NULL, sums);
}

void rine_decoder_step(rine_decoder *d, const lanes_step *step)
{
    d->kind->step(d, step);
}

double rine_decoder_score(const rine_decoder *d, const lanes_sums *sums, int network, int lane)
{
    return d->kind->score(d, sums, network, lane);
}

/* ---- to be taken up later -------------------------------------------------------------------------------------------- */

/* What a network's variances are in training: themselves, and their moments. */
enum { VARIANCE_ARRAYS = 3 };

static float *variance_array(const rine_decoder *d, int network, int array)
{
    float *const arrays[VARIANCE_ARRAYS] = { d->log_variance[network], d->first[network],
                                             d->second[network] };
    return arrays[array];
}

int rine_decoder_held(const rine_decoder *d)
{
    return d->learned && d->value ? d->loss.sources * VARIANCE_ARRAYS * d->loss.outputs : 0;
}

void rine_decoder_hold(const rine_decoder *d, int lane, float *to)
{
    for (int k = 0; k < rine_decoder_held(d); k++) {
        const int array = k / d->loss.outputs, j = k % d->loss.outputs;
        to[k] = variance_array(d, array / VARIANCE_ARRAYS, array % VARIANCE_ARRAYS)[j * d->lanes + lane];
    }
}

void rine_decoder_restore(rine_decoder *d, const float *from)
{
    for (int k = 0; k < rine_decoder_held(d); k++) {
        const int array = k / d->loss.outputs, j = k % d->loss.outputs;
        float *to = variance_array(d, array / VARIANCE_ARRAYS, array % VARIANCE_ARRAYS) + j * d->lanes;
        for (int lane = 0; lane < d->lanes; lane++) to[lane] = from[k];
    }
}
