#include "graph.h"

#include <limits.h>

#include "train.h"

static int64_t places(image_size s)
{
    return (int64_t)s.height * s.width;
}

/* Numbers that go into each output of a layer with weights; 0 of all others. */
static int64_t fan_in(const network_graph *g, const graph_layer *l)
{
    image_size in = g->layer[l->from < 0 ? 0 : l->from].out;
    switch (l->kind) {
    case LAYER_CONVOLUTION:
        return (int64_t)in.channels * l->kernel * l->kernel;
    case LAYER_DENSE:
        return in.channels * places(in);
    default:
        return 0;
    }
}

static int weighted_layers(const network_graph *g)
{
    int count = 0;
    for (int l = 0; l < g->layers; l++) count += fan_in(g, &g->layer[l]) > 0;
    return count;
}

static int broken(network_graph *g)
{
    g->layers = 0;
    return -1;
}

static int is_layer(const network_graph *g, int layer)
{
    return layer >= 0 && layer < g->layers;
}

/* Outputs and weights of one layer are counted in an int by the engine's library. */
static int countable(const network_graph *g, const graph_layer *l)
{
    double outputs = (double)l->out.channels * l->out.height * l->out.width;
    double weights = (double)l->out.channels * (double)fan_in(g, l);
    return l->out.channels > 0 && l->out.height > 0 && l->out.width > 0 && outputs <= INT_MAX &&
           weights <= INT_MAX;
}

static int append(network_graph *g, graph_layer l)
{
    if (g->layers == GRAPH_LAYERS_MAX || !countable(g, &l)) return broken(g);
    if (fan_in(g, &l) > 0 && weighted_layers(g) == TRAIN_LAYERS_MAX) return broken(g);
    g->layer[g->layers] = l;
    return g->layers++;
}

/* The image that a square window leaves behind; a side is 0 where the window does not fit, or could lie wholly beyond the
 * edge. */
static image_size slid(image_size in, int channels, int kernel, int stride, int padding)
{
    image_size out = { .channels = channels };
    if (kernel < 1 || stride < 1 || padding < 0 || padding >= kernel) return out;
    int64_t margin = 2 * (int64_t)padding - kernel;
    if (in.height + margin < 0 || in.width + margin < 0) return out;
    out.height = (int)((in.height + margin) / stride + 1);
    out.width = (int)((in.width + margin) / stride + 1);
    return out;
}

/* A layer that changes numbers, not sizes. */
static int append_alike(network_graph *g, layer_kind kind, int from, int with)
{
    if (!is_layer(g, from)) return broken(g);
    return append(g, (graph_layer){ .kind = kind, .from = from, .with = with, .out = g->layer[from].out });
}

int graph_input(network_graph *g, image_size in)
{
    *g = (network_graph){ .layers = 0 };
    return append(g, (graph_layer){ .kind = LAYER_INPUT, .from = -1, .with = -1, .out = in });
}

int graph_convolution(network_graph *g, int from, int channels, int kernel, int stride, int padding, int bias)
{
    if (!is_layer(g, from)) return broken(g);
    return append(g, (graph_layer){ .kind = LAYER_CONVOLUTION,
                                    .from = from,
                                    .with = -1,
                                    .out = slid(g->layer[from].out, channels, kernel, stride, padding),
                                    .kernel = kernel,
                                    .stride = stride,
                                    .padding = padding,
                                    .bias = bias });
}

int graph_norm(network_graph *g, int from)
{
    return append_alike(g, LAYER_NORM, from, -1);
}

int graph_relu(network_graph *g, int from)
{
    return append_alike(g, LAYER_RELU, from, -1);
}

int graph_add(network_graph *g, int from, int with)
{
    if (!is_layer(g, from) || !is_layer(g, with)) return broken(g);
    image_size a = g->layer[from].out, b = g->layer[with].out;
    if (a.channels != b.channels || a.height != b.height || a.width != b.width) return broken(g);
    return append_alike(g, LAYER_ADD, from, with);
}

int graph_pool(network_graph *g, layer_kind kind, int from, int kernel, int stride, int padding)
{
    if (!is_layer(g, from) || (kind != LAYER_MAX_POOL && kind != LAYER_AVERAGE_POOL)) return broken(g);
    image_size in = g->layer[from].out;
    return append(g, (graph_layer){ .kind = kind,
                                    .from = from,
                                    .with = -1,
                                    .out = slid(in, in.channels, kernel, stride, padding),
                                    .kernel = kernel,
                                    .stride = stride,
                                    .padding = padding });
}

int graph_pool_all(network_graph *g, layer_kind kind, int from)
{
    if (!is_layer(g, from)) return broken(g);
    image_size in = g->layer[from].out;
    int longest = in.height > in.width ? in.height : in.width;
    int shortest = in.height < in.width ? in.height : in.width;
    /* Windows are square: that of a narrow image reaches beyond its long edges, where nothing counts, by as much as fits
     * once. */
    int padding = longest - shortest, kernel = longest + padding;
    return graph_pool(g, kind, from, kernel, kernel, padding);
}

int graph_dense(network_graph *g, int from, int out, int bias)
{
    if (!is_layer(g, from)) return broken(g);
    return append(g, (graph_layer){ .kind = LAYER_DENSE,
                                    .from = from,
                                    .with = -1,
                                    .out = { .channels = out, .height = 1, .width = 1 },
                                    .bias = bias });
}

image_size graph_out(const network_graph *g, int layer)
{
    return is_layer(g, layer) ? g->layer[layer].out : (image_size){ .channels = 0 };
}

int64_t graph_layer_parameters(const network_graph *g, int layer)
{
    const graph_layer *l = &g->layer[layer];
    if (l->kind == LAYER_NORM) return 2 * (int64_t)l->out.channels;
    return l->out.channels * (fan_in(g, l) + l->bias);
}

int64_t graph_parameters_at(const network_graph *g, int layer)
{
    int64_t at = 0;
    for (int l = 0; l < layer; l++) at += graph_layer_parameters(g, l);
    return at;
}

int64_t graph_parameters(const network_graph *g)
{
    return graph_parameters_at(g, g->layers);
}

int64_t graph_statistics(const network_graph *g)
{
    int64_t count = 0;
    for (int l = 0; l < g->layers; l++)
        if (g->layer[l].kind == LAYER_NORM) count += 2 * (int64_t)g->layer[l].out.channels;
    return count;
}

static int64_t layer_macs(const network_graph *g, const graph_layer *l)
{
    return l->out.channels * places(l->out) * fan_in(g, l);
}

int64_t graph_macs_forward(const network_graph *g)
{
    int64_t macs = 0;
    for (int l = 0; l < g->layers; l++) macs += layer_macs(g, &g->layer[l]);
    return macs;
}

int64_t graph_macs_train(const network_graph *g)
{
    int64_t macs = 0;
    for (int l = 0; l < g->layers; l++) macs += (g->layer[l].from == 0 ? 2 : 3) * layer_macs(g, &g->layer[l]);
    return macs;
}

int64_t graph_activations(const network_graph *g)
{
    int64_t count = 0;
    for (int l = 0; l < g->layers; l++) count += g->layer[l].out.channels * places(g->layer[l].out);
    return count;
}

void graph_initialise(const network_graph *g, int64_t seed, int source, float *parameters)
{
    int weighted = 0;
    for (int l = 0; l < g->layers; l++) {
        const graph_layer *layer = &g->layer[l];
        int64_t in = fan_in(g, layer), out = layer->out.channels;
        if (in > 0)
            train_initialise(in, out, seed, source, weighted++, parameters,
                             layer->bias ? parameters + in * out : NULL);
        if (layer->kind == LAYER_NORM)
            for (int64_t c = 0; c < out; c++) {
                parameters[c] = 1;
                parameters[out + c] = 0;
            }
        parameters += graph_layer_parameters(g, l);
    }
}
