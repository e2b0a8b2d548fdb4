/* RINE against exact answers and invariants. The sweeps here are small: 16 lanes train at once. */
#include "estimators/train_sweep.h"

static bool stop_at_once(ticker *t, double fraction)
{
    (void)t;
    (void)fraction;
    return false;
}

static void the_weight_follows_the_schedule_and_the_convention(void)
{
    /* the last epoch's weight of the L1: facts of the paper's experiments, to the three decimals given there */
    rine_options o = { .beta = 5, .beta_schedule = 0.97, .reduce = REDUCE_MEAN };
    CHECK_NEAR(rine_weight(&o, 4, 29), 0.733, 5e-4);
    CHECK_NEAR(rine_weight(&o, 2, 29), 1.466, 5e-4);
    o.beta = 50;
    CHECK_NEAR(rine_weight(&o, 8, 49), 4.845, 5e-4);
    CHECK_NEAR(rine_weight(&o, 8, 0), 0, 0);
    o.reduce = REDUCE_SUM;
    CHECK_NEAR(rine_weight(&o, 8, 49), 8 * 4.845, 4e-3);
    o.beta_schedule = 0;
    CHECK_NEAR(rine_weight(&o, 8, 0), 50, 0);
}

static void rine_gives_one_bit_for_a_copied_source(void)
{
    /* both sources are the target: within the 0.02 bit that the weight decay of 0.005 costs, and 0.01 for labels that
     * are redrawn (2000 test samples) */
    trained t = train("data: {kind: gate, gate: rdn}\ngrid: {beta: [0, 15], seed: 0..1}\n", NULL);
    for (int64_t i = 0; i < t.cells; i++) {
        CU_ASSERT(t.rows[i]->outcome == OUTCOME_DONE);
        CHECK_NEAR(value(&t, i, "redundant_information", 0), 1, 0.03);
        CHECK_NEAR(value(&t, i, "exact_redundant_information", 0), 1, 1e-5);
        CHECK_NEAR(value(&t, i, "accuracy", 0), 1, 0);
        CHECK_NEAR(value(&t, i, "accuracy", 1), 1, 0);
        CHECK_NEAR(value(&t, i, "distance", 0), 0, 0.01);
    }
    trained_free(&t);
}

static void rine_gives_no_bit_for_independent_sources(void)
{
    /* xor: neither source alone knows anything, whatever beta; overfitting of 8000 samples stays below 0.01 bit, and the
     * known H(Y) = 1 is met by the labels within 0.01 */
    trained t = train("data: {kind: gate, gate: xor}\ngrid: {beta: [0, 15], seed: 0..1}\n", NULL);
    for (int64_t i = 0; i < t.cells; i++) CHECK_NEAR(value(&t, i, "redundant_information", 0), 0, 0.02);
    trained_free(&t);
}

static void redundant_information_is_the_mean_of_usable_information(void)
{
    trained t = train("data: {kind: gate, gate: and}\ngrid: {beta: [0, 5], seed: 0..1}\n", NULL);
    for (int64_t i = 0; i < t.cells; i++) {
        double mean = (value(&t, i, "usable_information", 0) + value(&t, i, "usable_information", 1)) / 2;
        CHECK_NEAR(value(&t, i, "redundant_information", 0), mean,
                   1e-12); /* the same sums, divided elsewhere */
    }
    trained_free(&t);
}

static void classes_weighted_by_their_share_add_up_to_the_whole(void)
{
    /* with the empirical entropy all terms are of the same test samples: sum_c share_c I_c = I */
    trained t =
        train("data: {kind: gate, gate: unq, samples: table}\nrine: {beta: 1}\ntrain: {epochs: 20}\n", NULL);
    double sum = 0;
    for (int c = 0; c < 4; c++) sum += 0.25 * value(&t, 0, "class_redundant_information", c);
    CHECK_NEAR(sum, value(&t, 0, "redundant_information", 0), 1e-5); /* float cross-entropies */
    trained_free(&t);
}

static void more_agreement_never_gives_more_information(void)
{
    /* trained on the table itself; 0.01 bit for the wobble of the last step sizes */
    trained t =
        train("data: {kind: gate, gate: and, samples: table, encoding: onehot}\n"
              "rine: {beta_schedule: 0}\n"
              "train: {optimizer: adam, rate: 0.02, rate_decay: 0.997, weight_decay: 0, epochs: 2000}\n"
              "grid: {beta: [0, 0.1, 0.2, 0.4, 0.8, 1.6]}\n",
              NULL);
    for (int64_t i = 1; i < t.cells; i++)
        CU_ASSERT(value(&t, i, "redundant_information", 0) <=
                  value(&t, i - 1, "redundant_information", 0) + 0.01);
    CHECK_NEAR(value(&t, 0, "redundant_information", 0), 0.311278, 0.01); /* mean of I(X1;Y), I(X2;Y) */
    trained_free(&t);
}

static const char mixed[] = "data: {kind: gate, samples: 2500}\ntrain: {epochs: 3}\n"
                            "rine: {average_last: 2, history: true}\n"
                            "grid: {gate: [unq, rdnxor], beta: [0, 5], rate: [0.01, 0.02], seed: 0..2}\n";

static void packs_of_any_width_give_the_same_bits(void)
{
    trained one = train(mixed, "run.pack=1"), many = train(mixed, "run.pack=16"),
            most = train(mixed, "run.pack=64");
    for (int64_t i = 0; i < one.cells; i++) {
        size_t bytes = (size_t)one.layout->size * sizeof(double);
        CU_ASSERT(memcmp(one.rows[i]->value, many.rows[i]->value, bytes) == 0);
        CU_ASSERT(memcmp(one.rows[i]->value, most.rows[i]->value, bytes) == 0);
    }
    trained_free(&one);
    trained_free(&many);
    trained_free(&most);
}

static void seeds_and_settings_give_different_numbers(void)
{
    trained t = train(mixed, NULL);
    for (int64_t i = 0; i < t.cells; i++)
        for (int64_t k = 0; k < i; k++)
            CU_ASSERT(value(&t, i, "redundant_information", 0) != value(&t, k, "redundant_information", 0));
    trained_free(&t);
}

static void a_task_that_diverges_is_a_row_with_a_reason_and_harms_no_other(void)
{
    const char *text =
        "data: {kind: gate}\ntrain: {epochs: 4}\nrine: {average_last: 1}\nmodel: {norm: none}\n"
        "grid: {rate: [0.01, 1000], seed: 0..1}\n";
    trained t = train(text, NULL), calm = train(text, "rate=0.01");
    for (int64_t i = 0; i < 2; i++) {
        CU_ASSERT(t.rows[i]->outcome == OUTCOME_DONE);
        CU_ASSERT(value(&t, i, "redundant_information", 0) == value(&calm, i, "redundant_information", 0));
        CU_ASSERT(t.rows[2 + i]->outcome == OUTCOME_DIVERGED);
        CU_ASSERT(strstr(t.rows[2 + i]->reason, "epoch") != NULL);
        CU_ASSERT(isnan(value(&t, 2 + i, "redundant_information", 0)));
    }
    trained_free(&t);
    trained_free(&calm);
}

static void the_last_epochs_of_the_history_are_what_is_averaged(void)
{
    trained t = train(mixed, NULL);
    for (int64_t i = 0; i < t.cells; i++) {
        double mean = (value(&t, i, "history", 1 * 4) + value(&t, i, "history", 2 * 4)) / 2;
        CHECK_NEAR(value(&t, i, "redundant_information", 0), mean, 1e-12);
    }
    trained_free(&t);
}

static void all_epochs_are_averaged_where_there_are_fewer_than_asked_for(void)
{
    trained t =
        train("data: {kind: gate}\ntrain: {epochs: 3}\nrine: {average_last: 5, history: true}\n", NULL);
    double mean = (value(&t, 0, "history", 0) + value(&t, 0, "history", 4) + value(&t, 0, "history", 8)) / 3;
    CHECK_NEAR(value(&t, 0, "redundant_information", 0), mean, 1e-12); /* the same sums, divided elsewhere */
    trained_free(&t);
}

static void the_weight_of_the_distance_is_that_of_the_last_epoch(void)
{
    trained t = train(mixed, NULL);
    for (int64_t i = 0; i < t.cells; i++)
        CHECK_NEAR(value(&t, i, "distance_weight", 0), value(&t, i, "history", 2 * 4 + 3), 0);
    CHECK_NEAR(value(&t, t.cells - 1, "distance_weight", 0), 5 * (1 - 0.97 * 0.97) / 4, 1e-15);
    trained_free(&t);
}

static void results_of_recordings_and_of_decompositions_are_given_where_there_are_any(void)
{
    static const char *const absent[] = { "test_cross_entropy",
                                          "test_trial",
                                          "test_block",
                                          "test_target",
                                          "history",
                                          "explained_variance",
                                          "single_information",
                                          "joint_information",
                                          "unique_information",
                                          "synergistic_information",
                                          "conservative_information" };
    trained t = train("data: {kind: gate, samples: 100}\ntrain: {epochs: 2}\n", NULL);
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) CU_ASSERT(!given(&t, absent[i]));
    CU_ASSERT(given(&t, "accuracy") && given(&t, "class_redundant_information"));
    trained_free(&t);
}

static void three_sources_share_what_all_three_know(void)
{
    /* x1 = x2 = x3 = y; 0.05 bit for the weight decay, which three coupled networks feel more */
    char path[] = "/tmp/infosweep-three-XXXXXX", text[256];
    int descriptor = mkstemp(path);
    CU_ASSERT_FATAL(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    CU_ASSERT_FATAL(file != NULL);
    fputs("x1,x2,x3,y,p\n0,0,0,0,0.5\n1,1,1,1,0.5\n", file);
    fclose(file);
    snprintf(text, sizeof text,
             "data: {kind: gate, gate: 'file:%s', samples: 5000}\n"
             "model: {hidden: [10]}\n"
             "grid: {coupling: [pairwise, centroid], distance: [l1, l2, js]}\n",
             path);
    trained t = train(text, NULL);
    for (int64_t i = 0; i < t.cells; i++) CHECK_NEAR(value(&t, i, "redundant_information", 0), 1, 0.05);
    trained_free(&t);
    remove(path);
}

/* Says stop when the networks are trained. */
static bool stop_after_training(ticker *t, double fraction)
{
    (void)t;
    return fraction < 1;
}

static void exact_optima_are_solved_between_ticks(void)
{
    trained t = { 0 };
    const char *gates = "data: {kind: gate, samples: 100}\ntrain: {epochs: 5}\n";
    CU_ASSERT(train_with(gates, NULL, stop_after_training, &t) == WORK_LEFT);
    trained_free(&t);
    CU_ASSERT(train_with(gates, "rine.exact=false", stop_after_training, &t) == OK);
    trained_free(&t);
}

static void a_tick_that_says_stop_abandons_the_pack(void)
{
    trained t = { 0 };
    CU_ASSERT(train_with("data: {kind: gate}\n", NULL, stop_at_once, &t) == WORK_LEFT);
    CU_ASSERT(t.rows[0]->outcome == OUTCOME_PENDING);
    trained_free(&t);
}

static void more_classes_than_the_loss_takes_are_refused(void)
{
    char path[] = "/tmp/infosweep-many-XXXXXX", text[256];
    int descriptor = mkstemp(path);
    CU_ASSERT_FATAL(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    CU_ASSERT_FATAL(file != NULL);
    fputs("x1,x2,y,p\n", file);
    for (int y = 0; y < 300; y++) fprintf(file, "%d,%d,%d,%.17g\n", y % 4, y / 4, y, 1.0 / 300);
    fclose(file);
    sweep *s = NULL;
    snprintf(text, sizeof text, "data: {kind: gate, gate: 'file:%s'}\n", path);
    CU_ASSERT(sweep_parse(text, "test.yaml", NULL, 0, false, &s) == BAD_INPUT);
    CU_ASSERT(strstr(failure_text(), "at most 512 sources times classes") != NULL);
    sweep_free(s);
    remove(path);
}

static void layers_beyond_the_kernels_are_refused(void)
{
    char path[] = "/tmp/infosweep-wide-XXXXXX", text[256];
    int descriptor = mkstemp(path);
    CU_ASSERT_FATAL(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    CU_ASSERT_FATAL(file != NULL);
    fputs("x1,x2,y,p\n", file);
    for (int x = 0; x < 40000; x++) fprintf(file, "%d,%d,%d,%.17g\n", x, x % 2, x % 3, 1.0 / 40000);
    fclose(file);
    sweep *s = NULL;
    snprintf(text, sizeof text,
             "data: {kind: gate, gate: 'file:%s', encoding: onehot}\nmodel: {kind: mlp, hidden: [4096]}\n",
             path);
    CU_ASSERT(sweep_parse(text, "test.yaml", NULL, 0, false, &s) == BAD_INPUT);
    CU_ASSERT(strstr(failure_text(), "model.hidden asks for 40000 times 4096") != NULL);
    sweep_free(s);
    remove(path);
}

static void what_cannot_run_is_refused(void)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        { "data: {kind: gate, gate: 'file:sweeps/gates/and3.csv'}\nrine: {decompose: true}\n",
          "rine.decompose is defined for two sources; this data has 3" },
        { "data: {kind: gate, samples: 100}\ntrain: {last_batch: drop}\n", "train.batch" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sweep *s = NULL;
        CU_ASSERT(sweep_parse(cases[i].text, "test.yaml", NULL, 0, false, &s) == BAD_INPUT);
        CU_ASSERT(strstr(failure_text(), cases[i].words) != NULL);
        sweep_free(s);
    }
}

CHECK_MAIN("rine", TEST(the_weight_follows_the_schedule_and_the_convention),
           TEST(rine_gives_one_bit_for_a_copied_source), TEST(rine_gives_no_bit_for_independent_sources),
           TEST(redundant_information_is_the_mean_of_usable_information),
           TEST(classes_weighted_by_their_share_add_up_to_the_whole),
           TEST(more_agreement_never_gives_more_information), TEST(packs_of_any_width_give_the_same_bits),
           TEST(seeds_and_settings_give_different_numbers),
           TEST(a_task_that_diverges_is_a_row_with_a_reason_and_harms_no_other),
           TEST(the_last_epochs_of_the_history_are_what_is_averaged),
           TEST(all_epochs_are_averaged_where_there_are_fewer_than_asked_for),
           TEST(the_weight_of_the_distance_is_that_of_the_last_epoch),
           TEST(results_of_recordings_and_of_decompositions_are_given_where_there_are_any),
           TEST(three_sources_share_what_all_three_know), TEST(a_tick_that_says_stop_abandons_the_pack),
           TEST(exact_optima_are_solved_between_ticks), TEST(more_classes_than_the_loss_takes_are_refused),
           TEST(layers_beyond_the_kernels_are_refused), TEST(what_cannot_run_is_refused))
