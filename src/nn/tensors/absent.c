/* The tensor engine of a build without oneDNN. */
#ifndef HAVE_DNNL

#include "tensor.h"

bool tensor_available(void)
{
    return false;
}

const char *tensor_kernels_name(void)
{
    return "none";
}

int tensor_kernels_level(void)
{
    return 0;
}

status tensor_kernels_use(int level)
{
    (void)level;
    return OK;
}

const char *tensor_library(void)
{
    return "none";
}

bool tensor_has_bf16(void)
{
    return false;
}

static status absent(void)
{
    return failure(BAD_INPUT, "this build has no oneDNN; networks of convolutions need one that has it "
                              "(INSTALL says how)");
}

status tensor_network_make(const network_graph *g, int rows, tensor_precision p, tensor_network **out)
{
    (void)g, (void)rows, (void)p;
    *out = NULL;
    return absent();
}

void tensor_network_free(tensor_network *n)
{
    (void)n;
}

size_t tensor_network_bytes(const network_graph *g, int rows, tensor_precision p)
{
    (void)g, (void)rows, (void)p;
    return 0;
}

float *tensor_network_parameters(tensor_network *n)
{
    (void)n;
    return NULL;
}

float *tensor_network_gradients(tensor_network *n)
{
    (void)n;
    return NULL;
}

int64_t tensor_network_padded(const tensor_network *n)
{
    (void)n;
    return 0;
}

void tensor_network_changed(tensor_network *n)
{
    (void)n;
}

float *tensor_network_running(tensor_network *n)
{
    (void)n;
    return NULL;
}

const float *tensor_network_batch_statistics(const tensor_network *n)
{
    (void)n;
    return NULL;
}

float *tensor_network_input(tensor_network *n)
{
    (void)n;
    return NULL;
}

void tensor_network_pause(tensor_network *n, tensor_pause pause, void *context)
{
    (void)n, (void)pause, (void)context;
}

status tensor_network_forward(tensor_network *n, int rows, const float **logits)
{
    (void)n, (void)rows;
    *logits = NULL;
    return absent();
}

status tensor_network_predict(tensor_network *n, int rows, const float **logits)
{
    return tensor_network_forward(n, rows, logits);
}

status tensor_network_backward(tensor_network *n, int rows, const float *logits_gradient)
{
    (void)n, (void)rows, (void)logits_gradient;
    return absent();
}

#else
typedef int tensors_are_present; /* a translation unit is not empty */
#endif
