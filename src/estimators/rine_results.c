#include "rine_results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rine_parts.h"

/* ---- memory ------------------------------------------------------------------------------------------------------ */

/* Doubles that a task's arrays take. */
static size_t room_of(const settings *s, const data_shape *shape)
{
    size_t room = 2 * (size_t)shape->classes;
    if (rine_keeps_samples(s, shape)) room += (size_t)shape->sources * (size_t)shape->test;
    return room;
}

status rine_group_make(const task_pack *pack, int first, int count, const dataset *const *data,
                       task_row *const *rows, rine_group *out)
{
    status result = OK;
    size_t room = 1;
    *out = (rine_group){ .pack = pack, .first = first, .count = count };
    for (int i = 0; i < count; i++) room += room_of(pack->task[first + i], &data[i]->shape);
    out->memory = calloc(room, sizeof *out->memory);
    CHECK(out->memory != NULL, NO_MEMORY, "results of %d tasks", count);
    double *next = out->memory;
    for (int i = 0; i < count; i++) {
        const settings *s = pack->task[first + i];
        const data_shape *shape = &data[i]->shape;
        rine_sums *task = &out->task[i];
        *task = (rine_sums){ .settings = s, .data = data[i], .row = rows[first + i] };
        task->entropy_bits = rine_target_entropy_bits(rine_options_of(s), data[i]);
        task->class_nats = next;
        task->class_weight = next + shape->classes;
        if (rine_keeps_samples(s, shape)) task->sample_nats = next + 2 * shape->classes;
        next += room_of(s, shape);
    }
done:
    return result;
}

void rine_group_free(rine_group *g)
{
    free(g->memory);
    g->memory = NULL;
}

/* ---- while it trains ----------------------------------------------------------------------------------------------- */

static rine_sums *task_of(void *context, int task)
{
    rine_group *g = context;
    return &g->task[task - g->first];
}

/* H(Y) minus the mean of the sources' cross-entropies, from sums over some epochs. */
static double information(const rine_sums *t, const double *nats, double epochs)
{
    double sum = 0;
    for (int i = 0; i < t->data->shape.sources; i++) sum += nats[i];
    return t->entropy_bits - bits_per_nat * (sum / t->data->shape.sources) / epochs;
}

static double weight_at(const rine_sums *t, int64_t epoch)
{
    return rine_weight(rine_options_of(t->settings), rine_outputs(&t->data->shape), epoch);
}

static void take_history(const rine_sums *t, int64_t epoch, const rine_epoch *e)
{
    double values[METRICS] = {
        [METRIC_TEST] = information(t, e->test_nats, 1),
        [METRIC_TRAIN] = information(t, e->train_nats, 1),
        [METRIC_DISTANCE] = e->distance,
        [METRIC_WEIGHT] = weight_at(t, epoch),
    };
    for (int m = 0; m < METRICS; m++)
        row_set(t->row, "history", epoch * t->row->layout->extents.metrics + m, values[m]);
}

static void take_epoch(void *context, int task, int64_t epoch, const rine_epoch *e)
{
    rine_sums *t = task_of(context, task);
    if (rine_options_of(t->settings)->history) take_history(t, epoch, e);
    if (epoch < rine_train_of(t->settings)->epochs - rine_averaged(t->settings)) return;
    for (int i = 0; i < t->data->shape.sources; i++) {
        t->epochs.train_nats[i] += e->train_nats[i];
        t->epochs.test_nats[i] += e->test_nats[i];
        t->epochs.score[i] += e->score[i];
    }
    t->epochs.distance += e->distance;
}

static void take_classes(void *context, int task, const double *nats, const double *weight)
{
    rine_sums *t = task_of(context, task);
    for (int c = 0; c < t->data->shape.classes; c++) {
        t->class_nats[c] += nats[c];
        t->class_weight[c] += weight[c];
    }
}

static void take_samples(void *context, int task, int source, int64_t first, int count, const float *nats,
                         int stride)
{
    rine_sums *t = task_of(context, task);
    if (!t->sample_nats) return;
    double *to = t->sample_nats + source * t->data->shape.test + first;
    for (int r = 0; r < count; r++) to[r] += (double)nats[r * stride];
}

static void take_divergence(void *context, int task, int64_t epoch)
{
    row_fail(task_of(context, task)->row, OUTCOME_DIVERGED,
             "the loss is not a number from epoch %lld on; try a smaller train.rate", (long long)epoch);
}

/* ---- to be taken up later ------------------------------------------------------------------------------------------ */

/* Where the numbers of a task lie. */
enum { HELD_EPOCHS, HELD_ARRAYS, HELD_HISTORY, HELD };
typedef struct held {
    double *at;
    int64_t count;
} held;

static void held_of(rine_sums *t, held out[HELD])
{
    const variable *history = layout_find(t->row->layout, "history");
    _Static_assert(sizeof(rine_epoch) % sizeof(double) == 0, "an epoch is doubles");
    out[HELD_EPOCHS] = (held){ (double *)(void *)&t->epochs, sizeof t->epochs / sizeof(double) };
    out[HELD_ARRAYS] = (held){ t->class_nats, (int64_t)room_of(t->settings, &t->data->shape) };
    out[HELD_HISTORY] = (held){ NULL, 0 };
    if (rine_options_of(t->settings)->history && history)
        out[HELD_HISTORY] = (held){ t->row->value + history->offset,
                                    rine_train_of(t->settings)->epochs * t->row->layout->extents.metrics };
}

static int64_t count_held(void *context, int task)
{
    held parts[HELD];
    held_of(task_of(context, task), parts);
    return parts[HELD_EPOCHS].count + parts[HELD_ARRAYS].count + parts[HELD_HISTORY].count;
}

static void hold(void *context, int task, double *to)
{
    held parts[HELD];
    held_of(task_of(context, task), parts);
    for (int k = 0; k < HELD; to += parts[k++].count)
        if (parts[k].count > 0) memcpy(to, parts[k].at, (size_t)parts[k].count * sizeof *to);
}

static void restore(void *context, int task, const double *from)
{
    held parts[HELD];
    held_of(task_of(context, task), parts);
    for (int k = 0; k < HELD; from += parts[k++].count)
        if (parts[k].count > 0) memcpy(parts[k].at, from, (size_t)parts[k].count * sizeof *from);
}

rine_sink rine_group_sink(rine_group *g)
{
    return (rine_sink){ .epoch = take_epoch,
                        .classes = take_classes,
                        .samples = take_samples,
                        .diverged = take_divergence,
                        .held = count_held,
                        .hold = hold,
                        .restore = restore,
                        .context = g };
}

/* ---- rows ------------------------------------------------------------------------------------------------------------ */

static void fill_sources(const rine_sums *t, double epochs)
{
    const data_shape *shape = &t->data->shape;
    const char *score = shape->classes > 0 ? "accuracy" : "explained_variance";
    for (int i = 0; i < shape->sources; i++) {
        row_set(t->row, "usable_information", i,
                t->entropy_bits - bits_per_nat * t->epochs.test_nats[i] / epochs);
        row_set(t->row, score, i, t->epochs.score[i] / epochs);
    }
}

static void fill_classes(const rine_sums *t)
{
    for (int c = 0; c < t->data->shape.classes; c++)
        if (t->class_weight[c] > 0)
            row_set(t->row, "class_redundant_information", c,
                    t->entropy_bits - bits_per_nat * t->class_nats[c] / t->class_weight[c]);
}

/* Of every recorded trial of the test part: which it is, what it was, and what it cost each source. */
static void fill_samples(const rine_sums *t, double epochs)
{
    const dataset *d = t->data;
    const int64_t test = d->shape.test, row = t->row->layout->extents.samples;
    for (int i = 0; i < d->shape.sources; i++)
        for (int64_t k = 0; k < test; k++) {
            row_set(t->row, "test_cross_entropy", i * row + k,
                    bits_per_nat * t->sample_nats[i * test + k] / epochs);
            row_set(t->row, "test_trial", i * row + k, d->test_trial[i][k]);
            row_set(t->row, "test_block", i * row + k, d->test_block[i][k]);
        }
    for (int64_t k = 0; d->test_y && k < test; k++) row_set(t->row, "test_target", k, d->test_y[k]);
}

static void fill_row(const rine_sums *t)
{
    const double epochs = (double)rine_averaged(t->settings), h = t->entropy_bits;
    t->row->outcome = OUTCOME_DONE;
    row_set(t->row, "target_entropy", 0, h);
    row_set(t->row, "redundant_information", 0, information(t, t->epochs.test_nats, epochs));
    row_set(t->row, "redundant_information_train", 0, information(t, t->epochs.train_nats, epochs));
    row_set(t->row, "distance", 0, t->epochs.distance / epochs);
    row_set(t->row, "distance_weight", 0, weight_at(t, rine_train_of(t->settings)->epochs - 1));
    fill_sources(t, epochs);
    fill_classes(t);
    if (t->sample_nats) fill_samples(t, epochs);
}

void rine_group_fill(const rine_group *g)
{
    for (const rine_sums *t = g->task; t < g->task + g->count; t++) {
        if (t->row->outcome == OUTCOME_DIVERGED) continue;
        if (isfinite(t->entropy_bits))
            fill_row(t);
        else if (t->data->shape.classes > 0)
            row_fail(t->row, OUTCOME_FAILED,
                     "H(Y) is not known for this data; set rine.target_entropy to empirical or uniform");
        else
            row_fail(
                t->row, OUTCOME_FAILED,
                "H(Y) is not a number: the target does not vary, or its dimensions determine each other");
    }
}
