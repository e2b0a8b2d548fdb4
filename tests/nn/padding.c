/* A lane that is padded, in inputs or in rows, computes what a network of its own size computes, bit by bit. */
#include <stdlib.h>

#include "check.h"
#include "lanes.h"
#include "random.h"

enum { IN = 37, ROWS = 19, CLASSES = 3, STEPS = 40, PARAMETERS_MAX = 700 };

static float number(uint32_t what, int lane, int64_t index)
{
    random_key key = { .seed = 8, .purpose = RANDOM_DATA, .stream = what * 100 + (uint32_t)lane };
    return (float)(2 * random_uniform(key, (uint64_t)index) - 1);
}

static void *room(size_t bytes)
{
    void *memory = lanes_allocate(bytes);
    if (!memory) abort();
    return memory;
}

static int own_inputs(int lane)
{
    return IN - 5 * (lane % 4);
}

static int own_rows(int lane)
{
    return ROWS - 3 * (lane % 5);
}

/* A network with room for `in` inputs and `rows` rows that computes tasks task[lane]. */
typedef struct run {
    const lanes_kernels *k;
    int lanes, in, rows;
    int task[LANES_MAX];
    lanes_network *network;
    float *weight, *gradient; /* (rows), (rows, classes) */
    int32_t *label;           /* (rows) */
    float logits[LANES_MAX][ROWS * CLASSES];
    double cross_entropy[LANES_MAX], correct[LANES_MAX];
} run;

/* Inputs and labels of a step; zeros, and rows of weight 0 that repeat the first, beyond what a task has. */
static void fill(run *r, int step)
{
    for (int l = 0; l < r->lanes; l++) {
        const int task = r->task[l], in = own_inputs(task), rows = own_rows(task);
        for (int row = 0; row < r->rows; row++) {
            const int sample = step * ROWS + (row < rows ? row : 0);
            r->weight[row * r->lanes + l] = row < rows ? 1.0f / (float)rows : 0;
            r->label[row * r->lanes + l] = (sample + task) % CLASSES;
            for (int i = 0; i < r->in; i++)
                lanes_network_input(r->network)[(row * r->in + i) * r->lanes + l] =
                    i < in ? number(1, task, sample * IN + i) + (float)(sample % CLASSES) : 0;
        }
    }
}

static void train(run *r, int kind)
{
    const lanes_loss loss = { 1, CLASSES, DISTANCE_L1, COUPLING_PAIRWISE, 1 };
    const float no_distance[LANES_MAX] = { 0 };
    float unbias[LANES_MAX];
    lanes_step step = { .optimizer = kind };
    lanes_sums sums = { 0 };
    for (int l = 0; l < r->lanes; l++) {
        const int rows = own_rows(r->task[l]);
        unbias[l] = (float)rows / (float)(rows - 1);
        step.rate[l] = 0.02f + 0.001f * (float)r->task[l];
        step.momentum[l] = 0.9f;
        step.second[l] = 0.99f;
        step.weight_decay[l] = 0.01f;
    }
    while (step.step++ < STEPS) {
        fill(r, (int)step.step);
        const float *logits = lanes_network_forward(r->network, r->rows, r->weight, unbias);
        lanes_loss_run(r->k, &loss, r->rows, &logits, r->label, r->weight, no_distance, &r->gradient, NULL,
                       &sums);
        lanes_network_backward(r->network, r->rows, r->weight, r->gradient);
        lanes_network_step(r->network, &step);
    }
    fill(r, 0);
    const float *logits = lanes_network_predict(r->network, r->rows);
    for (int l = 0; l < r->lanes; l++) {
        for (int i = 0; i < own_rows(r->task[l]) * CLASSES; i++) r->logits[l][i] = logits[i * r->lanes + l];
        r->cross_entropy[l] = sums.cross_entropy[0][l];
        r->correct[l] = sums.correct[0][l];
    }
}

static network_shape shape_of(const mlp_options *model, int in)
{
    return mlp_shape(model, in, CLASSES);
}

/* Trains tasks task[lane] in a network of the given size. */
static run *run_make(const lanes_kernels *k, const mlp_options *model, int kind, int in, int rows,
                     const int *task)
{
    run *r = room(sizeof *r);
    *r = (run){ .k = k, .lanes = lanes_kernels_lanes(k), .in = in, .rows = rows };
    const network_shape shape = shape_of(model, in);
    const size_t cells = (size_t)(rows * r->lanes) * sizeof(float);
    r->weight = room(cells);
    r->label = room(cells);
    r->gradient = room(cells * CLASSES);
    if (lanes_network_make(k, &shape, rows, &r->network) != OK) abort();
    for (int l = 0; l < r->lanes; l++) {
        r->task[l] = task[l];
        lanes_network_initialise(r->network, l, own_inputs(task[l]), task[l], 0);
    }
    train(r, kind);
    return r;
}

static void run_free(run *r)
{
    lanes_network_free(r->network);
    free(r->weight);
    free(r->label);
    free(r->gradient);
    free(r);
}

/* Parameters of a lane: the task's own ones in `own`; returns how many of the others are not zero. */
static int parameters(const run *r, const mlp_options *model, int lane, float *own)
{
    const network_shape shape = shape_of(model, r->in);
    const int in = own_inputs(r->task[lane]);
    float all[PARAMETERS_MAX];
    int64_t first = (int64_t)r->in * shape.layer[0].out;
    int not_zero = 0;
    CU_ASSERT_FATAL(network_parameters(&shape) <= PARAMETERS_MAX);
    lanes_network_get_parameters(r->network, lane, all);
    for (int64_t i = 0; i < network_parameters(&shape); i++) {
        if (i >= first || i % r->in < in)
            *own++ = all[i];
        else
            not_zero += !(all[i] == 0);
    }
    return not_zero;
}

static void check_padded(const lanes_kernels *k, const mlp_options *model, int kind)
{
    int tasks[LANES_MAX];
    for (int l = 0; l < LANES_MAX; l++) tasks[l] = l;
    run *together = run_make(k, model, kind, IN, ROWS, tasks);
    for (int task = 0; task < together->lanes; task++) {
        static float mine[PARAMETERS_MAX], theirs[PARAMETERS_MAX];
        int same[LANES_MAX];
        for (int l = 0; l < LANES_MAX; l++) same[l] = task;
        run *alone = run_make(k, model, kind, own_inputs(task), own_rows(task), same);
        CU_ASSERT_EQUAL(parameters(alone, model, 0, mine), 0);
        CU_ASSERT_EQUAL(parameters(together, model, task, theirs), 0);
        CU_ASSERT_EQUAL(memcmp(mine, theirs, sizeof mine), 0);
        CU_ASSERT_EQUAL(memcmp(alone->logits[0], together->logits[task], sizeof alone->logits[0]), 0);
        CU_ASSERT(alone->cross_entropy[0] == together->cross_entropy[task]);
        CU_ASSERT(alone->correct[0] == together->correct[task]);
        CU_ASSERT(together->cross_entropy[task] < STEPS * log(CLASSES)); /* what guessing costs */
        run_free(alone);
    }
    run_free(together);
}

static void a_padded_lane_has_the_bits_of_a_network_of_its_own_size(void)
{
    static const mlp_options models[] = {
        { { 1, { 8 } }, NORM_BATCH, BIAS_ALL },     { { 1, { 8 } }, NORM_NONE, BIAS_NONE },
        { { 2, { 9, 6 } }, NORM_BATCH, BIAS_ENDS }, { { 2, { 9, 6 } }, NORM_NONE, BIAS_ALL },
        { { 0, { 0 } }, NORM_NONE, BIAS_ALL },
    };
    for (int s = 0; s < lanes_kernels_count(); s++)
        for (size_t m = 0; m < sizeof models / sizeof models[0]; m++)
            for (int kind = OPTIMIZER_SGD; kind <= OPTIMIZER_ADAM; kind++)
                check_padded(lanes_kernels_at(s), &models[m], kind);
}

static void a_parameter_that_is_no_number_is_found_in_its_lane(void)
{
    static const float spoilt[] = { INFINITY, -INFINITY, NAN };
    const network_shape shape = { .layers = 2, .layer = { { 3, 4, 1, 1, 1 }, { 4, CLASSES, 1, 0, 0 } } };
    const int64_t count = network_parameters(&shape);
    for (int s = 0; s < lanes_kernels_count(); s++) {
        lanes_network *n = NULL;
        bool finite[LANES_MAX];
        float all[PARAMETERS_MAX];
        const int lanes = lanes_kernels_lanes(lanes_kernels_at(s));
        if (lanes_network_make(lanes_kernels_at(s), &shape, 2, &n) != OK) abort();
        for (int l = 0; l < lanes; l++) lanes_network_initialise(n, l, 2, l, 0);
        lanes_network_finite(n, finite);
        for (int l = 0; l < lanes; l++) CU_ASSERT(finite[l]);
        for (int k = 0; k < 3; k++) {
            lanes_network_get_parameters(n, k, all);
            all[k * (count - 1) / 2] = spoilt[k]; /* the first, one in the middle, the last */
            lanes_network_set_parameters(n, k, all);
        }
        lanes_network_finite(n, finite);
        for (int l = 0; l < lanes; l++) CU_ASSERT_EQUAL(finite[l], l >= 3);
        lanes_network_free(n);
    }
}

CHECK_MAIN("padded lanes", TEST(a_padded_lane_has_the_bits_of_a_network_of_its_own_size),
           TEST(a_parameter_that_is_no_number_is_found_in_its_lane))
