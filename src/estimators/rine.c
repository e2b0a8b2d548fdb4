/* RINE (rine.h): trains one network per source and reports what they know in common about the target. */
#include "rine.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "estimator.h"
#include "lanes.h"
#include "rine_lanes.h"
#include "rine_optima.h"

static const double bits_per_nat = 1.4426950408889634; /* 1 / ln 2 */

#define FIELD(f) offsetof(rine_options, f)
static const option rine_rows[] = {
    { "beta", OPTION_REAL, FIELD(beta), "15", 0, 1e9, "",
      "weight of the agreement between the sources' predictions", .traits = OPTION_LANE },
    { "beta_schedule", OPTION_REAL, FIELD(beta_schedule), "0.97", 0, 0.999999, "",
      "s of beta_e = beta (1 - s^e) at epoch e = 0, 1, ...; 0: constant beta", .traits = OPTION_LANE },
    { "distance", OPTION_CHOICE, FIELD(distance), "l1", 0, 0, "", "distance between two predictions",
      .choices = "l1|l2|js" },
    { "coupling", OPTION_CHOICE, FIELD(coupling), "pairwise", 0, 0, "",
      "distances that count: all pairs of sources, or each source to the mean prediction",
      .choices = "pairwise|centroid" },
    { "reduce", OPTION_CHOICE, FIELD(reduce), "mean", 0, 0, "",
      "distance over classes: mean (authors' code: divides beta by the classes) or sum (paper)",
      .choices = "mean|sum", .traits = OPTION_LANE },
    { "target_entropy", OPTION_CHOICE, FIELD(target_entropy), "known", 0, 0, "",
      "H(Y): of the known distribution, log2 of the classes, or of the test labels that occur",
      .choices = "known|uniform|empirical", .traits = OPTION_LANE },
    { "average_last", OPTION_INTEGER, FIELD(average_last), "5", 1, 1e6, "epochs",
      "last epochs whose results are averaged" },
    { "history", OPTION_FLAG, FIELD(history), "false", 0, 0, "", "evaluate and keep every epoch" },
    { "exact", OPTION_FLAG, FIELD(exact), "true", 0, 0, "",
      "set the exact optimum of the objective beside, where the data is a finite table",
      .traits = OPTION_LANE },
    { .name = NULL }
};
#undef FIELD

enum { METRIC_TEST, METRIC_TRAIN, METRIC_DISTANCE, METRIC_WEIGHT, METRICS };
static const char *const metric_names[METRICS] = { "redundant_information", "redundant_information_train",
                                                   "distance", "distance_weight" };

static const quantity rine_results[] = {
    { "redundant_information", PER_CELL, "bits",
      "redundant information about the target: H(Y) minus the mean test cross-entropy of the sources" },
    { "redundant_information_train", PER_CELL, "bits",
      "the same over the training batches of the averaged epochs, as they were trained" },
    { "usable_information", PER_SOURCE, "bits",
      "usable information of one source: H(Y) minus its test cross-entropy" },
    { "distance", PER_CELL, "",
      "mean distance between the predictions on the test part, summed over classes" },
    { "accuracy", PER_SOURCE, "", "share of the test part whose class a source predicts" },
    { "target_entropy", PER_CELL, "bits", "H(Y) that was used" },
    { "exact_redundant_information", PER_CELL, "bits",
      "exact optimum of the objective at the final weight of the distance, where the data is a finite "
      "table" },
    { "class_redundant_information", PER_CLASS, "bits",
      "H(Y) minus the mean cross-entropy over the test samples of one class" },
    { "history", PER_EPOCH, "", "metrics of every epoch" },
    { .name = NULL }
};

static const rine_options *options_of(const settings *s)
{
    return s->block[SECTION_ESTIMATOR];
}

static const train_options *train_of(const settings *s)
{
    return s->block[SECTION_TRAIN];
}

/* ---- what a task is and costs ---------------------------------------------------------------------------------- */

/* The kernels count the numbers of a layer's weights in an int. */
static status check_layers(const settings *s, const data_shape *shape)
{
    status result = OK;
    for (int i = 0; i < shape->sources; i++) {
        network_shape n = mlp_shape(s->block[SECTION_MODEL], shape->features[i], shape->classes);
        for (int l = 0; l < n.layers; l++)
            CHECK((int64_t)n.layer[l].in * n.layer[l].out <= INT_MAX / LANES_MAX, BAD_INPUT,
                  "rine takes at most %d weights in a layer; model.hidden asks for %d times %d",
                  INT_MAX / LANES_MAX, n.layer[l].in, n.layer[l].out);
    }
done:
    return result;
}

static status check(const settings *s, const data_shape *shape)
{
    status result = OK;
    const train_options *t = train_of(s);
    CHECK(shape->sources >= 2, BAD_INPUT, "rine needs two or more sources; this data has %d", shape->sources);
    CHECK(shape->classes >= 2, BAD_INPUT, "rine needs a target of two or more classes; this data has %d",
          shape->classes);
    CHECK(shape->sources * shape->classes <= LANES_PROBABILITIES_MAX, BAD_INPUT,
          "rine takes at most %d sources times classes; this data has %d times %d", LANES_PROBABILITIES_MAX,
          shape->sources, shape->classes);
    CHECK(options_of(s)->average_last <= t->epochs, BAD_INPUT,
          "rine.average_last is %lld, but train.epochs is %lld; average at most the epochs there are",
          (long long)options_of(s)->average_last, (long long)t->epochs);
    CHECK(train_steps(t, shape->train, shape->weighted) > 0, BAD_INPUT,
          "train.batch is %lld, but there are %lld training samples, too few for one step; make the batch "
          "smaller",
          (long long)t->batch, (long long)shape->train);
    TRY(check_layers(s, shape));
done:
    return result;
}

static void extents(const settings *s, const data_shape *shape, result_extents *out)
{
    *out = (result_extents){ .sources = shape->sources, .classes = shape->classes };
    if (!options_of(s)->history) return;
    out->epochs = (int)train_of(s)->epochs;
    out->metrics = METRICS;
    for (int i = 0; i < METRICS; i++) out->metric[i] = metric_names[i];
}

static int64_t evaluations(const settings *s)
{
    return options_of(s)->history ? train_of(s)->epochs : options_of(s)->average_last;
}

static double flops(const settings *s, const data_shape *shape)
{
    double macs = 0;
    for (int i = 0; i < shape->sources; i++) {
        network_shape n = mlp_shape(s->block[SECTION_MODEL], shape->features[i], shape->classes);
        macs += (double)network_macs_train(&n) * (double)shape->train * (double)train_of(s)->epochs;
        macs += (double)network_macs_forward(&n) * (double)shape->test * (double)evaluations(s);
    }
    return 2 * macs;
}

static size_t bytes(const settings *s, const data_shape *shape, int count)
{
    const lanes_kernels *k;
    if (lanes_kernels_chosen(&k) != OK) return 0;
    size_t features = 0, lanes = (size_t)lanes_kernels_lanes(k);
    for (int i = 0; i < shape->sources; i++) features += (size_t)shape->features[i];
    size_t sample = features * sizeof(float) + sizeof(int32_t);
    size_t data = (size_t)(shape->train + (shape->weighted ? 0 : shape->test)) * sample;
    return rine_lanes_bytes(k, s, shape) + data * ((size_t)count < lanes ? (size_t)count : lanes);
}

/* Seconds on one core: arithmetic at the rate that a kernel set reaches, and what every sample and every step costs
 * beside it. Measured on one AVX-512 core by `make bench`; `run` corrects it by what it measures. */
static double seconds(const settings *s, const data_shape *shape, int count)
{
    static const struct {
        const char *name;
        double flops_per_second, seconds_per_value;
    } speeds[] = { { "reference", 1.0e9, 4e-9 },
                   { "baseline", 14e9, 1.5e-9 },
                   { "avx2", 32e9, 0.7e-9 },
                   { "avx512", 45e9, 0.5e-9 } };
    const lanes_kernels *k;
    if (lanes_kernels_chosen(&k) != OK) return 0;
    int lanes = lanes_kernels_lanes(k), groups = (count + lanes - 1) / lanes, set = 0;
    for (int i = 0; i < 4; i++)
        if (strcmp(speeds[i].name, lanes_kernels_name(k)) == 0) set = i;
    double features = 0, samples = (double)shape->train * (double)train_of(s)->epochs;
    for (int i = 0; i < shape->sources; i++) features += shape->features[i] + shape->classes;
    samples += (double)shape->test * (double)evaluations(s);
    double one =
        flops(s, shape) / speeds[set].flops_per_second + samples * features * speeds[set].seconds_per_value;
    return groups * lanes * one;
}

/* ---- results ----------------------------------------------------------------------------------------------------- */

/* Sums over the averaged epochs of one task. */
typedef struct average {
    rine_epoch sum;
    double *class_nats, *class_weight; /* (classes) */
    double entropy_bits;
} average;

typedef struct gathering {
    const task_pack *pack;
    task_row *const *rows;
    average *task; /* (pack->count) */
} gathering;

static double mean_nats(const double *nats, int sources)
{
    double sum = 0;
    for (int i = 0; i < sources; i++) sum += nats[i];
    return sum / sources;
}

static void take_epoch(void *context, int task, int64_t epoch, const rine_epoch *e)
{
    gathering *all = context;
    const settings *s = all->pack->task[task];
    const rine_options *o = options_of(s);
    average *a = &all->task[task];
    int sources = all->pack->shape.sources;

    if (o->history) {
        double values[METRICS] = {
            [METRIC_TEST] = a->entropy_bits - bits_per_nat * mean_nats(e->test_nats, sources),
            [METRIC_TRAIN] = a->entropy_bits - bits_per_nat * mean_nats(e->train_nats, sources),
            [METRIC_DISTANCE] = e->distance,
            [METRIC_WEIGHT] = rine_weight(o, all->pack->shape.classes, epoch),
        };
        for (int m = 0; m < METRICS; m++)
            row_set(all->rows[task], "history", epoch * all->rows[task]->layout->extents.metrics + m,
                    values[m]);
    }
    if (epoch < train_of(s)->epochs - o->average_last) return;
    for (int i = 0; i < sources; i++) {
        a->sum.train_nats[i] += e->train_nats[i];
        a->sum.test_nats[i] += e->test_nats[i];
        a->sum.accuracy[i] += e->accuracy[i];
    }
    a->sum.distance += e->distance;
}

static void take_classes(void *context, int task, const double *nats, const double *weight)
{
    gathering *all = context;
    for (int c = 0; c < all->pack->shape.classes; c++) {
        all->task[task].class_nats[c] += nats[c];
        all->task[task].class_weight[c] += weight[c];
    }
}

static void take_divergence(void *context, int task, int64_t epoch)
{
    gathering *all = context;
    row_fail(all->rows[task], OUTCOME_DIVERGED,
             "the loss is not a number from epoch %lld on; try a smaller train.rate", (long long)epoch);
}

/* Turns the sums of a task that did not diverge into its row. */
static void fill_row(task_row *r, const average *a, const settings *s, const data_shape *shape)
{
    const double epochs = (double)options_of(s)->average_last, h = a->entropy_bits;
    r->outcome = OUTCOME_DONE;
    row_set(r, "target_entropy", 0, h);
    row_set(r, "redundant_information", 0,
            h - bits_per_nat * mean_nats(a->sum.test_nats, shape->sources) / epochs);
    row_set(r, "redundant_information_train", 0,
            h - bits_per_nat * mean_nats(a->sum.train_nats, shape->sources) / epochs);
    row_set(r, "distance", 0, a->sum.distance / epochs);
    for (int i = 0; i < shape->sources; i++) {
        row_set(r, "usable_information", i, h - bits_per_nat * a->sum.test_nats[i] / epochs);
        row_set(r, "accuracy", i, a->sum.accuracy[i] / epochs);
    }
    for (int c = 0; c < shape->classes; c++)
        if (a->class_weight[c] > 0)
            row_set(r, "class_redundant_information", c,
                    h - bits_per_nat * a->class_nats[c] / a->class_weight[c]);
}

/* ---- the pack ------------------------------------------------------------------------------------------------------ */

static status gathering_make(gathering *all, const task_pack *pack, task_row *const *rows)
{
    status result = OK;
    size_t classes = (size_t)pack->shape.classes;
    double *sums = NULL;
    *all = (gathering){ .pack = pack, .rows = rows };
    all->task = calloc((size_t)pack->count, sizeof *all->task);
    sums = calloc((size_t)pack->count * classes * 2, sizeof *sums);
    CHECK(all->task && sums, NO_MEMORY, "results of %d tasks", pack->count);
    for (int i = 0; i < pack->count; i++) {
        all->task[i].class_nats = sums + (size_t)i * classes * 2;
        all->task[i].class_weight = all->task[i].class_nats + classes;
    }
    sums = NULL; /* behind the first task's pointers now */
done:
    free(sums);
    if (result != OK) free(all->task);
    return result;
}

static void gathering_free(gathering *all)
{
    free(all->task[0].class_nats);
    free(all->task);
}

/* The data of tasks first … first+count-1; tasks that see the same samples share them. */
static status make_data(const task_pack *tasks, int first, int count, dataset **data)
{
    status result = OK;
    for (int i = 0; i < count; i++) {
        const settings *s = tasks->task[first + i];
        int twin = 0;
        for (; twin < i; twin++) {
            const settings *other = tasks->task[first + twin];
            bool same_seed = settings_task(s)->seed == settings_task(other)->seed;
            if ((same_seed || !s->data->drawn(s)) && settings_equal(s, other, SECTION_DATA)) break;
        }
        if (twin < i)
            data[i] = data[twin];
        else
            TRY(s->data->make(s, &data[i]));
    }
done:
    return result;
}

static void free_data(dataset **data, int count)
{
    for (int i = 0; i < count; i++) {
        dataset *d = data[i];
        for (int k = i; k < count; k++)
            if (data[k] == d) data[k] = NULL;
        dataset_free(d);
    }
}

/* Trains tasks first … first+count-1 in the lanes of one register and fills their rows. */
static status run_group(const lanes_kernels *k, gathering *all, int first, int count, ticker *t)
{
    status result = OK;
    dataset *data[LANES_MAX] = { NULL };
    const rine_sink sink = {
        .epoch = take_epoch, .classes = take_classes, .diverged = take_divergence, .context = all
    };
    TRY(make_data(all->pack, first, count, data));
    for (int i = 0; i < count; i++)
        all->task[first + i].entropy_bits =
            rine_target_entropy_bits(options_of(all->pack->task[first + i]), data[i]);
    TRY(rine_lanes_train(k, all->pack, first, count, (const dataset *const *)data, TRAIN_COUPLED, t, &sink));
    for (int i = first; i < first + count; i++) {
        if (all->rows[i]->outcome == OUTCOME_DIVERGED) continue;
        if (isnan(all->task[i].entropy_bits))
            row_fail(all->rows[i], OUTCOME_FAILED,
                     "H(Y) is not known for this data; set rine.target_entropy to empirical or uniform");
        else
            fill_row(all->rows[i], &all->task[i], all->pack->task[i], &all->pack->shape);
    }
done:
    free_data(data, count);
    return result;
}

static status run(const task_pack *pack, ticker *t, task_row *const *rows)
{
    status result = OK;
    gathering all = { 0 };
    const lanes_kernels *k;
    TRY(lanes_kernels_chosen(&k));
    TRY(gathering_make(&all, pack, rows));
    int lanes = lanes_kernels_lanes(k);
    for (int first = 0; first < pack->count && result == OK; first += lanes)
        result = run_group(k, &all, first, pack->count - first < lanes ? pack->count - first : lanes, t);
    if (result == OK) result = rine_set_optima(pack, t, rows);
    gathering_free(&all);
done:
    return result;
}

const estimator rine_estimator = {
    .name = "rine",
    .summary = "redundant information of two or more sources about a target, by coupled networks",
    .source =
        "Kleinman et al., Redundant Information Neural Estimation, Entropy 2021, 23, 922: eq. 6-9, A9, A10",
    .section = { "rine", rine_rows, sizeof(rine_options) },
    .results = rine_results,
    .needs = NEEDS_DATA | NEEDS_MODEL,
    .check = check,
    .extents = extents,
    .flops = flops,
    .seconds = seconds,
    .bytes = bytes,
    .run = run,
};
