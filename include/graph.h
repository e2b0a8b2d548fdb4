/* Graphs: a network described by data, as a list of layers in the order in which they run. Each takes the outputs of layers
 * before it; the first is the input, the last gives the logits. The tensor engine (tensor.h) plans and trains what stands here;
 * model kinds write it. */
#ifndef GRAPH_H
#define GRAPH_H

#include "data.h"

typedef enum layer_kind {
    LAYER_INPUT, /* the image */
    LAYER_CONVOLUTION, /* y[o] = b[o] + sum_i w[o, i] * x[i], cross-correlation; weights (out, in, kernel, kernel) */
    LAYER_NORM, /* y = gamma (x - mean) / sqrt(variance + 1e-5) + beta, per channel over rows and places */
    LAYER_RELU, /* y = max(x, 0) */
    LAYER_ADD,  /* y = x1 + x2 */
    LAYER_MAX_POOL,     /* largest of each window; places beyond the edge do not count */
    LAYER_AVERAGE_POOL, /* mean of each window; places beyond the edge do not count */
    LAYER_DENSE,        /* y = W x + b; weights (out, in), in = channels * height * width, in that order */
    LAYER_KINDS
} layer_kind;

typedef struct graph_layer {
    layer_kind kind;
    int from;           /* the layer whose output it takes; -1 of the input */
    int with;           /* of LAYER_ADD: the other; -1 elsewhere */
    image_size out;     /* of a dense layer: (outputs, 1, 1) */
    int kernel, stride; /* of convolutions and pools: square */
    int padding;        /* on each side */
    int bias;           /* 0 or 1, of convolutions and dense layers */
} graph_layer;

enum { GRAPH_LAYERS_MAX = 160 };
typedef struct network_graph {
    int layers;
    graph_layer layer[GRAPH_LAYERS_MAX];
} network_graph;

/* Writing one: graph_input begins it; each appends a layer and returns its index; sizes follow from those before. A graph that
 * grew too long (TRAIN_LAYERS_MAX of train.h layers with weights), whose sizes do not fit each other, or of which a window does
 * not fit its input or could lie wholly beyond the edge, is `broken`: layers is then 0, and stays so. */
int graph_input(network_graph *g, image_size in);
int graph_convolution(network_graph *g, int from, int channels, int kernel, int stride, int padding,
                      int bias);
int graph_norm(network_graph *g, int from);
int graph_relu(network_graph *g, int from);
int graph_add(network_graph *g, int from, int with);
int graph_pool(network_graph *g, layer_kind kind, int from, int kernel, int stride, int padding);
/* One window over the whole image. */
int graph_pool_all(network_graph *g, layer_kind kind, int from);
int graph_dense(network_graph *g, int from, int out, int bias);
/* The output of a layer; zeros where the graph is broken. */
image_size graph_out(const network_graph *g, int layer);

/* Trainable numbers: weights, bias, gamma, beta in the order of the layers. */
int64_t graph_parameters(const network_graph *g);
/* Where the parameters of a layer begin among all, and how many they are. */
int64_t graph_parameters_at(const network_graph *g, int layer);
int64_t graph_layer_parameters(const network_graph *g, int layer);
/* Running means and variances of all norms: two per channel, mean (channels) then variance (channels) of each in order. */
int64_t graph_statistics(const network_graph *g);
/* Multiply-accumulates of convolutions and dense layers per sample: forward, and forward + backward (the input's own gradient
 * is never needed). */
int64_t graph_macs_forward(const network_graph *g);
int64_t graph_macs_train(const network_graph *g);
/* Numbers that all layers give out per sample, the input's among them: what passes through memory. */
int64_t graph_activations(const network_graph *g);

/* Initial parameters as PyTorch draws them by default (train_initialise; layer number: ordinal among layers with weights);
 * gamma 1, beta 0. parameters (graph_parameters). */
void graph_initialise(const network_graph *g, int64_t seed, int source, float *parameters);

#endif
