#include "layers.h"

/* x: what the caller filled in.  (rows, channels, height, width), plain */
static status input_forward(plan *p, int layer)
{
    status result = OK;
    tensor *out = &p->layer[layer].out;
    onednn_size size;
    plan_size(p, layer, size);
    TRY(onednn_plain(p->library, ONEDNN_F32, size, &out->layout));
    out->place = (place){ REGION_INPUT, 0 };
done:
    return result;
}

static status input_backward(plan *p, int layer)
{
    (void)p, (void)layer; /* nobody asks for the gradient of an image */
    return OK;
}

const layer_functions layer_table[LAYER_KINDS] = {
    [LAYER_INPUT] = { true, input_forward, input_backward },
    [LAYER_CONVOLUTION] = { false, convolution_forward, convolution_backward },
    [LAYER_NORM] = { false, norm_forward, norm_backward },
    [LAYER_RELU] = { true, relu_forward, relu_backward },
    [LAYER_ADD] = { false, add_forward, add_backward },
    [LAYER_MAX_POOL] = { false, pool_forward, pool_backward },
    [LAYER_AVERAGE_POOL] = { false, pool_forward, pool_backward },
    [LAYER_DENSE] = { false, dense_forward, dense_backward },
};
