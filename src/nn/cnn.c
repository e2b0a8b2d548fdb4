/* A plain convolutional network: small ones for small images. */
#include "nn/models.h"

typedef enum cnn_pool { POOL_MAX, POOL_AVERAGE, POOL_NONE } cnn_pool;

typedef struct cnn_options {
    tensor_options tensors;
    integers channels, hidden;
    int64_t kernel;
    int pool; /* cnn_pool */
    int norm; /* mlp_norm */
} cnn_options;

#define FIELD(f) offsetof(cnn_options, f)
static const option cnn_table[] = {
    MODEL_PRECISION_ROW,
    { "channels", OPTION_INTEGERS, FIELD(channels), "[16, 32]", 1, 1024, "channels",
      "channels of the convolutions, one stage each, from the image on", "", 0 },
    { "kernel", OPTION_INTEGER, FIELD(kernel), "3", 1, 15, "pixels",
      "side of the convolutions' windows; odd, so that the edge is padded alike on all sides", "", 0 },
    { "pool", OPTION_CHOICE, FIELD(pool), "max", 0, 0, "",
      "what halves the image at the end of each stage, in windows of 2 x 2", "max|average|none", 0 },
    { "norm", OPTION_CHOICE, FIELD(norm), "batch", 0, 0, "",
      "batch normalisation before every ReLU; none gives the layers a bias instead", "batch|none", 0 },
    { "hidden", OPTION_INTEGERS, FIELD(hidden), "[64]", 1, 4096, "units",
      "units of the dense layers between the last stage and the outputs; [] for none", "", 0 },
    { .name = NULL }
};
#undef FIELD

/* What stands between a layer's weights and the next layer. */
static int activated(network_graph *g, const cnn_options *o, int from)
{
    return graph_relu(g, o->norm == NORM_BATCH ? graph_norm(g, from) : from);
}

static int stage(network_graph *g, const cnn_options *o, int from, int channels)
{
    int kernel = (int)o->kernel, bias = o->norm == NORM_NONE;
    int last = activated(g, o, graph_convolution(g, from, channels, kernel, 1, kernel / 2, bias));
    if (o->pool == POOL_NONE) return last;
    return graph_pool(g, o->pool == POOL_MAX ? LAYER_MAX_POOL : LAYER_AVERAGE_POOL, last, 2, 2, 0);
}

static status cnn_graph(const void *options, image_size in, int out, network_graph *g)
{
    status result = OK;
    const cnn_options *o = options;
    int shortest = o->pool == POOL_NONE ? 1 : 1 << o->channels.count;
    CHECK(o->kernel % 2 == 1, BAD_INPUT, "model cnn: kernel must be odd; it is %d", (int)o->kernel);
    TRY(model_needs_image("cnn", in));
    CHECK(in.height >= shortest && in.width >= shortest, BAD_INPUT,
          "model cnn with %d stages that pool needs images of %d x %d or more; these are %d x %d",
          o->channels.count, shortest, shortest, in.height, in.width);

    int last = graph_input(g, in);
    for (int c = 0; c < o->channels.count; c++) last = stage(g, o, last, o->channels.value[c]);
    for (int h = 0; h < o->hidden.count; h++)
        last = activated(g, o, graph_dense(g, last, o->hidden.value[h], o->norm == NORM_NONE));
    graph_dense(g, last, out, 1);
    CHECK(g->layers > 0, BAD_INPUT, "model cnn: images of %d x %d with %d channels are too large", in.height,
          in.width, in.channels);
done:
    return result;
}

const model_kind cnn_kind = {
    .name = "cnn",
    .summary = "convolutional network: convolution - [batch norm] - ReLU - [pool] per stage, dense layers",
    .source = "LeCun et al., Proc. IEEE 1998, 86, 2278, with ReLU and batch norm",
    .section = { "model", cnn_table, sizeof(cnn_options) },
    .engine = ENGINE_TENSORS,
    .graph = cnn_graph,
};
