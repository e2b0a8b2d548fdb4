#include "data/settings_of.h"
#include "exact.h"

static dataset *dataset_of(const test_settings *t)
{
    dataset *d = NULL;
    if (t->s.data->make(&t->s, &d) != OK) {
        fprintf(stderr, "make: %s\n", failure_text());
        abort();
    }
    return d;
}

static void every_gate_has_its_published_informations(void)
{
    /* bits: H(Y), I1 = I2 where not said otherwise, I12, I_wedge. From the definitions; RDNUNQXOR, SUM and the rest as in
     * Griffith and Koch 2014, dyadic and triadic as in James and Crutchfield 2017. */
    static const struct {
        const char *name;
        double entropy, first, second, joint, wedge;
    } known[] = {
        { "xor", 1, 0, 0, 1, 0 },
        { "and", 0.8112781, 0.3112781, 0.3112781, 0.8112781, 0 },
        { "or", 0.8112781, 0.3112781, 0.3112781, 0.8112781, 0 },
        { "unq", 2, 1, 1, 2, 0 },
        { "rdn", 1, 1, 1, 1, 1 },
        { "rdnxor", 2, 1, 1, 2, 1 },
        { "imperfectrdn", 1, 1, 0.9895901, 1, 0 },
        { "rdnunqxor", 4, 2, 2, 4, 1 },
        { "sum", 1.5, 0.5, 0.5, 1.5, 0 },
        { "dyadic", 2, 1, 1, 2, 0 },
        { "triadic", 2, 1, 1, 2, 1 },
        { "diff", 1, 0.3112781, 0.3112781, 0.5, 0 },
        { "reducedor", 1, 0.3112781, 0.3112781, 1, 0 },
        { "pntunq", 1, 0.5, 0.5, 1, 0 },
        { "gband", 1.8112781, 1.3112781, 1.3112781, 1.8112781, 1 },
    };
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        test_settings *t = settings_of("gate");
        settings_set(t, "gate", known[k].name);
        table *made = table_of(t);
        CHECK_NEAR(table_target_entropy_bits(made), known[k].entropy,
                   1e-7); /* as many digits as are written here */
        CHECK_NEAR(table_information_bits(made, 1), known[k].first, 1e-7);
        CHECK_NEAR(table_information_bits(made, 2), known[k].second, 1e-7);
        CHECK_NEAR(table_information_bits(made, 3), known[k].joint, 1e-7);
        CHECK_NEAR(table_wedge_bits(made), known[k].wedge, 1e-7);
        table_free(made);
        settings_of_free(t);
    }
}

/* Counts how often each row of the table of `gate` occurs among all samples, and checks that no other does. */
static void expect_frequencies(const char *gate, const char *samples, double deviations)
{
    test_settings *t = settings_of("gate");
    settings_set(t, "gate", gate);
    settings_set(t, "samples", samples);
    table *made = table_of(t);
    dataset *d = dataset_of(t);
    double count[64] = { 0 }, all = (double)(d->shape.train + d->shape.test);
    int strangers = 0;
    for (int64_t i = 0; i < d->shape.train + d->shape.test; i++) {
        int64_t k = i - d->shape.train;
        float x1 = k < 0 ? d->train_x[0][i] : d->test_x[0][k],
              x2 = k < 0 ? d->train_x[1][i] : d->test_x[1][k];
        int y = k < 0 ? d->train_y[i] : d->test_y[k], row = 0;
        for (; row < made->rows; row++)
            if ((float)made->value[0][made->symbol[2 * row]] == x1 &&
                (float)made->value[1][made->symbol[2 * row + 1]] == x2 && made->y[row] == y)
                break;
        if (row == made->rows)
            strangers++;
        else
            count[row]++;
    }
    CU_ASSERT_EQUAL(strangers, 0);
    for (int row = 0; row < made->rows; row++) {
        double p = made->p[row];
        CHECK_NEAR(count[row] / all, p, deviations * sqrt(p * (1 - p) / all));
    }
    table_free(made);
    dataset_free(d);
    settings_of_free(t);
}

static void samples_follow_the_table(void)
{
    /* 5 standard deviations: one wrong alarm in millions, and the seed is fixed */
    expect_frequencies("unq", "40000", 5);
    expect_frequencies("rdnxor", "40000", 5);
    expect_frequencies("imperfectrdn", "400000", 5);
    expect_frequencies("rdnunqxor", "40000", 5);
}

static void the_split_is_random_and_has_the_fraction_asked_for(void)
{
    test_settings *t = settings_of("gate");
    settings_set(t, "samples", "1001");
    dataset *d = dataset_of(t);
    CU_ASSERT_EQUAL(d->shape.train, 801); /* 800.8 rounded */
    CU_ASSERT_EQUAL(d->shape.test, 200);
    CHECK_NEAR(d->target_entropy_bits, 2, 1e-12);
    dataset_free(d);

    settings_set(t, "train_fraction", "1");
    data_shape shape;
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    settings_set(t, "train_fraction", "0");
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    settings_of_free(t);
}

static bool same_data(const dataset *a, const dataset *b)
{
    size_t train = (size_t)a->shape.train, test = (size_t)a->shape.test;
    return memcmp(a->train_x[0], b->train_x[0], train * sizeof(float)) == 0 &&
           memcmp(a->train_x[1], b->train_x[1], train * sizeof(float)) == 0 &&
           memcmp(a->test_x[0], b->test_x[0], test * sizeof(float)) == 0 &&
           memcmp(a->train_y, b->train_y, train * sizeof(int32_t)) == 0 &&
           memcmp(a->test_y, b->test_y, test * sizeof(int32_t)) == 0;
}

static void a_seed_always_gives_the_same_samples_and_another_gives_others(void)
{
    test_settings *t = settings_of("gate");
    dataset *first = dataset_of(t), *again = dataset_of(t);
    t->task.seed = 2;
    dataset *other = dataset_of(t);
    CU_ASSERT(same_data(first, again));
    CU_ASSERT_FALSE(same_data(first, other));
    dataset_free(first);
    dataset_free(again);
    dataset_free(other);
    settings_of_free(t);
}

static void a_table_of_samples_is_the_table_itself(void)
{
    test_settings *t = settings_of("gate");
    settings_set(t, "gate", "imperfectrdn");
    settings_set(t, "samples", "table");
    dataset *d = dataset_of(t);
    CU_ASSERT_EQUAL(d->shape.weighted, 1);
    CU_ASSERT_EQUAL(d->shape.train, 3);
    CU_ASSERT_EQUAL(d->shape.test, 3);
    CHECK_NEAR(d->weight[0], 0.499, 1e-15);
    CHECK_NEAR(d->weight[1], 0.001, 1e-15);
    CHECK_NEAR(d->weight[2], 0.5, 1e-15);
    CHECK_NEAR(d->train_x[1][1], 1, 0);
    CU_ASSERT_EQUAL(d->train_y[1], 0);
    dataset_free(d);
    settings_of_free(t);
}

static void one_hot_sources_have_one_input_per_symbol(void)
{
    test_settings *t = settings_of("gate");
    settings_set(t, "gate", "rdnxor");
    settings_set(t, "samples", "table");
    settings_set(t, "encoding", "onehot");
    table *made = table_of(t);
    dataset *d = dataset_of(t);
    CU_ASSERT_EQUAL(d->shape.features[0], 4);
    for (int row = 0; row < made->rows; row++)
        for (int k = 0; k < 4; k++) CHECK_NEAR(d->train_x[1][4 * row + k], made->symbol[2 * row + 1] == k, 0);
    table_free(made);
    dataset_free(d);
    settings_of_free(t);
}

static void scalars_are_the_numbers_of_the_authors(void)
{
    test_settings *t = settings_of("gate");
    settings_set(t, "gate", "rdnxor");
    table *made = table_of(t);
    for (int row = 0; row < made->rows; row++) { /* x = bit + 2 r, y = (bit1 xor bit2) + 2 r */
        int x1 = (int)made->value[0][made->symbol[2 * row]],
            x2 = (int)made->value[1][made->symbol[2 * row + 1]];
        CU_ASSERT_EQUAL(x1 / 2, x2 / 2);
        CU_ASSERT_EQUAL(made->y[row], ((x1 & 1) ^ (x2 & 1)) + 2 * (x1 / 2));
    }
    table_free(made);
    settings_of_free(t);
}

static void an_unknown_gate_is_refused_with_a_suggestion(void)
{
    test_settings *t = settings_of("gate");
    data_shape shape;
    settings_set(t, "gate", "rdnxro");
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "rdnxor"));
    settings_set(t, "gate", "");
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    settings_of_free(t);
}

CHECK_MAIN("gate", TEST(every_gate_has_its_published_informations), TEST(samples_follow_the_table),
           TEST(the_split_is_random_and_has_the_fraction_asked_for),
           TEST(a_seed_always_gives_the_same_samples_and_another_gives_others),
           TEST(a_table_of_samples_is_the_table_itself), TEST(one_hot_sources_have_one_input_per_symbol),
           TEST(scalars_are_the_numbers_of_the_authors), TEST(an_unknown_gate_is_refused_with_a_suggestion))
