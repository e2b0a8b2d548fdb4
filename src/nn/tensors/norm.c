/* y = gamma (x - mean) / sqrt(variance + 1e-5) + beta, per channel over rows and places; the variance is the mean square.
 * x, y (rows, channels, height, width); gamma, beta, mean, variance (channels).
 *
 * A norm whose only reader is a ReLU does that too: y = max(…, 0), and keeps a mask of what was above zero. */
#include "layers.h"

static bool only_reader_is_relu(const plan *p, int layer)
{
    if (p->layer[layer].readers != 1) return false;
    for (int l = layer + 1; l < p->graph.layers; l++)
        if (p->graph.layer[l].from == layer || p->graph.layer[l].with == layer)
            return p->graph.layer[l].kind == LAYER_RELU;
    return false;
}

/* Leaves the means and, n / (n - 1) times the mean squares, the unbiased variances.  size: (channels, n) */
static status unbias(const step *s)
{
    const float *mean = s->data[0], *variance = s->data[1];
    float *mean_out = s->data[2], *variance_out = s->data[3];
    double scale = (double)s->size[1] / (double)(s->size[1] - 1);
    for (int64_t c = 0; c < s->size[0]; c++) {
        mean_out[c] = mean[c];
        variance_out[c] = (float)(variance[c] * scale);
    }
    return OK;
}

/* The operands that both ways of normalising have. */
static status add_norm(plan *p, int layer, int pass, onednn_operation *o, region statistics, place workspace)
{
    const planned *d = &p->layer[layer];
    int64_t channels = p->graph.layer[layer].out.channels;
    return plan_operation(p, pass, o,
                          (uses){ { OPERAND_SOURCE, d->in.place },
                                  { OPERAND_SCALE, { REGION_PARAMETERS, d->parameters } },
                                  { OPERAND_SHIFT, { REGION_PARAMETERS, d->parameters + channels } },
                                  { OPERAND_MEAN, { statistics, d->statistics } },
                                  { OPERAND_VARIANCE, { statistics, d->statistics + channels } },
                                  { OPERAND_OUT, d->out.place },
                                  { OPERAND_WORKSPACE, workspace } });
}

status norm_forward(plan *p, int layer)
{
    status result = OK;
    planned *d = &p->layer[layer];
    image_size size = p->graph.layer[layer].out;
    const int64_t measured[3] = { size.channels, (int64_t)p->rows * size.height * size.width };
    onednn_operation *predict;
    const onednn_layout *mask;
    d->in = p->layer[p->graph.layer[layer].from].out;
    d->fused = only_reader_is_relu(p, layer);

    TRY(onednn_norm_forward(p->library, ONEDNN_NORM_MEASURES, d->fused, d->in.layout, &d->forward));
    TRY(onednn_norm_forward(p->library, ONEDNN_NORM_GIVEN, d->fused, d->in.layout, &predict));
    CHECK(d->forward != NULL && predict != NULL, BROKEN, "oneDNN has no such norm");
    TRY(plan_tensor(p, d->in.layout, &d->out));
    TRY(onednn_operand(p->library, d->forward, OPERAND_WORKSPACE, &mask));
    TRY(plan_buffer(p, onednn_bytes(mask), &d->workspace));

    TRY(add_norm(p, layer, IN_FORWARD, d->forward, REGION_MEASURED, d->workspace));
    TRY(add_norm(p, layer, IN_PREDICT, predict, REGION_RUNNING, (place){ REGION_NONE, 0 }));
    TRY(plan_function(p, IN_FORWARD, unbias, measured,
                      (uses){ { OPERAND_MEAN, { REGION_MEASURED, d->statistics } },
                              { OPERAND_VARIANCE, { REGION_MEASURED, d->statistics + size.channels } },
                              { OPERAND_MEAN, { REGION_UNBIASED, d->statistics } },
                              { OPERAND_VARIANCE, { REGION_UNBIASED, d->statistics + size.channels } } }));
done:
    return result;
}

/* Over rows and places: dbeta = sum dy, dgamma = sum dy xn with xn = (x - mean) / deviation;
 * dx = gamma / deviation (dy - mean dy - xn mean(dy xn)). */
status norm_backward(plan *p, int layer)
{
    status result = OK;
    const planned *d = &p->layer[layer];
    int64_t channels = p->graph.layer[layer].out.channels;
    tensor gradient = plan_take_gradient(p, layer), part = gradient;
    onednn_operation *o;
    TRY(onednn_norm_backward(p->library, d->fused, d->forward, d->in.layout, &o));
    if (!plan_gradient_free(p, gradient)) TRY(plan_tensor(p, d->in.layout, &part));
    TRY(plan_operation(p, IN_BACKWARD, o,
                       (uses){ { OPERAND_SOURCE, d->in.place },
                               { OPERAND_MEAN, { REGION_MEASURED, d->statistics } },
                               { OPERAND_VARIANCE, { REGION_MEASURED, d->statistics + channels } },
                               { OPERAND_OUT_GRADIENT, gradient.place },
                               { OPERAND_SCALE, { REGION_PARAMETERS, d->parameters } },
                               { OPERAND_SHIFT, { REGION_PARAMETERS, d->parameters + channels } },
                               { OPERAND_WORKSPACE, d->workspace },
                               { OPERAND_SOURCE_GRADIENT, part.place },
                               { OPERAND_SCALE_GRADIENT, { REGION_GRADIENTS, d->parameters } },
                               { OPERAND_SHIFT_GRADIENT, { REGION_GRADIENTS, d->parameters + channels } } }));
    TRY(plan_give_gradient(p, p->graph.layer[layer].from, part));
done:
    return result;
}
