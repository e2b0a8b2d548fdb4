#include "rine_coupled.h"

#include <stdlib.h>
#include <string.h>

#include "rine_parts.h"

/* ---- sizes ------------------------------------------------------------------------------------------------------------- */

status rine_coupled_graph(const settings *s, const data_shape *shape, int source, network_graph *g)
{
    return s->model->graph(s->block[SECTION_MODEL], shape->image[source], rine_outputs(shape), g);
}

static tensor_precision precision_of(const settings *s)
{
    const tensor_options *o = s->block[SECTION_MODEL];
    return (tensor_precision)o->precision;
}

/* Rows of the longest micro-batch. */
static int micro_rows_of(const train_options *o, const data_shape *shape)
{
    int64_t rows = train_rows(o, shape->train, 0);
    return (int)((rows + o->micro_batches - 1) / o->micro_batches);
}

/* Floats of each array beside the networks; those with lanes are of the widest that a kernel set has. */
typedef struct sizes {
    size_t outputs, rows, block, blocks, row_gradient, test;
} sizes;

static size_t aligned(size_t count)
{
    return (count + TENSOR_PADDING - 1) / TENSOR_PADDING * TENSOR_PADDING;
}

static sizes sizes_of(const settings *s, const data_shape *shape, const rine_shares *shares)
{
    const train_options *o = rine_train_of(s);
    const size_t rows = (size_t)train_rows(o, shape->train, 0), micro = (size_t)micro_rows_of(o, shape);
    const size_t outputs = (size_t)rine_outputs(shape), ranks = (size_t)(shares->groups * shares->parts);
    const size_t block = aligned((size_t)rine_shares_each(shares) * micro * outputs);
    return (sizes){ .outputs = aligned(rows * outputs * LANES_MAX),
                    .rows = aligned(rows * LANES_MAX),
                    .block = block,
                    .blocks = ranks * block,
                    .row_gradient = aligned(micro * outputs),
                    .test = aligned((size_t)shape->test) };
}

static size_t floats_of(const sizes *z, int sources)
{
    return (size_t)sources * (2 * z->outputs + z->rows + z->test) + z->block + z->blocks + z->row_gradient;
}

size_t rine_coupled_bytes(const settings *s, const data_shape *shape, int ranks)
{
    const train_options *o = rine_train_of(s);
    const int micro_batches = (int)o->micro_batches, micro = micro_rows_of(o, shape);
    rine_shares shares = { .sources = shape->sources,
                           .micro_batches = micro_batches,
                           .groups = rine_shares_groups(shape->sources, micro_batches, ranks) };
    shares.parts = ranks / shares.groups;
    const sizes z = sizes_of(s, shape, &shares);
    size_t bytes = floats_of(&z, shape->sources) * sizeof(float), most = 0;
    for (int group = 0; group < shares.groups; group++) {
        size_t networks = 0;
        for (int i = group; i < shape->sources; i += shares.groups) {
            network_graph g;
            if (rine_coupled_graph(s, shape, i, &g) != OK) continue; /* refused elsewhere */
            networks += rine_learner_bytes(&g, micro, precision_of(s), (optimizer)o->optimizer,
                                           rine_shares_rounds(&shares));
        }
        most = networks > most ? networks : most;
    }
    return bytes + most +
           LANES_MAX * (rine_batches_bytes(o, shape, false) +
                        rine_decoder_bytes(shape, (int)train_rows(o, shape->train, 0)));
}

/* ---- making ------------------------------------------------------------------------------------------------------------ */

static status make_arrays(rine_coupled *c)
{
    status result = OK;
    const sizes z = sizes_of(c->settings, &c->data->shape, &c->shares);
    const size_t bytes = floats_of(&z, c->sources) * sizeof(float);
    float *next = c->memory = lanes_allocate(bytes);
    CHECK(next != NULL, NO_MEMORY, "logits and their gradients: %zu bytes", bytes);
    for (int i = 0; i < c->sources; i++) {
        c->logits[i] = next, next += z.outputs;
        c->gradient[i] = next, next += z.outputs;
        c->row_nats[i] = next, next += z.rows;
        c->test_nats[i] = next, next += z.test;
    }
    c->block = next, next += z.block;
    c->blocks = next, next += z.blocks;
    c->row_gradient = next;
done:
    return result;
}

static status make_networks(rine_coupled *c)
{
    status result = OK;
    const settings *s = c->settings;
    for (int i = 0; i < c->sources; i++) {
        TRY(rine_coupled_graph(s, &c->data->shape, i, &c->graph[i]));
        if (!rine_shares_has(&c->shares, i)) continue;
        TRY(rine_learner_make(&c->learner[i], &c->shares, &c->graph[i], c->micro_rows, precision_of(s),
                              (optimizer)c->train->optimizer, settings_task(s)->seed, i));
    }
done:
    return result;
}

status rine_coupled_make(rine_coupled *c, const settings *s, const dataset *data, gang *all)
{
    status result = OK;
    const dataset *of_lane[LANES_MAX];
    int64_t seed[LANES_MAX];
    const rine_options *o = rine_options_of(s);
    *c = (rine_coupled){ .settings = s,
                         .data = data,
                         .train = rine_train_of(s),
                         .sources = data->shape.sources,
                         .outputs = rine_outputs(&data->shape),
                         .micro_rows = micro_rows_of(rine_train_of(s), &data->shape) };
    const lanes_loss loss = { .sources = c->sources,
                              .outputs = c->outputs,
                              .distance = (rine_distance)o->distance,
                              .coupling = (rine_coupling)o->coupling,
                              .share = 1.0f / (float)c->sources };
    TRY(lanes_kernels_chosen(&c->kernels));
    c->lanes = lanes_kernels_lanes(c->kernels);
    for (int lane = 0; lane < LANES_MAX; lane++) {
        of_lane[lane] = data;
        seed[lane] = settings_task(s)->seed;
    }
    TRY(rine_shares_make(all, c->sources, (int)c->train->micro_batches, &c->shares));
    TRY(rine_batches_make(&c->batches, c->kernels, c->train, TRAIN_COUPLED, of_lane, seed));
    TRY(rine_decoder_make(&c->decoder, &c->batches, &loss, o->variance == VARIANCE_LEARNED));
    TRY(make_arrays(c));
    TRY(make_networks(c));
done:
    return result;
}

void rine_coupled_free(rine_coupled *c)
{
    for (int i = 0; i < SOURCES_MAX; i++) rine_learner_free(&c->learner[i]);
    rine_batches_free(&c->batches);
    rine_decoder_free(&c->decoder);
    rine_shares_free(&c->shares);
    free(c->memory);
    c->memory = NULL;
}

void rine_coupled_pause(rine_coupled *c, bool (*pause)(void *context), void *context)
{
    gang_set_pause(c->shares.all, pause, context);
    for (int i = 0; i < c->sources; i++)
        if (c->learner[i].network) tensor_network_pause(c->learner[i].network, pause, context);
}

/* ---- rounds ------------------------------------------------------------------------------------------------------------ */

/* The rows that a part passes through its networks in a round. */
typedef struct run_of_rows {
    int first, count;
} run_of_rows;

static run_of_rows rows_of(const rine_coupled *c, int part, int round)
{
    const int rows = c->batches.own_rows[0], m = part * rine_shares_rounds(&c->shares) + round;
    const int first = rine_micro_first(rows, c->shares.micro_batches, m);
    return (run_of_rows){ first, rine_micro_first(rows, c->shares.micro_batches, m + 1) - first };
}

/* Passes this rank's rows forward through one network; its logits go into the rank's block. place: of the batch's first row in
 * the endless row of passes. */
static status forward(rine_coupled *c, data_part part, int64_t place, run_of_rows rows, int source)
{
    status result = OK;
    tensor_network *n = c->learner[source].network;
    const float *logits;
    dataset_read(c->data, part, source, c->batches.seed[0], place + rows.first,
                 c->batches.visit[0] + rows.first, rows.count, tensor_network_input(n));
    TRY(part == DATA_TRAIN ? tensor_network_forward(n, rows.count, &logits)
                           : tensor_network_predict(n, rows.count, &logits));
    memcpy(c->block + (size_t)(source / c->shares.groups * c->micro_rows * c->outputs), logits,
           (size_t)(rows.count * c->outputs) * sizeof *logits);
done:
    return result;
}

/* One rank's logits of a source, (rows, outputs), into all lanes of the whole batch's. */
static void spread(const rine_coupled *c, const float *logits, run_of_rows rows, int source)
{
    float *to = c->logits[source] + (size_t)(rows.first * c->outputs * c->lanes);
    for (int k = 0; k < rows.count * c->outputs; k++)
        for (int lane = 0; lane < c->lanes; lane++) to[k * c->lanes + lane] = logits[k];
}

/* Collective. A round's rows of every part through all networks. */
static status forward_round(rine_coupled *c, data_part part, int64_t place, int round)
{
    status result = OK;
    const rine_shares *shares = &c->shares;
    const size_t block = aligned((size_t)(rine_shares_each(shares) * c->micro_rows * c->outputs));
    const run_of_rows own = rows_of(c, shares->part, round);
    for (int i = shares->group; i < c->sources && own.count > 0; i += shares->groups)
        TRY(forward(c, part, place, own, i));
    TRY(gang_gather(shares->all, c->block, block * sizeof *c->block, c->blocks));
    for (int rank = 0; rank < gang_ranks(shares->all); rank++)
        for (int i = rank / shares->parts; i < c->sources; i += shares->groups)
            spread(c,
                   c->blocks + (size_t)rank * block +
                       (size_t)(i / shares->groups * c->micro_rows * c->outputs),
                   rows_of(c, rank % shares->parts, round), i);
done:
    return result;
}

/* Passes the gradient of this rank's rows back through one network. */
static status backward(rine_coupled *c, run_of_rows rows, int source, int round)
{
    status result = OK;
    const float *from = c->gradient[source] + (size_t)(rows.first * c->outputs * c->lanes);
    for (int k = 0; k < rows.count * c->outputs; k++) c->row_gradient[k] = from[k * c->lanes];
    TRY(tensor_network_backward(c->learner[source].network, rows.count, c->row_gradient));
    rine_learner_add(&c->learner[source], round);
done:
    return result;
}

/* ---- steps ------------------------------------------------------------------------------------------------------------- */

status rine_coupled_gradient(rine_coupled *c, int64_t epoch, int64_t step, float distance_weight,
                             lanes_sums *sums)
{
    status result = OK;
    const rine_shares *shares = &c->shares;
    const int64_t place = train_step_first(c->train, c->data->shape.train, epoch, step);
    const float *const *logits = (const float *const *)c->logits;
    float weight[LANES_MAX];
    for (int lane = 0; lane < LANES_MAX; lane++) weight[lane] = distance_weight;
    rine_batches_visit(&c->batches, epoch, step);
    rine_decoder_read(&c->decoder, &c->batches, PART_TRAIN);
    for (int round = 0; round < rine_shares_rounds(shares); round++) {
        const run_of_rows own = rows_of(c, shares->part, round);
        lanes_sums of_rows = { 0 };
        TRY(forward_round(c, DATA_TRAIN, place, round));
        rine_decoder_loss_rows(&c->decoder, &c->batches, own.first, own.count, logits, weight, c->gradient,
                               &of_rows);
        for (int i = shares->group; i < c->sources; i += shares->groups) TRY(backward(c, own, i, round));
    }
    for (int i = shares->group; i < c->sources; i += shares->groups) TRY(rine_learner_sum(&c->learner[i]));
    /* now that all logits are here: the sums over the batch, and the gradient by what the decoder learns */
    rine_decoder_loss(&c->decoder, &c->batches, logits, weight, c->gradient, NULL, sums);
done:
    return result;
}

void rine_coupled_step(rine_coupled *c, int64_t epoch)
{
    lanes_step step = { .optimizer = c->train->optimizer, .step = ++c->steps };
    for (int lane = 0; lane < LANES_MAX; lane++) {
        step.rate[lane] = (float)train_rate(c->train, (int)epoch);
        step.momentum[lane] = (float)c->train->momentum;
        step.second[lane] = (float)c->train->second;
        step.weight_decay[lane] = (float)c->train->weight_decay;
    }
    rine_decoder_step(&c->decoder, &step);
    for (int i = c->shares.group; i < c->sources; i += c->shares.groups)
        rine_learner_step(&c->learner[i], c->kernels, &step);
}

/* ---- evaluation -------------------------------------------------------------------------------------------------------- */

status rine_coupled_evaluate(rine_coupled *c, lanes_sums *means)
{
    status result = OK;
    const float no_weight[LANES_MAX] = { 0 };
    const double samples = (double)c->data->shape.test;
    const int64_t batches = rine_batches_test_count(&c->batches);
    *means = (lanes_sums){ 0 };
    for (int64_t k = 0; k < batches; k++) {
        rine_batches_visit_test(&c->batches, k);
        rine_decoder_read(&c->decoder, &c->batches, PART_TEST);
        for (int round = 0; round < rine_shares_rounds(&c->shares); round++)
            TRY(forward_round(c, DATA_TEST, 0, round));
        rine_decoder_loss(&c->decoder, &c->batches, (const float *const *)c->logits, no_weight, NULL,
                          c->row_nats, means);
        for (int i = 0; i < c->sources; i++)
            for (int r = 0; r < c->batches.own_rows[0]; r++)
                c->test_nats[i][c->batches.visit[0][r]] = c->row_nats[i][r * c->lanes];
    }
    for (int lane = 0; lane < c->lanes; lane++) {
        means->distance[lane] /= samples;
        for (int i = 0; i < c->sources; i++) {
            means->cross_entropy[i][lane] /= samples;
            means->correct[i][lane] /= samples;
            means->squares[i][lane] /= samples;
        }
    }
done:
    return result;
}

status rine_coupled_finite(rine_coupled *c, bool *finite)
{
    status result = OK;
    const rine_shares *shares = &c->shares;
    const int ranks = gang_ranks(shares->all);
    unsigned char own[SOURCES_MAX] = { 0 };
    unsigned char *all = malloc((size_t)ranks * sizeof own);
    CHECK(all != NULL, NO_MEMORY, "flags of %d ranks", ranks);
    for (int i = shares->group; i < c->sources; i += shares->groups)
        own[i] = rine_learner_finite(&c->learner[i]);
    TRY(gang_gather(shares->all, own, sizeof own, all));
    for (int i = 0; i < c->sources; i++)
        finite[i] = all[(size_t)rine_shares_owner(shares, i) * sizeof own + (size_t)i] != 0;
done:
    free(all);
    return result;
}
