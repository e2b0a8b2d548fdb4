/* RINE on recorded trials: what it keeps of every test trial. */
#include "estimators/drawn_data.h"
#include "estimators/train_sweep.h"
#include "random.h"

enum { SOURCES = 2, CLASSES = 3, FEATURES = 4, TRAIN = 30 };

/* `which` is how many test trials fewer than 9 there are; numbers of trials and blocks tell source and place. */
static void drawn_shape(const drawn_options *o, data_shape *shape)
{
    *shape = (data_shape){ .sources = SOURCES,
                           .features = { FEATURES, FEATURES },
                           .classes = o->parameter == 1 ? 0 : CLASSES,
                           .dimensions = o->parameter == 1 ? 1 : 0,
                           .train = TRAIN,
                           .test = 9 - o->which,
                           .recorded = o->parameter != 2 };
}

static int32_t trial_of(int source, int64_t sample)
{
    return (int32_t)(1000 * source + 7 * sample);
}

/* `period` samples, again and again. */
static void draw_inputs(random_key key, int64_t samples, int64_t period, float *x)
{
    for (int64_t k = 0; k < samples * FEATURES; k++)
        x[k] = (float)random_uniform(key, (uint64_t)(k % (period * FEATURES)));
}

static void drawn_fill(const drawn_options *o, int64_t seed, dataset *d)
{
    random_key key = { .seed = (uint64_t)(10 * seed + o->which), .purpose = RANDOM_DATA };
    d->target_entropy_bits = 1.5;
    for (int i = 0; i < SOURCES; i++) {
        key.stream = (uint32_t)(2 * i);
        draw_inputs(key, d->shape.train, TRAIN, d->train_x[i]);
        key.stream++;
        draw_inputs(key, d->shape.test, CLASSES, d->test_x[i]);
        for (int64_t k = 0; d->shape.recorded && k < d->shape.test; k++) {
            d->test_trial[i][k] = trial_of(i, k);
            d->test_block[i][k] = (int32_t)(10 * i + k / 3);
        }
    }
    for (int part = 0; part < 2; part++) {
        int64_t samples = part ? d->shape.test : d->shape.train;
        for (int64_t k = 0; k < samples; k++)
            if (d->shape.classes > 0)
                (part ? d->test_y : d->train_y)[k] = (int32_t)(k % CLASSES);
            else
                (part ? d->test_value : d->train_value)[k] = 3 + 2 * (float)(k % 5);
    }
}

#define SWEEP                                             \
    "data: {kind: drawn}\ntrain: {epochs: 4, batch: 4}\n" \
    "model: {hidden: [5]}\nrine: {average_last: 3, history: true, beta: 3}\n"

/* H(Y) of the task's row minus the mean of one source's kept cross-entropies. */
static double from_samples(const trained *t, int64_t cell, int source, int64_t samples)
{
    double sum = 0;
    for (int64_t k = 0; k < samples; k++)
        sum += value(t, cell, "test_cross_entropy", source * t->layout->extents.samples + k);
    return value(t, cell, "target_entropy", 0) - sum / (double)samples;
}

static void the_samples_make_up_the_usable_information(void)
{
    /* batches of 4 test trials, the last of 1 to 4; classes, then numbers. Floats of some bits, sums of 9: 1e-6 */
    for (int continuous = 0; continuous < 2; continuous++) {
        trained t = train(continuous ? SWEEP "grid: {parameter: [1], which: 0..4, seed: 0..3}\n"
                                     : SWEEP "grid: {parameter: [0], which: 0..4, seed: 0..3}\n",
                          NULL);
        for (int64_t cell = 0; cell < t.cells; cell++)
            for (int i = 0; i < SOURCES; i++)
                CHECK_NEAR(from_samples(&t, cell, i, 9 - cell / 4), value(&t, cell, "usable_information", i),
                           2e-6);
        trained_free(&t);
    }
}

static void every_test_trial_has_its_own_cross_entropy(void)
{
    /* inputs and targets of the test part repeat every three trials, batches end after four */
    trained t = train(SWEEP "grid: {seed: 0..3}\n", NULL);
    for (int64_t cell = 0; cell < t.cells; cell++)
        for (int i = 0; i < SOURCES; i++)
            for (int k = 1; k < 9; k++) {
                double bits = value(&t, cell, "test_cross_entropy", i * 9 + k);
                double before = value(&t, cell, "test_cross_entropy", i * 9 + k - 1);
                if (k >= 3) CHECK_NEAR(bits, value(&t, cell, "test_cross_entropy", i * 9 + k % 3), 0);
                CU_ASSERT(bits > 0 && bits != before);
            }
    trained_free(&t);
}

static void every_test_trial_says_which_it_was(void)
{
    trained t = train(SWEEP "grid: {which: 0..4}\n", NULL);
    for (int64_t cell = 0; cell < t.cells; cell++)
        for (int64_t k = 0; k < 9; k++) {
            const bool there = k < 9 - cell;
            for (int i = 0; i < SOURCES; i++) {
                double trial = value(&t, cell, "test_trial", i * 9 + k);
                double block = value(&t, cell, "test_block", i * 9 + k);
                CU_ASSERT(there ? trial == trial_of(i, k) : isnan(trial));
                CU_ASSERT(there ? block == (double)(10 * i + k / 3) : isnan(block));
                CU_ASSERT(there != isnan(value(&t, cell, "test_cross_entropy", i * 9 + k)));
            }
            double target = value(&t, cell, "test_target", k);
            CU_ASSERT(there ? target == (double)(k % CLASSES) : isnan(target));
        }
    trained_free(&t);
}

static void continuous_targets_have_no_classes(void)
{
    trained t = train(SWEEP "grid: {parameter: [1]}\n", NULL);
    CU_ASSERT(given(&t, "test_cross_entropy") && given(&t, "explained_variance"));
    CU_ASSERT(!given(&t, "test_target") && !given(&t, "accuracy"));
    CU_ASSERT(!given(&t, "class_redundant_information"));
    trained_free(&t);
}

static void samples_are_kept_of_recordings_and_only_if_wanted(void)
{
    trained not_recorded = train(SWEEP "grid: {parameter: [2]}\n", NULL);
    trained not_wanted = train(SWEEP, "rine.keep_samples=false");
    trained wanted = train(SWEEP, NULL);
    CU_ASSERT(!given(&not_recorded, "test_cross_entropy") && !given(&not_recorded, "test_trial"));
    CU_ASSERT(!given(&not_wanted, "test_cross_entropy") && !given(&not_wanted, "test_target"));
    CHECK_NEAR(value(&wanted, 0, "redundant_information", 0),
               value(&not_wanted, 0, "redundant_information", 0), 0);
    trained_free(&not_recorded);
    trained_free(&not_wanted);
    trained_free(&wanted);
}

static void the_cost_counts_what_is_trained(void)
{
    trained t = train(SWEEP "grid: {parameter: [0], decompose: [false, true], seed: [0]}\n", NULL);
    settings *s = NULL;
    data_shape shape;
    double flops[2], seconds[2];
    size_t bytes[2];
    for (int64_t cell = 0; cell < 2; cell++) {
        CU_ASSERT_FATAL(sweep_settings(t.sweep, cell, &s) == OK && sweep_shape(t.sweep, cell, &shape) == OK);
        flops[cell] = s->estimator->flops(s, &shape);
        seconds[cell] = s->estimator->seconds(s, &shape, 16);
        bytes[cell] = s->estimator->bytes(s, &shape, 16);
        settings_free(s);
        s = NULL;
    }
    /* a network takes 4 · 5 + 5 · 3 = 35 multiply-adds forward and 3 · 35 - 4 · 5 = 85 in training, of 30 samples (the last
     * two of which fill a batch) and 9 test samples; one of both sources 55 and 125 */
    CHECK_NEAR(flops[0], 2 * 4 * 2.0 * (85 * 30 + 35 * 9), 1e-9);
    CHECK_NEAR(flops[1], 2 * flops[0] + 4 * 2.0 * (125 * 30 + 55 * 9), 1e-9);
    CU_ASSERT(seconds[1] > 2 * seconds[0] && bytes[1] > bytes[0]);
    trained_free(&t);
}

CHECK_MAIN("rine on recorded trials", TEST(the_samples_make_up_the_usable_information),
           TEST(every_test_trial_has_its_own_cross_entropy), TEST(every_test_trial_says_which_it_was),
           TEST(continuous_targets_have_no_classes), TEST(samples_are_kept_of_recordings_and_only_if_wanted),
           TEST(the_cost_counts_what_is_trained))
