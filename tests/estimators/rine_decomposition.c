/* Decomposition of two sources into redundant, unique and synergistic information, on gates whose atoms are known. */
#include "estimators/train_sweep.h"

/* Trained on the table itself until nothing moves: 0.01 bit is what the last step sizes leave, 0.02 of four terms. */
#define CONVERGED                                                                              \
    "train: {optimizer: adam, rate: 0.02, rate_decay: 0.996, weight_decay: 0, epochs: 1500}\n" \
    "rine: {beta: 15, beta_schedule: 0.99, decompose: true, average_last: 1}\n"                \
    "data: {kind: gate, samples: table, encoding: onehot}\n"
#define NEAR      0.01
#define NEAR_FOUR 0.02

static bool has_atoms(const trained *t, int64_t cell)
{
    return !isnan(value(t, cell, "synergistic_information", 0));
}

/* What holds whatever was learned. */
static void check_rules(const trained *t, int64_t cell)
{
    const double r = value(t, cell, "redundant_information", 0), j = value(t, cell, "joint_information", 0);
    const double u1 = value(t, cell, "unique_information", 0), u2 = value(t, cell, "unique_information", 1);
    const double i1 = value(t, cell, "single_information", 0), i2 = value(t, cell, "single_information", 1);
    const double s = value(t, cell, "synergistic_information", 0);
    const double v1 = value(t, cell, "usable_information", 0), v2 = value(t, cell, "usable_information", 1);
    CU_ASSERT(t->rows[cell]->outcome == OUTCOME_DONE);
    CU_ASSERT(has_atoms(t, cell) == (r <= i1 && r <= i2));
    CU_ASSERT(isnan(u1) == isnan(s) && isnan(u2) == isnan(s));
    CHECK_NEAR(value(t, cell, "conservative_information", 0), v1 < v2 ? v1 : v2, 0); /* the same sums */
    if (!has_atoms(t, cell)) return;
    CU_ASSERT(u1 >= 0 && u2 >= 0);
    CHECK_NEAR(u1, i1 - r, 0);
    CHECK_NEAR(r + u1 + u2 + s, j, 1e-14); /* rounding of a few doubles below 4 */
}

static void the_atoms_of_gates_without_redundancy_are_the_known_ones(void)
{
    static const struct {
        double single, synergy;
    } known[] = {
        { 0, 1 },                          /* xor */
        { 1, 0 },                          /* unq */
        { 0.311278, 0.811278 - 0.622556 }, /* and: with R = 0, which a large beta enforces */
    };
    trained t = train(CONVERGED "grid: {gate: [xor, unq, and]}\n", NULL);
    for (int64_t i = 0; i < t.cells; i++) {
        check_rules(&t, i);
        CHECK_NEAR(value(&t, i, "redundant_information", 0), 0, NEAR);
        CHECK_NEAR(value(&t, i, "joint_information", 0), known[i].synergy + 2 * known[i].single, NEAR);
        for (int k = 0; k < 2; k++) CHECK_NEAR(value(&t, i, "single_information", k), known[i].single, NEAR);
        if (!has_atoms(&t, i))
            continue; /* of xor: R and the single information are both 0, but for what is left */
        for (int k = 0; k < 2; k++)
            CHECK_NEAR(value(&t, i, "unique_information", k), known[i].single, NEAR_FOUR);
        CHECK_NEAR(value(&t, i, "synergistic_information", 0), known[i].synergy, NEAR_FOUR);
    }
    CU_ASSERT(has_atoms(&t, 1) && has_atoms(&t, 2));
    trained_free(&t);
}

static void a_copied_source_is_redundant_and_nothing_else(void)
{
    trained t = train(CONVERGED "grid: {gate: [rdn, rdnxor]}\n", NULL);
    for (int64_t i = 0; i < t.cells; i++) {
        check_rules(&t, i);
        CHECK_NEAR(value(&t, i, "redundant_information", 0), 1, NEAR);
        CHECK_NEAR(value(&t, i, "conservative_information", 0), 1, NEAR);
        CHECK_NEAR(value(&t, i, "single_information", 0), 1, NEAR);
        CHECK_NEAR(value(&t, i, "joint_information", 0), 1 + (double)i,
                   NEAR); /* rdnxor: and 1 bit of synergy */
    }
    trained_free(&t);
}

static void there_are_no_atoms_where_the_redundant_exceeds_a_single_information(void)
{
    /* imperfectrdn without coupling: the mean of 1 and 0.98959 is above the smaller */
    trained t = train(CONVERGED "grid: {gate: [imperfectrdn]}\n", "beta=0");
    check_rules(&t, 0);
    CU_ASSERT(!has_atoms(&t, 0));
    CHECK_NEAR(value(&t, 0, "single_information", 1), 0.98959,
               0.002); /* converged better than the difference */
    CHECK_NEAR(value(&t, 0, "redundant_information", 0), 0.994795, 0.002);
    CHECK_NEAR(value(&t, 0, "conservative_information", 0), 0.98959, 0.002);
    trained_free(&t);
}

static void single_networks_are_the_coupled_ones_without_coupling(void)
{
    trained t = train("data: {kind: gate, samples: 2500}\ntrain: {epochs: 4}\n"
                      "rine: {decompose: true, average_last: 2, history: true}\n"
                      "grid: {gate: [and, unq], beta: [0, 5], seed: 0..1}\n",
                      NULL);
    for (int64_t i = 0; i < t.cells; i++) {
        const bool coupled = i / 2 % 2;
        check_rules(&t, i);
        for (int k = 0; k < 2; k++) {
            double single = value(&t, i, "single_information", k),
                   used = value(&t, i, "usable_information", k);
            CU_ASSERT((single == used) == !coupled); /* bit by bit: the same numbers in the same order */
            CHECK_NEAR(single, value(&t, i - 2 * coupled, "single_information", k), 0);
        }
    }
    trained_free(&t);
}

static void decomposition_changes_no_bit_of_the_coupled_training(void)
{
    static const char *const names[] = { "redundant_information", "redundant_information_train", "distance",
                                         "class_redundant_information" };
    const char *text =
        "data: {kind: gate, samples: 2500}\ntrain: {epochs: 3}\ngrid: {gate: [and, unq], seed: 0..1}\n";
    trained alone = train(text, NULL), with = train(text, "rine.decompose=true");
    for (int64_t i = 0; i < alone.cells; i++)
        for (int k = 0; k < 4; k++) CU_ASSERT(value(&alone, i, names[k], 0) == value(&with, i, names[k], 0));
    CU_ASSERT(!given(&alone, "joint_information") && given(&with, "joint_information"));
    trained_free(&alone);
    trained_free(&with);
}

static void packs_of_any_width_decompose_to_the_same_bits(void)
{
    const char *text = "data: {kind: gate, samples: 2500}\ntrain: {epochs: 2}\nrine: {decompose: true}\n"
                       "grid: {gate: [and, unq], beta: [0, 5], seed: 0..4}\n";
    trained one = train(text, "run.pack=1"), many = train(text, "run.pack=64");
    for (int64_t i = 0; i < one.cells; i++)
        CU_ASSERT(
            memcmp(one.rows[i]->value, many.rows[i]->value, (size_t)one.layout->size * sizeof(double)) == 0);
    trained_free(&one);
    trained_free(&many);
}

static double told; /* share of the pack that the last tick told, and whether it ever fell */
static bool fell;

static bool remember(ticker *t, double fraction)
{
    (void)t;
    fell = fell || fraction < told;
    told = fraction;
    return true;
}

static void progress_runs_once_from_nothing_to_all(void)
{
    trained t = { 0 };
    told = 0;
    fell = false;
    CU_ASSERT(train_with("data: {kind: gate, samples: 200}\ntrain: {epochs: 10}\n"
                         "rine: {decompose: true, exact: false}\ngrid: {seed: 0..16}\n",
                         "run.pack=64", remember, &t) == OK); /* one pack, two or more registers */
    CU_ASSERT(!fell && told > 0.9 && told <= 1);
    trained_free(&t);
}

static bool stop_late(ticker *t, double fraction)
{
    (void)t;
    return fraction < 0.8; /* in the third training */
}

static void a_tick_that_says_stop_abandons_a_decomposition(void)
{
    trained t = { 0 };
    CU_ASSERT(train_with("data: {kind: gate, samples: 200}\ntrain: {epochs: 10}\nrine: {decompose: true}\n",
                         NULL, stop_late, &t) == WORK_LEFT);
    trained_free(&t);
}

CHECK_MAIN("decomposition", TEST(the_atoms_of_gates_without_redundancy_are_the_known_ones),
           TEST(a_copied_source_is_redundant_and_nothing_else),
           TEST(there_are_no_atoms_where_the_redundant_exceeds_a_single_information),
           TEST(single_networks_are_the_coupled_ones_without_coupling),
           TEST(decomposition_changes_no_bit_of_the_coupled_training),
           TEST(packs_of_any_width_decompose_to_the_same_bits), TEST(progress_runs_once_from_nothing_to_all),
           TEST(a_tick_that_says_stop_abandons_a_decomposition))
