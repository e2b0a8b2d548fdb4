/* Largest or mean of each window of a channel; places beyond the edge count in neither.
 * x (rows, channels, height, width), y (rows, channels, height', width').
 *
 * dx sums what each window gives back: dy at the place of its (first) largest, or dy over the window's places. */
#include "layers.h"

static onednn_pool kind_of(const graph_layer *g)
{
    return g->kind == LAYER_MAX_POOL ? ONEDNN_POOL_MAX : ONEDNN_POOL_AVERAGE;
}

static onednn_window window_of(const graph_layer *g)
{
    return (onednn_window){ g->kernel, g->stride, g->padding };
}

status pool_forward(plan *p, int layer)
{
    status result = OK;
    planned *d = &p->layer[layer];
    const graph_layer *g = &p->graph.layer[layer];
    const onednn_layout *any, *pooled, *largest;
    onednn_size size;
    d->in = p->layer[g->from].out;
    plan_size(p, layer, size);
    TRY(onednn_any(p->library, onednn_number_of(d->in.layout), size, &any));
    TRY(onednn_pool_forward(p->library, kind_of(g), window_of(g), d->in.layout, any, &d->forward));
    CHECK(d->forward != NULL, BROKEN, "oneDNN has no such pool");

    TRY(onednn_operand(p->library, d->forward, OPERAND_OUT, &pooled));
    TRY(plan_tensor(p, pooled, &d->out));
    TRY(onednn_operand(p->library, d->forward, OPERAND_WORKSPACE, &largest));
    TRY(plan_buffer(p, onednn_bytes(largest), &d->workspace));
    TRY(plan_operation(p, IN_FORWARD | IN_PREDICT, d->forward,
                       (uses){ { OPERAND_SOURCE, d->in.place },
                               { OPERAND_OUT, d->out.place },
                               { OPERAND_WORKSPACE, d->workspace } }));
done:
    return result;
}

status pool_backward(plan *p, int layer)
{
    status result = OK;
    const planned *d = &p->layer[layer];
    const graph_layer *g = &p->graph.layer[layer];
    tensor gradient = plan_take_gradient(p, layer), part;
    onednn_operation *o;
    TRY(onednn_pool_backward(p->library, kind_of(g), window_of(g), d->forward, d->in.layout, gradient.layout,
                             &o));
    TRY(plan_tensor(p, d->in.layout, &part));
    TRY(plan_operation(p, IN_BACKWARD, o,
                       (uses){ { OPERAND_OUT_GRADIENT, gradient.place },
                               { OPERAND_WORKSPACE, d->workspace },
                               { OPERAND_SOURCE_GRADIENT, part.place } }));
    TRY(plan_give_gradient(p, g->from, part));
done:
    return result;
}
