/* What the files of RINE share: a task's options, what follows from them. */
#ifndef RINE_PARTS_H
#define RINE_PARTS_H

#include "estimator.h"
#include "rine.h"

static inline const rine_options *rine_options_of(const settings *s)
{
    return s->block[SECTION_ESTIMATOR];
}

static inline const train_options *rine_train_of(const settings *s)
{
    return s->block[SECTION_TRAIN];
}

/* What a network puts out: as many logits as classes, or a mean for every dimension of a continuous target. */
static inline int rine_outputs(const data_shape *shape)
{
    return shape->classes > 0 ? shape->classes : shape->dimensions;
}

/* Epochs at the end whose results are averaged: as many as asked for, or all there are. */
static inline int64_t rine_averaged(const settings *s)
{
    int64_t asked = rine_options_of(s)->average_last, epochs = rine_train_of(s)->epochs;
    return asked < epochs ? asked : epochs;
}

/* Does the row keep values of every test sample? */
static inline bool rine_keeps_samples(const settings *s, const data_shape *shape)
{
    return shape->recorded && rine_options_of(s)->keep_samples;
}

/* All sources side by side as one: the data of the joint network. */
data_shape rine_joint_shape(const data_shape *shape);

/* Samples that pass through every network: forward and backward, and forward only, when it is evaluated. */
typedef struct rine_passes {
    double trained, evaluated;
} rine_passes;
rine_passes rine_passes_of(const settings *s, const data_shape *shape);

#endif
