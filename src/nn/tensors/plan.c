#include "plan.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>

#include "arena.h"
#include "layers.h"

static bool has_parameters(layer_kind k)
{
    return k == LAYER_CONVOLUTION || k == LAYER_NORM || k == LAYER_DENSE;
}

/* Who reads whom, and where parameters and statistics lie. */
static status survey(plan *p)
{
    status result = OK;
    const network_graph *g = &p->graph;
    int64_t parameters = 0, statistics = 0;
    CHECK(g->layers >= 2 && g->layer[0].kind == LAYER_INPUT, BROKEN, "a network of %d layers", g->layers);
    for (int l = 0; l < g->layers; l++) {
        const graph_layer *layer = &g->layer[l];
        planned *d = &p->layer[l];
        int sources[2] = { layer->from, layer->with };
        *d = (planned){ .wants = has_parameters(layer->kind),
                        .parameters = parameters,
                        .statistics = statistics };
        for (int i = 0; i < 2; i++) {
            if (sources[i] < 0) continue;
            CHECK(sources[i] < l, BROKEN, "layer %d reads layer %d", l, sources[i]);
            p->layer[sources[i]].readers++;
            d->wants |= p->layer[sources[i]].wants;
        }
        parameters += graph_layer_parameters(g, l);
        if (layer->kind == LAYER_NORM) statistics += 2 * (int64_t)layer->out.channels;
    }
    for (int l = 0; l + 1 < g->layers; l++)
        CHECK(p->layer[l].readers > 0, BROKEN, "nothing reads layer %d of a network", l);
done:
    return result;
}

/* The logits, plain and in single precision, and room for their gradient, of the same layout as the last layer's output. */
static status plan_ends(plan *p)
{
    status result = OK;
    int last = p->graph.layers - 1;
    const onednn_layout *plain;
    onednn_size size;
    plan_size(p, last, size);
    TRY(onednn_plain(p->library, ONEDNN_F32, size, &plain));
    TRY(plan_convert(p, IN_FORWARD | IN_PREDICT, p->layer[last].out, plain, &p->logits));
    plan_keep(p, p->logits.place);

    TRY(plan_tensor(p, plain, &p->logits_gradient));
    plan_keep(p, p->logits_gradient.place);
    tensor gradient;
    TRY(plan_convert(p, IN_BACKWARD, p->logits_gradient, p->layer[last].out.layout, &gradient));
    TRY(plan_give_gradient(p, last, gradient));
done:
    return result;
}

static status at_layer(status what, int layer)
{
    return what == OK ? OK : failure_at(what, "layer %d of a network", layer);
}

status plan_make(const network_graph *g, int rows, tensor_precision precision, plan **out)
{
    status result = OK;
    plan *p = calloc(1, sizeof *p);
    *out = NULL;
    CHECK(p != NULL, NO_MEMORY, "%zu bytes", sizeof *p);
    p->graph = *g;
    p->rows = rows;
    p->number = precision == PRECISION_BF16 ? ONEDNN_BF16 : ONEDNN_F32;
    TRY(onednn_make(&p->library));
    TRY(survey(p));

    for (int l = 0; l < g->layers; l++) TRY(at_layer(layer_table[g->layer[l].kind].forward(p, l), l));
    TRY(plan_ends(p));
    for (int l = g->layers - 1; l > 0; l--)
        if (p->layer[l].wants) TRY(at_layer(layer_table[g->layer[l].kind].backward(p, l), l));

    TRY(arena_place(p->buffer, p->buffers, &p->arena));
    *out = p;
    p = NULL;
done:
    plan_free(p);
    return result;
}

void plan_free(plan *p)
{
    if (p == NULL) return;
    onednn_free(p->library);
    free(p->step);
    free(p->buffer);
    free(p);
}

static char *address(const plan *p, char *const base[REGIONS], place where)
{
    if (where.region == REGION_BUFFER) return base[REGION_BUFFER] + p->buffer[where.at].offset;
    return base[where.region] + (size_t)where.at * sizeof(float);
}

status plan_bind(plan *p, char *const base[REGIONS])
{
    status result = OK;
    for (step *s = p->step; s < p->step + p->steps; s++) {
        if (s->operation) TRY(onednn_ready(s->operation));
        for (int i = 0; i < s->count; i++) {
            s->data[i] = address(p, base, s->use[i].place);
            if (s->operation) TRY(onednn_bind(p->library, s->operation, s->use[i].what, s->data[i]));
        }
    }
done:
    return result;
}

void plan_size(const plan *p, int layer, onednn_size size)
{
    image_size s = p->graph.layer[layer].out;
    size[0] = p->rows;
    size[1] = s.channels;
    size[2] = s.height;
    size[3] = s.width;
}

status plan_buffer(plan *p, size_t bytes, place *out)
{
    *out = (place){ REGION_NONE, 0 };
    if (bytes == 0) return OK;
    if (p->buffers == p->buffers_room) {
        int room = p->buffers_room ? 2 * p->buffers_room : 256;
        buffer *grown = realloc(p->buffer, (size_t)room * sizeof *grown);
        if (grown == NULL) return failure(NO_MEMORY, "%d buffers", room);
        p->buffer = grown;
        p->buffers_room = room;
    }
    p->buffer[p->buffers] = (buffer){ .bytes = bytes, .first = INT_MAX, .last = -1 };
    *out = (place){ REGION_BUFFER, p->buffers++ };
    return OK;
}

void plan_keep(plan *p, place b)
{
    if (b.region != REGION_BUFFER) return;
    p->buffer[b.at].first = 0;
    p->buffer[b.at].last = INT_MAX;
}

static status add_step(plan *p, step s, const uses list)
{
    if (p->steps == p->steps_room) {
        int room = p->steps_room ? 2 * p->steps_room : 256;
        step *grown = realloc(p->step, (size_t)room * sizeof *grown);
        if (grown == NULL) return failure(NO_MEMORY, "%d steps", room);
        p->step = grown;
        p->steps_room = room;
    }
    for (int i = 0; i < USES_MAX && list[i].what != OPERAND_NONE; i++) {
        place where = list[i].place;
        if (where.region == REGION_NONE) continue;
        s.use[s.count++] = list[i];
        if (where.region != REGION_BUFFER) continue;
        buffer *b = &p->buffer[where.at];
        if (b->first > p->steps) b->first = p->steps;
        if (b->last < p->steps) b->last = p->steps;
    }
    p->step[p->steps++] = s;
    return OK;
}

status plan_operation(plan *p, int passes, onednn_operation *o, const uses list)
{
    status result = OK;
    const onednn_layout *layout;
    place scratch;
    uses all = { { OPERAND_NONE, { REGION_NONE, 0 } } };
    CHECK(o != NULL, BROKEN, "oneDNN has no operation for it");

    TRY(onednn_operand(p->library, o, OPERAND_SCRATCH, &layout));
    TRY(plan_buffer(p, onednn_bytes(layout), &scratch));
    int count = 0;
    for (; list[count].what != OPERAND_NONE; count++) {
        assert(count < USES_MAX - 1);
        all[count] = list[count];
    }
    all[count] = (use){ OPERAND_SCRATCH, scratch };
    TRY(add_step(p, (step){ .passes = passes, .operation = o }, (const use *)all));
done:
    return result;
}

status plan_function(plan *p, int passes, status (*run)(const step *s), const int64_t size[3],
                     const uses list)
{
    step s = { .passes = passes, .run = run, .size = { size[0], size[1], size[2] } };
    return add_step(p, s, list);
}

status plan_tensor(plan *p, const onednn_layout *layout, tensor *out)
{
    out->layout = layout;
    return plan_buffer(p, onednn_bytes(layout), &out->place);
}

status plan_copy(plan *p, int passes, tensor from, tensor to)
{
    status result = OK;
    onednn_operation *reorder;
    TRY(onednn_reorder(p->library, from.layout, to.layout, &reorder));
    TRY(plan_operation(p, passes, reorder,
                       (uses){ { OPERAND_SOURCE, from.place }, { OPERAND_OUT, to.place } }));
done:
    return result;
}

status plan_convert(plan *p, int passes, tensor t, const onednn_layout *layout, tensor *out)
{
    status result = OK;
    *out = t;
    if (onednn_same(t.layout, layout)) return OK;
    TRY(plan_tensor(p, layout, out));
    TRY(plan_copy(p, passes, t, *out));
done:
    return result;
}

bool plan_may_overwrite(const plan *p, int layer)
{
    return p->layer[layer].readers == 1 && !layer_table[p->graph.layer[layer].kind].keeps_out;
}

tensor plan_take_gradient(plan *p, int layer)
{
    planned *d = &p->layer[layer];
    assert(d->gradient.region == REGION_BUFFER);
    p->buffer[d->gradient.at].holders--;
    return (tensor){ d->out.layout, d->gradient };
}

bool plan_gradient_free(const plan *p, tensor gradient)
{
    return p->buffer[gradient.place.at].holders == 0;
}

/* The sum goes over what was given before where no other layer holds that, else to a new place. */
status plan_give_gradient(plan *p, int layer, tensor part)
{
    status result = OK;
    planned *d = &p->layer[layer];
    onednn_operation *add;
    if (!d->wants) return OK;
    if (d->gradient.region == REGION_NONE) {
        d->gradient = part.place;
        p->buffer[part.place.at].holders++;
        return OK;
    }
    tensor before = { d->out.layout, d->gradient }, sum = before;
    p->buffer[before.place.at].holders--;
    if (!plan_gradient_free(p, before)) TRY(plan_tensor(p, d->out.layout, &sum));
    TRY(onednn_add(p->library, d->out.layout, d->out.layout, &add));
    TRY(plan_operation(p, IN_BACKWARD, add,
                       (uses){ { OPERAND_SOURCE, before.place },
                               { OPERAND_SECOND, part.place },
                               { OPERAND_OUT, sum.place } }));
    d->gradient = sum.place;
    p->buffer[sum.place.at].holders++;
done:
    return result;
}
