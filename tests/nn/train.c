/* Models and training schedules: shapes, counts, steps, initial parameters, shuffles. */
#include "train.h"

#include "check.h"
#include "lanes.h"

static const mlp_options canonical = { { 2, { 25, 15 } }, NORM_BATCH, BIAS_ENDS };

static void the_canonical_network_has_the_published_size(void)
{
    network_shape n = mlp_shape(&canonical, 1, 4);
    CU_ASSERT_EQUAL(n.layers, 3);
    CU_ASSERT_EQUAL(network_parameters(&n), 569); /* as the authors' code counts, 537 with two classes */
    CU_ASSERT_EQUAL(network_macs_forward(&n), 25 + 375 + 60);
    CU_ASSERT_EQUAL(network_macs_train(&n), 3 * 460 - 25);
    n = mlp_shape(&canonical, 1, 2);
    CU_ASSERT_EQUAL(network_parameters(&n), 537);
}

static void the_window_network_has_the_published_size(void)
{
    mlp_options o = { { 1, { 8 } }, NORM_BATCH, BIAS_ALL };
    network_shape n = mlp_shape(&o, 97, 8);
    CU_ASSERT_EQUAL(network_parameters(&n), 872);
}

static void layers_follow_the_options(void)
{
    mlp_options o = { { 2, { 5, 6 } }, NORM_NONE, BIAS_NONE };
    network_shape n = mlp_shape(&o, 3, 2);
    for (int l = 0; l < 3; l++) {
        CU_ASSERT(!n.layer[l].bias && !n.layer[l].norm);
        CU_ASSERT_EQUAL(n.layer[l].relu, l < 2);
    }
    n = mlp_shape(&canonical, 1, 2);
    CU_ASSERT(n.layer[0].bias && !n.layer[1].bias && n.layer[2].bias);
    CU_ASSERT(n.layer[0].norm && n.layer[1].norm && !n.layer[2].norm);
    o = (mlp_options){ .hidden = { 0, { 0 } } };
    n = mlp_shape(&o, 3, 2); /* a linear model */
    CU_ASSERT_EQUAL(n.layers, 1);
    CU_ASSERT(n.layer[0].bias && !n.layer[0].norm && !n.layer[0].relu && n.layer[0].in == 3 &&
              n.layer[0].out == 2);
}

static void models_are_found_by_name(void)
{
    CU_ASSERT_PTR_EQUAL(model_kind_find("mlp"), model_kinds[0]);
    CU_ASSERT_PTR_NULL(model_kind_find("vgg"));
}

static void steps_cover_the_samples_but_never_one_alone(void)
{
    train_options o = { .batch = 10, .last_batch = LAST_KEEP, .epoch_steps = EPOCH_PASS };
    CU_ASSERT_EQUAL(train_steps(&o, 40, 0), 4);
    CU_ASSERT_EQUAL(train_steps(&o, 41, 0), 4);
    CU_ASSERT_EQUAL(train_steps(&o, 42, 0), 5);
    CU_ASSERT_EQUAL(train_step_rows(&o, 42, 0, 3), 10);
    CU_ASSERT_EQUAL(train_step_rows(&o, 42, 0, 4), 2);
    CU_ASSERT_EQUAL(train_steps(&o, 1, 0), 0);
    CU_ASSERT_EQUAL(train_steps(&o, 7, 0), 1);
    CU_ASSERT_EQUAL(train_steps(&o, 42, 1), 1); /* a weighted table is one batch */
    CU_ASSERT_EQUAL(train_step_rows(&o, 42, 1, 0), 42);
    o.last_batch = LAST_DROP;
    CU_ASSERT_EQUAL(train_steps(&o, 49, 0), 4);
}

static void an_epoch_of_steps_has_full_batches_of_any_number_of_samples(void)
{
    train_options o = { .batch = 10, .last_batch = LAST_KEEP, .epoch_steps = 7 };
    for (int64_t n = 1; n < 200; n += 33) {
        CU_ASSERT_EQUAL(train_steps(&o, n, 0), 7);
        CU_ASSERT_EQUAL(train_rows(&o, n, 0), 10);
        CU_ASSERT_EQUAL(train_step_rows(&o, n, 0, 6), 10);
        CU_ASSERT_EQUAL(train_samples(&o, n, 0), 70);
        CU_ASSERT_EQUAL(train_step_first(&o, n, 3, 2), 230);
    }
    CU_ASSERT_EQUAL(train_steps(&o, 42, 1), 7); /* of the whole table */
    CU_ASSERT_EQUAL(train_step_rows(&o, 42, 1, 6), 42);
    CU_ASSERT_EQUAL(train_samples(&o, 42, 1), 7 * 42);
}

static void an_epoch_trains_on_the_rows_of_its_steps(void)
{
    for (int last = LAST_KEEP; last <= LAST_DROP; last++) {
        train_options o = { .batch = 10, .last_batch = last, .epoch_steps = EPOCH_PASS };
        for (int64_t n = 1; n < 60; n++) {
            int64_t rows = 0;
            for (int64_t k = 0; k < train_steps(&o, n, 0); k++) {
                CU_ASSERT_EQUAL(train_step_first(&o, n, 5, k), 5 * n + rows);
                rows += train_step_rows(&o, n, 0, k);
            }
            CU_ASSERT_EQUAL(train_samples(&o, n, 0), rows);
            CU_ASSERT(rows <= n && (last == LAST_DROP || rows >= n - 1));
            int64_t most = train_samples_alike(&o, n);
            CU_ASSERT(most >= n && train_steps(&o, most, 0) == train_steps(&o, n, 0));
            CU_ASSERT_EQUAL(train_steps(&o, most + 1, 0), train_steps(&o, n, 0) + 1);
        }
    }
}

static void epoch_steps_is_a_number_or_the_word_pass(void)
{
    const option *row = option_find(train_section.options, "epoch_steps");
    train_options o;
    option_defaults(train_section.options, &o);
    CU_ASSERT_EQUAL(o.epoch_steps, EPOCH_PASS);
    CU_ASSERT(option_parse(row, "16", &o) == OK && o.epoch_steps == 16);
    CU_ASSERT(option_parse(row, "pass", &o) == OK && o.epoch_steps == EPOCH_PASS);
    CU_ASSERT_EQUAL(option_parse(row, "0", &o), BAD_INPUT);
}

static void the_rate_decays_once_an_epoch(void)
{
    train_options o = { .rate = 0.01, .rate_decay = 0.97 };
    CHECK_NEAR(train_rate(&o, 0), 0.01, 0);
    CHECK_NEAR(train_rate(&o, 2), 0.01 * 0.97 * 0.97, 1e-17);
    o.rate_decay = 1;
    CHECK_NEAR(train_rate(&o, 1000), 0.01, 0);
}

enum { IN = 16, OUT = 100 };

static void initial_parameters_are_uniform_within_one_over_the_root_of_the_inputs(void)
{
    dense_shape d = { IN, OUT, 1, 0, 0 };
    float weights[IN * OUT], bias[OUT], largest = 0;
    double mean = 0, square = 0;
    train_initialise_dense(&d, 3, 1, 0, weights, bias);
    for (int i = 0; i < IN * OUT; i++) {
        largest = fabsf(weights[i]) > largest ? fabsf(weights[i]) : largest;
        mean += (double)weights[i] / (IN * OUT);
        square += (double)weights[i] * (double)weights[i] / (IN * OUT);
    }
    for (int i = 0; i < OUT; i++) CU_ASSERT(fabsf(bias[i]) <= 0.25f);
    CU_ASSERT(largest <= 0.25f && largest > 0.249f);
    /* five standard errors of uniform numbers in +-1/4: variance 1/48, that of the square 1/2880 */
    CHECK_NEAR(mean, 0, 5 * sqrt(1.0 / 48 / (IN * OUT)));
    CHECK_NEAR(square, 1.0 / 48, 5 * sqrt(1.0 / 2880 / (IN * OUT)));
}

static void initial_parameters_differ_by_seed_source_and_layer(void)
{
    dense_shape d = { IN, 1, 0, 0, 0 };
    float a[IN], b[IN];
    train_initialise_dense(&d, 3, 1, 2, a, NULL);
    train_initialise_dense(&d, 3, 1, 2, b, NULL);
    CU_ASSERT_EQUAL(memcmp(a, b, sizeof a), 0);
    train_initialise_dense(&d, 4, 1, 2, b, NULL);
    CU_ASSERT_NOT_EQUAL(a[0], b[0]);
    train_initialise_dense(&d, 3, 2, 2, b, NULL);
    CU_ASSERT_NOT_EQUAL(a[0], b[0]);
    train_initialise_dense(&d, 3, 1, 3, b, NULL);
    CU_ASSERT_NOT_EQUAL(a[0], b[0]);
}

static void shuffles_differ_by_seed_and_epoch_and_lose_nobody(void)
{
    enum { N = 500 };
    int32_t a[N], b[N];
    int64_t sum = 0, kept = 0;
    train_shuffle(1, 0, N, a);
    for (int i = 0; i < N; i++) sum += a[i];
    CU_ASSERT_EQUAL(sum, N * (N - 1) / 2);
    train_shuffle(1, 0, N, b);
    CU_ASSERT_EQUAL(memcmp(a, b, sizeof a), 0);
    for (int other = 0; other < 2; other++) {
        train_shuffle(1 + other, 1 - other, N, b);
        for (int i = 0; i < N; i++) kept += a[i] == b[i];
    }
    CU_ASSERT(kept < 20); /* one in each is to be expected */
}

/* The endless row: passes one behind the other, however it is cut into batches. */
static void visits_run_on_through_the_shuffled_passes(void)
{
    enum { SAMPLES = 7, PASSES = 5, VISITS = SAMPLES * PASSES };
    int32_t whole[VISITS], cut[VISITS], order[SAMPLES];
    for (int pass = 0; pass < PASSES; pass++) train_shuffle(3, pass, SAMPLES, whole + SAMPLES * pass);
    for (int batch = 1; batch <= VISITS; batch++) {
        train_pass state = { .number = -1, .order = order };
        for (int first = 0; first < VISITS; first += batch)
            train_visit(&state, 3, SAMPLES, first, first + batch < VISITS ? batch : VISITS - first,
                        cut + first);
        CU_ASSERT_EQUAL(memcmp(whole, cut, sizeof whole), 0);
    }
}

/* Lanes hold them as floats; a decay of 1 would make Adam divide by 0. */
static void the_largest_decays_are_below_one_in_a_float(void)
{
    static const char *const names[] = { "momentum", "second" };
    for (int i = 0; i < 2; i++) {
        const option *row = option_find(train_section.options, names[i]);
        CU_ASSERT((float)row->high < 1.0f);
    }
}

CHECK_MAIN("models and training", TEST(the_canonical_network_has_the_published_size),
           TEST(the_window_network_has_the_published_size), TEST(layers_follow_the_options),
           TEST(models_are_found_by_name), TEST(steps_cover_the_samples_but_never_one_alone),
           TEST(an_epoch_of_steps_has_full_batches_of_any_number_of_samples),
           TEST(an_epoch_trains_on_the_rows_of_its_steps), TEST(epoch_steps_is_a_number_or_the_word_pass),
           TEST(visits_run_on_through_the_shuffled_passes), TEST(the_rate_decays_once_an_epoch),
           TEST(the_largest_decays_are_below_one_in_a_float),
           TEST(initial_parameters_are_uniform_within_one_over_the_root_of_the_inputs),
           TEST(initial_parameters_differ_by_seed_source_and_layer),
           TEST(shuffles_differ_by_seed_and_epoch_and_lose_nobody))
