/* The tensor engine: networks of convolutions, norms, pools and dense layers (graph.h), trained by oneDNN's primitives on one
 * core. Tensors keep the blocked layout that the processor likes best from layer to layer; memory is planned once.
 *
 * What a person or another part sees is plain: images (rows, channels, height, width) in, logits (rows, outputs) out,
 * parameters and gradients as flat arrays in the order of graph_parameters. All of them are single precision whatever the
 * network computes in. Sums have a fixed order: the same bits on every processor with the same instruction set
 * (tensor_kernels). */
#ifndef TENSOR_H
#define TENSOR_H

#include <stdbool.h>

#include "graph.h"
#include "model.h"

/* Was the program built with oneDNN? */
bool tensor_available(void);
/* The instruction set that primitives are made for: "avx2", "avx512_core", "avx512_core_bf16", "avx512_core_amx", … Sets are
 * ordered: `tensor_kernels_level` is a number that grows with what a processor has, for ranks that must agree on the lowest. */
const char *tensor_kernels_name(void);
int tensor_kernels_level(void);
/* From now on no better set than this level, on this rank. Before the first network is made; BAD_INPUT after it. */
status tensor_kernels_use(int level);
/* "oneDNN 2.6.3"; "none" */
const char *tensor_library(void);
/* Does this processor (as tensor_kernels_use limits it) compute in bfloat16? */
bool tensor_has_bf16(void);

typedef struct tensor_network tensor_network;

/* Room for up to `rows` samples at a time. Parameters are zeros, gammas and running variances too, until they are written. */
status tensor_network_make(const network_graph *g, int rows, tensor_precision p, tensor_network **out);
void tensor_network_free(tensor_network *n);
/* What it takes, by its plan: activations, gradients of activations, weights in layouts, scratch; parameters, gradients and
 * running statistics. Both moments of an optimizer are the caller's. */
size_t tensor_network_bytes(const network_graph *g, int rows, tensor_precision p);

/* Each (graph_parameters, then zeros up to a multiple of TENSOR_PADDING), 64-byte aligned. */
enum { TENSOR_PADDING = 16 };
float *tensor_network_parameters(tensor_network *n);
float *tensor_network_gradients(tensor_network *n);
int64_t tensor_network_padded(const tensor_network *n);
/* The caller has changed the parameters: layouts made from them are stale. */
void tensor_network_changed(tensor_network *n);
/* (graph_statistics) running means and variances, by which tensor_network_predict normalises. */
float *tensor_network_running(tensor_network *n);
/* (graph_statistics) mean and unbiased variance of the rows of the last forward pass. */
const float *tensor_network_batch_statistics(const tensor_network *n);

/* (rows, channels, height, width), to be filled before a pass. */
float *tensor_network_input(tensor_network *n);

/* Called between layers, some hundred times a pass: the place to answer messages. False: give the pass up. */
typedef bool (*tensor_pause)(void *context);
void tensor_network_pause(tensor_network *n, tensor_pause pause, void *context);

/* Forward pass as in training: norms use the statistics of these rows (2 or more) and leave them in
 * tensor_network_batch_statistics; running ones are not touched. *logits (rows, outputs) is valid until the next pass.
 * WORK_LEFT when a pause said stop. Any number of rows up to the most; primitives for a new number are made once. */
status tensor_network_forward(tensor_network *n, int rows, const float **logits);
/* Forward pass as in use: normalises by the running statistics. */
status tensor_network_predict(tensor_network *n, int rows, const float **logits);
/* Gradients of all parameters by those of the logits (rows, outputs), after tensor_network_forward on the same rows; in the
 * place of the gradients before. */
status tensor_network_backward(tensor_network *n, int rows, const float *logits_gradient);

#endif
