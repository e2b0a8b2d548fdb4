/* RINE trained by the tensor engine: what is known of made-up images, the objective's gradient, and going on from checkpoints. */
#include "estimators/image_task.h"
#include "estimators/rine_coupled.h"
#include "estimators/rine_parts.h"

/* Two stages of convolutions on images of 8 x 8: some seconds of training at most. */
#define NETWORK \
    "estimator: rine\ndata: {kind: views, file: none}\nmodel: {kind: cnn, channels: [4, 8], hidden: []}\n"
/* With fewer kinks. */
#define SMOOTHER                                         \
    "estimator: rine\ndata: {kind: views, file: none}\n" \
    "model: {kind: cnn, channels: [4, 8], hidden: [], pool: average}\n"
#define LEARNING "train: {rate: 0.05, rate_decay: 0.9, weight_decay: 0.0005, batch: 32, epochs: 12"

/* ---- what is known ------------------------------------------------------------------------------------------------------- */

static void check_known(const char *text, shown what, double least, double most)
{
    image_task task;
    told t;
    image_task_make(&task, text, draw_images(what, 2, 512, 128));
    CU_ASSERT_EQUAL(train_images(&task, NULL, NULL, 0, &t), OK);
    const double bits = told_bits(&t, (int)rine_train_of(task.s)->epochs - 1, 2);
    if (!(bits >= least && bits <= most)) fprintf(stderr, "%g bits, not %g to %g\n", bits, least, most);
    CU_ASSERT(bits >= least && bits <= most);
    image_task_free(&task);
}

static void views_that_show_the_class_share_all_of_it(void)
{
    /* H(Y) = 2; a square of 9 pixels 4 deviations above the noise tells the class of all but few of 128 images, and some
     * confidence is missing after 192 steps */
    check_known(NETWORK LEARNING "}\nrine: {beta: 10, average_last: 1}\n", SHOWN_CLASS, 1.9, 2);
}

static void views_of_a_bit_each_share_nothing_but_know_one(void)
{
    /* sources that know independent bits agree on nothing: 0, with some hundredths for what the last steps wobble; without
     * agreement, each knows its own bit */
    check_known(NETWORK LEARNING "}\nrine: {beta: 10, reduce: sum, average_last: 1}\n", SHOWN_HALVES, -0.05,
                0.1);
    check_known(NETWORK LEARNING "}\nrine: {beta: 0, average_last: 1}\n", SHOWN_HALVES, 0.9, 1);
}

static void more_agreement_never_gives_more_information(void)
{
    static const char *const beta[] = { "0", "0.3", "1", "10" };
    double before = 2;
    for (int k = 0; k < 4; k++) {
        char text[512];
        image_task task;
        told t;
        snprintf(text, sizeof text, NETWORK LEARNING "}\nrine: {beta: %s, reduce: sum, average_last: 1}\n",
                 beta[k]);
        image_task_make(&task, text, draw_images(SHOWN_HALVES, 2, 512, 128));
        CU_ASSERT_EQUAL(train_images(&task, NULL, NULL, 0, &t), OK);
        CU_ASSERT(told_bits(&t, 11, 2) <= before + 0.02); /* the wobble of the last steps */
        before = told_bits(&t, 11, 2);
        image_task_free(&task);
    }
    CU_ASSERT(before < 0.2);
}

/* ---- the objective ------------------------------------------------------------------------------------------------------- */

/* Loss of step 0 by the networks as they stand. */
static double loss_of(rine_coupled *c, double weight)
{
    lanes_sums means = { 0 };
    double loss = weight;
    CU_ASSERT_FATAL(rine_coupled_gradient(c, 0, 0, (float)weight, &means) == OK);
    loss *= means.distance[0];
    for (int i = 0; i < c->sources; i++) loss += means.cross_entropy[i][0] / c->sources;
    return loss;
}

/* Derivative of the loss by a parameter; eps is a step at which kinks of ReLU are rare and the loss's rounding, 1e-7 of it, is
 * small. */
static double derivative(rine_coupled *c, rine_learner *l, int64_t parameter, double weight)
{
    const float eps = 1e-3f, at = l->parameters[parameter];
    double loss[2];
    for (int side = 0; side < 2; side++) {
        l->parameters[parameter] = side == 0 ? at + eps : at - eps;
        tensor_network_changed(l->network);
        loss[side] = loss_of(c, weight);
    }
    l->parameters[parameter] = at;
    tensor_network_changed(l->network);
    return (loss[0] - loss[1]) / (2.0 * (double)eps);
}

/* Of some parameters of every network, as far apart as kinks let them: 3 % of their length. */
static void check_gradient(const char *text, int sources)
{
    const double weight = 0.7;
    image_task task;
    rine_coupled *c = calloc(1, sizeof *c);
    CU_ASSERT_FATAL(c != NULL);
    image_task_make(&task, text, draw_images(SHOWN_CLASS, sources, 64, 8));
    CU_ASSERT_FATAL(rine_coupled_make(c, task.s, task.data, NULL) == OK);
    for (int i = 0; i < sources; i++) {
        rine_learner *l = &c->learner[i];
        const int64_t count = graph_parameters(&c->graph[i]);
        double apart = 0, length = 0;
        for (int64_t k = 3; k < count; k += count / 29) {
            loss_of(c, weight);
            const double exact = (double)l->gradient_sum.value[k], found = derivative(c, l, k, weight);
            apart += (exact - found) * (exact - found);
            length += exact * exact;
        }
        CU_ASSERT(length > 0);
        CHECK_NEAR(sqrt(apart / length), 0, 0.03);
    }
    rine_coupled_free(c);
    free(c);
    image_task_free(&task);
}

static void the_gradient_of_the_coupled_objective_is_its_derivative(void)
{
    check_gradient(SMOOTHER "rine: {distance: l2}\ntrain: {batch: 32}\n", 2);
    check_gradient(SMOOTHER "rine: {distance: js, coupling: centroid}\ntrain: {batch: 32}\n", 3);
    check_gradient(SMOOTHER "rine: {distance: l2}\ntrain: {batch: 32, micro_batches: 4}\n", 2);
}

static void micro_batches_without_norms_are_the_batch(void)
{
    told whole, parts;
    static const char *const micro[] = { "1", "4" };
    for (int k = 0; k < 2; k++) {
        char text[512];
        image_task task;
        snprintf(text, sizeof text,
                 "estimator: rine\ndata: {kind: views, file: none}\n"
                 "model: {kind: cnn, channels: [4], hidden: [], norm: none}\n"
                 "train: {batch: 30, epochs: 2, micro_batches: %s}\nrine: {history: true}\n",
                 micro[k]);
        image_task_make(&task, text, draw_images(SHOWN_CLASS, 2, 100, 50));
        CU_ASSERT_EQUAL(train_images(&task, NULL, NULL, 0, k == 0 ? &whole : &parts), OK);
        image_task_free(&task);
    }
    /* the same sums in another order: rounding of single precision over 8 steps */
    for (int i = 0; i < 2; i++) {
        CHECK_NEAR(parts.epoch[1].train_nats[i], whole.epoch[1].train_nats[i], 1e-5);
        CHECK_NEAR(parts.epoch[1].test_nats[i], whole.epoch[1].test_nats[i], 1e-5);
    }
}

static void what_the_sink_is_told_adds_up(void)
{
    image_task task;
    told t;
    image_task_make(&task, NETWORK "train: {batch: 32, epochs: 3}\nrine: {average_last: 2, history: true}\n",
                    draw_images(SHOWN_CLASS, 2, 96, 70));
    CU_ASSERT_EQUAL(train_images(&task, NULL, NULL, 0, &t), OK);
    CU_ASSERT_EQUAL(t.epochs, 3);
    CU_ASSERT_EQUAL(t.averaged, 2);
    double nats = 0, weight = 0, samples[2] = { 0 };
    for (int c = 0; c < CLASSES; c++) nats += t.nats[c], weight += t.weight[c];
    CHECK_NEAR(weight, 70, 0);
    /* 70 values of single precision */
    CHECK_NEAR(nats / 70, (t.epoch[2].test_nats[0] + t.epoch[2].test_nats[1]) / 2, 1e-6);
    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < 70; k++) samples[i] += t.sample_nats[i][k];
        CHECK_NEAR(samples[i] / 70, t.epoch[1].test_nats[i] + t.epoch[2].test_nats[i], 1e-6);
    }
    image_task_free(&task);
}

static void networks_predict_the_mean_of_a_continuous_target(void)
{
    image_task task;
    told t;
    dataset *d = NULL, *drawn = draw_images(SHOWN_CLASS, 2, 512, 128);
    data_shape shape = drawn->shape;
    shape.classes = 0, shape.dimensions = 2;
    CU_ASSERT_FATAL(dataset_make(&shape, &d) == OK);
    for (int i = 0; i < 2; i++) {
        memcpy(d->train_x[i], drawn->train_x[i], 512 * PIXELS * sizeof(float));
        memcpy(d->test_x[i], drawn->test_x[i], 128 * PIXELS * sizeof(float));
    }
    for (int r = 0; r < 512; r++)
        for (int j = 0; j < 2; j++) d->train_value[2 * r + j] = (float)(drawn->train_y[r] >> j & 1);
    for (int r = 0; r < 128; r++)
        for (int j = 0; j < 2; j++) d->test_value[2 * r + j] = (float)(drawn->test_y[r] >> j & 1);
    dataset_free(drawn);
    image_task_make(&task, NETWORK LEARNING "}\nrine: {beta: 1, average_last: 1}\n", d);
    CU_ASSERT_EQUAL(train_images(&task, NULL, NULL, 0, &t), OK);
    /* which quarter is bright is plain to see */
    for (int i = 0; i < 2; i++) CU_ASSERT(t.epoch[11].score[i] > 0.8);
    image_task_free(&task);
}

/* ---- ends ---------------------------------------------------------------------------------------------------------------- */

static void data_that_is_no_number_diverges(void)
{
    image_task task;
    told t;
    image_task_make(&task, NETWORK "train: {batch: 32, epochs: 3}\nrine: {history: true}\n",
                    draw_images(SHOWN_CLASS, 2, 96, 70));
    task.data->train_x[1][5 * PIXELS] = NAN;
    CU_ASSERT_EQUAL(train_images(&task, NULL, NULL, 0, &t), OK);
    CU_ASSERT_EQUAL(t.diverged, 1);
    CU_ASSERT_EQUAL(t.epochs, 0);
    image_task_free(&task);
}

static void a_rate_that_is_too_large_diverges(void)
{
    image_task task;
    told t;
    image_task_make(&task,
                    "estimator: rine\ndata: {kind: views, file: none}\n"
                    "model: {kind: cnn, channels: [4, 8], hidden: [], norm: none}\n"
                    "train: {batch: 32, epochs: 40, rate: 1000, rate_decay: 1}\n",
                    draw_images(SHOWN_CLASS, 2, 96, 70));
    CU_ASSERT_EQUAL(train_images(&task, NULL, NULL, 0, &t), OK);
    CU_ASSERT(t.diverged > 0);
    image_task_free(&task);
}

static void a_note_says_how_the_task_gets_on(void)
{
    image_task task;
    told t = { 0 };
    stopper s = stopper_make(0);
    s.ticker.context = &s;
    const rine_sink sink = told_sink(&t);
    image_task_make(&task, NETWORK "train: {batch: 32, epochs: 3}\nrine: {history: true}\n",
                    draw_images(SHOWN_CLASS, 2, 96, 70));
    CU_ASSERT_EQUAL(rine_tensors_train(&task.pack, task.data, &s.ticker, &sink), OK);
    CU_ASSERT(s.ticks > 3 * 3 * 2 && s.fraction <= 1);
    CU_ASSERT_EQUAL(s.ticker.note.epoch, 2);
    CU_ASSERT_EQUAL(s.ticker.note.epochs, 3);
    CU_ASSERT(s.ticker.note.loss > 0 && s.ticker.note.loss < 3);
    CU_ASSERT(s.ticker.note.samples_per_second > 0);
    CHECK_NEAR(s.ticker.note.bits, told_bits(&t, 2, 2), 1e-12); /* the same sum */
    image_task_free(&task);
}

/* ---- checkpoints ----------------------------------------------------------------------------------------------------------- */

#define KEPT      NETWORK "rine: {beta: 3, average_last: 2, history: true}\n"
#define KEPT_SGD  KEPT "train: {batch: 32, epochs: 4, last_batch: keep}\n"
#define KEPT_ADAM KEPT "train: {batch: 32, epochs: 4, optimizer: adam, micro_batches: 2}\n"
enum { KEPT_STEPS = 4 * 4 };

static dataset *kept_images(void)
{
    return draw_images(SHOWN_CLASS, 2, 100, 50); /* 4 steps an epoch, the last of 4 samples */
}

static void check_resumed(const char *text)
{
    image_task task;
    told straight, resumed;
    memory_checkpoint keep;
    image_task_make(&task, text, kept_images());
    CU_ASSERT_EQUAL(train_images(&task, NULL, NULL, 0, &straight), OK);
    /* stops at the same tick of every run that goes on: wherever in a step or an evaluation that is */
    for (int64_t stop = 9; stop < 200; stop += 31) {
        int runs = 0;
        memory_checkpoint_make(&keep, 0);
        status result = WORK_LEFT;
        for (; result == WORK_LEFT && runs < 2000; runs++) {
            /* a run that has no time for a step never gets on: each has some more */
            result = train_images(&task, NULL, &keep.base, stop + 5 * runs, &resumed);
        }
        CU_ASSERT_EQUAL(result, OK);
        CU_ASSERT(runs > 1);
        CU_ASSERT(memcmp(&straight, &resumed, sizeof straight) == 0);
        free(keep.state);
    }
    image_task_free(&task);
}

static void a_task_that_is_stopped_again_and_again_ends_with_the_same_bits(void)
{
    check_resumed(KEPT_SGD);
    check_resumed(KEPT_ADAM);
}

static void a_killed_task_goes_on_from_what_was_due(void)
{
    image_task task;
    told straight, killed, resumed;
    image_task_make(&task, KEPT_SGD, kept_images());
    CU_ASSERT_EQUAL(train_images(&task, NULL, NULL, 0, &straight), OK);
    for (int64_t every = 1; every <= KEPT_STEPS; every += 3) {
        memory_checkpoint keep;
        memory_checkpoint_make(&keep, every);
        CU_ASSERT_EQUAL(train_images(&task, NULL, &keep.base, 0, &killed), OK); /* the last it kept stays */
        CU_ASSERT_EQUAL(keep.saves, KEPT_STEPS / every);
        keep.every = 0;
        CU_ASSERT_EQUAL(train_images(&task, NULL, &keep.base, 0, &resumed), OK);
        CU_ASSERT(memcmp(&straight, &resumed, sizeof straight) == 0);
        free(keep.state);
    }
    image_task_free(&task);
}

/* A whole training with a checkpoint that does not fit begins anew, and ends as one without. */
static void check_begins_anew(image_task *task, memory_checkpoint *keep, const told *straight)
{
    told anew;
    keep->every = 0;
    CU_ASSERT_EQUAL(train_images(task, NULL, &keep->base, 0, &anew), OK);
    CU_ASSERT(memcmp(straight, &anew, sizeof anew) == 0);
}

static void a_checkpoint_that_does_not_fit_is_passed_over(void)
{
    image_task task, wider;
    told straight, other;
    memory_checkpoint keep;
    image_task_make(&task, KEPT_SGD, kept_images());
    CU_ASSERT_EQUAL(train_images(&task, NULL, NULL, 0, &straight), OK);
    memory_checkpoint_make(&keep, 5);
    image_task_make(&wider,
                    "estimator: rine\ndata: {kind: views, file: none}\n"
                    "model: {kind: cnn, channels: [4, 9], hidden: []}\n"
                    "rine: {beta: 3, average_last: 2, history: true}\ntrain: {batch: 32, epochs: 4}\n",
                    kept_images());
    CU_ASSERT_EQUAL(train_images(&wider, NULL, &keep.base, 0, &other), OK);
    check_begins_anew(&task, &keep, &straight); /* of another network */
    CU_ASSERT_EQUAL(train_images(&task, NULL, &keep.base, 0, &other), OK);
    free(keep.state), keep.state = NULL, keep.asked = 0, keep.every = 5;
    CU_ASSERT_EQUAL(train_images(&task, NULL, &keep.base, 0, &other), OK);
    const size_t whole = keep.bytes;
    const size_t cut[] = { whole - 1, whole / 2, 100, 1 };
    for (int k = 0; k < 4; k++) {
        keep.bytes = cut[k];
        check_begins_anew(&task, &keep, &straight);
    }
    keep.bytes = whole;
    memset(keep.state + 32, 0xff, 8); /* an epoch of -1 */
    check_begins_anew(&task, &keep, &straight);
    free(keep.state);
    image_task_free(&wider);
    image_task_free(&task);
}

/* ---- what is refused, and what it costs ------------------------------------------------------------------------------------- */

static void check_refused(const char *text, data_shape shape, const char *said)
{
    image_task task;
    image_task_make(&task, text, draw_images(SHOWN_CLASS, 2, 100, 50));
    status result = task.s->estimator->check(task.s, &shape);
    bool as_expected =
        said == NULL ? result == OK : result == BAD_INPUT && strstr(failure_text(), said) != NULL;
    if (!as_expected) fprintf(stderr, "said: %s\n", failure_text());
    CU_ASSERT(as_expected);
    image_task_free(&task);
}

static void tasks_that_the_engine_cannot_train_are_refused(void)
{
    dataset *d = draw_images(SHOWN_CLASS, 2, 100, 50);
    const data_shape images = d->shape;
    data_shape none = images, weighted = images, augmented = images;
    dataset_free(d);
    none.image[1] = (image_size){ 0 };
    weighted.weighted = 1;
    augmented.augmented = 1;
    check_refused(NETWORK, images, NULL);
    check_refused(NETWORK, augmented, NULL);
    check_refused(NETWORK, none, "learns from images");
    check_refused(NETWORK, weighted, "not from a weighted table");
    check_refused(NETWORK "rine: {decompose: true}\n", images, "rine.decompose");
    check_refused(NETWORK "train: {micro_batches: 3}\n", images, "power of two");
    check_refused(NETWORK "train: {micro_batches: 64}\n", images, "fewer than 2");
    check_refused(NETWORK "train: {batch: 32, micro_batches: 2}\n", images, NULL);
    check_refused(NETWORK "train: {batch: 32, micro_batches: 4}\n", images, "last_batch to drop");
    check_refused(NETWORK "train: {batch: 32, micro_batches: 4, last_batch: drop}\n", images, NULL);
    check_refused("estimator: rine\ndata: {kind: views, file: none}\nmodel: {kind: mlp}\n", augmented,
                  "set data.augment to none");
    check_refused(
        "estimator: rine\ndata: {kind: views, file: none}\nmodel: {kind: mlp}\ntrain: {micro_batches: 2}\n",
        images, "train.micro_batches");
}

static void a_gang_has_as_many_ranks_as_there_is_work_for(void)
{
    static const struct {
        int sources, micro_batches, most, groups_of_2, groups_of_4;
    } tasks[] = { { 2, 1, 2, 2, 0 }, { 2, 4, 8, 2, 2 }, { 3, 1, 2, 2, 0 }, { 3, 4, 8, 1, 1 },
                  { 4, 1, 4, 2, 4 }, { 3, 2, 4, 1, 2 }, { 5, 2, 8, 1, 2 } };
    for (size_t k = 0; k < sizeof tasks / sizeof tasks[0]; k++) {
        CU_ASSERT_EQUAL(rine_shares_most(tasks[k].sources, tasks[k].micro_batches), tasks[k].most);
        CU_ASSERT_EQUAL(rine_shares_groups(tasks[k].sources, tasks[k].micro_batches, 2),
                        tasks[k].groups_of_2);
        if (tasks[k].most >= 4)
            CU_ASSERT_EQUAL(rine_shares_groups(tasks[k].sources, tasks[k].micro_batches, 4),
                            tasks[k].groups_of_4);
    }
}

static void a_larger_task_costs_more(void)
{
    image_task small, large;
    image_task_make(&small, NETWORK, draw_images(SHOWN_CLASS, 2, 100, 50));
    image_task_make(
        &large, "estimator: rine\ndata: {kind: views, file: none}\nmodel: {kind: cnn, channels: [16, 32]}\n",
        draw_images(SHOWN_CLASS, 2, 100, 50));
    const estimator *e = small.s->estimator;
    const data_shape *shape = &small.data->shape;
    CU_ASSERT(e->flops(small.s, shape) > 0);
    CU_ASSERT(e->flops(large.s, shape) > e->flops(small.s, shape));
    CU_ASSERT(e->seconds(large.s, shape, 1) > e->seconds(small.s, shape, 1));
    CU_ASSERT(e->bytes(large.s, shape, 1) > e->bytes(small.s, shape, 1));
    image_task_free(&small);
    image_task_free(&large);
}

static const check_test tests[] = {
    TEST(views_that_show_the_class_share_all_of_it),
    TEST(views_of_a_bit_each_share_nothing_but_know_one),
    TEST(more_agreement_never_gives_more_information),
    TEST(the_gradient_of_the_coupled_objective_is_its_derivative),
    TEST(micro_batches_without_norms_are_the_batch),
    TEST(what_the_sink_is_told_adds_up),
    TEST(networks_predict_the_mean_of_a_continuous_target),
    TEST(data_that_is_no_number_diverges),
    TEST(a_rate_that_is_too_large_diverges),
    TEST(a_note_says_how_the_task_gets_on),
    TEST(a_task_that_is_stopped_again_and_again_ends_with_the_same_bits),
    TEST(a_killed_task_goes_on_from_what_was_due),
    TEST(a_checkpoint_that_does_not_fit_is_passed_over),
    TEST(tasks_that_the_engine_cannot_train_are_refused),
    TEST(a_gang_has_as_many_ranks_as_there_is_work_for),
    TEST(a_larger_task_costs_more),
};

int main(int argc, char **argv)
{
    if (tensor_available())
        return check_run("rine_tensors", tests, sizeof tests / sizeof tests[0], argc, argv);
    puts("skipped: no oneDNN");
    return 0;
}
