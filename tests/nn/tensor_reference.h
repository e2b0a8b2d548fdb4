/* Networks by plain loops in double precision, written from the formulas of graph.h alone: what the tensor engine is compared
 * with. Gradients come from central differences of it. */
#ifndef TENSOR_REFERENCE_H
#define TENSOR_REFERENCE_H

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph.h"

typedef struct reference {
    const network_graph *graph;
    int rows;
    const float *input;    /* (rows, channels, height, width) */
    const double *running; /* (graph_statistics); NULL: norms use the statistics of the rows */
    double *statistics;    /* (graph_statistics) of the last pass: means and unbiased variances */
    double *out[GRAPH_LAYERS_MAX];
} reference;

static int64_t reference_places(image_size s)
{
    return (int64_t)s.channels * s.height * s.width;
}

static inline reference reference_make(const network_graph *g, int rows, const float *input)
{
    reference r = { .graph = g, .rows = rows, .input = input };
    r.statistics = calloc((size_t)graph_statistics(g) + 1, sizeof(double));
    for (int l = 0; l < g->layers; l++)
        r.out[l] = malloc((size_t)(rows * reference_places(g->layer[l].out)) * sizeof(double));
    return r;
}

static inline void reference_free(reference *r)
{
    free(r->statistics);
    for (int l = 0; l < r->graph->layers; l++) free(r->out[l]);
}

/* place (row, channel, y, x) of an image tensor, or -1 beyond its edges */
static int64_t reference_at(image_size s, int n, int c, int y, int x)
{
    if (y < 0 || y >= s.height || x < 0 || x >= s.width) return -1;
    return (((int64_t)n * s.channels + c) * s.height + y) * s.width + x;
}

static inline double reference_convolve(const graph_layer *g, image_size in, const double *x, const double *w,
                                        int n, int o, int y0, int x0)
{
    double sum = g->bias ? w[(int64_t)g->out.channels * in.channels * g->kernel * g->kernel + o] : 0;
    for (int i = 0; i < in.channels; i++)
        for (int v = 0; v < g->kernel; v++)
            for (int u = 0; u < g->kernel; u++) {
                int64_t at = reference_at(in, n, i, y0 + v, x0 + u);
                int64_t weight = (((int64_t)o * in.channels + i) * g->kernel + v) * g->kernel + u;
                if (at >= 0) sum += w[weight] * x[at];
            }
    return sum;
}

static inline double reference_pool(const graph_layer *g, image_size in, const double *x, int n, int c,
                                    int y0, int x0)
{
    double sum = 0, most = -DBL_MAX;
    int count = 0;
    for (int v = 0; v < g->kernel; v++)
        for (int u = 0; u < g->kernel; u++) {
            int64_t at = reference_at(in, n, c, y0 + v, x0 + u);
            if (at < 0) continue;
            sum += x[at];
            if (x[at] > most) most = x[at];
            count++;
        }
    return g->kind == LAYER_MAX_POOL ? most : sum / count;
}

static inline void reference_windows(const reference *r, int l, const double *w)
{
    const graph_layer *g = &r->graph->layer[l];
    image_size in = r->graph->layer[g->from].out;
    const double *x = r->out[g->from];
    double *out = r->out[l];
    for (int n = 0; n < r->rows; n++)
        for (int c = 0; c < g->out.channels; c++)
            for (int y = 0; y < g->out.height; y++)
                for (int u = 0; u < g->out.width; u++) {
                    int y0 = y * g->stride - g->padding, x0 = u * g->stride - g->padding;
                    *out++ = g->kind == LAYER_CONVOLUTION ? reference_convolve(g, in, x, w, n, c, y0, x0)
                                                          : reference_pool(g, in, x, n, c, y0, x0);
                }
}

static inline void reference_norm(const reference *r, int l, const double *w, int64_t statistics)
{
    const graph_layer *g = &r->graph->layer[l];
    const double *x = r->out[g->from];
    int channels = g->out.channels, places = g->out.height * g->out.width;
    for (int c = 0; c < channels; c++) {
        double mean = 0, square = 0, n = (double)r->rows * places;
        for (int k = 0; k < r->rows * places; k++)
            mean += x[((int64_t)(k / places) * channels + c) * places + k % places] / n;
        for (int k = 0; k < r->rows * places; k++) {
            double d = x[((int64_t)(k / places) * channels + c) * places + k % places] - mean;
            square += d * d;
        }
        double variance = square / n;
        r->statistics[statistics + c] = mean;
        r->statistics[statistics + channels + c] = square / (n - 1);
        if (r->running) {
            mean = r->running[statistics + c];
            variance = r->running[statistics + channels + c];
        }
        for (int k = 0; k < r->rows * places; k++) {
            int64_t at = ((int64_t)(k / places) * channels + c) * places + k % places;
            r->out[l][at] = w[c] * (x[at] - mean) / sqrt(variance + 1e-5) + w[channels + c];
        }
    }
}

static inline void reference_dense(const reference *r, int l, const double *w)
{
    const graph_layer *g = &r->graph->layer[l];
    int64_t in = reference_places(r->graph->layer[g->from].out), out = g->out.channels;
    for (int n = 0; n < r->rows; n++)
        for (int64_t o = 0; o < out; o++) {
            double sum = g->bias ? w[out * in + o] : 0;
            for (int64_t i = 0; i < in; i++) sum += w[o * in + i] * r->out[g->from][n * in + i];
            r->out[l][n * out + o] = sum;
        }
}

/* The logits (rows, outputs), valid until the next pass. parameters (graph_parameters) */
static inline const double *reference_forward(const reference *r, const double *parameters)
{
    int64_t statistics = 0;
    for (int l = 0; l < r->graph->layers; l++) {
        const graph_layer *g = &r->graph->layer[l];
        const double *w = parameters + graph_parameters_at(r->graph, l);
        int64_t count = r->rows * reference_places(g->out);
        if (g->kind == LAYER_INPUT)
            for (int64_t k = 0; k < count; k++) r->out[l][k] = r->input[k];
        else if (g->kind == LAYER_NORM)
            reference_norm(r, l, w, statistics);
        else if (g->kind == LAYER_DENSE)
            reference_dense(r, l, w);
        else if (g->kind == LAYER_RELU)
            for (int64_t k = 0; k < count; k++) r->out[l][k] = fmax(r->out[g->from][k], 0);
        else if (g->kind == LAYER_ADD)
            for (int64_t k = 0; k < count; k++) r->out[l][k] = r->out[g->from][k] + r->out[g->with][k];
        else
            reference_windows(r, l, w);
        if (g->kind == LAYER_NORM) statistics += 2 * (int64_t)g->out.channels;
    }
    return r->out[r->graph->layers - 1];
}

/* sum over logits of weight * logit: a loss whose gradient by the logits is `weight` (rows, outputs) */
static inline double reference_loss(const reference *r, const double *parameters, const float *weight)
{
    const double *logits = reference_forward(r, parameters);
    int64_t count = r->rows * reference_places(r->graph->layer[r->graph->layers - 1].out);
    double sum = 0;
    for (int64_t k = 0; k < count; k++) sum += weight[k] * logits[k];
    return sum;
}

/* Its derivative by parameter k: central differences, whose error is the square of the step times a third derivative, or the
 * rounding of the loss by the step: both about 1e-9. */
static inline double reference_gradient(const reference *r, double *parameters, int64_t k,
                                        const float *weight)
{
    const double step = 1e-5;
    double here = parameters[k];
    parameters[k] = here + step;
    double above = reference_loss(r, parameters, weight);
    parameters[k] = here - step;
    double below = reference_loss(r, parameters, weight);
    parameters[k] = here;
    return (above - below) / (2 * step);
}

/* Numbers in ±1, the same in every run: a linear congruence of Knuth's. */
static inline float reference_draw(uint64_t *drawn)
{
    *drawn = *drawn * 6364136223846793005u + 1442695040888963407u;
    return (float)((double)(*drawn >> 11) / 9007199254740992.0 * 2 - 1);
}

static inline void reference_draw_all(uint64_t seed, float *x, int64_t count)
{
    for (int64_t k = 0; k < count; k++) x[k] = reference_draw(&seed);
}

/* norm - ReLU - convolution twice, beside the image's way round: pre-activation. Where the size changes, a 1x1 convolution takes
 * the way round. */
static inline int reference_block(network_graph *g, int x, int channels, int stride, int shortcut)
{
    int y = graph_relu(g, graph_norm(g, x));
    int around = shortcut ? graph_convolution(g, y, channels, 1, stride, 0, 0) : x;
    y = graph_convolution(g, y, channels, 3, stride, 1, 0);
    y = graph_relu(g, graph_norm(g, y));
    y = graph_convolution(g, y, channels, 3, 1, 1, 0);
    return graph_add(g, y, around);
}

/* A residual network of three blocks on images (3, 8, 8). */
static inline network_graph reference_residual(int channels)
{
    network_graph g = { 0 };
    int x = graph_input(&g, (image_size){ 3, 8, 8 });
    x = graph_convolution(&g, x, channels, 3, 1, 1, 0);
    x = reference_block(&g, x, channels, 1, 0);
    x = reference_block(&g, x, 2 * channels, 2, 1);
    x = reference_block(&g, x, 2 * channels, 1, 0);
    x = graph_pool(&g, LAYER_AVERAGE_POOL, x, 4, 1, 0);
    graph_dense(&g, x, 3, 1);
    return g;
}

#endif
