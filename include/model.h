/* Models: which network an estimator trains for each source, and which engine trains it: small dense networks in the lanes of
 * registers (lanes.h), all others as tensors (tensor.h). */
#ifndef MODEL_H
#define MODEL_H

#include "graph.h"
#include "settings.h"

enum { DENSE_LAYERS_MAX = INTEGERS_MAX + 1 };

typedef enum mlp_bias { BIAS_ENDS, BIAS_ALL, BIAS_NONE } mlp_bias;
typedef enum mlp_norm { NORM_BATCH, NORM_NONE } mlp_norm;

typedef struct mlp_options {
    integers hidden; /* units of the hidden layers; [] is a linear model */
    int norm;        /* mlp_norm: after every hidden layer */
    int bias;        /* mlp_bias: which dense layers have one; ends = first and last */
} mlp_options;

typedef enum model_engine { ENGINE_LANES, ENGINE_TENSORS } model_engine;

typedef enum tensor_precision {
    PRECISION_F32,
    PRECISION_BF16, /* bfloat16 with single-precision sums, master weights and statistics */
} tensor_precision;

/* What every model of the tensor engine can be told: the first member of its options. */
typedef struct tensor_options {
    int precision; /* tensor_precision */
} tensor_options;

typedef struct model_kind {
    const char *name, *summary, *source;
    section section; /* its name is "model" */
    model_engine engine;
    /* ENGINE_TENSORS: the network between an image and `out` outputs. BAD_INPUT where the image is too small for it, or
     * there is none (image of zeros). NULL: mlp_shape. */
    status (*graph)(const void *options, image_size in, int out, network_graph *g);
} model_kind;

extern const model_kind *const model_kinds[]; /* ended by NULL */
const model_kind *model_kind_find(const char *name);

/* One dense layer and what follows it. */
typedef struct dense_shape {
    int in, out;
    int bias; /* 0 or 1 */
    int norm; /* 0 or 1: batch normalisation after it */
    int relu; /* 0 or 1: after that */
} dense_shape;

typedef struct network_shape {
    int layers;
    dense_shape layer[DENSE_LAYERS_MAX];
} network_shape;

/* The network that the options describe between `in` features and `out` classes. */
network_shape mlp_shape(const mlp_options *options, int in, int out);
int64_t network_parameters(const network_shape *n); /* trainable */
/* Multiply-accumulates of the dense layers per sample: forward, and forward + backward (the input's own gradient is
 * never needed). */
int64_t network_macs_forward(const network_shape *n);
int64_t network_macs_train(const network_shape *n);

#endif
