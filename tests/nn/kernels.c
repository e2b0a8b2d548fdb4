/* Every kernel set against the reference, lane by lane, and what a lane may not notice. */
#include <stdlib.h>

#include "check.h"
#include "lanes.h"
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
    memcpy(r->logits, lanes_network_forward(r->network, r->rows, r->weight, 1.25f), bytes);
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
            int norm = i & 1, units = out[i / 2 / 5 % 5];
            network_shape shape = { .layers = 2,
                                    .layer = { { in[i / 2 % 5], units, 1, norm, 1 },
                                               { units, CLASSES, !norm, 0, 0 } } };
            check_set(lanes_kernels_at(s), &shape, rows[i / 50]);
        }
}

CHECK_MAIN("kernel sets", TEST(every_set_agrees_with_the_reference_on_every_remainder))
