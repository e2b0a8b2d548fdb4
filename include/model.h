/* Models: which network an estimator trains for each source. So far one kind, the small dense network. */
#ifndef MODEL_H
#define MODEL_H

#include "settings.h"

enum { DENSE_LAYERS_MAX = INTEGERS_MAX + 1 };

typedef enum mlp_bias { BIAS_ENDS, BIAS_ALL, BIAS_NONE } mlp_bias;
typedef enum mlp_norm { NORM_BATCH, NORM_NONE } mlp_norm;

typedef struct mlp_options {
    integers hidden; /* units of the hidden layers; [] is a linear model */
    int norm;        /* mlp_norm: after every hidden layer */
    int bias;        /* mlp_bias: which dense layers have one; ends = first and last */
} mlp_options;

typedef struct model_kind {
    const char *name, *summary, *source;
    section section; /* its name is "model" */
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
