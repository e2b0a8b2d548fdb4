/* Every kernel set against the reference, lane by lane. */
#include <stdlib.h>

#include "check.h"
#include "lanes.h"
#include "nn/lanes/kernels.h"
#include "random.h"

enum { ROWS_MAX = 128, IN_MAX = 97, OUT_MAX = 25, CLASSES = 3, PARAMETERS_MAX = 3200 };

static random_key key_of(uint32_t stream)
{
    return (random_key){ .seed = 20, .purpose = RANDOM_DATA, .stream = stream };
}

/* Number `index` of lane `lane`, in -1 … 1, whatever set asks for it. */
static float number(uint32_t what, int lane, int64_t index)
{
    return (float)(2 * random_uniform(key_of(what * 100 + (uint32_t)lane), (uint64_t)index) - 1);
}

/* A network of one kernel set that computes lanes first_lane … of the test's data. */
typedef struct run {
    const lanes_kernels *k;
    int lanes, first_lane, rows;
    network_shape shape;
    lanes_network *network;
    float *weight, *gradient, *logits, *predicted; /* (rows), then (rows, classes) */
} run;

static run run_make(const lanes_kernels *k, int first_lane, const network_shape *shape, int rows)
{
    run r = {
        .k = k, .lanes = lanes_kernels_lanes(k), .first_lane = first_lane, .rows = rows, .shape = *shape
    };
    size_t floats = (size_t)rows * (size_t)r.lanes * sizeof(float);
    if (lanes_network_make(k, shape, rows, &r.network) != OK) abort();
    r.weight = lanes_allocate(floats);
    r.gradient = lanes_allocate(floats * CLASSES);
    r.logits = lanes_allocate(floats * CLASSES);
    r.predicted = lanes_allocate(floats * CLASSES);
    if (!r.predicted || !r.weight || !r.gradient || !r.logits) abort();
    return r;
}

static void run_free(run *r)
{
    lanes_network_free(r->network);
    free(r->weight);
    free(r->gradient);
    free(r->logits);
    free(r->predicted);
}

static void run_fill(run *r)
{
    int in = r->shape.layer[0].in;
    float parameters[PARAMETERS_MAX];
    for (int l = 0; l < r->lanes; l++) {
        int lane = r->first_lane + l;
        float total = 0;
        /* nothing near 0, where the sign of a rounding error could decide about a ReLU */
        for (int64_t i = 0; i < network_parameters(&r->shape); i++) {
            parameters[i] = number(1, lane, i);
            parameters[i] += parameters[i] < 0 ? -0.2f : 0.2f;
        }
        lanes_network_set_parameters(r->network, l, parameters);
        for (int i = 0; i < r->rows * in; i++)
            lanes_network_input(r->network)[i * r->lanes + l] = number(2, lane, i);
        for (int i = 0; i < r->rows; i++) total += r->weight[i * r->lanes + l] = 1.5f + number(3, lane, i);
        for (int i = 0; i < r->rows; i++) r->weight[i * r->lanes + l] /= total;
        for (int i = 0; i < r->rows * CLASSES; i++) r->gradient[i * r->lanes + l] = number(4, lane, i);
    }
}

/* Forward, backward, then as in use; both logits are kept. */
static void run_train(run *r)
{
    size_t bytes = (size_t)(r->rows * CLASSES * r->lanes) * sizeof(float);
    float unbias[LANES_MAX];
    for (int l = 0; l < r->lanes; l++) unbias[l] = 1.25f + 0.01f * (float)(r->first_lane + l);
    memcpy(r->logits, lanes_network_forward(r->network, r->rows, r->weight, unbias), bytes);
    lanes_network_backward(r->network, r->rows, r->weight, r->gradient);
    memcpy(r->predicted, lanes_network_predict(r->network, r->rows), bytes);
}

/* Largest difference of two lanes' arrays, in units of 1 + the largest magnitude. */
static double difference(int64_t count, const float *a, int stride_a, const float *b, int stride_b)
{
    double worst = 0, largest = 1;
    for (int64_t i = 0; i < count; i++) {
        double here = fabs((double)a[i * stride_a] - (double)b[i * stride_b]);
        if (!(here <= worst)) worst = here;
        if (fabs((double)b[i * stride_b]) > largest) largest = fabs((double)b[i * stride_b]);
    }
    return worst / largest;
}

/* Sums of up to 128 terms round to some 1e-6; normalising two rows that are nearly equal magnifies that up to
 * 1 / sqrt(eps) = 300 times. What is wrong with a tile or a remainder is of order 1. */
#define SETS_AGREE 5e-4

static void compare(const run *fast, const run *plain)
{
    int64_t logits = (int64_t)plain->rows * CLASSES;
    for (int l = 0; l < plain->lanes; l++) {
        float mine[PARAMETERS_MAX], theirs[PARAMETERS_MAX];
        int other = plain->first_lane + l;
        CHECK_NEAR(difference(logits, fast->logits + other, fast->lanes, plain->logits + l, plain->lanes), 0,
                   SETS_AGREE);
        CHECK_NEAR(
            difference(logits, fast->predicted + other, fast->lanes, plain->predicted + l, plain->lanes), 0,
            SETS_AGREE);
        lanes_network_get_gradients(fast->network, other, mine);
        lanes_network_get_gradients(plain->network, l, theirs);
        CHECK_NEAR(difference(network_parameters(&plain->shape), mine, 1, theirs, 1), 0, SETS_AGREE);
    }
}

/* All lanes of one set against as many reference networks as that takes. */
static void check_set(const lanes_kernels *k, const network_shape *shape, int rows)
{
    run fast = run_make(k, 0, shape, rows);
    run_fill(&fast);
    run_train(&fast);
    const lanes_kernels *reference = lanes_kernels_find("reference");
    for (int lane = 0; lane < fast.lanes; lane += lanes_kernels_lanes(reference)) {
        run plain = run_make(reference, lane, shape, rows);
        run_fill(&plain);
        run_train(&plain);
        compare(&fast, &plain);
        run_free(&plain);
    }
    run_free(&fast);
}

static void every_set_agrees_with_the_reference_on_every_remainder(void)
{
    static const int rows[] = { 1, 2, 5, 10, 37, 128 }, in[] = { 1, 2, 3, 21, 97 },
                     out[] = { 2, 4, 8, 15, 25 };
    for (int s = 1; s < lanes_kernels_count(); s++)
        for (int i = 0; i < 6 * 5 * 5 * 2; i++) {
            int normed = i & 1, units = out[i / 2 / 5 % 5];
            network_shape shape = { .layers = 2,
                                    .layer = { { in[i / 2 % 5], units, 1, normed, 1 },
                                               { units, CLASSES, !normed, 0, 0 } } };
            check_set(lanes_kernels_at(s), &shape, rows[i / 50]);
        }
}

/* ---- loss ---------------------------------------------------------------------------------------------------------- */

enum { LOSS_ROWS = 70, SOURCES = 3 };

/* What a loss writes, of one set. */
typedef struct losses {
    float *logits[SOURCES], *gradient[SOURCES], *row_nats[SOURCES], *weight;
    int32_t *label;
    lanes_sums sums;
} losses;

static losses losses_run(const lanes_kernels *k, const lanes_loss *loss, int first_lane)
{
    losses s = { 0 };
    int lanes = lanes_kernels_lanes(k), count = LOSS_ROWS * loss->outputs;
    size_t row = (size_t)(LOSS_ROWS * lanes) * sizeof(float);
    float distance_weight[LANES_MAX] = { 0 };
    s.weight = lanes_allocate(row);
    s.label = lanes_allocate(row);
    for (int i = 0; i < SOURCES; i++) {
        s.row_nats[i] = lanes_allocate(row);
        s.logits[i] = lanes_allocate(row * (size_t)loss->outputs);
        s.gradient[i] = lanes_allocate(row * (size_t)loss->outputs);
    }
    for (int l = 0; l < lanes; l++) {
        int lane = first_lane + l;
        distance_weight[l] = (float)lane / 2;
        for (int r = 0; r < LOSS_ROWS; r++) {
            s.weight[r * lanes + l] = (2 + number(5, lane, r)) / LOSS_ROWS;
            s.label[r * lanes + l] = (r + lane) % loss->outputs;
        }
        /* up to +-60, where probabilities fall below what a float holds */
        for (int i = 0; i < SOURCES; i++)
            for (int c = 0; c < count; c++)
                s.logits[i][c * lanes + l] = number(6 + (uint32_t)i, lane, c) * (c % 3 == 0 ? 60 : 2);
    }
    lanes_loss_run(k, loss, LOSS_ROWS, (const float *const *)s.logits, s.label, s.weight, distance_weight,
                   s.gradient, s.row_nats, &s.sums);
    return s;
}

static void losses_free(losses *s)
{
    for (int i = 0; i < SOURCES; i++) {
        free(s->logits[i]);
        free(s->gradient[i]);
        free(s->row_nats[i]);
    }
    free(s->weight);
    free(s->label);
}

/* Own exp and log of 1 to 2 ulp, sums of 32 terms in float: a few 1e-7 of the largest term; logits of 60 have an ulp of
 * 4e-6. */
#define LOSSES_AGREE 1e-5

static void compare_losses(const lanes_kernels *k, const lanes_loss *loss)
{
    const lanes_kernels *reference = lanes_kernels_find("reference");
    int lanes = lanes_kernels_lanes(k), plain_lanes = lanes_kernels_lanes(reference);
    losses fast = losses_run(k, loss, 0);
    for (int lane = 0; lane < lanes; lane += plain_lanes) {
        losses plain = losses_run(reference, loss, lane);
        for (int l = 0; l < plain_lanes; l++) {
            for (int i = 0; i < loss->sources; i++) {
                CHECK_NEAR(fast.sums.cross_entropy[i][lane + l], plain.sums.cross_entropy[i][l],
                           LOSSES_AGREE * (1 + plain.sums.cross_entropy[i][l]));
                CHECK_NEAR(fast.sums.correct[i][lane + l], plain.sums.correct[i][l], LOSSES_AGREE);
                CHECK_NEAR(difference(LOSS_ROWS * loss->outputs, fast.gradient[i] + lane + l, lanes,
                                      plain.gradient[i] + l, plain_lanes),
                           0, LOSSES_AGREE);
                CHECK_NEAR(difference(LOSS_ROWS, fast.row_nats[i] + lane + l, lanes, plain.row_nats[i] + l,
                                      plain_lanes),
                           0, LOSSES_AGREE);
            }
            CHECK_NEAR(fast.sums.distance[lane + l], plain.sums.distance[l], LOSSES_AGREE);
        }
        losses_free(&plain);
    }
    losses_free(&fast);
}

static void every_set_agrees_with_the_reference_on_the_loss(void)
{
    for (int s = 1; s < lanes_kernels_count(); s++)
        for (int i = 0; i < 3 * 2 * 2 * 3; i++) {
            static const int classes[] = { 2, 5, 8 };
            lanes_loss loss = { 2 + i / 3 % 2, classes[i / 12], (rine_distance)(i % 3),
                                (rine_coupling)(i / 6 % 2), 0.4f };
            compare_losses(lanes_kernels_at(s), &loss);
        }
}

/* ---- gather --------------------------------------------------------------------------------------------------------- */

enum { SAMPLES = 40, GATHERED = 13 };

/* The lanes have `features`, or fewer and fewer from lane to lane. */
static void check_gather(const lanes_kernels *k, int features, int fewer)
{
    int lanes = lanes_kernels_lanes(k);
    float *x[LANES_MAX], *to = lanes_allocate(sizeof(float) * LANES_MAX * GATHERED * IN_MAX);
    int32_t y[LANES_MAX][SAMPLES], order[LANES_MAX][SAMPLES], labels[LANES_MAX * GATHERED];
    const int32_t *ys[LANES_MAX], *orders[LANES_MAX];
    int wrong = 0, own[LANES_MAX];
    for (int l = 0; l < lanes; l++) {
        own[l] = fewer * l < features ? features - fewer * l : 1;
        x[l] = malloc((size_t)(SAMPLES * own[l]) * sizeof(float)); /* no more, for the sanitizer to see */
        if (!x[l]) abort();
        for (int i = 0; i < SAMPLES * own[l]; i++) x[l][i] = (float)(l * 10000 + i + 1);
        for (int i = 0; i < SAMPLES; i++) y[l][i] = l * 100 + i;
        random_permutation(key_of((uint32_t)l), SAMPLES, order[l]);
        ys[l] = y[l];
        orders[l] = order[l] + SAMPLES - GATHERED;
    }
    memset(to, 0x7f, sizeof(float) * LANES_MAX * GATHERED * IN_MAX);
    lanes_gather(k, (const float *const *)x, own, orders, GATHERED, features, to);
    lanes_gather_labels(k, ys, orders, GATHERED, labels);
    for (int l = 0; l < lanes; l++) {
        for (int r = 0; r < GATHERED; r++) {
            wrong += labels[r * lanes + l] != y[l][orders[l][r]];
            for (int f = 0; f < features; f++)
                wrong +=
                    to[(r * features + f) * lanes + l] != (f < own[l] ? x[l][orders[l][r] * own[l] + f] : 0);
        }
        free(x[l]);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    free(to);
}

static void every_set_gathers_each_lanes_own_samples_and_zeros_beyond_its_features(void)
{
    static const int features[] = { 1, 2, 3, 4, 5, 8, 15, 16, 17, 32, 97 };
    for (int s = 0; s < lanes_kernels_count(); s++)
        for (int i = 0; i < 11; i++)
            for (int fewer = 0; fewer < 3; fewer++) check_gather(lanes_kernels_at(s), features[i], fewer);
}

/* ---- square root ----------------------------------------------------------------------------------------------------- */

enum { ROOTS = 1 << 16 };

/* How many of ROOTS numbers, whose bits start at `first`, have another root than sqrtf says: Adam with a mean of 1 that
 * stays, and squares that stay, takes 1 / (root + eps) off a parameter of 0. */
static int wrong_roots(const lanes_kernels *k, uint32_t first, float *m, float *s, float *p,
                       const float *zeros)
{
    step_factors f = { .rate = { 0 } };
    int wrong = 0;
    for (int l = 0; l < LANES_MAX; l++) f.rate[l] = f.momentum[l] = f.second[l] = f.correction[l] = 1;
    for (int i = 0; i < ROOTS; i++) {
        uint32_t bits = first + (uint32_t)i;
        memcpy(&s[i], &bits, sizeof bits);
        m[i] = 1;
        p[i] = 0;
    }
    k->adam(ROOTS / k->lanes, &f, zeros, m, s, p);
    for (int i = 0; i < ROOTS; i++) wrong += p[i] != -1 / (sqrtf(s[i]) + ADAM_EPS);
    return wrong;
}

/* Roots repeat with every second power of two, so two of them show all; then those where an exponent ends. */
static void every_set_takes_square_roots_to_the_last_bit(void)
{
    static const float edges[] = { 0, 1e-45f, 1e-38f, 0x1p-101f, 0x1p-100f, 0x1p100f, 0x1p101f, 3e38f };
    float *m = lanes_allocate(4 * sizeof(float) * ROOTS), *s = m + ROOTS, *p = s + ROOTS, *zeros = p + ROOTS;
    if (!m) abort();
    for (int set = 0; set < lanes_kernels_count(); set++) {
        int wrong = 0;
        for (uint32_t bits = 0x3f800000; bits < 0x40800000; bits += ROOTS) /* 1 to 4 */
            wrong += wrong_roots(lanes_kernels_at(set), bits, m, s, p, zeros);
        for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
            uint32_t bits;
            memcpy(&bits, &edges[i], sizeof bits);
            wrong += wrong_roots(lanes_kernels_at(set), bits < ROOTS / 2 ? bits : bits - ROOTS / 2, m, s, p,
                                 zeros);
        }
        CU_ASSERT_EQUAL(wrong, 0);
    }
    free(m);
}

CHECK_MAIN("kernel sets", TEST(every_set_agrees_with_the_reference_on_every_remainder),
           TEST(every_set_agrees_with_the_reference_on_the_loss),
           TEST(every_set_takes_square_roots_to_the_last_bit),
           TEST(every_set_gathers_each_lanes_own_samples_and_zeros_beyond_its_features))
