/* The network of one source in training: the network itself, what its optimizer remembers, and the sums over the micro-batches
 * of a step. Sums go up a binary tree whose leaves are the micro-batches, first by the micro-batches that this rank has, then
 * by the ranks of a gang that have the same network, so that the tree does not depend on who has which. */
#ifndef RINE_LEARNER_H
#define RINE_LEARNER_H

#include "lanes.h"
#include "rine_shares.h"
#include "tensor.h"

/* Levels of the tree that a rank may have to keep: log2 of the most micro-batches. */
enum { LEARNER_LEVELS_MAX = 6 };

/* An array to be summed over micro-batches, and the sums of the left halves of the tree that wait for their right ones. */
typedef struct learner_sum {
    int64_t count;
    float *value;                     /* (count) of the micro-batch; at last the sum; borrowed */
    float *level[LEARNER_LEVELS_MAX]; /* (count) each */
} learner_sum;

typedef struct rine_learner {
    const rine_shares *shares;
    tensor_network *network;
    int64_t padded, statistics_count;
    float *parameters, *running; /* the network's own: (padded), (statistics_count) */
    float *first, *second;       /* (padded) moments; second is NULL where the optimizer has none */
    float *statistics;           /* (statistics_count) of the batch: mean over its micro-batches */
    learner_sum gradient_sum, statistics_sum;
    float *memory; /* behind all these */
} rine_learner;

/* A network of the graph for micro-batches of up to `rows` rows, as it begins: parameters drawn from the seed for a source.
 * Free what it leaves in `l`, also when it fails. */
status rine_learner_make(rine_learner *l, const rine_shares *shares, const network_graph *g, int rows,
                         tensor_precision precision, optimizer kind, int64_t seed, int source);
void rine_learner_free(rine_learner *l);
/* Bytes of all that, on a rank that has so many micro-batches. */
size_t rine_learner_bytes(const network_graph *g, int rows, tensor_precision precision, optimizer kind,
                          int rounds);

/* Adds what the network has of the micro-batch that it went through forward and backward: this rank's `round`-th. */
void rine_learner_add(rine_learner *l, int round);
/* Collective over the ranks that have this network: the sums of all micro-batches. */
status rine_learner_sum(rine_learner *l);
/* An optimizer step by the sums; running statistics move by 0.1 towards those of the batch. */
void rine_learner_step(rine_learner *l, const lanes_kernels *k, const lanes_step *step);
/* Are all parameters numbers? An infinite one never becomes one again. */
bool rine_learner_finite(const rine_learner *l);

#endif
