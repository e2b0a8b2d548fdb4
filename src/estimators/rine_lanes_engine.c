/* What a RINE task costs: arithmetic, time and memory of its trainings. */
#include <string.h>

#include "lanes.h"
#include "rine_lanes.h"
#include "rine_parts.h"

data_shape rine_joint_shape(const data_shape *shape)
{
    data_shape joint = *shape;
    joint.sources = 1;
    for (int i = 1; i < shape->sources; i++) joint.features[0] += shape->features[i];
    for (int i = 1; i < SOURCES_MAX; i++) joint.features[i] = 0;
    return joint;
}

/* Samples that pass through every network: forward and backward, and forward only, when it is evaluated. */
typedef struct passes {
    double trained, evaluated;
} passes;

static passes passes_of(const settings *s, const data_shape *shape)
{
    const train_options *t = rine_train_of(s);
    double epoch = (double)train_samples(t, shape->train, shape->weighted);
    return (passes){ .trained = epoch * (double)t->epochs,
                     .evaluated = (double)shape->test *
                                  (double)(rine_options_of(s)->history ? t->epochs : rine_averaged(s)) };
}

static double training_flops(const settings *s, const data_shape *shape)
{
    const passes p = passes_of(s, shape);
    double macs = 0;
    for (int i = 0; i < shape->sources; i++) {
        network_shape n = mlp_shape(s->block[SECTION_MODEL], shape->features[i], rine_outputs(shape));
        macs += (double)network_macs_train(&n) * p.trained + (double)network_macs_forward(&n) * p.evaluated;
    }
    return 2 * macs;
}

double rine_flops(const settings *s, const data_shape *shape)
{
    double flops = training_flops(s, shape);
    if (!rine_options_of(s)->decompose) return flops;
    const data_shape joint = rine_joint_shape(shape);
    return 2 * flops + training_flops(s, &joint);
}

/* Numbers that enter and leave the networks, over all samples that they see. */
static double training_values(const settings *s, const data_shape *shape)
{
    const passes p = passes_of(s, shape);
    double each = 0;
    for (int i = 0; i < shape->sources; i++) each += shape->features[i] + rine_outputs(shape);
    return each * (p.trained + p.evaluated);
}

/* Seconds on one core: arithmetic at the rate that a kernel set reaches, and what every sample and every step costs
 * beside it. Measured on one AVX-512 core by `make bench`; `run` corrects it by what it measures. */
double rine_seconds(const settings *s, const data_shape *shape, int count)
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
    double one = rine_flops(s, shape) / speeds[set].flops_per_second + values * speeds[set].seconds_per_value;
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

size_t rine_bytes(const settings *s, const data_shape *shape, int count)
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
