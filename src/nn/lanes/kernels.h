/* Kernels: what one instruction set gives to the lanes engine.
 *
 * A kernel works on a few rows at a time, few enough to stay in the first-level cache; network.c walks over the batch
 * in such blocks and says in which order the kernels follow each other. Gradients and sums go on from what is there, so
 * that the order of a sum over rows does not depend on the blocks: always row after row, unit after unit. Every array has the lanes innermost; shapes are written without them. */
#ifndef LANES_KERNELS_H
#define LANES_KERNELS_H

#include "lanes.h"

enum { NORM_PARTS = 14 };

/* Batch normalisation of one layer; every array is (units). y = gamma (z - mean) / sqrt(variance + eps) + beta
 * = scale z + shift. */
typedef struct norm {
    float *gamma, *beta; /* parameters */
    float *gamma_gradient, *beta_gradient;
    float *running_mean, *running_variance;
    float *origin;         /* row 0 of z: sums are taken from there, so that a large mean cancels nothing */
    float *sum, *square;   /* sum_r weight (z - origin), sum_r weight (z - origin)^2 */
    float *mean, *inverse; /* of the last training rows; 1 / sqrt(variance + eps) */
    float *scale, *shift;
    float *sum_gradient, *sum_product; /* sum_r g, sum_r g (z - mean): g is the gradient of y */
    float *constant, *slope; /* what the gradient of z subtracts: weight (constant + slope (z - mean)) */
} norm;

#define NORM_EPS      1e-5f
#define NORM_MOMENTUM 0.1f

/* Per-lane factors of an optimizer step. */
typedef struct step_factors {
    float rate[LANES_MAX]; /* adam: rate / (1 - momentum^step) */
    float momentum[LANES_MAX];
    float fresh[LANES_MAX]; /* 1 - momentum */
    float second[LANES_MAX];
    float second_fresh[LANES_MAX]; /* 1 - second */
    float correction[LANES_MAX];   /* 1 / sqrt(1 - second^step) */
    float weight_decay[LANES_MAX];
} step_factors;

#define ADAM_EPS 1e-8f

struct lanes_kernels {
    const char *name;
    int lanes;
    int (*runs_here)(void); /* can this processor? */

    /* y = x w^T + bias.  y (rows, out), x (rows, in), w (out, in), bias (out) or NULL. */
    void (*dense_forward)(int rows, int in, int out, const float *x, const float *w, const float *bias,
                          float *y);
    /* dx = dy w. */
    void (*dense_backward_input)(int rows, int in, int out, const float *dy, const float *w, float *dx);
    /* dw = dy^T x, dbias = sum_r dy, or += where `add`; dbias may be NULL. */
    void (*dense_backward_weights)(int rows, int in, int out, int add, const float *x, const float *dy,
                                   float *dw, float *dbias);

    /* n->sum, n->square += over rows of z (rows, units), weight (rows). */
    void (*norm_sums)(int rows, int units, const float *z, const float *weight, const norm *n);
    /* mean, inverse, scale, shift from the sums; moves the running statistics. unbias (lanes) */
    void (*norm_train)(int units, const float *unbias, const norm *n);
    /* scale, shift from the running statistics. */
    void (*norm_predict)(int units, const norm *n);
    /* Gradients of gamma and beta, and constant, slope, from those sums. */
    void (*norm_backward_finish)(int units, const norm *n);
    /* dz = scale g - weight (constant + slope (z - mean)); dz may be g. */
    void (*norm_backward)(int rows, int units, const float *z, const float *weight, const float *g,
                          const norm *n, float *dz);

    /* a = scale z + shift, or a = z where n is NULL; then a = max(0, a) if relu.  (rows, units) */
    void (*activate)(int rows, int units, int relu, const float *z, const norm *n, float *a);
    /* Its way back: g = 0 where a is not positive if relu; then n->sum_gradient, n->sum_product += over rows unless n
     * is NULL.  z, g (rows, units) */
    void (*activate_backward)(int rows, int units, int relu, const float *z, const norm *n, float *g);

    /* g' = g + weight_decay p; sgd: v = momentum v + g', p -= rate v.  All (count). */
    void (*sgd)(int64_t count, const step_factors *f, const float *g, float *v, float *p);
    /* m = momentum m + fresh g', s = second s + second_fresh g'^2, p -= rate m / (correction sqrt(s) + eps). */
    void (*adam)(int64_t count, const step_factors *f, const float *g, float *m, float *s, float *p);

    /* lanes_loss_run, lanes_gaussian_run, lanes_gather, lanes_gather_labels */
    void (*loss)(const lanes_loss *loss, int rows, const float *const *logits, const int32_t *label,
                 const float *weight, const float *distance_weight, float *const *gradient,
                 float *const *row_nats, lanes_sums *sums);
    void (*gaussian)(const lanes_loss *loss, int rows, const float *const *mean,
                     const lanes_gaussian *gaussian, const float *weight, const float *distance_weight,
                     float *const *gradient, float *const *row_nats, lanes_sums *sums);
    void (*gather)(const float *const *x, const int *own, const int32_t *const *visit, int rows, int features,
                   float *to);
    void (*gather_labels)(const int32_t *const *y, const int32_t *const *visit, int rows, int32_t *to);
};

extern const lanes_kernels lanes_kernels_reference, lanes_kernels_baseline;
#ifdef __x86_64__
extern const lanes_kernels lanes_kernels_avx2, lanes_kernels_avx512;
#endif

#endif
