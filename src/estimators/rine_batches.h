/* What a group of tasks in lanes reads: the inputs and weights of its networks, batch after batch.
 *
 * Every lane reads as it would alone: batches of its own size, its own samples in its own order. Where the others have more
 * rows or features it is padded: inputs with zeros, a batch with rows of weight 0 that repeat the lane's first one, so
 * that nothing overflows there that does not overflow anyway. */
#ifndef RINE_BATCHES_H
#define RINE_BATCHES_H

#include "data.h"
#include "lanes.h"
#include "rine_lanes.h"
#include "train.h"

typedef enum rine_part { PART_TRAIN, PART_TEST, PARTS } rine_part;

typedef struct rine_batches {
    const lanes_kernels *kernels;
    const train_options *train;
    int lanes, weighted;
    int networks;              /* a network per source, or one on all sources side by side */
    int features[SOURCES_MAX]; /* of each network: those of the widest lane */
    int rows_most;             /* of any batch */

    const dataset *data[LANES_MAX];
    int64_t seed[LANES_MAX];
    int64_t samples[PARTS][LANES_MAX];
    int own_features[SOURCES_MAX][LANES_MAX];
    const float *x[PARTS][SOURCES_MAX][LANES_MAX]; /* (samples, own features) */
    float *joined[PARTS][LANES_MAX]; /* the sources side by side, where one network takes them all */
    train_pass pass[LANES_MAX];
    int twin[LANES_MAX]; /* the first lane whose visits are this one's */
    int32_t *memory;     /* behind the orders and visits */

    /* the batch that was read last */
    int rows;                  /* of the longest lane */
    int own_rows[LANES_MAX];   /* of each; 0 where its test part has ended */
    int32_t *visit[LANES_MAX]; /* (rows) samples; tasks of a seed with equal numbers of samples share them */
    float *weight;             /* (rows, lanes) */
} rine_batches;

/* Reads data[lane] in every lane; lanes of the same seed visit their samples in the same order. Free what it leaves in
 * `b`, also when it fails. */
status rine_batches_make(rine_batches *b, const lanes_kernels *k, const train_options *train,
                         rine_training what, const dataset *const *data, const int64_t *seed);
void rine_batches_free(rine_batches *b);
/* Bytes of one task's share, on data of this shape. */
size_t rine_batches_bytes(const train_options *train, const data_shape *shape, bool joined);

/* Chooses a step's rows: visits and weights, which sum to 1 in each lane. */
void rine_batches_visit(rine_batches *b, int64_t epoch, int64_t step);
/* Chooses them and puts them into the networks' inputs. */
void rine_batches_train(rine_batches *b, int64_t epoch, int64_t step, lanes_network *const *network);
/* The same for the batches of the test part; weights are 1 and 0, or the table's probabilities. */
int64_t rine_batches_test_count(const rine_batches *b);
void rine_batches_visit_test(rine_batches *b, int64_t batch);
void rine_batches_test(rine_batches *b, int64_t batch, lanes_network *const *network);

#endif
