/* The lanes engine: many small dense networks trained in lock-step, one in each lane of the SIMD registers.
 *
 * Arrays hold the lanes innermost: an activation is (rows, units, lanes), a weight (out, in, lanes), so one vector
 * instruction advances as many networks as a register has floats. Lanes may differ in seed, data values, distance weight,
 * learning rate, momentum and weight decay; they share shapes and step counts. A lane with fewer inputs or fewer rows than
 * the others is padded: with inputs that are 0, whose weights are and stay 0, and with rows of weight 0. What a lane computes
 * depends neither on the other lanes nor on its padding. The same code is compiled for the baseline, AVX2 and AVX-512 (8 and 16 lanes); AVX2 and AVX-512 give
 * the same bits, because every multiply-add is an explicit fused one and no sum runs over lanes. The plain loops of
 * `reference` are what every other set is tested against. */
#ifndef LANES_H
#define LANES_H

#include <stdbool.h>

#include "model.h"
#include "rine.h"
#include "train.h"

enum {
    LANES_MAX = 16,
    LANES_OUTPUTS_MAX = 512, /* sources * outputs that a loss can take */
};

typedef struct lanes_kernels lanes_kernels; /* one function per operation, for one instruction set */

/* "reference", "baseline", "avx2", "avx512", slowest first, as far as this build and this processor have them. */
int lanes_kernels_count(void);
const lanes_kernels *lanes_kernels_at(int index);
const lanes_kernels *lanes_kernels_find(const char *name); /* NULL where there is none */
const char *lanes_kernels_name(const lanes_kernels *k);
int lanes_kernels_lanes(const lanes_kernels *k); /* networks per register group */
/* Do two sets give the same bits, by their names? AVX2 and AVX-512 do: both fuse multiply-adds, and lanes know nothing of each
 * other. Also of sets that this processor has not. */
bool lanes_kernels_alike(const char *a, const char *b);

/* The set that the program uses. The first call picks the best, or the one that INFOSWEEP_KERNELS names (BAD_INPUT lists
 * what there is). lanes_use changes it, for ranks that must agree. */
status lanes_kernels_chosen(const lanes_kernels **out);
void lanes_use(const lanes_kernels *k);

/* ---- networks --------------------------------------------------------------------------------------------------- */

typedef struct lanes_network
    lanes_network; /* one network per lane: parameters, gradients, moments, activations */

/* Room for up to `rows` samples at a time. Every lane starts as zeros. */
status lanes_network_make(const lanes_kernels *k, const network_shape *shape, int rows, lanes_network **out);
void lanes_network_free(lanes_network *n);
size_t lanes_network_bytes(const network_shape *shape, int rows, int lanes);

/* Draws the parameters of one lane (train_initialise_dense) as a network of `in` inputs has them, at most the shape's; the
 * weights of inputs beyond are 0. Batch normalisation starts as identity. */
void lanes_network_initialise(lanes_network *n, int lane, int in, int64_t seed, int source);
/* Are all parameters of a lane numbers? An infinite one never becomes one again. finite (lanes) */
void lanes_network_finite(const lanes_network *n, bool *finite);
/* Copies a lane's parameters or gradients out, in layer order: weights (out, in), bias, gamma, beta; for tests. The first
 * layer's `in` is the shape's, whatever the lane was initialised for. */
void lanes_network_get_parameters(const lanes_network *n, int lane, float *out);
void lanes_network_set_parameters(lanes_network *n, int lane, const float *in);
void lanes_network_get_gradients(const lanes_network *n, int lane, float *out);

/* (rows, in, lanes), to be filled before a forward pass; 0 where a lane has no input */
float *lanes_network_input(lanes_network *n);

/* Forward pass as in training: normalises by the statistics of these rows (weighted by `weight` (rows, lanes), which sums
 * to 1 in each lane) and moves the running ones by 0.1 towards them. `unbias` (lanes) is the factor from biased to unbiased
 * variance for the running ones: n/(n-1) for n samples, 1 for a weighted table, which is its own population. Row 0 of no
 * lane has weight 0. Returns the logits (rows, out, lanes), valid until the next forward pass. */
const float *lanes_network_forward(lanes_network *n, int rows, const float *weight, const float *unbias);
/* Forward pass as in use: normalises by the running statistics. */
const float *lanes_network_predict(lanes_network *n, int rows);
/* Gradients of all parameters, from that of the logits (rows, out, lanes), after lanes_network_forward on the same
 * rows and weights. */
void lanes_network_backward(lanes_network *n, int rows, const float *weight, const float *logits_gradient);

typedef struct lanes_step {
    int optimizer; /* enum optimizer */
    int64_t step;  /* counted from 1: Adam's bias correction */
    float rate[LANES_MAX], momentum[LANES_MAX], second[LANES_MAX], weight_decay[LANES_MAX];
} lanes_step;

/* One step of SGD (v = momentum v + g; p -= rate v) or Adam (eps 1e-8) with g + weight_decay p for the gradient, as
 * PyTorch does it. */
void lanes_network_step(lanes_network *n, const lanes_step *s);
/* The same for parameters that belong to no network: values, gradients and both moments, all (count, lanes). */
void lanes_step_run(const lanes_kernels *k, const lanes_step *s, int64_t count, const float *gradient,
                    float *first, float *second, float *value);

/* ---- loss --------------------------------------------------------------------------------------------------------- */

/* What coupled networks are trained for: share sum_i CE_i + w D (rine.h), over the classes or the dimensions that the
 * networks put out. */
typedef struct lanes_loss {
    int sources, outputs; /* their product is at most LANES_OUTPUTS_MAX */
    rine_distance distance;
    rine_coupling coupling;
    float share; /* 1 / sources, unless the networks stand for some of the sources only */
} lanes_loss;

/* Sums over rows; a call adds to what is there. */
typedef struct lanes_sums {
    double cross_entropy[SOURCES_MAX][LANES_MAX]; /* nats, weighted */
    double distance[LANES_MAX];                   /* D with the sum over outputs, weighted */
    /* Of classes: weight of the rows whose largest logit is the label's (ties: the first). */
    double correct[SOURCES_MAX][LANES_MAX];
    /* Of Gaussians: squared distance from the mean to the target, weighted. */
    double squares[SOURCES_MAX][LANES_MAX];
} lanes_sums;

/* Softmax, cross-entropy and distance of `rows` samples: logits[i] (rows, classes, lanes) of source i, label and weight
 * (rows, lanes), distance_weight (lanes). Adds to `sums`; writes gradient[i] (rows, classes, lanes) of the loss by the
 * logits unless `gradient` is NULL, and row_nats[i] (rows, lanes), the source's unweighted cross-entropies, unless
 * `row_nats` is NULL. */
void lanes_loss_run(const lanes_kernels *k, const lanes_loss *loss, int rows, const float *const *logits,
                    const int32_t *label, const float *weight, const float *distance_weight,
                    float *const *gradient, float *const *row_nats, lanes_sums *sums);

/* Gaussian predictions of a continuous target. Everything is (…, dimensions, lanes). */
typedef struct lanes_gaussian {
    const float *target; /* (rows, dimensions) */
    const float
        *log_variance[SOURCES_MAX]; /* (dimensions), alike for all samples; within +-LOG_VARIANCE_MAX */
    float *log_variance_gradient[SOURCES_MAX]; /* (dimensions); what a call finds there it adds to */
} lanes_gaussian;

#define LOG_VARIANCE_MAX 20.0f /* of a standardised target: keeps e^-s far from what a float cannot hold */

/* The same for Gaussians: mean[i] (rows, dimensions, lanes) of source i; CE_i = E 1/2 sum_j [(y_j - mean_j)^2 / v_j +
 * ln(2 pi v_j)]; D between the means (not DISTANCE_JS). The gradients are those by the means and, unless `gradient` is
 * NULL, by the log variances. */
void lanes_gaussian_run(const lanes_kernels *k, const lanes_loss *loss, int rows, const float *const *mean,
                        const lanes_gaussian *gaussian, const float *weight, const float *distance_weight,
                        float *const *gradient, float *const *row_nats, lanes_sums *sums);

/* ---- data into lanes ---------------------------------------------------------------------------------------------- */

/* to (rows, features, lanes): row r of lane l is sample visit[l][r] of x[l] (n, own[l]), own[l] at most `features`, then
 * zeros. Lanes beyond the pack repeat lane 0: callers pass pointers for every lane. */
void lanes_gather(const lanes_kernels *k, const float *const *x, const int *own, const int32_t *const *visit,
                  int rows, int features, float *to);
/* The same for labels: to (rows, lanes). */
void lanes_gather_labels(const lanes_kernels *k, const int32_t *const *y, const int32_t *const *visit,
                         int rows, int32_t *to);

/* Aligned memory for lanes (64 bytes), zeroed; free with free(). NULL when there is none. Every array above that has rows
 * comes from here or starts at a row of one; arrays of (lanes) alone may lie anywhere. */
void *lanes_allocate(size_t bytes);

#endif
