/* y = x1 + x2.  dx1 = dx2 = dy.  All of one shape; over x1 where nobody else reads that. */
#include "layers.h"

status add_forward(plan *p, int layer)
{
    status result = OK;
    planned *d = &p->layer[layer];
    const graph_layer *g = &p->graph.layer[layer];
    tensor with;
    d->in = d->out = p->layer[g->from].out;
    TRY(plan_convert(p, IN_FORWARD | IN_PREDICT, p->layer[g->with].out, d->in.layout, &with));
    TRY(onednn_add(p->library, d->in.layout, d->in.layout, &d->forward));
    if (!plan_may_overwrite(p, g->from)) TRY(plan_tensor(p, d->in.layout, &d->out));
    TRY(plan_operation(p, IN_FORWARD | IN_PREDICT, d->forward,
                       (uses){ { OPERAND_SOURCE, d->in.place },
                               { OPERAND_SECOND, with.place },
                               { OPERAND_OUT, d->out.place } }));
done:
    return result;
}

/* Both sources hold the same memory as their gradient; whoever writes over it first is its only holder by then. */
status add_backward(plan *p, int layer)
{
    status result = OK;
    const graph_layer *g = &p->graph.layer[layer];
    tensor gradient = plan_take_gradient(p, layer), part;
    TRY(plan_give_gradient(p, g->from, gradient));
    TRY(plan_convert(p, IN_BACKWARD, gradient, p->layer[g->with].out.layout, &part));
    TRY(plan_give_gradient(p, g->with, part));
done:
    return result;
}
