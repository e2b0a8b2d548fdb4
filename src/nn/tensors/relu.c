/* y = max(x, 0).  dx = dy where y > 0, else 0.  Any shape; in place where nobody else reads x. */
#include "layers.h"

status relu_forward(plan *p, int layer)
{
    status result = OK;
    planned *d = &p->layer[layer];
    int from = p->graph.layer[layer].from;
    d->in = d->out = p->layer[from].out;
    d->fused = p->layer[from].fused && p->graph.layer[from].kind == LAYER_NORM;
    if (d->fused) goto done; /* the norm did it */

    TRY(onednn_relu_forward(p->library, d->in.layout, &d->forward));
    if (!plan_may_overwrite(p, from)) TRY(plan_tensor(p, d->in.layout, &d->out));
    TRY(plan_operation(p, IN_FORWARD | IN_PREDICT, d->forward,
                       (uses){ { OPERAND_SOURCE, d->in.place }, { OPERAND_OUT, d->out.place } }));
done:
    return result;
}

status relu_backward(plan *p, int layer)
{
    status result = OK;
    const planned *d = &p->layer[layer];
    tensor gradient = plan_take_gradient(p, layer), part = gradient;
    if (!d->fused) {
        onednn_operation *o;
        TRY(onednn_relu_backward(p->library, d->forward, d->out.layout, &o));
        if (!plan_gradient_free(p, gradient)) TRY(plan_tensor(p, d->out.layout, &part));
        TRY(plan_operation(p, IN_BACKWARD, o,
                           (uses){ { OPERAND_OUT, d->out.place },
                                   { OPERAND_OUT_GRADIENT, gradient.place },
                                   { OPERAND_SOURCE_GRADIENT, part.place } }));
    }
    TRY(plan_give_gradient(p, p->graph.layer[layer].from, part));
done:
    return result;
}
