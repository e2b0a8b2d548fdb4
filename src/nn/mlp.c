#include "nn/models.h"

#define FIELD(f) offsetof(mlp_options, f)
static const option mlp_table[] = {
    { "hidden", OPTION_INTEGERS, FIELD(hidden), "[25, 15]", 1, 4096, "units",
      "units of the hidden layers, from the input on; [] is a linear model", "", 0 },
    { "norm", OPTION_CHOICE, FIELD(norm), "batch", 0, 0, "",
      "batch normalisation after every hidden layer, before its ReLU", "batch|none", 0 },
    { "bias", OPTION_CHOICE, FIELD(bias), "ends", 0, 0, "",
      "which dense layers have a bias; ends: the first and the last", "ends|all|none", 0 },
    { .name = NULL }
};
#undef FIELD

const model_kind mlp_kind = {
    .name = "mlp",
    .summary = "small dense network: dense - [batch norm] - ReLU per hidden layer, then one dense layer",
    .source = "Kleinman et al., Entropy 2021, 23, 922, appendix C",
    .section = { "model", mlp_table, sizeof(mlp_options) },
};

network_shape mlp_shape(const mlp_options *options, int in, int out)
{
    network_shape n = { .layers = options->hidden.count + 1 };
    for (int l = 0; l < n.layers; l++) {
        int hidden = l < n.layers - 1;
        int end = l == 0 || !hidden;
        n.layer[l] = (dense_shape){
            .in = l == 0 ? in : options->hidden.value[l - 1],
            .out = hidden ? options->hidden.value[l] : out,
            .bias = options->bias == BIAS_ALL || (options->bias == BIAS_ENDS && end),
            .norm = hidden && options->norm == NORM_BATCH,
            .relu = hidden,
        };
    }
    return n;
}

int64_t network_parameters(const network_shape *n)
{
    int64_t count = 0;
    for (const dense_shape *d = n->layer; d < n->layer + n->layers; d++)
        count += (int64_t)d->out * (d->in + d->bias + 2 * d->norm);
    return count;
}

int64_t network_macs_forward(const network_shape *n)
{
    int64_t macs = 0;
    for (const dense_shape *d = n->layer; d < n->layer + n->layers; d++) macs += (int64_t)d->in * d->out;
    return macs;
}

int64_t network_macs_train(const network_shape *n)
{
    return 3 * network_macs_forward(n) - (int64_t)n->layer[0].in * n->layer[0].out;
}
