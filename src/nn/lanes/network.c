/* Networks in lanes: dense - [batch norm] - [ReLU] layers over the kernels of one instruction set.
 *
 * Only pre-activations z are kept for a whole batch. Activations are made again from them, block by block, where the
 * next layer or the backward pass wants them: that is cheaper than the trip to memory. Blocks of rows go through one
 * layer at a time, because batch statistics need every row before the next layer can start. */
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "nn/lanes/kernels.h"

/* Rows of a block; the last one takes a rest of up to half as many rows more. */
enum { BLOCK_ROWS = 8, LAST_ROWS = 12, ALIGNMENT = 64 };

typedef struct layer {
    dense_shape shape;
    float *weights, *bias;                   /* (out, in), (out) or NULL */
    float *weights_gradient, *bias_gradient; /* the same */
    norm norm;                               /* (out), where shape.norm */
    float *z;                                /* (rows, out) pre-activations */
} layer;

struct lanes_network {
    const lanes_kernels *kernels;
    int layers;
    layer layer[DENSE_LAYERS_MAX];
    int64_t parameters_count; /* per lane */
    float *parameters, *gradients, *first,
        *second;        /* (parameters): values, gradients, moments; in layer order */
    float *drawn;       /* initial parameters of one lane, without the others */
    float *input;       /* (rows, in) */
    float *gradient[2]; /* (rows, widest): of a layer's output, then of its z; even and odd layers */
    float *block_input; /* (LAST_ROWS, widest): a layer's input, for one block */
    void *memory;
};

void *lanes_allocate(size_t bytes)
{
    void *memory = NULL;
    if (posix_memalign(&memory, ALIGNMENT, bytes ? bytes : ALIGNMENT) != 0) return NULL;
    return memset(memory, 0, bytes);
}

/* Lays arrays out one behind the other; counts only, while base is NULL. */
typedef struct arena {
    char *base;
    size_t used;
    size_t lanes;
} arena;

static float *take(arena *a, int64_t count)
{
    float *at = a->base ? (float *)(void *)(a->base + a->used) : NULL;
    a->used += (size_t)count * a->lanes * sizeof(float);
    return at;
}

static void lay_out_parameters(lanes_network *n, arena *a, int gradients)
{
    float **block = gradients ? &n->gradients : &n->parameters;
    *block = take(a, 0);
    for (layer *y = n->layer; y < n->layer + n->layers; y++) {
        const dense_shape *d = &y->shape;
        *(gradients ? &y->weights_gradient : &y->weights) = take(a, (int64_t)d->in * d->out);
        if (d->bias) *(gradients ? &y->bias_gradient : &y->bias) = take(a, d->out);
        if (!d->norm) continue;
        *(gradients ? &y->norm.gamma_gradient : &y->norm.gamma) = take(a, d->out);
        *(gradients ? &y->norm.beta_gradient : &y->norm.beta) = take(a, d->out);
    }
}

static void lay_out_statistics(lanes_network *n, arena *a)
{
    for (layer *y = n->layer; y < n->layer + n->layers; y++) {
        if (!y->shape.norm) continue;
        norm *m = &y->norm;
        float **const arrays[] = {
            &m->running_mean, &m->running_variance, &m->origin, &m->sum,   &m->square,
            &m->mean,         &m->inverse,          &m->scale,  &m->shift, &m->sum_gradient,
            &m->sum_product,  &m->constant,         &m->slope
        };
        for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) *arrays[i] = take(a, y->shape.out);
    }
}

static void lay_out(lanes_network *n, int rows, arena *a)
{
    int widest = 0;
    for (int l = 0; l < n->layers; l++)
        widest = n->layer[l].shape.out > widest ? n->layer[l].shape.out : widest;
    lay_out_parameters(n, a, 0);
    lay_out_parameters(n, a, 1);
    n->first = take(a, n->parameters_count);
    n->second = take(a, n->parameters_count);
    n->drawn = take(a, n->parameters_count / (int64_t)a->lanes + 1);
    lay_out_statistics(n, a);
    n->block_input = take(a, (int64_t)LAST_ROWS * widest);
    n->input = take(a, (int64_t)rows * n->layer[0].shape.in);
    for (int l = 0; l < n->layers; l++) n->layer[l].z = take(a, (int64_t)rows * n->layer[l].shape.out);
    for (int i = 0; i < 2; i++) n->gradient[i] = take(a, (int64_t)rows * widest);
}

static lanes_network describe(const network_shape *shape)
{
    lanes_network n = { .layers = shape->layers, .parameters_count = network_parameters(shape) };
    for (int l = 0; l < shape->layers; l++) n.layer[l].shape = shape->layer[l];
    return n;
}

size_t lanes_network_bytes(const network_shape *shape, int rows, int lanes)
{
    lanes_network n = describe(shape);
    arena counting = { .lanes = (size_t)lanes };
    lay_out(&n, rows, &counting);
    return sizeof n + counting.used;
}

status lanes_network_make(const lanes_kernels *k, const network_shape *shape, int rows, lanes_network **out)
{
    status result = OK;
    size_t bytes = lanes_network_bytes(shape, rows, k->lanes);
    lanes_network *n = calloc(1, sizeof *n);
    CHECK(n != NULL, NO_MEMORY, "a network of %zu bytes", bytes);
    *n = describe(shape);
    n->kernels = k;
    assert(!n->layer[n->layers - 1].shape.norm && !n->layer[n->layers - 1].shape.relu);
    n->memory = lanes_allocate(bytes);
    CHECK(n->memory != NULL, NO_MEMORY, "a network of %zu bytes", bytes);
    arena laying = { .base = n->memory, .lanes = (size_t)k->lanes };
    lay_out(n, rows, &laying);
    *out = n;
    n = NULL;
done:
    lanes_network_free(n);
    return result;
}

void lanes_network_free(lanes_network *n)
{
    if (n) free(n->memory);
    free(n);
}

/* ---- one lane in and out --------------------------------------------------------------------------------------- */

static void put(const lanes_network *n, float *to, int lane, int64_t count, const float *from)
{
    for (int64_t i = 0; i < count; i++) to[i * n->kernels->lanes + lane] = from[i];
}

static void get(const lanes_network *n, const float *from, int lane, float *to)
{
    for (int64_t i = 0; i < n->parameters_count; i++) to[i] = from[i * n->kernels->lanes + lane];
}

static void fill(const lanes_network *n, float *to, int lane, int64_t count, float value)
{
    for (int64_t i = 0; i < count; i++) to[i * n->kernels->lanes + lane] = value;
}

void lanes_network_get_parameters(const lanes_network *n, int lane, float *out)
{
    get(n, n->parameters, lane, out);
}

void lanes_network_get_gradients(const lanes_network *n, int lane, float *out)
{
    get(n, n->gradients, lane, out);
}

void lanes_network_set_parameters(lanes_network *n, int lane, const float *in)
{
    put(n, n->parameters, lane, n->parameters_count, in);
}

/* Weights of inputs that a lane does not have: minus zero, which stays as it is in every step, and whose product with an
 * input of plus zero leaves any sum as it is, even one of minus zero. */
#define NO_WEIGHT (-0.0f)

void lanes_network_initialise(lanes_network *n, int lane, int in, int64_t seed, int source)
{
    for (int l = 0; l < n->layers; l++) {
        layer *y = &n->layer[l];
        const dense_shape *d = &y->shape;
        dense_shape own = *d;
        if (l == 0) own.in = in;
        assert(own.in <= d->in);
        int64_t weights = (int64_t)own.in * own.out;
        train_initialise_dense(&own, seed, source, l, n->drawn, n->drawn + weights);
        for (int64_t o = 0; o < d->out; o++) {
            float *row = y->weights + o * d->in * n->kernels->lanes;
            put(n, row, lane, own.in, n->drawn + o * own.in);
            fill(n, row + (int64_t)own.in * n->kernels->lanes, lane, d->in - own.in, NO_WEIGHT);
        }
        if (d->bias) put(n, y->bias, lane, d->out, n->drawn + weights);
        if (!d->norm) continue;
        fill(n, y->norm.gamma, lane, d->out, 1);
        fill(n, y->norm.beta, lane, d->out, 0);
        fill(n, y->norm.running_mean, lane, d->out, 0);
        fill(n, y->norm.running_variance, lane, d->out, 1);
    }
    fill(n, n->first, lane, n->parameters_count, 0);
    fill(n, n->second, lane, n->parameters_count, 0);
}

void lanes_network_finite(const lanes_network *n, bool *finite)
{
    const int lanes = n->kernels->lanes;
    const int64_t count = n->parameters_count * lanes;
    float sum[LANES_MAX] = { 0 }; /* 0 times a number is 0; anything else is NaN, and stays it */
    int64_t k = 0;
    for (; k + LANES_MAX <= count; k += LANES_MAX)
        for (int i = 0; i < LANES_MAX; i++) sum[i] += 0 * n->parameters[k + i];
    for (; k < count; k++) sum[k % LANES_MAX] += 0 * n->parameters[k];
    for (int l = 0; l < lanes; l++) finite[l] = true;
    for (int i = 0; i < LANES_MAX; i++) finite[i % lanes] = finite[i % lanes] && sum[i] == 0;
}

float *lanes_network_input(lanes_network *n)
{
    return n->input;
}

/* ---- forward and backward -------------------------------------------------------------------------------------- */

/* Where row `row` of an array of `units` columns starts. */
static size_t row_start(const lanes_network *n, int row, int units)
{
    return (size_t)row * (size_t)units * (size_t)n->kernels->lanes;
}

static int block_rows(int first, int rows)
{
    return rows - first <= LAST_ROWS ? rows - first : BLOCK_ROWS;
}

/* Pre-activations (count, out) of layer l from row `first` on. */
static float *pre_activations(const lanes_network *n, int l, int first)
{
    return n->layer[l].z + row_start(n, first, n->layer[l].shape.out);
}

/* The input (count, in) of layer l for `count` rows from `first` on: the network's, or the activations of the layer
 * before, made from its pre-activations. */
static const float *layer_input(const lanes_network *n, int l, int first, int count)
{
    if (l == 0) return n->input + row_start(n, first, n->layer[0].shape.in);
    const layer *before = &n->layer[l - 1];
    const dense_shape *d = &before->shape;
    n->kernels->activate(count, d->out, d->relu, pre_activations(n, l - 1, first),
                         d->norm ? &before->norm : NULL, n->block_input);
    return n->block_input;
}

static void clear(const lanes_network *n, float *array, int64_t count)
{
    memset(array, 0, (size_t)count * (size_t)n->kernels->lanes * sizeof(float));
}

/* z of layer l for all rows; sums for its batch statistics too if `weight` is not NULL. */
static void layer_forward(const lanes_network *n, int l, int rows, const float *weight)
{
    const lanes_kernels *k = n->kernels;
    const layer *y = &n->layer[l];
    const dense_shape *d = &y->shape;
    if (d->norm) clear(n, y->norm.sum, d->out);
    if (d->norm) clear(n, y->norm.square, d->out);
    for (int first = 0, count; first < rows; first += count) {
        count = block_rows(first, rows);
        float *z = pre_activations(n, l, first);
        k->dense_forward(count, d->in, d->out, layer_input(n, l, first, count), y->weights, y->bias, z);
        if (!d->norm || !weight) continue;
        if (first == 0) memcpy(y->norm.origin, z, row_start(n, 1, d->out) * sizeof(float));
        k->norm_sums(count, d->out, z, weight + row_start(n, first, 1), &y->norm);
    }
}

const float *lanes_network_forward(lanes_network *n, int rows, const float *weight, const float *unbias)
{
    for (int l = 0; l < n->layers; l++) {
        layer_forward(n, l, rows, weight);
        if (n->layer[l].shape.norm) n->kernels->norm_train(n->layer[l].shape.out, unbias, &n->layer[l].norm);
    }
    return n->layer[n->layers - 1].z;
}

const float *lanes_network_predict(lanes_network *n, int rows)
{
    for (int l = 0; l < n->layers; l++) {
        layer_forward(n, l, rows, NULL);
        if (n->layer[l].shape.norm) n->kernels->norm_predict(n->layer[l].shape.out, &n->layer[l].norm);
    }
    return n->layer[n->layers - 1].z;
}

/* Adds a block's part to the gradients of layer l's parameters, or sets them to the first block's; dz (count, out) is that
 * of its pre-activations. */
static void block_parameters(const lanes_network *n, int l, int first, int count, const float *dz)
{
    const layer *y = &n->layer[l];
    n->kernels->dense_backward_weights(count, y->shape.in, y->shape.out, first > 0,
                                       layer_input(n, l, first, count), dz, y->weights_gradient,
                                       y->bias_gradient);
}

/* The gradient dz (count, in) of layer l-1's pre-activations, short of its batch normalisation, from that of layer
 * l's; adds to the sums that the batch normalisation needs. */
static void block_input_gradient(const lanes_network *n, int l, int first, int count, const float *dz)
{
    const layer *y = &n->layer[l], *before = y - 1;
    float *g = n->gradient[(l - 1) & 1] + row_start(n, first, y->shape.in);
    n->kernels->dense_backward_input(count, y->shape.in, y->shape.out, dz, y->weights, g);
    n->kernels->activate_backward(count, y->shape.in, before->shape.relu, pre_activations(n, l - 1, first),
                                  before->shape.norm ? &before->norm : NULL, g);
}

/* Gradients of layer l's parameters, and of what comes before it, from the gradient of its output, which becomes that of
 * its z. The weights and their gradient do not fit the first-level cache together with a block, so each has a sweep over
 * the rows of its own. */
static void layer_backward(const lanes_network *n, int l, int rows, const float *weight,
                           const float *logits_gradient)
{
    const layer *y = &n->layer[l];
    const int out = y->shape.out;
    float *own = n->gradient[l & 1];
    const float *dz = l == n->layers - 1 ? logits_gradient : own;
    for (int first = 0, count; first < rows; first += count) {
        count = block_rows(first, rows);
        const size_t start = row_start(n, first, out);
        if (y->shape.norm)
            n->kernels->norm_backward(count, out, y->z + start, weight + row_start(n, first, 1), own + start,
                                      &y->norm, own + start);
        if (l > 0)
            block_input_gradient(n, l, first, count, dz + start);
        else
            block_parameters(n, l, first, count, dz + start);
    }
    for (int first = 0, count; first < rows && l > 0; first += count) {
        count = block_rows(first, rows);
        block_parameters(n, l, first, count, dz + row_start(n, first, out));
    }
}

void lanes_network_backward(lanes_network *n, int rows, const float *weight, const float *logits_gradient)
{
    for (int l = n->layers - 1; l >= 0; l--) {
        const layer *before = l > 0 && n->layer[l - 1].shape.norm ? &n->layer[l - 1] : NULL;
        if (before) clear(n, before->norm.sum_gradient, before->shape.out);
        if (before) clear(n, before->norm.sum_product, before->shape.out);
        layer_backward(n, l, rows, weight, logits_gradient);
        if (before) n->kernels->norm_backward_finish(before->shape.out, &before->norm);
    }
}

void lanes_step_run(const lanes_kernels *k, const lanes_step *s, int64_t count, const float *gradient,
                    float *first, float *second, float *value)
{
    step_factors f;
    double met_first = 1, met_second = 1; /* shares of the gradients so far that Adam's moments hold */
    for (int l = 0; l < LANES_MAX; l++) {
        const double momentum = s->momentum[l], decay = s->second[l], step = (double)s->step;
        const bool alike = l > 0 && s->momentum[l] == s->momentum[l - 1] && s->second[l] == s->second[l - 1];
        if (s->optimizer == OPTIMIZER_ADAM && !alike) {
            met_first = 1 - pow(momentum, step);
            met_second = 1 - pow(decay, step);
        }
        f.rate[l] = (float)(s->rate[l] / met_first);
        f.momentum[l] = s->momentum[l];
        f.fresh[l] = (float)(1 - momentum);
        f.second[l] = s->second[l];
        f.second_fresh[l] = (float)(1 - decay);
        f.correction[l] = (float)(1 / sqrt(met_second));
        f.weight_decay[l] = s->weight_decay[l];
    }
    if (s->optimizer == OPTIMIZER_ADAM)
        k->adam(count, &f, gradient, first, second, value);
    else
        k->sgd(count, &f, gradient, first, value);
}

void lanes_network_step(lanes_network *n, const lanes_step *s)
{
    lanes_step_run(n->kernels, s, n->parameters_count, n->gradients, n->first, n->second, n->parameters);
}

/* ---- what needs no network ------------------------------------------------------------------------------------- */

void lanes_loss_run(const lanes_kernels *k, const lanes_loss *loss, int rows, const float *const *logits,
                    const int32_t *label, const float *weight, const float *distance_weight,
                    float *const *gradient, float *const *row_nats, lanes_sums *sums)
{
    assert(loss->sources <= SOURCES_MAX && loss->sources * loss->outputs <= LANES_OUTPUTS_MAX);
    k->loss(loss, rows, logits, label, weight, distance_weight, gradient, row_nats, sums);
}

void lanes_gaussian_run(const lanes_kernels *k, const lanes_loss *loss, int rows, const float *const *mean,
                        const lanes_gaussian *gaussian, const float *weight, const float *distance_weight,
                        float *const *gradient, float *const *row_nats, lanes_sums *sums)
{
    assert(loss->sources <= SOURCES_MAX && loss->sources * loss->outputs <= LANES_OUTPUTS_MAX);
    assert(loss->distance != DISTANCE_JS);
    k->gaussian(loss, rows, mean, gaussian, weight, distance_weight, gradient, row_nats, sums);
}

void lanes_gather(const lanes_kernels *k, const float *const *x, const int *own, const int32_t *const *visit,
                  int rows, int features, float *to)
{
    k->gather(x, own, visit, rows, features, to);
}

void lanes_gather_labels(const lanes_kernels *k, const int32_t *const *y, const int32_t *const *visit,
                         int rows, int32_t *to)
{
    k->gather_labels(y, visit, rows, to);
}
