#include "rine_lanes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A group of tasks in training. All arrays hold the lanes innermost (lanes.h). */
typedef struct group {
    const lanes_kernels *kernels;
    const task_pack *pack;
    int first, count; /* of the pack's tasks */
    int lanes, rows;  /* rows: room for samples at a time */
    data_shape shape;
    const train_options *train; /* of the first task: what is shared */
    const rine_options *rine;

    const dataset *data[LANES_MAX]; /* lanes beyond the tasks repeat the first */
    const task_options *task[LANES_MAX];
    lanes_network *network[SOURCES_MAX];
    float *gradient[SOURCES_MAX];      /* (rows, classes, lanes) of the logits */
    float *weight;                     /* (rows, lanes) of the samples */
    float *row_nats;                   /* (rows, lanes) */
    int32_t *label;                    /* (rows, lanes) */
    int32_t *order[LANES_MAX];         /* (train) this epoch's order of the samples */
    int32_t *orders;                   /* the block behind them */
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

static int group_rows(const train_options *o, const data_shape *shape)
{
    if (shape->weighted) return (int)shape->train;
    return (int)(o->batch < shape->train ? o->batch : shape->train);
}

size_t rine_lanes_bytes(const lanes_kernels *k, const settings *s, const data_shape *shape)
{
    const train_options *o = s->block[SECTION_TRAIN];
    int rows = group_rows(o, shape), lanes = lanes_kernels_lanes(k);
    size_t bytes = (size_t)shape->train * (size_t)lanes * sizeof(int32_t);
    for (int i = 0; i < shape->sources; i++) {
        network_shape n = mlp_shape(s->block[SECTION_MODEL], shape->features[i], shape->classes);
        bytes += lanes_network_bytes(&n, rows, lanes);
        bytes += (size_t)rows * (size_t)shape->classes * (size_t)lanes * sizeof(float);
    }
    return bytes + 3 * (size_t)rows * (size_t)lanes * sizeof(float);
}

static void group_free(group *g)
{
    for (int i = 0; i < SOURCES_MAX; i++) {
        lanes_network_free(g->network[i]);
        free(g->gradient[i]);
    }
    free(g->weight);
    free(g->row_nats);
    free(g->label);
    free(g->orders);
    free(g->class_nats);
    free(g->class_weight);
}

static status group_networks(group *g)
{
    status result = OK;
    const settings *s = g->pack->task[g->first];
    size_t logits = (size_t)g->rows * (size_t)g->shape.classes * (size_t)g->lanes * sizeof(float);
    for (int i = 0; i < g->shape.sources; i++) {
        network_shape n = mlp_shape(s->block[SECTION_MODEL], g->shape.features[i], g->shape.classes);
        TRY(lanes_network_make(g->kernels, &n, g->rows, &g->network[i]));
        for (int lane = 0; lane < g->lanes; lane++)
            lanes_network_initialise(g->network[i], lane, g->task[lane]->seed, i);
        g->gradient[i] = lanes_allocate(logits);
        CHECK(g->gradient[i], NO_MEMORY, "gradients of %zu bytes", logits);
    }
done:
    return result;
}

/* The first lane whose task has the same seed as this one's: tasks of a seed visit their samples in the same order, which
 * is drawn once. */
static int first_of_seed(const group *g, int lane)
{
    int first = 0;
    while (g->task[first]->seed != g->task[lane]->seed) first++;
    return first;
}

/* Frees what it made when it fails. */
static status group_make(group *g)
{
    status result = OK;
    size_t cells = (size_t)g->rows * (size_t)g->lanes;
    size_t classes = (size_t)g->lanes * (size_t)g->shape.classes;
    size_t train = (size_t)g->shape.train;

    TRY(group_networks(g));
    g->weight = lanes_allocate(cells * sizeof(float));
    g->row_nats = lanes_allocate(cells * sizeof(float));
    g->label = lanes_allocate(cells * sizeof(int32_t));
    g->orders = malloc((size_t)g->lanes * train * sizeof(int32_t));
    g->class_nats = malloc(classes * sizeof(double));
    g->class_weight = malloc(classes * sizeof(double));
    CHECK(g->weight && g->row_nats && g->label && g->orders && g->class_nats && g->class_weight, NO_MEMORY,
          "training arrays for %zu samples in %d lanes", train, g->lanes);
    for (int lane = 0; lane < g->lanes; lane++) {
        g->order[lane] = g->orders + (size_t)first_of_seed(g, lane) * train;
        g->diverged[lane] = -1;
    }
done:
    if (result != OK) group_free(g);
    return result;
}

/* Rows first … first+rows-1 of every lane's training (order) or test part (order NULL) into the networks' inputs. */
static void group_gather(group *g, bool test, int32_t *const *order, int64_t first, int rows)
{
    const float *x[LANES_MAX];
    const int32_t *y[LANES_MAX], *const *visits = (const int32_t *const *)order;
    for (int i = 0; i < g->shape.sources; i++) {
        for (int lane = 0; lane < g->lanes; lane++)
            x[lane] = test ? g->data[lane]->test_x[i] : g->data[lane]->train_x[i];
        lanes_gather(g->kernels, x, visits, first, rows, g->shape.features[i],
                     lanes_network_input(g->network[i]));
    }
    for (int lane = 0; lane < g->lanes; lane++)
        y[lane] = test ? g->data[lane]->test_y : g->data[lane]->train_y;
    lanes_gather_labels(g->kernels, y, visits, first, rows, g->label);
}

/* Weights of the rows of a batch: the table's probabilities, or all alike. */
static void group_weights(group *g, int rows, float alike)
{
    for (int r = 0; r < rows; r++)
        for (int lane = 0; lane < g->lanes; lane++)
            g->weight[r * g->lanes + lane] = g->shape.weighted ? (float)g->data[lane]->weight[r] : alike;
}

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
        distance_weight[lane] = (float)rine_weight(rine_of(g, lane), g->shape.classes, epoch);
    }
}

static lanes_loss group_loss(const group *g)
{
    return (lanes_loss){ .sources = g->shape.sources,
                         .classes = g->shape.classes,
                         .distance = (rine_distance)g->rine->distance,
                         .coupling = (rine_coupling)g->rine->coupling };
}

/* One optimizer step on the rows that were gathered. */
static void group_step(group *g, int rows, lanes_step *step, const float *distance_weight, lanes_sums *sums)
{
    const lanes_loss loss = group_loss(g);
    const float *logits[SOURCES_MAX];
    float unbias = g->shape.weighted || rows < 2 ? 1.0f : (float)rows / (float)(rows - 1);
    for (int i = 0; i < g->shape.sources; i++)
        logits[i] = lanes_network_forward(g->network[i], rows, g->weight, unbias);
    lanes_loss_run(g->kernels, &loss, rows, logits, g->label, g->weight, distance_weight, g->gradient, NULL,
                   sums);
    step->step = ++g->steps;
    for (int i = 0; i < g->shape.sources; i++) {
        lanes_network_backward(g->network[i], rows, g->weight, g->gradient[i]);
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

/* Trains one epoch; train_nats (sources, lanes) gets the samples' mean cross-entropy. */
static status group_train_epoch(group *g, int64_t epoch, ticker *t, double train_nats[][LANES_MAX])
{
    const int64_t n = g->shape.train, steps = train_steps(g->train, n, g->shape.weighted);
    float distance_weight[LANES_MAX];
    lanes_step step;
    int64_t seen = 0;

    group_epoch_settings(g, epoch, &step, distance_weight);
    memset(train_nats, 0, SOURCES_MAX * sizeof *train_nats);
    for (int lane = 0; lane < g->count && !g->shape.weighted; lane++)
        if (first_of_seed(g, lane) == lane) train_shuffle(g->task[lane]->seed, (int)epoch, n, g->order[lane]);
    for (int64_t k = 0; k < steps; k++) {
        int64_t left = n - k * g->rows;
        int rows = (int)(left < g->rows ? left : g->rows);
        lanes_sums sums = { 0 };
        group_gather(g, false, g->shape.weighted ? NULL : g->order, k * g->rows, rows);
        group_weights(g, rows, 1.0f / (float)rows);
        group_step(g, rows, &step, distance_weight, &sums);
        for (int i = 0; i < g->shape.sources; i++)
            for (int lane = 0; lane < g->count; lane++)
                train_nats[i][lane] += rows * sums.cross_entropy[i][lane];
        seen += rows;
        if (!group_ticks(g, t, epoch)) return WORK_LEFT;
    }
    for (int i = 0; i < g->shape.sources; i++)
        for (int lane = 0; lane < g->count; lane++) train_nats[i][lane] /= (double)seen;
    return OK;
}

static void group_add_classes(group *g, int rows)
{
    for (int lane = 0; lane < g->count; lane++) {
        double *nats = g->class_nats + (size_t)lane * (size_t)g->shape.classes;
        double *weight = g->class_weight + (size_t)lane * (size_t)g->shape.classes;
        for (int r = 0; r < rows; r++) {
            int at = r * g->lanes + lane;
            nats[g->label[at]] += (double)g->weight[at] * (double)g->row_nats[at];
            weight[g->label[at]] += (double)g->weight[at];
        }
    }
}

/* Passes the whole test part through the networks as they stand; the sums become means. */
static void group_evaluate(group *g, lanes_sums *sums)
{
    const lanes_loss loss = group_loss(g);
    const float no_weight[LANES_MAX] = { 0 };
    size_t classes = (size_t)g->lanes * (size_t)g->shape.classes;
    memset(sums, 0, sizeof *sums);
    memset(g->class_nats, 0, classes * sizeof(double));
    memset(g->class_weight, 0, classes * sizeof(double));
    for (int64_t first = 0; first < g->shape.test; first += g->rows) {
        int64_t left = g->shape.test - first;
        int rows = (int)(left < g->rows ? left : g->rows);
        const float *logits[SOURCES_MAX];
        group_gather(g, true, NULL, first, rows);
        group_weights(g, rows, 1.0f); /* counts are exact in a float, shares are not */
        for (int i = 0; i < g->shape.sources; i++) logits[i] = lanes_network_predict(g->network[i], rows);
        lanes_loss_run(g->kernels, &loss, rows, logits, g->label, g->weight, no_weight, NULL, g->row_nats,
                       sums);
        group_add_classes(g, rows);
    }
    double samples = g->shape.weighted ? 1 : (double)g->shape.test;
    for (int lane = 0; lane < g->count; lane++) {
        sums->distance[lane] /= samples;
        for (int i = 0; i < g->shape.sources; i++) {
            sums->cross_entropy[i][lane] /= samples;
            sums->correct[i][lane] /= samples;
        }
    }
}

/* Tells each task's sink what the epoch gave. */
static void group_tell(const group *g, int64_t epoch, bool averaged, double train_nats[][LANES_MAX],
                       const lanes_sums *sums, const rine_sink *sink)
{
    for (int lane = 0; lane < g->count; lane++) {
        if (g->diverged[lane] >= 0) continue;
        rine_epoch e = { .distance = sums->distance[lane] };
        for (int i = 0; i < g->shape.sources; i++) {
            e.train_nats[i] = train_nats[i][lane];
            e.test_nats[i] = sums->cross_entropy[i][lane];
            e.accuracy[i] = sums->correct[i][lane];
        }
        sink->epoch(sink->context, g->first + lane, epoch, &e);
        size_t at = (size_t)lane * (size_t)g->shape.classes;
        if (averaged) sink->classes(sink->context, g->first + lane, g->class_nats + at, g->class_weight + at);
    }
}

/* A loss that is no number stays none: the task has diverged. Returns the number of tasks that are still alive. */
static int group_check(group *g, int64_t epoch, double nats[][LANES_MAX], const rine_sink *sink)
{
    int alive = 0;
    for (int lane = 0; lane < g->count; lane++) {
        bool finite = true;
        for (int i = 0; i < g->shape.sources; i++) finite = finite && isfinite(nats[i][lane]);
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
        bool averaged = epoch >= g->train->epochs - g->rine->average_last;
        lanes_sums sums;
        TRY(group_train_epoch(g, epoch, t, train_nats));
        if (group_check(g, epoch, train_nats, sink) == 0) break;
        if (!averaged && !g->rine->history) continue;
        group_evaluate(g, &sums);
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
    (void)what;
    group g = { .kernels = k,
                .pack = pack,
                .first = first,
                .count = count,
                .lanes = lanes_kernels_lanes(k),
                .shape = pack->shape,
                .train = pack->task[first]->block[SECTION_TRAIN],
                .rine = pack->task[first]->block[SECTION_ESTIMATOR] };
    g.rows = group_rows(g.train, &g.shape);
    for (int lane = 0; lane < g.lanes; lane++) {
        g.data[lane] = data[lane < count ? lane : 0];
        g.task[lane] = settings_task(pack->task[first + (lane < count ? lane : 0)]);
    }
    TRY(group_make(&g));
    result = group_train(&g, t, sink);
    group_free(&g);
done:
    return result;
}
