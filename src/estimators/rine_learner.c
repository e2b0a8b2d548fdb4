#include "rine_learner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How far a running statistic moves towards the batch's at a step. */
#define RUNNING_PACE 0.1f

/* Floats that an array takes, so that all begin at multiples of 64 bytes. */
static size_t padded(int64_t count)
{
    return (size_t)((count + TENSOR_PADDING - 1) / TENSOR_PADDING * TENSOR_PADDING);
}

/* Left halves that may wait at once. */
static int levels_of(int rounds)
{
    int levels = 0;
    while (1 << levels < rounds) levels++;
    return levels;
}

static size_t floats_of(const network_graph *g, optimizer kind, int rounds)
{
    const size_t parameters = padded(graph_parameters(g)), statistics = padded(graph_statistics(g));
    const size_t levels = (size_t)levels_of(rounds), moments = kind == OPTIMIZER_ADAM ? 2 : 1;
    return (moments + levels) * parameters + (1 + levels) * statistics;
}

/* Planning a network makes all its primitives, and a plan asks for every cell: the last answers are kept. */
enum { ANSWERS = 32 };

static bool is_same(const network_graph *a, const network_graph *b)
{
    return a->layers == b->layers && memcmp(a->layer, b->layer, (size_t)a->layers * sizeof a->layer[0]) == 0;
}

static size_t network_bytes(const network_graph *g, int rows, tensor_precision precision)
{
    static struct answer {
        network_graph graph;
        int rows;
        tensor_precision precision;
        size_t bytes;
    } answer[ANSWERS];
    static int answers; /* ever */
    for (int k = 0; k < ANSWERS && k < answers; k++)
        if (answer[k].rows == rows && answer[k].precision == precision && is_same(&answer[k].graph, g))
            return answer[k].bytes;
    struct answer *a = &answer[answers++ % ANSWERS];
    *a = (struct answer){ .graph = *g, .rows = rows, .precision = precision };
    a->bytes = tensor_network_bytes(g, rows, precision);
    return a->bytes;
}

size_t rine_learner_bytes(const network_graph *g, int rows, tensor_precision precision, optimizer kind,
                          int rounds)
{
    return network_bytes(g, rows, precision) + floats_of(g, kind, rounds) * sizeof(float);
}

/* Lays the arrays out behind each other. */
static void lay_out(rine_learner *l, const network_graph *g, optimizer kind)
{
    const size_t parameters = padded(graph_parameters(g)), statistics = padded(graph_statistics(g));
    const int levels = levels_of(rine_shares_rounds(l->shares));
    float *next = l->memory;
    l->first = next, next += parameters;
    if (kind == OPTIMIZER_ADAM) l->second = next, next += parameters;
    l->statistics = next, next += statistics;
    l->gradient_sum = (learner_sum){ .count = l->padded, .value = tensor_network_gradients(l->network) };
    l->statistics_sum = (learner_sum){ .count = l->statistics_count, .value = l->statistics };
    for (int i = 0; i < levels; i++) {
        l->gradient_sum.level[i] = next, next += parameters;
        l->statistics_sum.level[i] = next, next += statistics;
    }
}

status rine_learner_make(rine_learner *l, const rine_shares *shares, const network_graph *g, int rows,
                         tensor_precision precision, optimizer kind, int64_t seed, int source)
{
    status result = OK;
    const size_t bytes = floats_of(g, kind, rine_shares_rounds(shares)) * sizeof(float);
    *l = (rine_learner){ .shares = shares };
    TRY(tensor_network_make(g, rows, precision, &l->network));
    l->memory = lanes_allocate(bytes);
    CHECK(l->memory, NO_MEMORY, "what an optimizer remembers: %zu bytes", bytes);
    l->padded = tensor_network_padded(l->network);
    l->statistics_count = graph_statistics(g);
    l->parameters = tensor_network_parameters(l->network);
    l->running = tensor_network_running(l->network);
    lay_out(l, g, kind);
    graph_initialise(g, seed, source, l->parameters);
    /* of each norm: means 0, then variances 1 */
    float *running = l->running;
    for (int k = 0; k < g->layers; k++) {
        if (g->layer[k].kind != LAYER_NORM) continue;
        for (int c = 0; c < g->layer[k].out.channels; c++) running[g->layer[k].out.channels + c] = 1;
        running += 2 * g->layer[k].out.channels;
    }
    tensor_network_changed(l->network);
done:
    return result;
}

void rine_learner_free(rine_learner *l)
{
    tensor_network_free(l->network);
    free(l->memory);
    *l = (rine_learner){ .network = NULL };
}

/* ---- a step ------------------------------------------------------------------------------------------------------------ */

/* A right half takes in the left one beside it, and what they make the left one beside that, … until it is a left half itself
 * and waits; the last round's has taken in everything. */
static void climb(learner_sum *s, int round, int rounds)
{
    int level = 0;
    for (; round >> level & 1; level++) {
        const float *left = s->level[level];
        for (int64_t i = 0; i < s->count; i++) s->value[i] += left[i];
    }
    if (round + 1 < rounds) memcpy(s->level[level], s->value, (size_t)s->count * sizeof *s->value);
}

void rine_learner_add(rine_learner *l, int round)
{
    const int rounds = rine_shares_rounds(l->shares);
    memcpy(l->statistics, tensor_network_batch_statistics(l->network),
           (size_t)l->statistics_count * sizeof *l->statistics);
    climb(&l->gradient_sum, round, rounds);
    climb(&l->statistics_sum, round, rounds);
}

status rine_learner_sum(rine_learner *l)
{
    status result = OK;
    TRY(gang_sum(l->shares->same, l->gradient_sum.value, l->padded));
    TRY(gang_sum(l->shares->same, l->statistics, l->statistics_count));
done:
    return result;
}

void rine_learner_step(rine_learner *l, const lanes_kernels *k, const lanes_step *step)
{
    const float share = 1.0f / (float)l->shares->micro_batches; /* exact: a power of two */
    lanes_step_run(k, step, l->padded / lanes_kernels_lanes(k), l->gradient_sum.value, l->first, l->second,
                   l->parameters);
    for (int64_t i = 0; i < l->statistics_count; i++)
        l->running[i] += RUNNING_PACE * (share * l->statistics[i] - l->running[i]);
    tensor_network_changed(l->network);
}

bool rine_learner_finite(const rine_learner *l)
{
    bool finite = true;
    for (int64_t i = 0; i < l->padded; i++) finite = finite && isfinite(l->parameters[i]);
    return finite;
}
