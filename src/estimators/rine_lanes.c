#include "rine_lanes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rine_batches.h"
#include "rine_decoder.h"
#include "rine_parts.h"

/* A group of tasks in training. All arrays hold the lanes innermost (lanes.h). */
typedef struct group {
    const lanes_kernels *kernels;
    const task_pack *pack;
    int first, count; /* of the pack's tasks */
    int lanes, outputs, classes, weighted;
    rine_training what;
    const train_options *train; /* of the first task: what is shared */
    const rine_options *rine;

    rine_batches batches; /* lanes beyond the tasks repeat the first */
    rine_decoder decoder;
    int networks;
    lanes_network *network[SOURCES_MAX];
    float *gradient[SOURCES_MAX];      /* (rows, outputs, lanes) of the outputs */
    float *row_nats[SOURCES_MAX];      /* (rows, lanes) of each network */
    double *class_nats, *class_weight; /* (lanes, classes) */
    int64_t diverged[LANES_MAX];       /* epoch in which the task diverged, or -1 */
    int64_t steps;                     /* optimizer steps so far */
    double next_tick;
} group;

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static const rine_options *rine_of(const group *g, int lane)
{
    return g->pack->task[g->first + (lane < g->count ? lane : 0)]->block[SECTION_ESTIMATOR];
}

static const train_options *train_of(const group *g, int lane)
{
    return g->pack->task[g->first + (lane < g->count ? lane : 0)]->block[SECTION_TRAIN];
}

/* ---- sizes --------------------------------------------------------------------------------------------------------- */

/* Rounds up to a quarter of the power of two below: at most a quarter more, and four sizes from one power to the next.
 * Up to 16 every size is its own. */
static int64_t rounded(int64_t size)
{
    int64_t power = 4;
    while (8 * power <= size) power *= 2;
    return size <= 16 ? size : (size + power - 1) / power * power;
}

void rine_lanes_envelope(const settings *s, const data_shape *shape, data_shape *out)
{
    const train_options *o = s->block[SECTION_TRAIN];
    *out = *shape;
    if (shape->weighted) return;
    for (int i = 0; i < shape->sources; i++) out->features[i] = (int)rounded(shape->features[i]);
    out->train = rounded(shape->train);
    int64_t most = train_samples_alike(o, shape->train);
    if (o->epoch_steps == EPOCH_PASS && out->train > most) out->train = most;
    out->test = rounded(shape->test);
}

size_t rine_lanes_bytes(const lanes_kernels *k, const settings *s, const data_shape *shape)
{
    const train_options *o = s->block[SECTION_TRAIN];
    const rine_options *rine = s->block[SECTION_ESTIMATOR];
    const size_t lanes = (size_t)lanes_kernels_lanes(k);
    int rows = (int)train_rows(o, shape->train, shape->weighted);
    size_t bytes = lanes * (rine_batches_bytes(o, shape, rine->decompose) + rine_decoder_bytes(shape, rows));
    for (int i = 0; i < shape->sources; i++) {
        network_shape n = mlp_shape(s->block[SECTION_MODEL], shape->features[i], rine_outputs(shape));
        bytes += lanes_network_bytes(&n, rows, (int)lanes);
        bytes += (size_t)rows * (size_t)(rine_outputs(shape) + 1) * lanes * sizeof(float);
    }
    return bytes;
}

/* ---- making -------------------------------------------------------------------------------------------------------- */

static void group_free(group *g)
{
    for (int i = 0; i < SOURCES_MAX; i++) {
        lanes_network_free(g->network[i]);
        free(g->gradient[i]);
        free(g->row_nats[i]);
    }
    rine_batches_free(&g->batches);
    rine_decoder_free(&g->decoder);
    free(g->class_nats);
    free(g->class_weight);
}

static status group_networks(group *g)
{
    status result = OK;
    const settings *s = g->pack->task[g->first];
    const rine_batches *b = &g->batches;
    size_t rows = (size_t)b->rows_most * (size_t)g->lanes * sizeof(float),
           outputs = rows * (size_t)g->outputs;
    for (int i = 0; i < g->networks; i++) {
        network_shape n = mlp_shape(s->block[SECTION_MODEL], b->features[i], g->outputs);
        /* the joint network's initial parameters are not those of any source's */
        const int stream = g->what == TRAIN_JOINT ? g->pack->shape.sources : i;
        TRY(lanes_network_make(g->kernels, &n, b->rows_most, &g->network[i]));
        for (int lane = 0; lane < g->lanes; lane++)
            lanes_network_initialise(g->network[i], lane, b->own_features[i][lane], b->seed[lane], stream);
        g->gradient[i] = lanes_allocate(outputs);
        g->row_nats[i] = lanes_allocate(rows);
        CHECK(g->gradient[i] && g->row_nats[i], NO_MEMORY, "gradients of %zu bytes", outputs);
    }
done:
    return result;
}

/* Every network's cross-entropy has the share that it has in the coupled objective, so that all trainings take steps of
 * the same size. */
static lanes_loss group_loss(const group *g)
{
    return (lanes_loss){ .sources = g->networks,
                         .outputs = g->outputs,
                         .distance = (rine_distance)g->rine->distance,
                         .coupling = (rine_coupling)g->rine->coupling,
                         .share = 1.0f / (float)g->pack->shape.sources };
}

/* Frees what it made when it fails. */
static status group_make(group *g, const dataset *const *data)
{
    status result = OK;
    const dataset *of_lane[LANES_MAX];
    int64_t seed[LANES_MAX];
    size_t classes = (size_t)g->lanes * (size_t)g->classes;
    for (int lane = 0; lane < g->lanes; lane++) {
        int task = lane < g->count ? lane : 0;
        of_lane[lane] = data[task];
        seed[lane] = settings_task(g->pack->task[g->first + task])->seed;
        g->diverged[lane] = -1;
    }
    TRY(rine_batches_make(&g->batches, g->kernels, g->train, g->what, of_lane, seed));
    g->networks = g->batches.networks;
    const lanes_loss loss = group_loss(g);
    TRY(rine_decoder_make(&g->decoder, &g->batches, &loss, g->rine->variance == VARIANCE_LEARNED));
    TRY(group_networks(g));
    g->class_nats = calloc(classes + 1, sizeof(double));
    g->class_weight = calloc(classes + 1, sizeof(double));
    CHECK(g->class_nats && g->class_weight, NO_MEMORY, "training arrays of %d lanes", g->lanes);
done:
    if (result != OK) group_free(g);
    return result;
}

/* ---- training ------------------------------------------------------------------------------------------------------ */

/* Rate and distance weight of an epoch, per lane. */
static void group_epoch_settings(const group *g, int64_t epoch, lanes_step *step, float *distance_weight)
{
    *step = (lanes_step){ .optimizer = g->train->optimizer };
    for (int lane = 0; lane < g->lanes; lane++) {
        const train_options *o = train_of(g, lane);
        step->rate[lane] = (float)train_rate(o, (int)epoch);
        step->momentum[lane] = (float)o->momentum;
        step->second[lane] = (float)o->second;
        step->weight_decay[lane] = (float)o->weight_decay;
        distance_weight[lane] = 0;
        if (g->what == TRAIN_COUPLED)
            distance_weight[lane] = (float)rine_weight(rine_of(g, lane), g->outputs, epoch);
    }
}

/* One optimizer step on the rows that were read. */
static void group_step(group *g, lanes_step *step, const float *distance_weight, lanes_sums *sums)
{
    const rine_batches *b = &g->batches;
    const float *outputs[SOURCES_MAX];
    float unbias[LANES_MAX];
    for (int lane = 0; lane < g->lanes; lane++) {
        int rows = b->own_rows[lane];
        unbias[lane] = g->weighted || rows < 2 ? 1.0f : (float)rows / (float)(rows - 1);
    }
    for (int i = 0; i < g->networks; i++)
        outputs[i] = lanes_network_forward(g->network[i], b->rows, b->weight, unbias);
    rine_decoder_loss(&g->decoder, b, outputs, distance_weight, g->gradient, NULL, sums);
    step->step = ++g->steps;
    rine_decoder_step(&g->decoder, step);
    for (int i = 0; i < g->networks; i++) {
        lanes_network_backward(g->network[i], b->rows, b->weight, g->gradient[i]);
        lanes_network_step(g->network[i], step);
    }
}

static bool group_ticks(group *g, ticker *t, int64_t epoch)
{
    double now = now_seconds();
    if (now < g->next_tick) return true;
    g->next_tick = now + t->interval_seconds;
    double fraction = (double)epoch / (double)g->train->epochs;
    return t->tick(t, (g->first + g->count * fraction) / g->pack->count);
}

/* A network that an infinite parameter has spoilt has diverged, even where its loss is still a number. */
static void group_spoil(const group *g, double nats[][LANES_MAX])
{
    bool finite[LANES_MAX];
    for (int i = 0; i < g->networks; i++) {
        lanes_network_finite(g->network[i], finite);
        for (int lane = 0; lane < g->count; lane++)
            if (!finite[lane]) nats[i][lane] = NAN;
    }
}

/* Trains one epoch; train_nats (networks, lanes) gets the samples' mean cross-entropy. */
static status group_train_epoch(group *g, int64_t epoch, ticker *t, double train_nats[][LANES_MAX])
{
    rine_batches *b = &g->batches;
    const int64_t steps = train_steps(g->train, b->samples[PART_TRAIN][0], g->weighted);
    float distance_weight[LANES_MAX];
    lanes_step step;
    int64_t seen[LANES_MAX] = { 0 };

    group_epoch_settings(g, epoch, &step, distance_weight);
    memset(train_nats, 0, SOURCES_MAX * sizeof *train_nats);
    for (int64_t k = 0; k < steps; k++) {
        lanes_sums sums = { 0 };
        rine_batches_train(b, epoch, k, g->network);
        rine_decoder_read(&g->decoder, b, PART_TRAIN);
        group_step(g, &step, distance_weight, &sums);
        for (int lane = 0; lane < g->count; lane++) {
            seen[lane] += b->own_rows[lane];
            for (int i = 0; i < g->networks; i++)
                train_nats[i][lane] += b->own_rows[lane] * sums.cross_entropy[i][lane];
        }
        if (!group_ticks(g, t, epoch)) return WORK_LEFT;
    }
    for (int i = 0; i < g->networks; i++)
        for (int lane = 0; lane < g->count; lane++) train_nats[i][lane] /= (double)seen[lane];
    group_spoil(g, train_nats);
    return OK;
}

/* Mean cross-entropy of the sources at place `at` of (rows, lanes). */
static float mean_nats(const group *g, int at)
{
    float sum = 0;
    for (int i = 0; i < g->networks; i++) sum += g->row_nats[i][at];
    return sum * (1.0f / (float)g->networks);
}

static void group_add_classes(group *g)
{
    const int32_t *label = g->decoder.label;
    const rine_batches *b = &g->batches;
    for (int lane = 0; lane < g->count; lane++) {
        double *nats = g->class_nats + (size_t)lane * (size_t)g->classes;
        double *weight = g->class_weight + (size_t)lane * (size_t)g->classes;
        for (int r = 0; r < b->own_rows[lane]; r++) {
            int at = r * g->lanes + lane;
            nats[label[at]] += (double)b->weight[at] * (double)mean_nats(g, at);
            weight[label[at]] += (double)b->weight[at];
        }
    }
}

/* Tells each task's sink the cross-entropies of the batch's samples, in the units of the target. */
static void group_tell_samples(const group *g, const rine_sink *sink)
{
    const rine_batches *b = &g->batches;
    for (int lane = 0; lane < g->count; lane++) {
        const float scale = (float)g->decoder.log_scale_nats[lane];
        const int rows = b->own_rows[lane];
        if (rows == 0 || g->diverged[lane] >= 0) continue;
        for (int i = 0; i < g->networks; i++) {
            for (int r = 0; r < rows; r++) g->row_nats[i][r * g->lanes + lane] += scale;
            sink->samples(sink->context, g->first + lane, i, b->visit[lane][0], rows, g->row_nats[i] + lane,
                          g->lanes);
        }
    }
}

/* Passes the whole test part through the networks as they stand; the sums become means. */
static void group_evaluate(group *g, bool averaged, const rine_sink *sink, lanes_sums *sums)
{
    rine_batches *b = &g->batches;
    const float no_weight[LANES_MAX] = { 0 };
    const int64_t batches = rine_batches_test_count(b);
    size_t classes = (size_t)g->lanes * (size_t)g->classes;
    memset(sums, 0, sizeof *sums);
    memset(g->class_nats, 0, classes * sizeof(double));
    memset(g->class_weight, 0, classes * sizeof(double));
    for (int64_t k = 0; k < batches; k++) {
        const float *outputs[SOURCES_MAX];
        rine_batches_test(b, k, g->network);
        rine_decoder_read(&g->decoder, b, PART_TEST);
        for (int i = 0; i < g->networks; i++) outputs[i] = lanes_network_predict(g->network[i], b->rows);
        rine_decoder_loss(&g->decoder, b, outputs, no_weight, NULL, g->row_nats, sums);
        if (averaged && sink->classes && g->classes > 0) group_add_classes(g);
        if (averaged && sink->samples) group_tell_samples(g, sink);
    }
    for (int lane = 0; lane < g->count; lane++) {
        double samples = g->weighted ? 1 : (double)b->samples[PART_TEST][lane];
        sums->distance[lane] /= samples;
        for (int i = 0; i < g->networks; i++) {
            sums->cross_entropy[i][lane] /= samples;
            sums->correct[i][lane] /= samples;
            sums->squares[i][lane] /= samples;
        }
    }
}

/* Tells each task's sink what the epoch gave. */
static void group_tell(const group *g, int64_t epoch, bool averaged, double train_nats[][LANES_MAX],
                       const lanes_sums *sums, const rine_sink *sink)
{
    for (int lane = 0; lane < g->count; lane++) {
        if (g->diverged[lane] >= 0) continue;
        const double scale = g->decoder.log_scale_nats[lane];
        rine_epoch e = { .distance = sums->distance[lane] };
        for (int i = 0; i < g->networks; i++) {
            e.train_nats[i] = train_nats[i][lane] + scale;
            e.test_nats[i] = sums->cross_entropy[i][lane] + scale;
            e.score[i] = rine_decoder_score(&g->decoder, sums, i, lane);
        }
        sink->epoch(sink->context, g->first + lane, epoch, &e);
        size_t at = (size_t)lane * (size_t)g->classes;
        if (averaged && sink->classes && g->classes > 0)
            sink->classes(sink->context, g->first + lane, g->class_nats + at, g->class_weight + at);
    }
}

/* A loss that is no number stays none: the task has diverged. Returns the number of tasks that are still alive. */
static int group_check(group *g, int64_t epoch, double nats[][LANES_MAX], const rine_sink *sink)
{
    int alive = 0;
    for (int lane = 0; lane < g->count; lane++) {
        bool finite = true;
        for (int i = 0; i < g->networks; i++) finite = finite && isfinite(nats[i][lane]);
        if (!finite && g->diverged[lane] < 0) {
            g->diverged[lane] = epoch;
            sink->diverged(sink->context, g->first + lane, epoch);
        }
        alive += g->diverged[lane] < 0;
    }
    return alive;
}

static status group_train(group *g, ticker *t, const rine_sink *sink)
{
    status result = OK;
    double train_nats[SOURCES_MAX][LANES_MAX];
    for (int64_t epoch = 0; epoch < g->train->epochs; epoch++) {
        const bool averaged = epoch >= g->train->epochs - rine_averaged(g->pack->task[g->first]);
        lanes_sums sums;
        TRY(group_train_epoch(g, epoch, t, train_nats));
        if (group_check(g, epoch, train_nats, sink) == 0) break;
        if (!averaged && !g->rine->history) continue;
        group_evaluate(g, averaged, sink, &sums);
        if (group_check(g, epoch, sums.cross_entropy, sink) == 0) break;
        group_tell(g, epoch, averaged, train_nats, &sums, sink);
    }
done:
    return result;
}

status rine_lanes_train(const lanes_kernels *k, const task_pack *pack, int first, int count,
                        const dataset *const *data, rine_training what, ticker *t, const rine_sink *sink)
{
    status result = OK;
    group g = { .kernels = k,
                .pack = pack,
                .first = first,
                .count = count,
                .lanes = lanes_kernels_lanes(k),
                .classes = pack->shape.classes,
                .outputs = rine_outputs(&pack->shape),
                .weighted = pack->shape.weighted,
                .what = what,
                .train = pack->task[first]->block[SECTION_TRAIN],
                .rine = pack->task[first]->block[SECTION_ESTIMATOR] };
    TRY(group_make(&g, data));
    result = group_train(&g, t, sink);
    group_free(&g);
done:
    return result;
}
