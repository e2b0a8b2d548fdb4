/* The network of the image experiments: a residual network of 18 layers with pre-activation blocks. Where others end with a norm
 * and a ReLU, the published networks do not, and neither does this one. */
#include "nn/models.h"

typedef struct resnet18_options {
    tensor_options tensors;
    int64_t width;
} resnet18_options;

#define FIELD(f) offsetof(resnet18_options, f)
static const option resnet18_table[] = {
    MODEL_PRECISION_ROW,
    { "width", OPTION_INTEGER, FIELD(width), "64", 8, 256, "channels",
      "channels of the first convolution and of the first of four stages; each other stage has twice as "
      "many as the one before",
      "", 0 },
    { .name = NULL }
};
#undef FIELD

enum {
    STAGES = 4,
    BLOCKS = 2,        /* of a stage */
    SHORTEST = 1 << 3, /* three stages halve the image: a shorter side would have no place left to halve */
};

static int norm_relu(network_graph *g, int from)
{
    return graph_relu(g, graph_norm(g, from));
}

/* out = shortcut + conv(relu(norm(conv(a)))), a = relu(norm(in)). Where the size changes, a shortcut of 1x1 convolution takes
 * a; elsewhere it is the input itself. */
static int block(network_graph *g, int from, int channels, int stride)
{
    int changes = stride != 1 || graph_out(g, from).channels != channels;
    int active = norm_relu(g, from);
    int inner = norm_relu(g, graph_convolution(g, active, channels, 3, stride, 1, 0));
    int outer = graph_convolution(g, inner, channels, 3, 1, 1, 0);
    int shortcut = changes ? graph_convolution(g, active, channels, 1, stride, 0, 0) : from;
    return graph_add(g, outer, shortcut);
}

static status resnet18_graph(const void *options, image_size in, int out, network_graph *g)
{
    status result = OK;
    int width = (int)((const resnet18_options *)options)->width;
    TRY(model_needs_image("resnet18", in));
    CHECK(in.height >= SHORTEST && in.width >= SHORTEST, BAD_INPUT,
          "model resnet18 needs images of %d x %d or more, because it halves them three times; these are %d "
          "x %d",
          SHORTEST, SHORTEST, in.height, in.width);

    int last = norm_relu(g, graph_convolution(g, graph_input(g, in), width, 3, 1, 1, 0));
    for (int s = 0; s < STAGES; s++)
        for (int b = 0; b < BLOCKS; b++) last = block(g, last, width << s, s > 0 && b == 0 ? 2 : 1);
    graph_dense(g, graph_pool_all(g, LAYER_AVERAGE_POOL, last), out, 1);
    CHECK(g->layers > 0, BAD_INPUT, "model resnet18: images of %d x %d with %d channels are too large",
          in.height, in.width, in.channels);
done:
    return result;
}

const model_kind resnet18_kind = {
    .name = "resnet18",
    .summary = "residual network for images: 3x3 convolution - batch norm - ReLU, four stages of two "
               "pre-activation blocks, average pool, one dense layer",
    .source = "He et al., ECCV 2016, with the end of Kleinman et al., Entropy 2021, 23, 922",
    .section = { "model", resnet18_table, sizeof(resnet18_options) },
    .engine = ENGINE_TENSORS,
    .graph = resnet18_graph,
};
