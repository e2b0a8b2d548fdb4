/* RINE in lanes (rine_lanes.h): which tasks, how they run, and what they cost in arithmetic, time and memory. */
#include <limits.h>
#include <string.h>

#include "lanes.h"
#include "rine_engine.h"
#include "rine_lanes.h"
#include "rine_parts.h"

/* ---- what a task is -------------------------------------------------------------------------------------------------- */

/* The kernels count the numbers of a layer's weights in an int. */
static status check_layers(const settings *s, const data_shape *shape)
{
    status result = OK;
    for (int i = 0; i < shape->sources; i++) {
        network_shape n = mlp_shape(s->block[SECTION_MODEL], shape->features[i], rine_outputs(shape));
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
    const int64_t micro_batches = rine_train_of(s)->micro_batches;
    CHECK(micro_batches == 1, BAD_INPUT,
          "train.micro_batches is of convolutional networks; model %s takes 1, not %lld", s->model->name,
          (long long)micro_batches);
    CHECK(!shape->augmented, BAD_INPUT, "model %s learns from images as they are; set data.augment to none",
          s->model->name);
    TRY(check_layers(s, shape));
    if (rine_options_of(s)->decompose) {
        const data_shape joint = rine_joint_shape(shape);
        TRY(check_layers(s, &joint));
    }
done:
    return result;
}

static void manner(const settings *s, const data_shape *shape, task_manner *out)
{
    const lanes_kernels *k;
    (void)s, (void)shape;
    out->lanes = lanes_kernels_chosen(&k) == OK ? lanes_kernels_lanes(k) : 1;
    out->ranks = 1;
    out->keeps = false;
}

static status train(rine_group *g, rine_progress *progress)
{
    status result = OK;
    const lanes_kernels *k;
    const dataset *data[LANES_MAX];
    const rine_sink sink = rine_group_sink(g);
    TRY(lanes_kernels_chosen(&k));
    for (int i = 0; i < g->count; i++) data[i] = g->task[i].data;
    TRY(rine_lanes_train(k, g->pack, g->first, g->count, data, TRAIN_COUPLED, &progress->ticker, &sink));
    rine_group_fill(g);
    if (rine_options_of(g->pack->task[g->first])->decompose) TRY(rine_decompose(k, g, progress));
done:
    return result;
}

/* ---- what it costs ------------------------------------------------------------------------------------------------------ */

static double training_flops(const settings *s, const data_shape *shape)
{
    const rine_passes p = rine_passes_of(s, shape);
    double macs = 0;
    for (int i = 0; i < shape->sources; i++) {
        network_shape n = mlp_shape(s->block[SECTION_MODEL], shape->features[i], rine_outputs(shape));
        macs += (double)network_macs_train(&n) * p.trained + (double)network_macs_forward(&n) * p.evaluated;
    }
    return 2 * macs;
}

static double flops(const settings *s, const data_shape *shape)
{
    double each = training_flops(s, shape);
    if (!rine_options_of(s)->decompose) return each;
    const data_shape joint = rine_joint_shape(shape);
    return 2 * each + training_flops(s, &joint);
}

/* Numbers that enter and leave the networks, over all samples that they see. */
static double training_values(const settings *s, const data_shape *shape)
{
    const rine_passes p = rine_passes_of(s, shape);
    double each = 0;
    for (int i = 0; i < shape->sources; i++) each += shape->features[i] + rine_outputs(shape);
    return each * (p.trained + p.evaluated);
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
    double values = training_values(s, shape);
    if (rine_options_of(s)->decompose) {
        const data_shape joint = rine_joint_shape(shape);
        values += values + training_values(s, &joint);
    }
    double one = flops(s, shape) / speeds[set].flops_per_second + values * speeds[set].seconds_per_value;
    return groups * lanes * one;
}

/* Of one task's data. */
static size_t data_bytes(const data_shape *shape)
{
    size_t features = 0;
    for (int i = 0; i < shape->sources; i++) features += (size_t)shape->features[i];
    size_t target = shape->classes > 0 ? sizeof(int32_t) : (size_t)shape->dimensions * sizeof(float);
    size_t samples = (size_t)(shape->train + (shape->weighted ? 0 : shape->test));
    return samples * (features * sizeof(float) + target);
}

static size_t bytes(const settings *s, const data_shape *shape, int count)
{
    const lanes_kernels *k;
    if (lanes_kernels_chosen(&k) != OK) return 0;
    const data_shape joint = rine_joint_shape(shape);
    size_t lanes = (size_t)lanes_kernels_lanes(k), tasks = (size_t)count < lanes ? (size_t)count : lanes;
    size_t training = rine_lanes_bytes(k, s, shape), together = 0, kept = 0;
    if (rine_options_of(s)->decompose) together = rine_lanes_bytes(k, s, &joint);
    if (rine_keeps_samples(s, shape)) kept = (size_t)shape->sources * (size_t)shape->test * sizeof(double);
    return (training > together ? training : together) + tasks * (data_bytes(shape) + kept);
}

const rine_engine rine_lanes_engine = {
    .check = check,
    .envelope = rine_lanes_envelope,
    .manner = manner,
    .flops = flops,
    .seconds = seconds,
    .bytes = bytes,
    .prepare = dataset_fill,
    .train = train,
};
