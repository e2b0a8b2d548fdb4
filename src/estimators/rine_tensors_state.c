#include "rine_tensors_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "rine_parts.h"

/* What a state begins with; then come the sink's doubles, and the floats of each network and of the decoder. */
typedef struct header {
    char magic[16];
    uint64_t networks; /* which they are: fingerprint */
    uint64_t bytes;    /* of the whole state */
    rine_position at;
} header;

static const char magic[16] = "rine tensors 1";

/* ---- what there is --------------------------------------------------------------------------------------------------- */

/* A number for the networks and how they are trained, which a state must share. */
static uint64_t networks_of(const rine_coupled *c)
{
    const int head[] = { c->sources, c->train->optimizer };
    uint64_t hash = hash_bytes(HASH_BEGIN, head, sizeof head);
    for (int i = 0; i < c->sources; i++)
        for (int l = 0; l < c->graph[i].layers; l++) {
            const graph_layer *y = &c->graph[i].layer[l];
            const int numbers[] = { (int)y->kind, y->from,   y->with,   y->out.channels, y->out.height,
                                    y->out.width, y->kernel, y->stride, y->padding,      y->bias };
            hash = hash_bytes(hash, numbers, sizeof numbers);
        }
    return hash;
}

/* The arrays of a network that a step changes. */
enum { ARRAYS = 4 };
typedef struct arrays {
    float *at[ARRAYS];    /* NULL where this rank has not the network */
    size_t bytes[ARRAYS]; /* 0: there is none */
} arrays;

static arrays arrays_of(const rine_coupled *c, int source)
{
    const rine_learner *l = &c->learner[source];
    const int64_t parameters = graph_parameters(&c->graph[source]);
    const size_t padded = (size_t)((parameters + TENSOR_PADDING - 1) / TENSOR_PADDING * TENSOR_PADDING);
    const size_t each = padded * sizeof(float);
    return (arrays){ .at = { l->parameters, l->first, l->second, l->running },
                     .bytes = { each, each, c->train->optimizer == OPTIMIZER_ADAM ? each : 0,
                                (size_t)graph_statistics(&c->graph[source]) * sizeof(float) } };
}

static size_t sink_bytes(const rine_sink *sink, int task)
{
    return sink->held ? (size_t)sink->held(sink->context, task) * sizeof(double) : 0;
}

/* Of the whole state, as rank 0 knows it. */
static size_t bytes_of(const rine_coupled *c, const rine_sink *sink, int task)
{
    size_t bytes =
        sizeof(header) + sink_bytes(sink, task) + (size_t)rine_decoder_held(&c->decoder) * sizeof(float);
    for (int i = 0; i < c->sources; i++) {
        const arrays a = arrays_of(c, i);
        for (int k = 0; k < ARRAYS; k++) bytes += a.bytes[k];
    }
    return bytes;
}

size_t rine_state_bytes(const settings *s, const data_shape *shape)
{
    const size_t moments = rine_train_of(s)->optimizer == OPTIMIZER_ADAM ? 2 : 1;
    size_t numbers = 0;
    for (int i = 0; i < shape->sources; i++) {
        network_graph g;
        if (rine_coupled_graph(s, shape, i, &g) != OK) continue; /* refused elsewhere */
        numbers += (1 + moments) * (size_t)graph_parameters(&g) + (size_t)graph_statistics(&g);
    }
    return numbers * sizeof(float);
}

/* ---- keeping ------------------------------------------------------------------------------------------------------------- */

/* A network's arrays from the rank that has it to *to on rank 0, which moves on. */
static status fetch_network(rine_coupled *c, int source, char **to)
{
    status result = OK;
    const arrays a = arrays_of(c, source);
    const int owner = rine_shares_owner(&c->shares, source), rank = gang_rank(c->shares.all);
    for (int k = 0; k < ARRAYS; k++) {
        if (a.bytes[k] == 0) continue;
        if (rank == 0 && owner == 0) memcpy(*to, a.at[k], a.bytes[k]);
        TRY(gang_fetch(c->shares.all, owner, rank == 0 ? (void *)*to : a.at[k], a.bytes[k]));
        if (rank == 0) *to += a.bytes[k];
    }
done:
    return result;
}

status rine_state_save(rine_coupled *c, const rine_position *at, const rine_sink *sink, int task,
                       checkpoint *keep)
{
    status result = OK;
    const bool leads = gang_rank(c->shares.all) == 0;
    size_t bytes = 0;
    char *state = NULL, *next = NULL;
    if (leads) {
        bytes = bytes_of(c, sink, task);
        state = malloc(bytes);
        CHECK(state != NULL, NO_MEMORY, "a checkpoint of %zu bytes", bytes);
        header h = { .networks = networks_of(c), .bytes = bytes, .at = *at };
        memcpy(h.magic, magic, sizeof magic);
        memcpy(state, &h, sizeof h);
        next = state + sizeof h;
        if (sink->hold) sink->hold(sink->context, task, (double *)(void *)next);
        next += sink_bytes(sink, task);
    }
    for (int i = 0; i < c->sources; i++) TRY(fetch_network(c, i, &next));
    if (leads) {
        rine_decoder_hold(&c->decoder, 0, (float *)(void *)next);
        TRY(keep->save(keep, state, bytes));
    }
done:
    free(state);
    return result;
}

/* ---- going back ------------------------------------------------------------------------------------------------------------ */

/* Says what is wrong with a state. */
static bool fits(const rine_coupled *c, const rine_sink *sink, int task, const char *state, size_t bytes)
{
    const int64_t steps = train_steps(c->train, c->data->shape.train, 0);
    const char *wrong = NULL;
    header h = { .bytes = 0 };
    if (bytes >= sizeof h) memcpy(&h, state, sizeof h);
    if (memcmp(h.magic, magic, sizeof magic) != 0)
        wrong = "none of this estimator";
    else if (h.networks != networks_of(c))
        wrong = "of another network";
    else if (h.bytes != bytes || bytes != bytes_of(c, sink, task))
        wrong = "cut short";
    else if (h.at.epoch < 0 || h.at.epoch >= c->train->epochs || h.at.step < 0 || h.at.step > steps)
        wrong = "of an epoch that the task has not";
    if (wrong)
        fprintf(stderr,
                "infosweep: the checkpoint of a task (model %s, seed %" PRId64
                ") is %s; the task begins anew\n",
                c->settings->model->name, settings_task(c->settings)->seed, wrong);
    return wrong == NULL;
}

/* Puts what a whole state holds in its place. sink_room: bytes of the sink's numbers. */
static void take(rine_coupled *c, rine_position *at, const rine_sink *sink, int task, const char *state,
                 size_t sink_room)
{
    header h;
    const char *next = state + sizeof h;
    memcpy(&h, state, sizeof h);
    *at = h.at;
    c->steps = h.at.steps;
    if (gang_rank(c->shares.all) == 0 && sink->restore)
        sink->restore(sink->context, task, (const double *)(const void *)next);
    next += sink_room;
    for (int i = 0; i < c->sources; i++) {
        const arrays a = arrays_of(c, i);
        for (int k = 0; k < ARRAYS; next += a.bytes[k++])
            if (a.at[k] && a.bytes[k] > 0) memcpy(a.at[k], next, a.bytes[k]);
        if (c->learner[i].network) tensor_network_changed(c->learner[i].network);
    }
    rine_decoder_restore(&c->decoder, (const float *)(const void *)next);
}

status rine_state_load(rine_coupled *c, rine_position *at, const rine_sink *sink, int task, checkpoint *keep)
{
    status result = OK;
    gang *all = c->shares.all;
    const bool leads = gang_rank(all) == 0;
    void *state = NULL;
    size_t sizes[2] = { 0 }; /* of the state, and of the sink's numbers in it */
    if (leads && keep) {
        TRY(keep->load(keep, &state, &sizes[0]));
        if (state == NULL || !fits(c, sink, task, state, sizes[0])) sizes[0] = 0;
        sizes[1] = sink_bytes(sink, task);
    }
    TRY(gang_share(all, sizes, sizeof sizes));
    if (sizes[0] == 0) goto done;
    if (!leads) state = malloc(sizes[0]);
    CHECK(state != NULL, NO_MEMORY, "a checkpoint of %zu bytes", sizes[0]);
    TRY(gang_share(all, state, sizes[0]));
    take(c, at, sink, task, state, sizes[1]);
done:
    free(state);
    return result;
}
