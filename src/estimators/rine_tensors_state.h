/* The state of a task that trains in the tensor engine, as bytes: a header, the networks with what their optimizer remembers, and
 * what the sink holds. It is that of the last whole step, and the same whatever the gang: any other gang can go on from it, and
 * ends with the same bits as if nobody had stopped. */
#ifndef RINE_TENSORS_STATE_H
#define RINE_TENSORS_STATE_H

#include "rine_coupled.h"
#include "rine_lanes.h"

/* Where a training stands: between two steps. */
typedef struct rine_position {
    int64_t epoch, step;            /* the next step; as many as an epoch has: it is to be evaluated */
    int64_t steps;                  /* so far */
    int64_t seen;                   /* samples in this epoch */
    double train_nats[SOURCES_MAX]; /* sums of their cross-entropies */
} rine_position;

/* Collective over the gang. Keeps the state; `keep` and the sink count on rank 0 alone, where `keep` is not NULL. */
status rine_state_save(rine_coupled *c, const rine_position *at, const rine_sink *sink, int task,
                       checkpoint *keep);
/* Collective over the gang. Goes back to the state that was kept, where there is one that fits; all stays as it is where there is
 * none, and a line on stderr says so where there is another one. */
status rine_state_load(rine_coupled *c, rine_position *at, const rine_sink *sink, int task, checkpoint *keep);
/* Bytes of the state of such a task. */
size_t rine_state_bytes(const settings *s, const data_shape *shape);

#endif
