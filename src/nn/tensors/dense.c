/* y = x W^T + b, always in single precision.  x (rows, in), W (out, in), b (out), y (rows, out); plain, where `in` counts
 * channels, heights and widths in that order.
 *
 * dW = dy^T x,  db = sum_rows dy,  dx = dy W. */
#include <string.h>

#include "layers.h"

/* size: (rows, in, out); uses: x, W, y, and b where there is one */
static status multiply(const step *s)
{
    int64_t rows = s->size[0], in = s->size[1], out = s->size[2];
    const float *bias = s->count > 3 ? s->data[3] : NULL;
    float *y = s->data[2];
    for (int64_t r = 0; bias && r < rows; r++) memcpy(&y[r * out], bias, (size_t)out * sizeof *y);
    onednn_matrix x = { .values = s->data[0], .stride = in };
    onednn_matrix weights = { .values = s->data[1], .transposed = true, .stride = in };
    return onednn_multiply(rows, out, in, x, weights, bias ? 1.0f : 0.0f, y);
}

/* uses: x, dy, dW, and db where there is a bias */
static status weights_gradient(const step *s)
{
    int64_t rows = s->size[0], in = s->size[1], out = s->size[2];
    const float *dy = s->data[1];
    float *bias = s->count > 3 ? s->data[3] : NULL;
    if (bias) memset(bias, 0, (size_t)out * sizeof *bias);
    for (int64_t r = 0; bias && r < rows; r++)
        for (int64_t o = 0; o < out; o++) bias[o] += dy[r * out + o];
    onednn_matrix left = { .values = dy, .transposed = true, .stride = out };
    onednn_matrix right = { .values = s->data[0], .stride = in };
    return onednn_multiply(out, in, rows, left, right, 0, s->data[2]);
}

/* uses: dy, W, dx */
static status data_gradient(const step *s)
{
    int64_t rows = s->size[0], in = s->size[1], out = s->size[2];
    onednn_matrix dy = { .values = s->data[0], .stride = out };
    onednn_matrix weights = { .values = s->data[1], .stride = in };
    return onednn_multiply(rows, in, out, dy, weights, 0, s->data[2]);
}

static void shape_of(const plan *p, int layer, int64_t shape[3])
{
    const graph_layer *g = &p->graph.layer[layer];
    image_size in = p->graph.layer[g->from].out;
    shape[0] = p->rows;
    shape[1] = (int64_t)in.channels * in.height * in.width;
    shape[2] = g->out.channels;
}

static place parameters_of(const plan *p, int layer, region where)
{
    return (place){ where, p->layer[layer].parameters };
}

static place bias_of(const plan *p, int layer, region where, const int64_t shape[3])
{
    if (!p->graph.layer[layer].bias) where = REGION_NONE;
    return (place){ where, p->layer[layer].parameters + shape[1] * shape[2] };
}

status dense_forward(plan *p, int layer)
{
    status result = OK;
    planned *d = &p->layer[layer];
    int from = p->graph.layer[layer].from;
    int64_t shape[3];
    onednn_size in, out;
    const onednn_layout *plain_in, *plain_out;
    shape_of(p, layer, shape);
    plan_size(p, from, in);
    plan_size(p, layer, out);
    TRY(onednn_plain(p->library, ONEDNN_F32, in, &plain_in));
    TRY(onednn_plain(p->library, ONEDNN_F32, out, &plain_out));
    TRY(plan_convert(p, IN_FORWARD | IN_PREDICT, p->layer[from].out, plain_in, &d->in));
    TRY(plan_tensor(p, plain_out, &d->out));
    TRY(plan_function(p, IN_FORWARD | IN_PREDICT, multiply, shape,
                      (uses){ { OPERAND_SOURCE, d->in.place },
                              { OPERAND_WEIGHTS, parameters_of(p, layer, REGION_PARAMETERS) },
                              { OPERAND_OUT, d->out.place },
                              { OPERAND_BIAS, bias_of(p, layer, REGION_PARAMETERS, shape) } }));
done:
    return result;
}

status dense_backward(plan *p, int layer)
{
    status result = OK;
    const planned *d = &p->layer[layer];
    int from = p->graph.layer[layer].from;
    tensor gradient = plan_take_gradient(p, layer), plain, part;
    int64_t shape[3];
    shape_of(p, layer, shape);
    TRY(plan_function(p, IN_BACKWARD, weights_gradient, shape,
                      (uses){ { OPERAND_SOURCE, d->in.place },
                              { OPERAND_OUT_GRADIENT, gradient.place },
                              { OPERAND_WEIGHTS_GRADIENT, parameters_of(p, layer, REGION_GRADIENTS) },
                              { OPERAND_BIAS_GRADIENT, bias_of(p, layer, REGION_GRADIENTS, shape) } }));
    if (!p->layer[from].wants) goto done;

    TRY(plan_tensor(p, d->in.layout, &plain));
    TRY(plan_function(p, IN_BACKWARD, data_gradient, shape,
                      (uses){ { OPERAND_OUT_GRADIENT, gradient.place },
                              { OPERAND_WEIGHTS, parameters_of(p, layer, REGION_PARAMETERS) },
                              { OPERAND_SOURCE_GRADIENT, plain.place } }));
    TRY(plan_convert(p, IN_BACKWARD, plain, p->layer[from].out.layout, &part));
    TRY(plan_give_gradient(p, from, part));
done:
    return result;
}
