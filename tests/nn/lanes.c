/* What the lanes engine promises whatever the kernel set: optimizers and running statistics as written down, lanes that do
 * not notice each other, the same bits from AVX2 and AVX-512. */
#include <stdlib.h>

#include "check.h"
#include "lanes.h"
#include "random.h"

enum { ROWS = 24, IN = 3, CLASSES = 4, SAMPLES = 200, EPOCHS = 4, PARAMETERS_MAX = 400, SOURCES = 2 };

static const network_shape shape = {
    .layers = 3, .layer = { { IN, 9, 1, 1, 1 }, { 9, 6, 0, 1, 1 }, { 6, CLASSES, 1, 0, 0 } }
};

static float number(uint32_t what, int64_t index)
{
    random_key key = { .seed = 6, .purpose = RANDOM_DATA, .stream = what };
    return (float)(2 * random_uniform(key, (uint64_t)index) - 1);
}

static void *room(size_t bytes)
{
    void *memory = lanes_allocate(bytes);
    if (!memory) abort();
    return memory;
}

static const float no_bias[LANES_MAX] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };

/* ---- a training run ------------------------------------------------------------------------------------------------ */

typedef struct trained {
    float parameters[SOURCES][PARAMETERS_MAX], logits[SOURCES][SAMPLES * CLASSES];
    double cross_entropy;
} trained;

typedef struct lane_data {
    float x[SOURCES][SAMPLES * IN];
    int32_t y[SAMPLES], order[SAMPLES];
} lane_data;

static void draw(lane_data *d, int seed)
{
    for (int i = 0; i < SAMPLES; i++) {
        d->y[i] = (int32_t)(4 * (number((uint32_t)seed, i) + 1) / 2);
        for (int f = 0; f < IN; f++)
            for (int s = 0; s < SOURCES; s++)
                d->x[s][i * IN + f] = (float)(d->y[i] >> s) + number((uint32_t)(100 + seed + s), i * IN + f);
    }
}

static void train(const lanes_kernels *k, int kind, lane_data *data, lanes_network **network,
                  lanes_sums *sums)
{
    const lanes_loss loss = { SOURCES, CLASSES, DISTANCE_JS, COUPLING_PAIRWISE, 1.0f / SOURCES };
    int lanes = lanes_kernels_lanes(k);
    size_t row = (size_t)(ROWS * lanes) * sizeof(float);
    float *weight = room(row), *gradient[SOURCES] = { room(row * CLASSES), room(row * CLASSES) };
    int32_t *label = room(row);
    const float *x[SOURCES][LANES_MAX], *logits[SOURCES];
    const int32_t *y[LANES_MAX], *visit[LANES_MAX];
    float distance_weight[LANES_MAX], unbias[LANES_MAX];
    int own[LANES_MAX];
    lanes_step step = { .optimizer = kind };
    for (int l = 0; l < lanes; l++) {
        for (int s = 0; s < SOURCES; s++) x[s][l] = data[l].x[s];
        y[l] = data[l].y;
        own[l] = IN;
    }
    for (int l = 0; l < LANES_MAX; l++) {
        distance_weight[l] = 0.1f * (float)l;
        step.rate[l] = kind == OPTIMIZER_ADAM ? 0.01f : 0.05f + 0.01f * (float)l;
        step.momentum[l] = 0.9f;
        step.second[l] = 0.99f;
        step.weight_decay[l] = 0.001f * (float)l;
    }
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
        for (int l = 0; l < lanes; l++) train_shuffle(l, epoch, SAMPLES, data[l].order);
        for (int first = 0; first < SAMPLES; first += ROWS) {
            int rows = SAMPLES - first < ROWS ? SAMPLES - first : ROWS; /* the last batch is short: 8 rows */
            for (int i = 0; i < rows * lanes; i++) weight[i] = 1.0f / (float)rows;
            for (int l = 0; l < lanes; l++) visit[l] = data[l].order + first;
            for (int l = 0; l < lanes; l++) unbias[l] = (float)rows / (float)(rows - 1);
            lanes_gather_labels(k, y, visit, rows, label);
            for (int s = 0; s < SOURCES; s++) {
                lanes_gather(k, x[s], own, visit, rows, IN, lanes_network_input(network[s]));
                logits[s] = lanes_network_forward(network[s], rows, weight, unbias);
            }
            lanes_loss_run(k, &loss, rows, logits, label, weight, distance_weight, gradient, NULL, sums);
            step.step++;
            for (int s = 0; s < SOURCES; s++) {
                lanes_network_backward(network[s], rows, weight, gradient[s]);
                lanes_network_step(network[s], &step);
            }
        }
    }
    free(weight);
    free(label);
    for (int s = 0; s < SOURCES; s++) free(gradient[s]);
}

/* Trains lanes with their own seeds; `spoilt`, unless negative, is a lane whose data is made of NaN. */
static void run(const lanes_kernels *k, int kind, int spoilt, trained *out)
{
    int lanes = lanes_kernels_lanes(k);
    lane_data *data = room(sizeof *data * LANES_MAX);
    lanes_network *network[SOURCES];
    lanes_sums sums = { 0 };
    const float *x[LANES_MAX];
    const int32_t *visit[LANES_MAX];
    int own[LANES_MAX];
    for (int l = 0; l < lanes; l++) draw(&data[l], l);
    for (int i = 0; spoilt >= 0 && i < SAMPLES * IN; i++) data[spoilt].x[0][i] = NAN;
    for (int s = 0; s < SOURCES; s++) {
        if (lanes_network_make(k, &shape, SAMPLES, &network[s]) != OK) abort();
        for (int l = 0; l < lanes; l++) lanes_network_initialise(network[s], l, IN, l, s);
    }
    train(k, kind, data, network, &sums);
    for (int s = 0; s < SOURCES; s++) {
        for (int l = 0; l < lanes; l++) {
            x[l] = data[l].x[s];
            own[l] = IN;
            visit[l] = data[l].order;
        }
        lanes_gather(k, x, own, visit, SAMPLES, IN, lanes_network_input(network[s]));
        const float *logits = lanes_network_predict(network[s], SAMPLES);
        for (int l = 0; l < lanes; l++) {
            lanes_network_get_parameters(network[s], l, out[l].parameters[s]);
            for (int i = 0; i < SAMPLES * CLASSES; i++) out[l].logits[s][i] = logits[i * lanes + l];
            out[l].cross_entropy = sums.cross_entropy[0][l];
        }
        lanes_network_free(network[s]);
    }
    free(data);
}

static void avx2_and_avx512_train_to_the_same_bits(void)
{
    const lanes_kernels *narrow = lanes_kernels_find("avx2"), *wide = lanes_kernels_find("avx512");
    if (!narrow || !wide) {
        printf("skipped: no AVX-512 here ");
        return;
    }
    static trained a[LANES_MAX], b[LANES_MAX];
    for (int kind = OPTIMIZER_SGD; kind <= OPTIMIZER_ADAM; kind++) {
        run(narrow, kind, -1, a);
        run(wide, kind, -1, b);
        CU_ASSERT_EQUAL(memcmp(a, b, sizeof a[0] * (size_t)lanes_kernels_lanes(narrow)), 0);
        CU_ASSERT_NOT_EQUAL(memcmp(&b[0], &b[1], sizeof b[0]), 0);
    }
}

static void training_learns_in_every_set(void)
{
    static trained t[LANES_MAX];
    for (int s = 0; s < lanes_kernels_count(); s++) {
        run(lanes_kernels_at(s), OPTIMIZER_SGD, -1, t);
        /* nine steps an epoch; a guess among four classes costs ln 4 per step */
        for (int l = 0; l < lanes_kernels_lanes(lanes_kernels_at(s)); l++)
            CU_ASSERT(t[l].cross_entropy < 0.9 * 9 * EPOCHS * log(4));
    }
}

static void a_lane_does_not_notice_nan_in_another(void)
{
    static trained clean[LANES_MAX], spoilt[LANES_MAX];
    for (int s = 0; s < lanes_kernels_count(); s++) {
        const lanes_kernels *k = lanes_kernels_at(s);
        run(k, OPTIMIZER_SGD, -1, clean);
        run(k, OPTIMIZER_SGD, 1, spoilt);
        CU_ASSERT(isnan(spoilt[1].parameters[0][0]) && isnan(spoilt[1].logits[0][0]));
        for (int l = 0; l < lanes_kernels_lanes(k); l++)
            if (l != 1) CU_ASSERT_EQUAL(memcmp(&clean[l], &spoilt[l], sizeof clean[l]), 0);
    }
}

/* ---- optimizers ------------------------------------------------------------------------------------------------------- */

/* Some steps of one lane's optimizer in double, on the gradient c p + d of parameter p; PyTorch's recurrences. */
static double recurrence(int kind, double p, double slope, double offset, double rate, double weight_decay,
                         int steps)
{
    double first = 0, second = 0;
    for (int t = 1; t <= steps; t++) {
        double g = slope * p + offset + weight_decay * p;
        if (kind == OPTIMIZER_SGD) {
            first = 0.9 * first + g;
            p -= rate * first;
        } else {
            first = 0.9 * first + 0.1 * g;
            second = 0.95 * second + 0.05 * g * g;
            p -= rate * (first / (1 - pow(0.9, t))) / (sqrt(second / (1 - pow(0.95, t))) + 1e-8);
        }
    }
    return p;
}

enum { STEPS = 7 };

/* One input of 1 and one class: the logit is w, and its gradient is what we say it is. */
static void check_optimizer(const lanes_kernels *k, int kind)
{
    network_shape one = { .layers = 1, .layer = { { 1, 1, 0, 0, 0 } } };
    lanes_network *n = NULL;
    int lanes = lanes_kernels_lanes(k);
    lanes_step step = { .optimizer = kind };
    float *gradient = room(sizeof(float) * LANES_MAX), *weight = room(sizeof(float) * LANES_MAX), w;
    if (lanes_network_make(k, &one, 1, &n) != OK) abort();
    for (int l = 0; l < lanes; l++) {
        w = 0.5f + (float)l;
        lanes_network_set_parameters(n, l, &w);
        lanes_network_input(n)[l] = weight[l] = 1;
        step.rate[l] = 0.01f * (float)(l + 1);
        step.momentum[l] = 0.9f;
        step.second[l] = 0.95f;
        step.weight_decay[l] = 0.125f * (float)l;
    }
    while (step.step++ < STEPS) {
        const float *logits = lanes_network_forward(n, 1, weight, no_bias);
        for (int l = 0; l < lanes; l++) gradient[l] = 0.25f * logits[l] - 1;
        lanes_network_backward(n, 1, weight, gradient);
        lanes_network_step(n, &step);
    }
    for (int l = 0; l < lanes; l++) {
        lanes_network_get_parameters(n, l, &w);
        /* seven steps in float: some 1e-7 each of values up to 20, and rates that are no exact floats */
        CHECK_NEAR(w, recurrence(kind, 0.5 + l, 0.25, -1, 0.01 * (l + 1), 0.125 * l, STEPS), 1e-5);
    }
    lanes_network_free(n);
    free(gradient);
    free(weight);
}

static void sgd_and_adam_follow_their_recurrences(void)
{
    for (int s = 0; s < lanes_kernels_count(); s++) {
        check_optimizer(lanes_kernels_at(s), OPTIMIZER_SGD);
        check_optimizer(lanes_kernels_at(s), OPTIMIZER_ADAM);
    }
}

/* ---- running statistics --------------------------------------------------------------------------------------------- */

/* One input x, w = 1, batch norm, then w = 1: two training passes, then a prediction shows what the running mean and
 * variance have become. */
static void check_running(const lanes_kernels *k, double offset)
{
    network_shape one = { .layers = 2, .layer = { { 1, 1, 0, 1, 0 }, { 1, 1, 0, 0, 0 } } };
    static const float start[4] = { 1, 1, 0, 1 }; /* w, gamma, beta, w */
    double mean = 0, variance = 1;
    float unbias[LANES_MAX];
    int lanes = lanes_kernels_lanes(k);
    lanes_network *n = NULL;
    float *weight = room(sizeof(float) * (size_t)(ROWS * lanes)), *input;
    if (lanes_network_make(k, &one, ROWS, &n) != OK) abort();
    input = lanes_network_input(n);
    for (int l = 0; l < lanes; l++) {
        lanes_network_initialise(n, l, 1, 1, 0);
        lanes_network_set_parameters(n, l, start);
    }
    for (int pass = 0; pass < 2; pass++) {
        double m = 0, v = 0;
        for (int r = 0; r < ROWS; r++)
            for (int l = 0; l < lanes; l++) {
                input[r * lanes + l] = (float)(offset + number(50 + (uint32_t)pass, r));
                weight[r * lanes + l] = 1.0f / ROWS;
            }
        for (int r = 0; r < ROWS; r++) m += (double)input[r * lanes] / ROWS;
        for (int r = 0; r < ROWS; r++) v += pow((double)input[r * lanes] - m, 2) / (ROWS - 1); /* unbiased */
        for (int l = 0; l < lanes; l++) unbias[l] = (float)ROWS / (ROWS - 1);
        lanes_network_forward(n, ROWS, weight, unbias);
        mean += 0.1 * (m - mean);
        variance += 0.1 * (v - variance);
    }
    const float *y = lanes_network_predict(n, 2);
    for (int r = 0; r < 2; r++)
        for (int l = 0; l < lanes; l++) /* rounding of x and of the mean, both as large as the offset */
            CHECK_NEAR(y[r * lanes + l], ((double)input[r * lanes] - mean) / sqrt(variance + 1e-5),
                       1e-6 * (1 + offset));
    lanes_network_free(n);
    free(weight);
}

static void running_statistics_move_a_tenth_towards_the_unbiased_ones(void)
{
    for (int s = 0; s < lanes_kernels_count(); s++) {
        check_running(lanes_kernels_at(s), 0);
        check_running(lanes_kernels_at(s), 1000);
    }
}

static void a_constant_far_from_zero_normalises_to_zero(void)
{
    network_shape one = { .layers = 2, .layer = { { 1, 1, 0, 1, 0 }, { 1, 1, 0, 0, 0 } } };
    static const float start[4] = { 1, 1, 0, 1 };
    for (int s = 0; s < lanes_kernels_count(); s++) {
        const lanes_kernels *k = lanes_kernels_at(s);
        int count = ROWS * lanes_kernels_lanes(k);
        lanes_network *n = NULL;
        float *weight = room(sizeof(float) * (size_t)count);
        if (lanes_network_make(k, &one, ROWS, &n) != OK) abort();
        for (int l = 0; l < lanes_kernels_lanes(k); l++) lanes_network_set_parameters(n, l, start);
        for (int i = 0; i < count; i++) {
            weight[i] = 1.0f / ROWS;
            lanes_network_input(n)[i] = 12345.678f;
        }
        /* scale 316 times an ulp of the mean, 1e-3, at most; sums from 0 instead of the first row would give hundreds */
        CHECK_NEAR(lanes_network_forward(n, ROWS, weight, no_bias)[0], 0, 0.5);
        lanes_network_free(n);
        free(weight);
    }
}

static void the_environment_may_name_a_set_that_exists(void)
{
    const lanes_kernels *k = NULL;
    setenv("INFOSWEEP_KERNELS", "mmx", 1);
    CU_ASSERT_EQUAL(lanes_kernels_chosen(&k), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "reference, baseline"));
    setenv("INFOSWEEP_KERNELS", "baseline", 1);
    CU_ASSERT_EQUAL(lanes_kernels_chosen(&k), OK);
    CU_ASSERT_STRING_EQUAL(lanes_kernels_name(k), "baseline");
    lanes_use(lanes_kernels_find("reference"));
    CU_ASSERT_EQUAL(lanes_kernels_chosen(&k), OK);
    CU_ASSERT_STRING_EQUAL(lanes_kernels_name(k), "reference");
    CU_ASSERT_PTR_NULL(lanes_kernels_find("mmx"));
}

CHECK_MAIN("lanes engine", TEST(avx2_and_avx512_train_to_the_same_bits), TEST(training_learns_in_every_set),
           TEST(a_lane_does_not_notice_nan_in_another), TEST(sgd_and_adam_follow_their_recurrences),
           TEST(running_statistics_move_a_tenth_towards_the_unbiased_ones),
           TEST(a_constant_far_from_zero_normalises_to_zero),
           TEST(the_environment_may_name_a_set_that_exists))
