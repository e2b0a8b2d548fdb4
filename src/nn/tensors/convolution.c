/* y[o] = b[o] + sum_i w[o, i] * x[i], cross-correlation with zeros beyond the edges.
 * x (rows, in, height, width), w (out, in, kernel, kernel), b (out), y (rows, out, height', width').
 *
 * dw[o, i] = sum_rows dy[o] * x[i],  db[o] = sum dy[o],  dx[i] = sum_o w[o, i] (turned) * dy[o]. */
#include "layers.h"

/* The layouts of one convolution: those that are given, and those that it may choose. */
typedef struct choices {
    onednn_window window;
    const onednn_layout *bias; /* NULL without */
    const onednn_layout *flat; /* of the weights as the caller sees them */
    const onednn_layout *any_source, *any_weights, *any_sum;
    const onednn_layout *any_weights_gradient; /* single precision */
} choices;

static status choices_of(plan *p, int layer, choices *c)
{
    status result = OK;
    const graph_layer *g = &p->graph.layer[layer];
    onednn_size source, sum;
    plan_size(p, g->from, source);
    plan_size(p, layer, sum);
    const onednn_size weights = { g->out.channels, source[1], g->kernel, g->kernel };

    *c = (choices){ .window = { g->kernel, g->stride, g->padding } };
    if (g->bias) TRY(onednn_vector(p->library, g->out.channels, &c->bias));
    TRY(onednn_plain(p->library, ONEDNN_F32, weights, &c->flat));
    TRY(onednn_any(p->library, p->number, source, &c->any_source));
    TRY(onednn_any(p->library, p->number, weights, &c->any_weights));
    TRY(onednn_any(p->library, p->number, sum, &c->any_sum));
    TRY(onednn_any(p->library, ONEDNN_F32, weights, &c->any_weights_gradient));
done:
    return result;
}

/* Tensors keep their layouts unless the only operation for that is none, or a slow one, and there is a better. */
static bool settled(const onednn_operation *kept)
{
    return kept && !onednn_is_reference(kept);
}

static onednn_operation *better(onednn_operation *kept, onednn_operation *chosen)
{
    if (kept == NULL) return chosen;
    return settled(chosen) ? chosen : kept;
}

static tensor weights_of(const plan *p, int layer, const choices *c)
{
    return (tensor){ c->flat, { REGION_PARAMETERS, p->layer[layer].parameters } };
}

static int64_t bias_at(const plan *p, int layer)
{
    const graph_layer *g = &p->graph.layer[layer];
    return graph_layer_parameters(&p->graph, layer) - g->out.channels;
}

/* The weights in the layout that an operation wants, made whenever they have changed. */
static status weights_for(plan *p, int layer, const choices *c, const onednn_operation *o, tensor *out)
{
    status result = OK;
    const onednn_layout *wanted;
    TRY(onednn_operand(p->library, o, OPERAND_WEIGHTS, &wanted));
    TRY(plan_convert(p, IN_WEIGHTS, weights_of(p, layer, c), wanted, out));
    plan_keep(p, out->place);
done:
    return result;
}

/* `t` in the layout that an operation wants. */
static status tensor_for(plan *p, int passes, tensor t, const onednn_operation *o, operand what, tensor *out)
{
    status result = OK;
    const onednn_layout *wanted;
    TRY(onednn_operand(p->library, o, what, &wanted));
    TRY(plan_convert(p, passes, t, wanted, out));
done:
    return result;
}

static status describe_forward(plan *p, const choices *c, tensor in, onednn_operation **out)
{
    status result = OK;
    onednn_operation *kept = NULL, *chosen = NULL;
    /* the image's plain layout is worth leaving where another serves better */
    if (in.place.region != REGION_INPUT)
        TRY(onednn_convolution_forward(p->library, c->window, in.layout, c->any_weights, c->bias, c->any_sum,
                                       &kept));
    if (!settled(kept))
        TRY(onednn_convolution_forward(p->library, c->window, c->any_source, c->any_weights, c->bias,
                                       c->any_sum, &chosen));
    *out = better(kept, chosen);
    CHECK(*out != NULL, BROKEN, "oneDNN has no such convolution");
done:
    return result;
}

status convolution_forward(plan *p, int layer)
{
    status result = OK;
    planned *d = &p->layer[layer];
    tensor in = p->layer[p->graph.layer[layer].from].out, weights;
    choices c;
    TRY(choices_of(p, layer, &c));
    TRY(describe_forward(p, &c, in, &d->forward));

    const onednn_layout *sum;
    place bias = { c.bias ? REGION_PARAMETERS : REGION_NONE, d->parameters + bias_at(p, layer) };
    TRY(weights_for(p, layer, &c, d->forward, &weights));
    d->weights = weights;
    TRY(tensor_for(p, IN_FORWARD | IN_PREDICT, in, d->forward, OPERAND_SOURCE, &d->in));
    TRY(onednn_operand(p->library, d->forward, OPERAND_OUT, &sum));
    TRY(plan_tensor(p, sum, &d->out));
    TRY(plan_operation(p, IN_FORWARD | IN_PREDICT, d->forward,
                       (uses){ { OPERAND_SOURCE, d->in.place },
                               { OPERAND_WEIGHTS, weights.place },
                               { OPERAND_BIAS, bias },
                               { OPERAND_OUT, d->out.place } }));
done:
    return result;
}

static status backward_weights(plan *p, int layer, const choices *c, tensor gradient)
{
    status result = OK;
    const planned *d = &p->layer[layer];
    onednn_operation *kept, *chosen = NULL, *o;
    TRY(onednn_convolution_backward_weights(p->library, c->window, d->forward, d->in.layout,
                                            c->any_weights_gradient, c->bias, gradient.layout, &kept));
    if (!settled(kept))
        TRY(onednn_convolution_backward_weights(p->library, c->window, d->forward, c->any_source,
                                                c->any_weights_gradient, c->bias, c->any_sum, &chosen));
    o = better(kept, chosen);
    CHECK(o != NULL, BROKEN, "oneDNN has no gradient of the weights of such a convolution");

    tensor in, out, flat = { c->flat, { REGION_GRADIENTS, d->parameters } }, weights = flat;
    place bias = { c->bias ? REGION_GRADIENTS : REGION_NONE, d->parameters + bias_at(p, layer) };
    TRY(tensor_for(p, IN_BACKWARD, d->in, o, OPERAND_SOURCE, &in));
    TRY(tensor_for(p, IN_BACKWARD, gradient, o, OPERAND_OUT_GRADIENT, &out));
    TRY(onednn_operand(p->library, o, OPERAND_WEIGHTS_GRADIENT, &weights.layout));
    bool direct = onednn_same(weights.layout, flat.layout);
    if (!direct) TRY(plan_tensor(p, weights.layout, &weights));
    TRY(plan_operation(p, IN_BACKWARD, o,
                       (uses){ { OPERAND_SOURCE, in.place },
                               { OPERAND_OUT_GRADIENT, out.place },
                               { OPERAND_WEIGHTS_GRADIENT, weights.place },
                               { OPERAND_BIAS_GRADIENT, bias } }));
    if (!direct) TRY(plan_copy(p, IN_BACKWARD, weights, flat));
done:
    return result;
}

static status backward_data(plan *p, int layer, const choices *c, tensor gradient)
{
    status result = OK;
    const planned *d = &p->layer[layer];
    int from = p->graph.layer[layer].from;
    onednn_operation *kept, *chosen = NULL, *o;
    TRY(onednn_convolution_backward_data(p->library, c->window, d->forward, d->in.layout, c->any_weights,
                                         gradient.layout, &kept));
    if (!settled(kept))
        TRY(onednn_convolution_backward_data(p->library, c->window, d->forward, c->any_source, c->any_weights,
                                             c->any_sum, &chosen));
    o = better(kept, chosen);
    CHECK(o != NULL, BROKEN, "oneDNN has no gradient of the source of such a convolution");

    tensor weights, out, in, part;
    const onednn_layout *wanted;
    TRY(onednn_operand(p->library, o, OPERAND_WEIGHTS, &wanted));
    weights = d->weights;
    if (!onednn_same(wanted, weights.layout)) TRY(weights_for(p, layer, c, o, &weights));
    TRY(tensor_for(p, IN_BACKWARD, gradient, o, OPERAND_OUT_GRADIENT, &out));
    TRY(onednn_operand(p->library, o, OPERAND_SOURCE_GRADIENT, &wanted));
    TRY(plan_tensor(p, wanted, &in));
    TRY(plan_operation(p, IN_BACKWARD, o,
                       (uses){ { OPERAND_OUT_GRADIENT, out.place },
                               { OPERAND_WEIGHTS, weights.place },
                               { OPERAND_SOURCE_GRADIENT, in.place } }));
    TRY(plan_convert(p, IN_BACKWARD, in, p->layer[from].out.layout, &part));
    TRY(plan_give_gradient(p, from, part));
done:
    return result;
}

status convolution_backward(plan *p, int layer)
{
    status result = OK;
    choices c;
    tensor gradient = plan_take_gradient(p, layer);
    TRY(choices_of(p, layer, &c));
    TRY(backward_weights(p, layer, &c, gradient));
    if (p->layer[p->graph.layer[layer].from].wants) TRY(backward_data(p, layer, &c, gradient));
done:
    return result;
}
