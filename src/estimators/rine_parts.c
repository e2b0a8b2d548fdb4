#include "rine_parts.h"

data_shape rine_joint_shape(const data_shape *shape)
{
    data_shape joint = *shape;
    joint.sources = 1;
    for (int i = 1; i < shape->sources; i++) joint.features[0] += shape->features[i];
    for (int i = 1; i < SOURCES_MAX; i++) joint.features[i] = 0;
    return joint;
}

rine_passes rine_passes_of(const settings *s, const data_shape *shape)
{
    const train_options *t = rine_train_of(s);
    double epoch = (double)train_samples(t, shape->train, shape->weighted);
    return (rine_passes){ .trained = epoch * (double)t->epochs,
                          .evaluated = (double)shape->test *
                                       (double)(rine_options_of(s)->history ? t->epochs : rine_averaged(s)) };
}
