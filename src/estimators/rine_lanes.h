/* Training of RINE's coupled networks in the lanes engine: one task per lane, n sources per task. */
#ifndef RINE_LANES_H
#define RINE_LANES_H

#include "estimator.h"
#include "lanes.h"
#include "rine.h"

/* What an epoch leaves for one task; cross-entropies in nats. */
typedef struct rine_epoch {
    double train_nats[SOURCES_MAX]; /* over the epoch's training batches, as they were trained */
    double test_nats[SOURCES_MAX];
    double distance; /* D on the test part, sum over classes or dimensions */
    /* share of the test part whose class is predicted, or of a continuous target's variance */
    double score[SOURCES_MAX];
} rine_epoch;

/* Where the epochs of a group of tasks go. Arrays over classes hold sums over the test part: of the mean cross-entropy
 * of the sources, and of the samples' weights. `samples` gets the cross-entropy of some test samples of one source, first …
 * first+count-1, nats[k * stride]. Any but `epoch` and `diverged` may be NULL. Nats are in the units of the target. */
typedef struct rine_sink {
    void (*epoch)(void *context, int task, int64_t epoch, const rine_epoch *values);
    void (*classes)(void *context, int task, const double *nats, const double *weight);
    void (*samples)(void *context, int task, int source, int64_t first, int count, const float *nats,
                    int stride);
    void (*diverged)(void *context, int task, int64_t epoch);
    /* What the sink has got of a task so far as plain numbers, for a training that goes on in another run: how many, all
     * copied out, and all put in their place. */
    int64_t (*held)(void *context, int task);
    void (*hold)(void *context, int task, double *to);
    void (*restore)(void *context, int task, const double *from);
    void *context;
} rine_sink;

/* What is trained: the coupled networks of RINE; the same networks without the coupling (weight 0), for the information of
 * each source alone; or one network on all sources side by side, for their joint information. */
typedef enum rine_training { TRAIN_COUPLED, TRAIN_SINGLE, TRAIN_JOINT } rine_training;

/* Trains tasks first … first+count-1 of the pack, count at most the lanes of the kernel set, on data[0 … count-1]. The
 * sink's `epoch` is called for every epoch that is evaluated: the averaged last ones (rine_averaged), or all where a
 * history is asked for; `classes` and `samples` for the averaged ones. One network on all sources tells its numbers as
 * those of source 0. A task that diverges is told once and no more after that. WORK_LEFT when a tick said stop. */
status rine_lanes_train(const lanes_kernels *k, const task_pack *pack, int first, int count,
                        const dataset *const *data, rine_training what, ticker *t, const rine_sink *sink);

/* The envelope of a shape (estimator.h): tasks share lanes where their sources have about as many features, and where their
 * epochs have the same number of steps; table weights leave nothing to pad. */
void rine_lanes_envelope(const settings *s, const data_shape *shape, data_shape *out);

/* Bytes that one such group needs beside its data. */
size_t rine_lanes_bytes(const lanes_kernels *k, const settings *s, const data_shape *shape);

#endif
