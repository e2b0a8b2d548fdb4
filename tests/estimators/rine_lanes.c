/* Groups of tasks with different data in the lanes of one register: every number of a task is what it is when the task is
 * trained alone. */
#include "estimators/rine_lanes.h"

#include <stdlib.h>

#include "check.h"
#include "random.h"
#include "sweep.h"

enum { TASKS = 16, EPOCHS_MAX = 3, CLASSES = 5, SOURCES = 2 };

/* ---- data --------------------------------------------------------------------------------------------------------- */

/* How the data of task i differs from that of the first: features of both sources, samples for training and testing. */
typedef struct sizes {
    int features[SOURCES];
    int64_t train, test;
} sizes;

static sizes sizes_of(int task, int64_t train)
{
    return (sizes){ .features = { 17 + task % 4, 40 - task % 7 },
                    .train = train - task % 9,
                    .test = 20 + task % 3 };
}

/* Small whole numbers that tell something about the class. */
static dataset *draw(const sizes *z, int task)
{
    dataset *d = NULL;
    data_shape shape = { .sources = SOURCES,
                         .features = { z->features[0], z->features[1] },
                         .classes = CLASSES,
                         .train = z->train,
                         .test = z->test };
    if (dataset_make(&shape, &d) != OK) abort();
    for (int part = 0; part < 2; part++) {
        random_key key = { .seed = (uint64_t)(2 * task + part), .purpose = RANDOM_DATA };
        int64_t n = part ? z->test : z->train;
        int32_t *y = part ? d->test_y : d->train_y;
        for (int64_t r = 0; r < n; r++) y[r] = (int32_t)random_below(key, (uint64_t)r, CLASSES);
        for (int i = 0; i < SOURCES; i++) {
            float *x = part ? d->test_x[i] : d->train_x[i];
            key.stream = (uint32_t)i + 1;
            for (int64_t k = 0; k < n * z->features[i]; k++)
                x[k] = (float)(y[k / z->features[i]] / 2 + (int32_t)random_below(key, (uint64_t)k, 3));
        }
    }
    return d;
}

/* ---- what a training leaves --------------------------------------------------------------------------------------------- */

typedef struct told {
    rine_epoch epoch[EPOCHS_MAX];
    double nats[EPOCHS_MAX][CLASSES], weight[EPOCHS_MAX][CLASSES];
    int epochs, averaged;
    int64_t diverged; /* 1 + the epoch; 0: it did not */
} told;

static void take_epoch(void *context, int task, int64_t epoch, const rine_epoch *values)
{
    told *t = (told *)context + task;
    t->epoch[epoch] = *values;
    t->epochs++;
}

static void take_classes(void *context, int task, const double *nats, const double *weight)
{
    told *t = (told *)context + task;
    memcpy(t->nats[t->averaged], nats, sizeof t->nats[0]);
    memcpy(t->weight[t->averaged++], weight, sizeof t->weight[0]);
}

static void take_divergence(void *context, int task, int64_t epoch)
{
    ((told *)context)[task].diverged = epoch + 1;
}

static bool keep_going(ticker *t, double fraction)
{
    (void)t;
    return fraction >= 0 && fraction <= 1;
}

/* ---- trainings ---------------------------------------------------------------------------------------------------------- */

typedef struct tasks {
    sweep *sweep;
    settings *task[TASKS];
    dataset *data[TASKS];
    task_pack pack;
} tasks;

/* Tasks of a sweep text, in grid order, on data of their own; `train` samples in the first. */
static tasks tasks_make(const char *text, int64_t train)
{
    tasks t = { .pack = { .count = TASKS } };
    status result = sweep_parse(text, "test.yaml", NULL, 0, false, &t.sweep);
    if (result != OK) fprintf(stderr, "%s\n", failure_text());
    CU_ASSERT_FATAL(result == OK && sweep_grid(t.sweep)->cells == TASKS);
    for (int i = 0; i < TASKS; i++) {
        sizes z = sizes_of(i, train);
        t.data[i] = draw(&z, i);
        CU_ASSERT_FATAL(sweep_settings(t.sweep, i, &t.task[i]) == OK);
    }
    t.pack.shape = t.data[0]->shape;
    return t;
}

static void tasks_free(tasks *t)
{
    for (int i = 0; i < TASKS; i++) {
        settings_free(t->task[i]);
        dataset_free(t->data[i]);
    }
    sweep_free(t->sweep);
}

/* Trains all tasks, at most `most` at once. */
static void train(const tasks *t, const lanes_kernels *k, rine_training what, int most, told *out)
{
    ticker ticks = { .tick = keep_going, .interval_seconds = 1 };
    const rine_sink sink = {
        .epoch = take_epoch, .classes = take_classes, .diverged = take_divergence, .context = out
    };
    task_pack pack = t->pack;
    pack.task = (const settings *const *)t->task;
    if (most > lanes_kernels_lanes(k)) most = lanes_kernels_lanes(k);
    memset(out, 0, sizeof *out * TASKS);
    for (int first = 0; first < TASKS; first += most) {
        int count = TASKS - first < most ? TASKS - first : most;
        CU_ASSERT_FATAL(rine_lanes_train(k, &pack, first, count, (const dataset *const *)t->data + first,
                                         what, &ticks, &sink) == OK);
    }
}

/* Every task in company and alone, in every kernel set: the same bits. */
static void check_company(const char *text, int64_t train_samples, rine_training what)
{
    static told together[TASKS], alone[TASKS];
    tasks t = tasks_make(text, train_samples);
    for (int s = 0; s < lanes_kernels_count(); s++) {
        train(&t, lanes_kernels_at(s), what, LANES_MAX, together);
        train(&t, lanes_kernels_at(s), what, 1, alone);
        CU_ASSERT_EQUAL(memcmp(together, alone, sizeof alone), 0);
        CU_ASSERT(alone[0].diverged || memcmp(&alone[0].epoch, &alone[1].epoch, sizeof alone[0].epoch) != 0);
    }
    tasks_free(&t);
}

#define TEXT(model, train)                                                      \
    "data: {kind: gate}\nrine: {history: true, average_last: 2}\n"              \
    "model: {kind: mlp, " model "}\ntrain: {epochs: 3, batch: 10, " train "}\n" \
    "grid: {beta: [5, 50], seed: 0..7}\n"

static void padded_tasks_get_the_bits_that_they_get_alone(void)
{
    static const char *const texts[] = {
        TEXT("hidden: [8], bias: all", "optimizer: adam"),
        TEXT("hidden: [8], bias: all", "optimizer: sgd, weight_decay: 0.005"),
        TEXT("hidden: [8], norm: none", "optimizer: adam, weight_decay: 0.005"),
        TEXT("hidden: [9, 6]", "optimizer: adam"),
        TEXT("hidden: [9, 6], norm: none, bias: none", "optimizer: sgd"),
        TEXT("hidden: [], bias: all", "optimizer: sgd"),
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        /* 171 to 163: seventeen steps, the last of 3 to 10 rows or of one too many */
        check_company(texts[i], 171, TRAIN_COUPLED);
}

static void padded_tasks_with_less_than_a_batch_get_the_bits_that_they_get_alone(void)
{
    check_company(TEXT("hidden: [8]", "optimizer: adam"), 10, TRAIN_COUPLED);
    check_company(TEXT("hidden: [8]", "optimizer: sgd, epoch_steps: 4"), 10, TRAIN_COUPLED);
}

static void padded_tasks_of_so_many_steps_get_the_bits_that_they_get_alone(void)
{
    check_company(TEXT("hidden: [8], bias: all", "optimizer: adam, epoch_steps: 5"), 171, TRAIN_COUPLED);
    check_company(TEXT("hidden: [9, 6]", "optimizer: sgd, epoch_steps: 25"), 171, TRAIN_COUPLED);
}

static void padded_single_and_joint_networks_get_the_bits_that_they_get_alone(void)
{
    check_company(TEXT("hidden: [8], bias: all", "optimizer: adam"), 171, TRAIN_SINGLE);
    check_company(TEXT("hidden: [8], bias: all", "optimizer: adam"), 171, TRAIN_JOINT);
    check_company(TEXT("hidden: [9, 6]", "optimizer: sgd, epoch_steps: 5"), 171, TRAIN_JOINT);
}

static void padded_tasks_diverge_in_the_epoch_in_which_they_do_alone(void)
{
    static told out[TASKS];
    const char *text = TEXT("hidden: [8], norm: none", "optimizer: sgd, rate: 1000");
    tasks t = tasks_make(text, 171);
    train(&t, lanes_kernels_at(0), TRAIN_COUPLED, LANES_MAX, out);
    for (int i = 0; i < TASKS; i++) CU_ASSERT(out[i].diverged > 0);
    tasks_free(&t);
    check_company(text, 171, TRAIN_COUPLED);
}

static void an_epoch_of_as_many_steps_as_a_pass_is_a_pass(void)
{
    static told pass[TASKS], steps[TASKS];
    for (int with = 0; with < 2; with++) {
        tasks t = tasks_make(
            with ? TEXT("hidden: [8]", "epoch_steps: 16") : TEXT("hidden: [8]", "rate: 0.01"), 160);
        for (int i = 0; i < TASKS; i++) { /* 160 samples in every task: 16 full batches */
            sizes z = sizes_of(i, 160 + i % 9);
            dataset_free(t.data[i]);
            t.data[i] = draw(&z, i);
        }
        train(&t, lanes_kernels_at(lanes_kernels_count() - 1), TRAIN_COUPLED, LANES_MAX, with ? steps : pass);
        tasks_free(&t);
    }
    CU_ASSERT_EQUAL(memcmp(pass, steps, sizeof pass), 0);
}

static void single_networks_train_as_coupled_ones_do_without_weight(void)
{
    static told single[TASKS], uncoupled[TASKS];
    const lanes_kernels *k = lanes_kernels_at(lanes_kernels_count() - 1);
    tasks t = tasks_make("data: {kind: gate}\nrine: {beta_schedule: 0, history: true, average_last: 2}\n"
                         "train: {epochs: 3, batch: 10}\n"
                         "grid: {beta: [0, 50], seed: 0..7}\n",
                         171);
    for (int i = TASKS / 2; i < TASKS; i++) { /* the same data at both betas */
        sizes z = sizes_of(i - TASKS / 2, 171);
        dataset_free(t.data[i]);
        t.data[i] = draw(&z, i - TASKS / 2);
    }
    train(&t, k, TRAIN_COUPLED, LANES_MAX, uncoupled);
    train(&t, k, TRAIN_SINGLE, LANES_MAX, single);
    CU_ASSERT_EQUAL(memcmp(single, uncoupled, sizeof single / 2), 0);
    CU_ASSERT_EQUAL(memcmp(single, single + TASKS / 2, sizeof single / 2), 0);
    CU_ASSERT_NOT_EQUAL(memcmp(single + TASKS / 2, uncoupled + TASKS / 2, sizeof single / 2), 0);
    tasks_free(&t);
}

/* y = x1 xor x2, with 20 inputs a source that all say the same: neither source alone knows anything. */
static void draw_xor(dataset *d, uint64_t seed)
{
    for (int part = 0; part < 2; part++) {
        random_key key = { .seed = seed, .purpose = RANDOM_DATA, .stream = (uint32_t)part };
        int64_t n = part ? d->shape.test : d->shape.train;
        for (int64_t r = 0; r < n; r++) {
            int bits = (int)random_below(key, (uint64_t)r, 4);
            (part ? d->test_y : d->train_y)[r] = (bits & 1) ^ (bits >> 1);
            for (int i = 0; i < SOURCES; i++)
                for (int f = 0; f < d->shape.features[i]; f++)
                    (part ? d->test_x : d->train_x)[i][r * d->shape.features[i] + f] = (float)(bits >> i & 1);
        }
    }
}

static void one_network_on_both_sources_learns_what_neither_source_knows(void)
{
    static told joint[TASKS], single[TASKS];
    const lanes_kernels *k = lanes_kernels_at(lanes_kernels_count() - 1);
    tasks t = tasks_make("data: {kind: gate}\nrine: {average_last: 1}\n"
                         "train: {optimizer: adam, epochs: 3, epoch_steps: 200, batch: 20, weight_decay: 0}\n"
                         "grid: {beta: [5, 50], seed: 0..7}\n",
                         100);
    for (int i = 0; i < TASKS; i++) {
        data_shape shape = {
            .sources = SOURCES, .features = { 20, 19 }, .classes = CLASSES, .train = 400, .test = 400
        };
        dataset_free(t.data[i]);
        if (dataset_make(&shape, &t.data[i]) != OK) abort();
        draw_xor(t.data[i], (uint64_t)i);
    }
    train(&t, k, TRAIN_JOINT, LANES_MAX, joint);
    train(&t, k, TRAIN_SINGLE, LANES_MAX, single);
    for (int i = 0; i < TASKS; i++) {
        CU_ASSERT(joint[i].epoch[2].test_nats[0] < 0.1); /* of ln 2 = 0.69 */
        CU_ASSERT(single[i].epoch[2].test_nats[0] > 0.6 && single[i].epoch[2].test_nats[1] > 0.6);
        CHECK_NEAR(joint[i].epoch[2].test_nats[1], 0, 0); /* there is one network */
        CHECK_NEAR(joint[i].epoch[2].distance, 0, 0);
    }
    tasks_free(&t);
}

static void the_network_on_both_sources_starts_from_parameters_of_its_own(void)
{
    static told joint[TASKS], one[TASKS];
    const lanes_kernels *k = lanes_kernels_at(lanes_kernels_count() - 1);
    tasks t = tasks_make(TEXT("hidden: [8]", "optimizer: adam"), 171);
    train(&t, k, TRAIN_JOINT, LANES_MAX, joint);
    for (int i = 0; i < TASKS; i++) { /* the same inputs as one source, which is source 0 */
        dataset *both = t.data[i], *side = NULL;
        data_shape shape = both->shape;
        const int first = shape.features[0], second = shape.features[1];
        shape.sources = 1;
        shape.features[0] = first + second;
        shape.features[1] = 0;
        if (dataset_make(&shape, &side) != OK) abort();
        for (int64_t r = 0; r < shape.train; r++) {
            float *to = side->train_x[0] + r * shape.features[0];
            memcpy(to, both->train_x[0] + r * first, (size_t)first * sizeof *to);
            memcpy(to + first, both->train_x[1] + r * second, (size_t)second * sizeof *to);
        }
        memcpy(side->train_y, both->train_y, (size_t)shape.train * sizeof *side->train_y);
        t.data[i] = side;
        dataset_free(both);
    }
    train(&t, k, TRAIN_SINGLE, LANES_MAX, one);
    for (int i = 0; i < TASKS; i++)
        CU_ASSERT(one[i].epoch[0].train_nats[0] != joint[i].epoch[0].train_nats[0]);
    tasks_free(&t);
}

/* ---- envelopes ---------------------------------------------------------------------------------------------------------- */

/* An envelope holds the shape, wastes at most a quarter of it, has as many steps, and is its own envelope. */
static void check_envelopes(const char *text)
{
    tasks t = tasks_make(text, 100);
    const train_options *o = t.task[0]->block[SECTION_TRAIN];
    int sizes_of_16_to_256 = 0;
    for (int n = 2; n <= 256; n++) {
        data_shape shape = { .sources = 2,
                             .features = { n, 3 * n },
                             .classes = 4,
                             .train = 10 * n + 3,
                             .test = n },
                   out, again;
        rine_lanes_envelope(t.task[0], &shape, &out);
        rine_lanes_envelope(t.task[0], &out, &again);
        CU_ASSERT(memcmp(&out, &again, sizeof out) == 0);
        CU_ASSERT(out.sources == 2 && out.classes == 4 && !out.weighted);
        CU_ASSERT(out.features[0] >= n && out.features[0] < 1.25 * n && (n > 16 || out.features[0] == n));
        CU_ASSERT(out.features[1] >= 3 * n && out.features[1] < 1.25 * 3 * n);
        CU_ASSERT(out.train >= shape.train && (double)out.train < 1.25 * (double)shape.train);
        CU_ASSERT(out.test >= n && (double)out.test < 1.25 * n);
        CU_ASSERT_EQUAL(train_steps(o, out.train, 0), train_steps(o, shape.train, 0));
        sizes_of_16_to_256 += n >= 16 && out.features[0] == n;
    }
    CU_ASSERT_EQUAL(sizes_of_16_to_256, 1 + 4 * 4);
    tasks_free(&t);
}

static void envelopes_hold_what_they_pad_and_waste_less_than_a_quarter(void)
{
    check_envelopes(TEXT("hidden: [8]", "optimizer: sgd"));
    check_envelopes(TEXT("hidden: [8]", "last_batch: drop"));
    check_envelopes(TEXT("hidden: [8]", "epoch_steps: 7"));
}

static void with_a_number_of_steps_more_samples_share_an_envelope(void)
{
    tasks pass = tasks_make(TEXT("hidden: [8]", "optimizer: sgd"), 100);
    tasks steps = tasks_make(TEXT("hidden: [8]", "epoch_steps: 7"), 100);
    data_shape few = { .sources = 2, .features = { 90, 90 }, .classes = 8, .train = 144, .test = 16 },
               many = few, a, b;
    many.features[0] = 96;
    many.train = 160;
    rine_lanes_envelope(steps.task[0], &few, &a);
    rine_lanes_envelope(steps.task[0], &many, &b);
    CU_ASSERT_EQUAL(memcmp(&a, &b, sizeof a), 0);
    rine_lanes_envelope(pass.task[0], &few, &a);
    rine_lanes_envelope(pass.task[0], &many, &b);
    CU_ASSERT(a.train == 151 &&
              b.train == 160); /* fifteen steps of ten and a rest of one; sixteen, to the next size */
    CU_ASSERT_EQUAL(a.features[0], b.features[0]);
    few.weighted = 1;
    rine_lanes_envelope(pass.task[0], &few, &a);
    CU_ASSERT_EQUAL(memcmp(&a, &few, sizeof a), 0); /* a table is one batch: nothing to pad */
    tasks_free(&pass);
    tasks_free(&steps);
}

CHECK_MAIN("rine in lanes", TEST(padded_tasks_get_the_bits_that_they_get_alone),
           TEST(padded_tasks_with_less_than_a_batch_get_the_bits_that_they_get_alone),
           TEST(padded_tasks_of_so_many_steps_get_the_bits_that_they_get_alone),
           TEST(padded_single_and_joint_networks_get_the_bits_that_they_get_alone),
           TEST(padded_tasks_diverge_in_the_epoch_in_which_they_do_alone),
           TEST(an_epoch_of_as_many_steps_as_a_pass_is_a_pass),
           TEST(single_networks_train_as_coupled_ones_do_without_weight),
           TEST(one_network_on_both_sources_learns_what_neither_source_knows),
           TEST(the_network_on_both_sources_starts_from_parameters_of_its_own),
           TEST(envelopes_hold_what_they_pad_and_waste_less_than_a_quarter),
           TEST(with_a_number_of_steps_more_samples_share_an_envelope))
