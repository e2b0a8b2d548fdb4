/* The kinds of layers that the tensor engine knows. Each is a pair of functions that write a layer's steps into a plan: forward
 * (steps of training and of prediction), then backward, which takes the gradient of the layer's output and gives those of its
 * sources and parameters. Adding one is a file, a row of the table in layers.c, and its name in graph.h. */
#ifndef LAYERS_H
#define LAYERS_H

#include "plan.h"

typedef struct layer_functions {
    bool keeps_out; /* backward reads the output again */
    status (*forward)(plan *p, int layer);
    status (*backward)(plan *p, int layer);
} layer_functions;

extern const layer_functions layer_table[LAYER_KINDS];

status convolution_forward(plan *p, int layer);
status convolution_backward(plan *p, int layer);
status norm_forward(plan *p, int layer);
status norm_backward(plan *p, int layer);
status relu_forward(plan *p, int layer);
status relu_backward(plan *p, int layer);
status add_forward(plan *p, int layer);
status add_backward(plan *p, int layer);
status pool_forward(plan *p, int layer);
status pool_backward(plan *p, int layer);
status dense_forward(plan *p, int layer);
status dense_backward(plan *p, int layer);

#endif
