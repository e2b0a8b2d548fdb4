/* What the networks' outputs say about the target: logits of its classes, or the means of Gaussians for the numbers of a
 * continuous one. All that differs between the two while networks train stands here: what is read of the target, the loss,
 * its own parameters (log variances), and the units of what comes out. */
#ifndef RINE_DECODER_H
#define RINE_DECODER_H

#include "rine_batches.h"

struct decoder_kind;

typedef struct rine_decoder {
    const struct decoder_kind *kind;
    const lanes_kernels *kernels;
    lanes_loss loss;
    int lanes, learned; /* learned: are variances? */

    int32_t *label; /* (rows, lanes) of the batch; classes only */
    float *value; /* (rows, dimensions, lanes) of the batch, standardised; continuous only, like all below */
    float *centre, *inverse; /* (dimensions, lanes) mean and 1 / standard deviation of the training part */
    /* (dimensions, lanes) of each network: ln v, its gradient and moments */
    float *log_variance[SOURCES_MAX], *gradient[SOURCES_MAX], *first[SOURCES_MAX], *second[SOURCES_MAX];
    float *memory;                    /* behind those */
    double log_scale_nats[LANES_MAX]; /* sum_j ln of the standard deviations; 0 of classes */
    double test_variance[LANES_MAX];  /* sum_j, standardised */
} rine_decoder;

/* For the networks that read the batches. Free what it leaves in `d`, also when it fails. */
status rine_decoder_make(rine_decoder *d, const rine_batches *b, const lanes_loss *loss, bool learned);
void rine_decoder_free(rine_decoder *d);
/* Bytes of one task's share. */
size_t rine_decoder_bytes(const data_shape *shape, int rows);

/* Reads the target of the batch that was read last. */
void rine_decoder_read(rine_decoder *d, const rine_batches *b, rine_part part);
/* lanes_loss_run, or lanes_gaussian_run in units of the standardised target. */
void rine_decoder_loss(rine_decoder *d, const rine_batches *b, const float *const *outputs,
                       const float *distance_weight, float *const *gradient, float *const *row_nats,
                       lanes_sums *sums);
/* The same for rows [first, first + rows) of the batch alone; outputs and gradients are of the whole batch. The gradient by
 * the decoder's own parameters is then that of these rows. */
void rine_decoder_loss_rows(rine_decoder *d, const rine_batches *b, int first, int rows,
                            const float *const *outputs, const float *distance_weight, float *const *gradient,
                            lanes_sums *sums);
/* An optimizer step on the decoder's own parameters, after a loss with gradients. */
void rine_decoder_step(rine_decoder *d, const lanes_step *step);
/* How well one network predicts the test part, whose means `sums` holds: share of correct classes, or of variance. */
double rine_decoder_score(const rine_decoder *d, const lanes_sums *sums, int network, int lane);

/* A lane's own parameters and their moments as plain numbers, for one who takes the training up later: how many, all copied
 * out, and copied into every lane. */
int rine_decoder_held(const rine_decoder *d);
void rine_decoder_hold(const rine_decoder *d, int lane, float *to);
void rine_decoder_restore(rine_decoder *d, const float *from);

#endif
