/* How networks are trained: what every engine shares. Options, schedules, initialisation. */
#ifndef TRAIN_H
#define TRAIN_H

#include "model.h"
#include "settings.h"

typedef enum optimizer { OPTIMIZER_SGD, OPTIMIZER_ADAM } optimizer;
typedef enum last_batch { LAST_KEEP, LAST_DROP } last_batch;

typedef struct train_options {
    int optimizer;       /* enum optimizer */
    double momentum;     /* of SGD; first-moment decay of Adam */
    double second;       /* second-moment decay of Adam */
    double rate;         /* learning rate at epoch 0 */
    double rate_decay;   /* factor per epoch; 1 for a constant rate */
    double weight_decay; /* L2, on every parameter */
    int64_t batch;       /* samples per step */
    int last_batch;      /* enum last_batch: a short last batch of an epoch */
    int64_t epochs;
    /* Optimizer steps that make an epoch, or EPOCH_PASS: one pass over the training samples. With a number, full batches
     * run on through shuffled passes, whatever the number of samples, so that tasks with different data train alike. */
    int64_t epoch_steps;
    int64_t micro_batches; /* parts of a batch with batch statistics of their own: a power of two */
} train_options;

enum { EPOCH_PASS = -1 }; /* what the word "pass" of the option `epoch_steps` is stored as */

extern const section train_section;

/* rate * decay^epoch */
double train_rate(const train_options *o, int epoch);
/* Steps per epoch for n training samples (1 per pass where the data is a weighted table, whatever `batch` says). A rest of
 * one sample makes no step even where last batches are kept, because one sample has no variance. May be 0. */
int64_t train_steps(const train_options *o, int64_t n, int weighted);
/* Rows of a full step: `batch`, or all where there are fewer. */
int64_t train_rows(const train_options *o, int64_t n, int weighted);
/* Rows of step 0 … train_steps-1 of an epoch. */
int64_t train_step_rows(const train_options *o, int64_t n, int weighted, int64_t step);
/* Where a step's first row stands in the endless row of passes over the n samples: pass after pass, each shuffled. */
int64_t train_step_first(const train_options *o, int64_t n, int64_t epoch, int64_t step);
/* Samples that an epoch trains on: the rows of all its steps. */
int64_t train_samples(const train_options *o, int64_t n, int weighted);
/* The largest n for which an epoch has the same steps as for this one, all but the last of them alike. */
int64_t train_samples_alike(const train_options *o, int64_t n);

/* Layers with weights that a network may have: their random numbers are told apart up to here. */
enum { TRAIN_LAYERS_MAX = 64 };

/* Draws the initial parameters of a layer whose outputs have `fan_in` inputs each (of a convolution: input channels times
 * kernel area), as PyTorch does by default: weights (out, fan_in) and bias (out; NULL for none) uniform in ±1/sqrt(fan_in). */
void train_initialise(int64_t fan_in, int64_t out, int64_t seed, int source, int layer, float *weights,
                      float *bias);
/* Draws the initial parameters of dense layer `layer` of the network for source `source`, as PyTorch does by default:
 * weights (out, in) and bias (out) uniform in ±1/sqrt(in). */
void train_initialise_dense(const dense_shape *d, int64_t seed, int source, int layer, float *weights,
                            float *bias);

/* The order in which pass `pass` visits the n training samples; without `epoch_steps`, a pass is an epoch. */
void train_shuffle(int64_t seed, int64_t pass, int64_t n, int32_t *order);

/* The pass that a reader of the endless row is in. */
typedef struct train_pass {
    int64_t number; /* -1 before the first */
    int32_t *order; /* (n) borrowed room for its order */
} train_pass;

/* The samples at `count` places of the endless row from place `first` on. */
void train_visit(train_pass *pass, int64_t seed, int64_t n, int64_t first, int64_t count, int32_t *visit);

#endif
