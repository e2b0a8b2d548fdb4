/* RINE's coupled networks of one task in the tensor engine: one network per source, trained together by a gang of ranks. A step
 * goes through the batch in micro-batches, which batch normalisation sees apart: each round, every part of the gang passes one
 * forward through its networks, the logits of all sources are gathered, and the loss's gradient goes back.
 *
 * The loss and what is made of logits are those of the lanes engine, whose lanes all hold this one task; every rank works it out
 * for the whole batch, which is little beside the networks. What comes out does not depend on the gang. */
#ifndef RINE_COUPLED_H
#define RINE_COUPLED_H

#include "estimator.h"
#include "rine_batches.h"
#include "rine_decoder.h"
#include "rine_learner.h"

typedef struct rine_coupled {
    const settings *settings;
    const dataset *data;
    const train_options *train;
    const lanes_kernels *kernels;
    rine_shares shares;
    int sources, outputs, lanes;
    int micro_rows; /* of the longest micro-batch */

    network_graph graph[SOURCES_MAX];
    rine_learner learner[SOURCES_MAX]; /* of the sources that this rank has */
    rine_batches batches;              /* every lane repeats the task, like all that has lanes below */
    rine_decoder decoder;
    float *logits[SOURCES_MAX];    /* (rows, outputs, lanes) of the whole batch */
    float *gradient[SOURCES_MAX];  /* (rows, outputs, lanes) of the loss by them */
    float *row_nats[SOURCES_MAX];  /* (rows, lanes) */
    float *block;                  /* (sources of a rank, micro rows, outputs) what this rank has to tell */
    float *blocks;                 /* (ranks, as above) */
    float *row_gradient;           /* (micro rows, outputs) */
    float *test_nats[SOURCES_MAX]; /* (test) of every sample, at the last evaluation */
    float *memory;                 /* behind these arrays */
    int64_t steps;                 /* optimizer steps so far */
} rine_coupled;

/* Collective over the gang. Networks as they begin. Free what it leaves in `c`, which stays where it is, also when it fails. */
status rine_coupled_make(rine_coupled *c, const settings *s, const dataset *data, gang *all);
void rine_coupled_free(rine_coupled *c);
/* Every network calls `pause` between its layers, and the gang while it waits. */
void rine_coupled_pause(rine_coupled *c, bool (*pause)(void *context), void *context);
/* Bytes beside data that the busiest of so many ranks needs. */
size_t rine_coupled_bytes(const settings *s, const data_shape *shape, int ranks);
/* The graph of one source's network; BAD_INPUT says why there is none. */
status rine_coupled_graph(const settings *s, const data_shape *shape, int source, network_graph *g);

/* Collective. Gradients of the whole batch of a step; its means over the rows are added to `sums`. WORK_LEFT when a pause said
 * stop: nothing has changed then that counts. */
status rine_coupled_gradient(rine_coupled *c, int64_t epoch, int64_t step, float distance_weight,
                             lanes_sums *sums);
/* The optimizer step by them. */
void rine_coupled_step(rine_coupled *c, int64_t epoch);
/* Collective. Passes the test part through the networks as they stand: means over it, and c->test_nats. */
status rine_coupled_evaluate(rine_coupled *c, lanes_sums *means);
/* Collective. Are all parameters of each source's network numbers? finite (sources) */
status rine_coupled_finite(rine_coupled *c, bool *finite);

#endif
