/* RINE (rine.h): trains one network per source and reports what they know in common about the target. Here stand what a
 * person can set and gets, and what is refused; the trainings are those of an engine (rine_engine.h), their rows
 * rine_results.c. */
#include "rine.h"

#include "compress.h"
#include "gang.h"
#include "lanes.h"
#include "rine_engine.h"
#include "rine_optima.h"
#include "rine_parts.h"

#define FIELD(f) offsetof(rine_options, f)
static const option rine_rows[] = {
    { "beta", OPTION_REAL, FIELD(beta), "15", 0, 1e9, "",
      "weight of the agreement between the sources' predictions", .traits = OPTION_LANE },
    { "beta_schedule", OPTION_REAL, FIELD(beta_schedule), "0.97", 0, 0.999999, "",
      "s of beta_e = beta (1 - s^e) at epoch e = 0, 1, ...; 0: constant beta", .traits = OPTION_LANE },
    { "distance", OPTION_CHOICE, FIELD(distance), "l1", 0, 0, "",
      "distance between two predictions; js is of classes only", .choices = "l1|l2|js" },
    { "coupling", OPTION_CHOICE, FIELD(coupling), "pairwise", 0, 0, "",
      "distances that count: all pairs of sources, or each source to the mean prediction",
      .choices = "pairwise|centroid" },
    { "reduce", OPTION_CHOICE, FIELD(reduce), "mean", 0, 0, "",
      "distance over classes, or dimensions of a continuous target: mean (authors' code: divides beta by "
      "their "
      "number) or sum (paper)",
      .choices = "mean|sum", .traits = OPTION_LANE },
    { "target_entropy", OPTION_CHOICE, FIELD(target_entropy), "known", 0, 0, "",
      "H(Y). known: of the distribution that samples are drawn from; of recordings, of the targets of all "
      "trials of the cell; of a continuous target, of a Gaussian with the covariance of all trials. uniform: "
      "log2 of the classes. empirical: of the test labels that occur",
      .choices = "known|uniform|empirical", .traits = OPTION_LANE },
    { "variance", OPTION_CHOICE, FIELD(variance), "learned", 0, 0, "",
      "of the Gaussian around the predicted mean of a continuous target. learned: with the networks, alike "
      "for "
      "all samples. fixed: the target's own, which makes training least squares and leaves at most 0.72 bit "
      "a "
      "dimension",
      .choices = "learned|fixed" },
    { "average_last", OPTION_INTEGER, FIELD(average_last), "5", 1, 1e6, "epochs",
      "last epochs whose results are averaged; all, where there are fewer" },
    { "history", OPTION_FLAG, FIELD(history), "false", 0, 0, "", "evaluate and keep every epoch" },
    { "exact", OPTION_FLAG, FIELD(exact), "true", 0, 0, "",
      "set the exact optimum of the objective beside, where the data is a finite table",
      .traits = OPTION_LANE },
    { "decompose", OPTION_FLAG, FIELD(decompose), "false", 0, 0, "",
      "of two sources: train them without coupling and together as well, for the unique information of each "
      "and the synergistic of both; three trainings instead of one" },
    { "keep_samples", OPTION_FLAG, FIELD(keep_samples), "true", 0, 0, "",
      "keep the cross-entropy of every test trial of recordings: `report` resamples trials for its "
      "intervals" },
    { .name = NULL }
};
#undef FIELD

static const char *const metric_names[METRICS] = { "redundant_information", "redundant_information_train",
                                                   "distance", "distance_weight" };

enum {
    REDUNDANT,
    REDUNDANT_TRAIN,
    USABLE,
    DISTANCE,
    DISTANCE_WEIGHT,
    ACCURACY,
    EXPLAINED,
    ENTROPY,
    EXACT,
    OF_CLASS,
    SINGLE,
    JOINT,
    UNIQUE,
    SYNERGISTIC,
    CONSERVATIVE,
    HISTORY,
    TEST_CROSS_ENTROPY,
    TEST_TRIAL,
    TEST_BLOCK,
    TEST_TARGET,
    RESULTS
};

static const quantity rine_results[] = {
    [REDUNDANT] = { "redundant_information", PER_CELL, "bits",
                    "redundant information about the target: H(Y) minus the mean test cross-entropy of the "
                    "sources",
                    "the cross-entropy on the test part is above H(Y). The networks overfit, or the test "
                    "part has the "
                    "targets less evenly than H(Y) takes them to be. Values are not clipped, since that "
                    "would bias their means." },
    [REDUNDANT_TRAIN] = { "redundant_information_train", PER_CELL, "bits",
                          "the same over the training batches of the averaged epochs, as they were trained" },
    [USABLE] = { "usable_information", PER_SOURCE, "bits",
                 "usable information of one source: H(Y) minus its test cross-entropy" },
    [DISTANCE] = { "distance", PER_CELL, "",
                   "mean distance between the predictions on the test part, summed over classes, or over "
                   "dimensions in standard deviations of the target" },
    [DISTANCE_WEIGHT] = { "distance_weight", PER_CELL, "",
                          "weight of that distance beside the cross-entropy in nats, in the last epoch" },
    [ACCURACY] = { "accuracy", PER_SOURCE, "", "share of the test part whose class a source predicts" },
    [EXPLAINED] = { "explained_variance", PER_SOURCE, "",
                    "share of a continuous target's variance on the test part that a source explains" },
    [ENTROPY] = { "target_entropy", PER_CELL, "bits", "H(Y) that was used" },
    [EXACT] = { "exact_redundant_information", PER_CELL, "bits",
                "exact optimum of the objective at the final weight of the distance, where the data is a "
                "finite table" },
    [OF_CLASS] = { "class_redundant_information", PER_CLASS, "bits",
                   "H(Y) minus the mean cross-entropy over the test samples of one class" },
    [SINGLE] = { "single_information", PER_SOURCE, "bits",
                 "information of one source alone: H(Y) minus its test cross-entropy, trained without "
                 "coupling" },
    [JOINT] = { "joint_information", PER_CELL, "bits",
                "information of both sources: H(Y) minus the test cross-entropy of one network on both" },
    [UNIQUE] = { "unique_information", PER_SOURCE, "bits",
                 "single minus redundant information; none where the redundant exceeds a single one" },
    [SYNERGISTIC] = { "synergistic_information", PER_CELL, "bits",
                      "joint minus both single plus redundant information; none where the redundant exceeds "
                      "a "
                      "single one" },
    [CONSERVATIVE] = { "conservative_information", PER_CELL, "bits",
                       "H(Y) minus the larger test cross-entropy of the coupled sources: never above what "
                       "either of them uses" },
    [HISTORY] = { "history", PER_EPOCH, "", "metrics of every epoch" },
    [TEST_CROSS_ENTROPY] = { "test_cross_entropy", PER_SOURCE_SAMPLE, "bits",
                             "cross-entropy of every test trial, mean over the averaged epochs" },
    [TEST_TRIAL] = { "test_trial", PER_SOURCE_SAMPLE, "",
                     "number of the test trial in the source's session, from 0" },
    [TEST_BLOCK] = { "test_block", PER_SOURCE_SAMPLE, "", "block of trials that the test trial belongs to" },
    [TEST_TARGET] = { "test_target", PER_SAMPLE, "", "class of the test trial, from 0" },
    [RESULTS] = { .name = NULL }
};

/* ---- what a task is ---------------------------------------------------------------------------------------------- */

static const rine_engine *engine_of(const settings *s)
{
    return s->model->engine == ENGINE_TENSORS ? &rine_tensors_engine : &rine_lanes_engine;
}

static status check_target(const rine_options *o, const data_shape *shape)
{
    status result = OK;
    const char *outputs = shape->classes > 0 ? "classes" : "dimensions of the target";
    CHECK(shape->dimensions > 0 || shape->classes >= 2, BAD_INPUT,
          "rine needs a target of two or more classes; this data has %d", shape->classes);
    CHECK(shape->sources * rine_outputs(shape) <= LANES_OUTPUTS_MAX, BAD_INPUT,
          "rine takes at most %d sources times %s; this data has %d times %d", LANES_OUTPUTS_MAX, outputs,
          shape->sources, rine_outputs(shape));
    if (shape->classes > 0) goto done;
    CHECK(o->distance != DISTANCE_JS, BAD_INPUT,
          "rine.distance js is between predictions of classes; a continuous target takes l1 or l2");
    CHECK(o->target_entropy == ENTROPY_KNOWN, BAD_INPUT,
          "rine.target_entropy uniform and empirical count classes; a continuous target takes known");
done:
    return result;
}

static status check(const settings *s, const data_shape *shape)
{
    status result = OK;
    const train_options *t = rine_train_of(s);
    CHECK(shape->sources >= 2, BAD_INPUT, "rine needs two or more sources; this data has %d", shape->sources);
    TRY(check_target(rine_options_of(s), shape));
    CHECK(!rine_options_of(s)->decompose || shape->sources == DECOMPOSED_SOURCES, BAD_INPUT,
          "rine.decompose is defined for two sources; this data has %d", shape->sources);
    CHECK(train_steps(t, shape->train, shape->weighted) > 0, BAD_INPUT,
          "train.batch is %lld, but there are %lld training samples, too few for one step; make the batch "
          "smaller",
          (long long)t->batch, (long long)shape->train);
    TRY(engine_of(s)->check(s, shape));
done:
    return result;
}

static void omit(result_extents *e, int result)
{
    e->omitted |= (uint64_t)1 << result;
}

static void extents(const settings *s, const data_shape *shape, result_extents *out)
{
    const rine_options *o = rine_options_of(s);
    *out = (result_extents){ .sources = shape->sources, .classes = shape->classes };
    if (shape->classes > 0)
        omit(out, EXPLAINED);
    else
        omit(out, ACCURACY), omit(out, OF_CLASS), omit(out, TEST_TARGET);
    for (int k = SINGLE; !o->decompose && k <= CONSERVATIVE; k++) omit(out, k);
    for (int k = TEST_CROSS_ENTROPY; !rine_keeps_samples(s, shape) && k <= TEST_TARGET; k++) omit(out, k);
    if (rine_keeps_samples(s, shape)) out->samples = (int)shape->test;
    if (!o->history) {
        omit(out, HISTORY);
        return;
    }
    out->epochs = (int)rine_train_of(s)->epochs;
    out->metrics = METRICS;
    for (int i = 0; i < METRICS; i++) out->metric[i] = metric_names[i];
}

static void envelope(const settings *s, const data_shape *shape, data_shape *out)
{
    engine_of(s)->envelope(s, shape, out);
}

static void manner(const settings *s, const data_shape *shape, task_manner *out)
{
    engine_of(s)->manner(s, shape, out);
}

static double flops(const settings *s, const data_shape *shape)
{
    compress_cost c;
    compress_cost_of(s, false, &c);
    return c.flops + engine_of(s)->flops(s, shape);
}

static double seconds(const settings *s, const data_shape *shape, int count)
{
    compress_cost c;
    compress_cost_of(s, false, &c);
    return count * c.seconds + engine_of(s)->seconds(s, shape, count);
}

/* Samples are compressed one task after the other. */
static size_t bytes(const settings *s, const data_shape *shape, int count)
{
    compress_cost c;
    compress_cost_of(s, false, &c);
    return c.bytes + engine_of(s)->bytes(s, shape, count);
}

/* ---- the pack ------------------------------------------------------------------------------------------------------ */

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
            if ((same_seed || !s->data->drawn(s)) && settings_equal(s, other, SECTION_DATA) &&
                settings_equal(s, other, SECTION_COMPRESS))
                break;
        }
        if (twin < i) {
            data[i] = data[twin];
            continue;
        }
        TRY(prepare_dataset(s, NULL, &data[i]));
        TRY(engine_of(s)->prepare(data[i]));
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

/* Trains tasks first … first+count-1 at once and fills their rows. */
static status run_group(const task_pack *pack, int first, int count, ticker *t, task_row *const *rows)
{
    status result = OK;
    dataset *data[LANES_MAX] = { NULL };
    rine_group g = { .count = 0 };
    rine_progress progress;
    rine_progress_start(&progress, t, pack, first, count, rine_options_of(pack->task[first])->decompose);
    TRY(make_data(pack, first, count, data));
    TRY(rine_group_make(pack, first, count, (const dataset *const *)data, rows, &g));
    TRY(engine_of(pack->task[first])->train(&g, &progress));
done:
    rine_group_free(&g);
    free_data(data, count);
    return result;
}

static status run(const task_pack *pack, ticker *t, task_row *const *rows)
{
    status result = OK;
    task_manner way;
    manner(pack->task[0], &pack->shape, &way);
    for (int first = 0; first < pack->count; first += way.lanes)
        TRY(run_group(pack, first, pack->count - first < way.lanes ? pack->count - first : way.lanes, t,
                      rows));
    if (gang_rank(pack->gang) == 0) TRY(rine_set_optima(pack, t, rows));
done:
    return result;
}

const estimator rine_estimator = {
    .name = "rine",
    .summary = "redundant information of two or more sources about a target, by coupled networks",
    .source =
        "Kleinman et al., Redundant Information Neural Estimation, Entropy 2021, 23, 922: eq. 6-9, A9, A10",
    .when = "of anything that a network can learn from: recordings, images, many numbers. What it gives is "
            "usable information: what networks of this size, trained so, can use; a lower bound where they "
            "learn too little",
    .section = { "rine", rine_rows, sizeof(rine_options) },
    .results = rine_results,
    .needs = NEEDS_DATA | NEEDS_MODEL,
    .check = check,
    .extents = extents,
    .envelope = envelope,
    .manner = manner,
    .flops = flops,
    .seconds = seconds,
    .bytes = bytes,
    .run = run,
};
