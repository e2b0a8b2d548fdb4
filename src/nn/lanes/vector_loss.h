/* The loss over vectors: softmax, cross-entropy, distance between the sources' predictions, and the gradient of all that.
 * Part of kernels.c, for each instruction set; one row of all sources at a time, classes in the inner loops. */
#ifndef LANES_VECTOR_LOSS_H
#define LANES_VECTOR_LOSS_H

#include <float.h>

#include "nn/lanes/kernels.h"
#include "nn/lanes/vector.h"

/* Where a loss ends. Upper halves of registers that stay in use slow all scalar code down until another kernel clears them;
 * compilers see to that at most returns, but not at every one of a function with several large loops. */
static inline void leave_vectors(void)
{
#if SET_NUMBER != SET_baseline
    _mm256_zeroupper();
#endif
}

/* What one row's loss is worked out in; (sources, outputs) without gaps, then one more (outputs) for the mean. */
typedef struct row_scratch {
    vec p[2 * LANES_OUTPUTS_MAX]; /* probabilities, or means of Gaussians */
    vec h[2 * LANES_OUTPUTS_MAX]; /* derivative of D by them */
} row_scratch;

/* Sums over rows, folded into doubles every few rows so that their rounding stays that of a few. */
enum { FOLD_ROWS = 32 };
typedef struct partial_sums {
    vec cross_entropy[SOURCES_MAX], correct[SOURCES_MAX], squares[SOURCES_MAX], distance;
} partial_sums;

/* p = softmax(z) (classes). Returns -ln p[label]; *hit becomes a mask of where the label has the largest logit. */
INLINE vec softmax(int classes, const float *z, ivec label, vec *p, ivec *hit)
{
    vec top = load(z), sum = all(0), of_label = all(0);
    ivec best = { 0 };
    for (int c = 1; c < classes; c++) {
        vec logit = load(z + c * LANES);
        ivec more = logit > top;
        best = (best & ~more) | (c & more);
        top = pick(more, logit, top);
    }
    for (int c = 0; c < classes; c++) {
        vec below = load(z + c * LANES) - top;
        of_label = pick(label == c, below, of_label);
        p[c] = exponential(below);
        sum += p[c];
    }
    vec share = all(1) / sum;
    for (int c = 0; c < classes; c++) p[c] *= share;
    *hit = best == label;
    return logarithm(sum) - of_label;
}

/* d(p, q) = sum_c |p_c - q_c|. The distances add their derivatives by p and q to hp and hq. */
INLINE vec distance_l1(int classes, const vec *p, const vec *q, vec *hp, vec *hq)
{
    vec d = all(0);
    for (int c = 0; c < classes; c++) {
        vec difference = p[c] - q[c];
        vec sign = pick(difference > all(0), all(1), where(difference < all(0), all(-1)));
        d += magnitude(difference);
        hp[c] += sign;
        hq[c] -= sign;
    }
    return d;
}

/* d(p, q) = sqrt(sum_c (p_c - q_c)^2), with derivative 0 where p = q */
INLINE vec distance_l2(int classes, const vec *p, const vec *q, vec *hp, vec *hq)
{
    vec squares = all(0);
    for (int c = 0; c < classes; c++) squares = fma_(p[c] - q[c], p[c] - q[c], squares);
    vec d = square_root(squares);
    vec inverse = where(d > all(0), all(1) / d);
    for (int c = 0; c < classes; c++) {
        vec towards = (p[c] - q[c]) * inverse;
        hp[c] += towards;
        hq[c] -= towards;
    }
    return d;
}

/* d(p, q) = sum_c p_c/2 ln(2 p_c / (p_c + q_c)) + the same with p and q exchanged; 0 ln 0 = 0 */
INLINE vec distance_js(int classes, const vec *p, const vec *q, vec *hp, vec *hq)
{
    vec d = all(0);
    for (int c = 0; c < classes; c++) {
        vec a = larger(all(FLT_MIN), p[c]), b = larger(all(FLT_MIN), q[c]);
        vec twice = all(2) / (a + b);
        vec by_a = all(0.5f) * logarithm(a * twice), by_b = all(0.5f) * logarithm(b * twice);
        d += fma_(a, by_a, b * by_b);
        hp[c] += by_a;
        hq[c] += by_b;
    }
    return d;
}

INLINE vec distance(rine_distance kind, int classes, const vec *p, const vec *q, vec *hp, vec *hq)
{
    if (kind == DISTANCE_L1) return distance_l1(classes, p, q, hp, hq);
    if (kind == DISTANCE_L2) return distance_l2(classes, p, q, hp, hq);
    return distance_js(classes, p, q, hp, hq);
}

/* D of the row's p; its derivative becomes h. */
INLINE vec coupled_distance(const lanes_loss *loss, const int n, const int classes, row_scratch *s)
{
    vec d = all(0);
    for (int k = 0; k < (n + 1) * classes; k++) s->h[k] = all(0);
    if (loss->coupling == COUPLING_PAIRWISE) {
        for (int i = 0; i < n; i++)
            for (int j = i + 1; j < n; j++)
                d += distance(loss->distance, classes, s->p + i * classes, s->p + j * classes,
                              s->h + i * classes, s->h + j * classes);
        return d;
    }
    vec *mean = s->p + n * classes, *by_mean = s->h + n * classes, share = all(1) / (float)n;
    for (int c = 0; c < classes; c++) {
        mean[c] = s->p[c];
        for (int i = 1; i < n; i++) mean[c] += s->p[i * classes + c];
        mean[c] *= share;
    }
    for (int i = 0; i < n; i++)
        d += distance(loss->distance, classes, s->p + i * classes, mean, s->h + i * classes, by_mean);
    for (int k = 0; k < n * classes; k++) s->h[k] = fma_(by_mean[k % classes], share, s->h[k]);
    return d;
}

/* Gradient of weight ((1/n) CE + distance_weight D) by the logits of one source (classes):
 * dp_c/dz_k = p_c ([c = k] - p_k). */
INLINE void logits_gradient(int classes, ivec label, vec weight, vec share, vec distance_weight, const vec *p,
                            const vec *h, float *gradient)
{
    vec mean = all(0);
    for (int c = 0; c < classes; c++) mean = fma_(p[c], h[c], mean);
    vec to_entropy = weight * share, to_distance = weight * distance_weight;
    for (int c = 0; c < classes; c++) {
        vec error = p[c] - where(label == c, all(1));
        vec pull = to_distance * p[c] * (h[c] - mean);
        store(gradient + c * LANES, fma_(to_entropy, error, pull));
    }
}

static void fold(const lanes_loss *loss, partial_sums *partial, lanes_sums *sums)
{
    for (int l = 0; l < LANES; l++) {
        sums->distance[l] += partial->distance[l];
        for (int i = 0; i < loss->sources; i++) {
            sums->cross_entropy[i][l] += partial->cross_entropy[i][l];
            sums->correct[i][l] += partial->correct[i][l];
            sums->squares[i][l] += partial->squares[i][l];
        }
    }
    *partial = (partial_sums){ 0 };
}

/* lanes_loss_run for n sources and so many classes: constants, where the common cases call it, that unroll its loops. */
INLINE void loss_of(const int n, const int classes, const lanes_loss *loss, int rows,
                    const float *const *logits, const int32_t *label, const float *weight,
                    const float *distance_weight, float *const *gradient, float *const *row_nats,
                    lanes_sums *sums)
{
    const vec share = all(loss->share), pull = load_anywhere(distance_weight);
    row_scratch scratch;
    partial_sums partial = { 0 };
    for (int r = 0; r < rows; r++) {
        const size_t first = (size_t)r * (size_t)classes * LANES;
        ivec labels = *(const ivec *)(const void *)(label + r * LANES);
        vec row_weight = load(weight + r * LANES);
        for (int i = 0; i < n; i++) {
            ivec hit;
            vec cross_entropy = softmax(classes, logits[i] + first, labels, scratch.p + i * classes, &hit);
            if (row_nats) store(row_nats[i] + r * LANES, cross_entropy);
            partial.cross_entropy[i] = fma_(row_weight, cross_entropy, partial.cross_entropy[i]);
            partial.correct[i] += where(hit, row_weight);
        }
        partial.distance = fma_(row_weight, coupled_distance(loss, n, classes, &scratch), partial.distance);
        for (int i = 0; gradient && i < n; i++)
            logits_gradient(classes, labels, row_weight, share, pull, scratch.p + i * classes,
                            scratch.h + i * classes, gradient[i] + first);
        if ((r + 1) % FOLD_ROWS == 0 || r + 1 == rows) fold(loss, &partial, sums);
    }
}

static void loss_run(const lanes_loss *loss, int rows, const float *const *logits, const int32_t *label,
                     const float *weight, const float *distance_weight, float *const *gradient,
                     float *const *row_nats, lanes_sums *sums)
{
    const int pair = loss->sources == 2;
    if (pair && loss->outputs == 2)
        loss_of(2, 2, loss, rows, logits, label, weight, distance_weight, gradient, row_nats, sums);
    else if (pair && loss->outputs == 4)
        loss_of(2, 4, loss, rows, logits, label, weight, distance_weight, gradient, row_nats, sums);
    else if (pair && loss->outputs == 8)
        loss_of(2, 8, loss, rows, logits, label, weight, distance_weight, gradient, row_nats, sums);
    else
        loss_of(loss->sources, loss->outputs, loss, rows, logits, label, weight, distance_weight, gradient,
                row_nats, sums);
    leave_vectors();
}

#endif
