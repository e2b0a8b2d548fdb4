/* The reference kernels: plain loops over scalars, written to be read. Every other set is tested against them. */
#include <float.h>
#include <math.h>

#include "nn/lanes/kernels.h"

enum { LANES = 4 };

/* Where (row, unit, lane) lies in an array of `units` columns. */
static size_t at(int row, int unit, int units, int lane)
{
    return ((size_t)row * (size_t)units + (size_t)unit) * LANES + (size_t)lane;
}

static int runs_here(void)
{
    return 1;
}

static void dense_forward(int rows, int in, int out, const float *x, const float *w, const float *bias,
                          float *y)
{
    for (int r = 0; r < rows; r++)
        for (int o = 0; o < out; o++)
            for (int l = 0; l < LANES; l++) {
                float sum = bias ? bias[at(0, o, out, l)] : 0;
                for (int i = 0; i < in; i++) sum += x[at(r, i, in, l)] * w[at(o, i, in, l)];
                y[at(r, o, out, l)] = sum;
            }
}

static void dense_backward_input(int rows, int in, int out, const float *dy, const float *w, float *dx)
{
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < in; i++)
            for (int l = 0; l < LANES; l++) {
                float sum = 0;
                for (int o = 0; o < out; o++) sum += dy[at(r, o, out, l)] * w[at(o, i, in, l)];
                dx[at(r, i, in, l)] = sum;
            }
}

static void dense_backward_weights(int rows, int in, int out, int add, const float *x, const float *dy,
                                   float *dw, float *dbias)
{
    for (int o = 0; o < out; o++)
        for (int l = 0; l < LANES; l++) {
            for (int i = 0; i < in; i++) {
                float sum = add ? dw[at(o, i, in, l)] : 0;
                for (int r = 0; r < rows; r++) sum += dy[at(r, o, out, l)] * x[at(r, i, in, l)];
                dw[at(o, i, in, l)] = sum;
            }
            if (!dbias) continue;
            float sum = add ? dbias[at(0, o, out, l)] : 0;
            for (int r = 0; r < rows; r++) sum += dy[at(r, o, out, l)];
            dbias[at(0, o, out, l)] = sum;
        }
}

static void norm_sums(int rows, int units, const float *z, const float *weight, const norm *n)
{
    for (int r = 0; r < rows; r++)
        for (int u = 0; u < units; u++)
            for (int l = 0; l < LANES; l++) {
                size_t k = at(0, u, units, l);
                float from_origin = z[at(r, u, units, l)] - n->origin[k];
                n->sum[k] += weight[at(0, r, 1, l)] * from_origin;
                n->square[k] += weight[at(0, r, 1, l)] * from_origin * from_origin;
            }
}

static void scale_and_shift(const norm *n, size_t k, float mean, float variance)
{
    n->inverse[k] = 1 / sqrtf(variance + NORM_EPS);
    n->scale[k] = n->gamma[k] * n->inverse[k];
    n->shift[k] = n->beta[k] - mean * n->scale[k];
}

static void norm_train(int units, const float *unbias, const norm *n)
{
    for (size_t k = 0; k < (size_t)units * LANES; k++) {
        float variance = n->square[k] - n->sum[k] * n->sum[k];
        variance = variance < 0 ? 0 : variance;
        n->mean[k] = n->origin[k] + n->sum[k];
        n->running_mean[k] += NORM_MOMENTUM * (n->mean[k] - n->running_mean[k]);
        n->running_variance[k] += NORM_MOMENTUM * (unbias[k % LANES] * variance - n->running_variance[k]);
        scale_and_shift(n, k, n->mean[k], variance);
    }
}

static void norm_predict(int units, const norm *n)
{
    for (size_t k = 0; k < (size_t)units * LANES; k++)
        scale_and_shift(n, k, n->running_mean[k], n->running_variance[k]);
}

static void norm_backward_finish(int units, const norm *n)
{
    for (size_t k = 0; k < (size_t)units * LANES; k++) {
        n->gamma_gradient[k] = n->sum_product[k] * n->inverse[k];
        n->beta_gradient[k] = n->sum_gradient[k];
        n->constant[k] = n->scale[k] * n->sum_gradient[k];
        n->slope[k] = n->scale[k] * n->inverse[k] * n->inverse[k] * n->sum_product[k];
    }
}

static void norm_backward(int rows, int units, const float *z, const float *weight, const float *g,
                          const norm *n, float *dz)
{
    for (int r = 0; r < rows; r++)
        for (int u = 0; u < units; u++)
            for (int l = 0; l < LANES; l++) {
                size_t k = at(0, u, units, l), here = at(r, u, units, l);
                float common = n->constant[k] + n->slope[k] * (z[here] - n->mean[k]);
                dz[here] = n->scale[k] * g[here] - weight[at(0, r, 1, l)] * common;
            }
}

/* What the layer's batch normalisation, if it has one, makes of z. */
static float normalised(const norm *n, size_t k, float z)
{
    return n ? n->scale[k] * z + n->shift[k] : z;
}

static void activate(int rows, int units, int relu, const float *z, const norm *n, float *a)
{
    for (int r = 0; r < rows; r++)
        for (size_t k = 0; k < (size_t)units * LANES; k++) {
            size_t here = at(r, 0, units, 0) + k;
            float y = normalised(n, k, z[here]);
            a[here] = relu && y < 0 ? 0 : y; /* keeps NaN */
        }
}

static void activate_backward(int rows, int units, int relu, const float *z, const norm *n, float *g)
{
    for (int r = 0; r < rows; r++)
        for (size_t k = 0; k < (size_t)units * LANES; k++) {
            size_t here = at(r, 0, units, 0) + k;
            if (relu && !(normalised(n, k, z[here]) > 0)) g[here] = 0;
            if (n) n->sum_gradient[k] += g[here];
            if (n) n->sum_product[k] += g[here] * (z[here] - n->mean[k]);
        }
}

static void sgd(int64_t count, const step_factors *f, const float *g, float *v, float *p)
{
    for (int64_t k = 0; k < count * LANES; k++) {
        int l = (int)(k % LANES);
        v[k] = f->momentum[l] * v[k] + (g[k] + f->weight_decay[l] * p[k]);
        p[k] -= f->rate[l] * v[k];
    }
}

static void adam(int64_t count, const step_factors *f, const float *g, float *m, float *s, float *p)
{
    for (int64_t k = 0; k < count * LANES; k++) {
        int l = (int)(k % LANES);
        float decayed = g[k] + f->weight_decay[l] * p[k];
        m[k] = f->momentum[l] * m[k] + f->fresh[l] * decayed;
        s[k] = f->second[l] * s[k] + f->second_fresh[l] * decayed * decayed;
        p[k] -= f->rate[l] * (m[k] / (f->correction[l] * sqrtf(s[k]) + ADAM_EPS));
    }
}

/* Softmax of one lane's logits z (classes, stride LANES) into p (classes). Returns -ln p[label]; *first_best is the
 * class with the largest logit. */
static float softmax(int classes, const float *z, int label, float *p, int *first_best)
{
    int best = 0;
    float sum = 0;
    for (int c = 1; c < classes; c++)
        if (z[c * LANES] > z[best * LANES]) best = c;
    for (int c = 0; c < classes; c++) sum += p[c] = expf(z[c * LANES] - z[best * LANES]);
    for (int c = 0; c < classes; c++) p[c] /= sum;
    *first_best = best;
    return logf(sum) - (z[label * LANES] - z[best * LANES]);
}

/* d(p, q); adds its derivatives by p and q to hp and hq. */
static float distance(rine_distance kind, int classes, const float *p, const float *q, float *hp, float *hq)
{
    float d = 0, length = 0;
    for (int c = 0; c < classes; c++) length += (p[c] - q[c]) * (p[c] - q[c]);
    length = sqrtf(length);
    for (int c = 0; c < classes; c++) {
        float a = p[c] > FLT_MIN ? p[c] : FLT_MIN,
              b = q[c] > FLT_MIN ? q[c] : FLT_MIN; /* ln 0 times 0 is 0 */
        float difference = p[c] - q[c], log_a = logf(2 * a / (a + b)), log_b = logf(2 * b / (a + b));
        float by_p = 0, by_q = 0;
        if (kind == DISTANCE_L1) {
            d += fabsf(difference);
            by_p = difference > 0 ? 1 : difference < 0 ? -1 : 0;
            by_q = -by_p;
        } else if (kind == DISTANCE_L2) {
            by_p = length > 0 ? difference / length : 0;
            by_q = -by_p;
        } else {
            d += (a * log_a + b * log_b) / 2;
            by_p = log_a / 2;
            by_q = log_b / 2;
        }
        hp[c] += by_p;
        hq[c] += by_q;
    }
    return kind == DISTANCE_L2 ? length : d;
}

/* D of p[source] (classes); h[source] becomes its derivative. */
static float coupled_distance(const lanes_loss *loss, float p[][LANES_OUTPUTS_MAX],
                              float h[][LANES_OUTPUTS_MAX])
{
    float mean[LANES_OUTPUTS_MAX] = { 0 }, by_mean[LANES_OUTPUTS_MAX] = { 0 }, d = 0;
    int n = loss->sources, classes = loss->outputs;
    for (int i = 0; i < n; i++)
        for (int c = 0; c < classes; c++) {
            mean[c] += p[i][c] / (float)n;
            h[i][c] = 0;
        }
    if (loss->coupling == COUPLING_PAIRWISE) {
        for (int i = 0; i < n; i++)
            for (int j = i + 1; j < n; j++) d += distance(loss->distance, classes, p[i], p[j], h[i], h[j]);
        return d;
    }
    for (int i = 0; i < n; i++) d += distance(loss->distance, classes, p[i], mean, h[i], by_mean);
    for (int i = 0; i < n; i++)
        for (int c = 0; c < classes; c++) h[i][c] += by_mean[c] / (float)n;
    return d;
}

/* One row of one lane. */
static void loss_row(const lanes_loss *loss, int row, int lane, const float *const *logits, int label,
                     float weight, float distance_weight, float *const *gradient, float *const *row_nats,
                     lanes_sums *sums)
{
    float p[SOURCES_MAX][LANES_OUTPUTS_MAX], h[SOURCES_MAX][LANES_OUTPUTS_MAX];
    int n = loss->sources, classes = loss->outputs;
    size_t first = at(row, 0, classes, lane);
    for (int i = 0; i < n; i++) {
        int best;
        float cross_entropy = softmax(classes, logits[i] + first, label, p[i], &best);
        if (row_nats) row_nats[i][at(row, 0, 1, lane)] = cross_entropy;
        sums->cross_entropy[i][lane] += weight * cross_entropy;
        sums->correct[i][lane] += best == label ? weight : 0;
    }
    sums->distance[lane] += weight * coupled_distance(loss, p, h);
    for (int i = 0; gradient && i < n; i++) {
        float mean_h =
            0; /* the softmax's own derivative takes the mean away: dp_c/dz_k = p_c ([c = k] - p_k) */
        for (int c = 0; c < classes; c++) mean_h += p[i][c] * h[i][c];
        for (int c = 0; c < classes; c++)
            gradient[i][first + (size_t)c * LANES] =
                weight *
                (loss->share * (p[i][c] - (c == label)) + distance_weight * p[i][c] * (h[i][c] - mean_h));
    }
}

static void loss_run(const lanes_loss *loss, int rows, const float *const *logits, const int32_t *label,
                     const float *weight, const float *distance_weight, float *const *gradient,
                     float *const *row_nats, lanes_sums *sums)
{
    for (int r = 0; r < rows; r++)
        for (int l = 0; l < LANES; l++) {
            size_t k = at(0, r, 1, l);
            loss_row(loss, r, l, logits, label[k], weight[k], distance_weight[l], gradient, row_nats, sums);
        }
}

/* One row of one lane. */
static void gaussian_row(const lanes_loss *loss, int row, int lane, const float *const *mean,
                         const lanes_gaussian *gaussian, float weight, float distance_weight,
                         float *const *gradient, float *const *row_nats, lanes_sums *sums)
{
    const float ln_two_pi = 1.8378770664093453f;
    float p[SOURCES_MAX][LANES_OUTPUTS_MAX], h[SOURCES_MAX][LANES_OUTPUTS_MAX];
    int n = loss->sources, d = loss->outputs;
    const float *y = gaussian->target + at(row, 0, d, lane);
    for (int i = 0; i < n; i++) {
        float nats = 0, squares = 0;
        for (int j = 0; j < d; j++) {
            p[i][j] = mean[i][at(row, j, d, lane)];
            float error = p[i][j] - y[j * LANES], log_variance = gaussian->log_variance[i][at(0, j, d, lane)];
            nats += (error * error * expf(-log_variance) + log_variance + ln_two_pi) / 2;
            squares += error * error;
        }
        if (row_nats) row_nats[i][at(row, 0, 1, lane)] = nats;
        sums->cross_entropy[i][lane] += weight * nats;
        sums->squares[i][lane] += weight * squares;
    }
    sums->distance[lane] += weight * coupled_distance(loss, p, h);
    for (int i = 0; gradient && i < n; i++)
        for (int j = 0; j < d; j++) {
            float error = p[i][j] - y[j * LANES];
            float precision = expf(-gaussian->log_variance[i][at(0, j, d, lane)]);
            gradient[i][at(row, j, d, lane)] =
                weight * (loss->share * error * precision + distance_weight * h[i][j]);
            gaussian->log_variance_gradient[i][at(0, j, d, lane)] +=
                weight * loss->share * (1 - error * error * precision) / 2;
        }
}

static void gaussian_run(const lanes_loss *loss, int rows, const float *const *mean,
                         const lanes_gaussian *gaussian, const float *weight, const float *distance_weight,
                         float *const *gradient, float *const *row_nats, lanes_sums *sums)
{
    for (int r = 0; r < rows; r++)
        for (int l = 0; l < LANES; l++)
            gaussian_row(loss, r, l, mean, gaussian, weight[at(0, r, 1, l)], distance_weight[l], gradient,
                         row_nats, sums);
}

static void gather(const float *const *x, const int *own, const int32_t *const *visit, int rows, int features,
                   float *to)
{
    for (int l = 0; l < LANES; l++)
        for (int r = 0; r < rows; r++)
            for (int f = 0; f < features; f++)
                to[at(r, f, features, l)] = f < own[l] ? x[l][(int64_t)visit[l][r] * own[l] + f] : 0;
}

static void gather_labels(const int32_t *const *y, const int32_t *const *visit, int rows, int32_t *to)
{
    for (int l = 0; l < LANES; l++)
        for (int r = 0; r < rows; r++) to[at(0, r, 1, l)] = y[l][visit[l][r]];
}

const lanes_kernels lanes_kernels_reference = {
    .name = "reference",
    .lanes = LANES,
    .runs_here = runs_here,
    .dense_forward = dense_forward,
    .dense_backward_input = dense_backward_input,
    .dense_backward_weights = dense_backward_weights,
    .norm_sums = norm_sums,
    .norm_train = norm_train,
    .norm_predict = norm_predict,
    .norm_backward_finish = norm_backward_finish,
    .norm_backward = norm_backward,
    .activate = activate,
    .activate_backward = activate_backward,
    .sgd = sgd,
    .adam = adam,
    .loss = loss_run,
    .gaussian = gaussian_run,
    .gather = gather,
    .gather_labels = gather_labels,
};
