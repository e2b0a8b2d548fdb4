#include "data/settings_of.h"
#include "exact.h"

static const char *const counts[] = { "0", "1", "2", "3", "4", "5", "6", "7", "8" };

static test_settings *overlap_of(const char *classes_per_input, const char *design)
{
    test_settings *t = settings_of("overlap");
    settings_set(t, "classes_per_input", classes_per_input);
    settings_set(t, "design", design);
    return t;
}

static dataset *dataset_of(const test_settings *t)
{
    dataset *d = NULL;
    if (t->s.data->make(&t->s, &d) != OK) {
        fprintf(stderr, "make: %s\n", failure_text());
        abort();
    }
    return d;
}

static void the_published_design_shares_what_its_fillers_leave(void)
{
    /* bits for n = 4 … 8: I_wedge, mean information of one source; by enumeration of the authors' rule */
    static const double wedge[] = { 0, 0.5436, 1.0613, 1.5488, 3 };
    static const double mean[] = { 1.6556, 2.0424, 2.4116, 2.7523, 3 };
    for (int n = 4; n <= 8; n++) {
        test_settings *t = overlap_of(counts[n], "code");
        table *made = table_of(t);
        CHECK_NEAR(table_wedge_bits(made), wedge[n - 4], 5e-5); /* four decimals are known */
        double both = table_information_bits(made, 1) + table_information_bits(made, 2);
        CHECK_NEAR(both / 2, mean[n - 4], 5e-5);
        CHECK_NEAR(table_target_entropy_bits(made), 3, 1e-12);
        table_free(made);
        settings_of_free(t);
    }
}

static void the_clean_design_shares_exactly_the_shared_classes(void)
{
    for (int n = 4; n <= 8; n++) {
        /* 2n - 8 classes stand alone, the others are one component: entropy of that partition */
        double alone = 2 * n - 8, rest = (8 - alone) / 8;
        double expected = alone * 3 / 8 - (rest > 0 ? rest * log2(rest) : 0);
        test_settings *t = overlap_of(counts[n], "clean");
        table *made = table_of(t);
        CHECK_NEAR(table_wedge_bits(made), expected, 1e-12);
        table_free(made);
        settings_of_free(t);
    }
}

static void sources_that_know_no_class_are_independent_of_it(void)
{
    for (int design = 0; design < 2; design++) {
        test_settings *t = overlap_of("0", design ? "clean" : "code");
        table *made = table_of(t);
        CU_ASSERT_EQUAL(made->rows, 512);
        CHECK_NEAR(table_information_bits(made, 3), 0, 1e-12);
        CHECK_NEAR(made->value[0][0], -4, 0);
        CHECK_NEAR(made->value[1][7], 3, 0);
        table_free(made);
        settings_of_free(t);
    }
}

static void every_table_is_a_distribution_without_doubles(void)
{
    for (int n = 0; n <= 8; n++) {
        for (int design = 0; design < 2; design++) {
            test_settings *t = overlap_of(counts[n], design ? "clean" : "code");
            table *made = table_of(t);
            double sum = 0;
            int doubles = 0;
            for (int r = 0; r < made->rows; r++) {
                sum += made->p[r];
                for (int q = 0; q < r; q++)
                    doubles += made->y[r] == made->y[q] && made->symbol[2 * r] == made->symbol[2 * q] &&
                               made->symbol[2 * r + 1] == made->symbol[2 * q + 1];
            }
            CHECK_NEAR(sum, 1, 1e-12);
            CU_ASSERT_EQUAL(doubles, 0);
            table_free(made);
            settings_of_free(t);
        }
    }
}

static void classes_come_in_turn_and_sources_show_what_they_know(void)
{
    test_settings *t = overlap_of("5", "code");
    settings_set(t, "samples", "8000");
    dataset *d = dataset_of(t);
    CU_ASSERT_EQUAL(d->shape.train, 5600);
    int of_class[8] = { 0 }, wrong = 0;
    double filler = 0, fillers = 0;
    for (int64_t i = 0; i < d->shape.train + d->shape.test; i++) {
        int64_t k = i - d->shape.train;
        float x1 = k < 0 ? d->train_x[0][i] : d->test_x[0][k],
              x2 = k < 0 ? d->train_x[1][i] : d->test_x[1][k];
        int y = k < 0 ? d->train_y[i] : d->test_y[k];
        of_class[y]++;
        if (y < 5) wrong += x1 != (float)y;
        if (y >= 3) wrong += x2 != (float)y;
        if (y < 5) continue;
        wrong += x1 < -4 || x1 > 3;
        filler += (double)x1;
        fillers++;
    }
    for (int c = 0; c < 8; c++) CU_ASSERT_EQUAL(of_class[c], 1000);
    CU_ASSERT_EQUAL(wrong, 0);
    CHECK_NEAR(filler / fillers, -0.5, 5 * 2.29 / sqrt(3000)); /* mean of -4 … 3; 5 standard deviations */
    dataset_free(d);
    settings_of_free(t);
}

static void noise_has_its_deviation_and_is_each_sources_own(void)
{
    test_settings *t = overlap_of("8", "code");
    settings_set(t, "noise_inputs", "2");
    settings_set(t, "noise_deviation", "3");
    dataset *d = dataset_of(t);
    CU_ASSERT_EQUAL(d->shape.features[0], 3);
    double count = (double)d->shape.train, sum = 0, squares = 0, product = 0, columns = 0;
    for (int64_t i = 0; i < d->shape.train; i++) {
        double a = (double)d->train_x[0][3 * i + 1], b = (double)d->train_x[1][3 * i + 1];
        sum += a;
        squares += a * a;
        product += a * b;
        columns += a * (double)d->train_x[0][3 * i + 2];
    }
    CHECK_NEAR(sum / count, 0, 5 * 3 / sqrt(count)); /* 5 standard deviations, here and below */
    CHECK_NEAR(squares / count, 9, 5 * 9 * sqrt(2 / count));
    CHECK_NEAR(product / count, 0, 5 * 9 / sqrt(count));
    CHECK_NEAR(columns / count, 0, 5 * 9 / sqrt(count));
    dataset_free(d);
    settings_of_free(t);
}

static void more_noise_inputs_change_nothing_that_was_there(void)
{
    test_settings *t = overlap_of("6", "code");
    settings_set(t, "noise_inputs", "1");
    dataset *one = dataset_of(t);
    settings_set(t, "noise_inputs", "4");
    dataset *four = dataset_of(t);
    int changed = 0;
    for (int64_t i = 0; i < one->shape.test; i++) {
        changed += one->test_y[i] != four->test_y[i];
        for (int k = 0; k < 2; k++) changed += one->test_x[1][2 * i + k] != four->test_x[1][5 * i + k];
    }
    CU_ASSERT_EQUAL(changed, 0);
    dataset_free(one);
    dataset_free(four);
    settings_of_free(t);
}

static void common_inputs_are_the_same_in_both_sources(void)
{
    test_settings *t = overlap_of("0", "code");
    settings_set(t, "common_inputs", "2");
    dataset *d = dataset_of(t);
    CU_ASSERT_EQUAL(d->shape.features[1], 3);
    for (int i = 0; i < 2; i++)
        for (int k = 1; k < 3; k++) CHECK_NEAR((double)d->train_x[i][3 * 17 + k], -2, 0);
    dataset_free(d);
    settings_of_free(t);
}

static void a_table_has_no_noise(void)
{
    test_settings *t = overlap_of("6", "clean");
    data_shape shape;
    settings_set(t, "samples", "table");
    settings_set(t, "encoding", "onehot");
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), OK);
    CU_ASSERT_EQUAL(shape.weighted, 1);
    CU_ASSERT_EQUAL(shape.features[0], 6);
    settings_set(t, "noise_inputs", "1");
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    settings_of_free(t);
}

CHECK_MAIN("overlap", TEST(the_published_design_shares_what_its_fillers_leave),
           TEST(the_clean_design_shares_exactly_the_shared_classes),
           TEST(sources_that_know_no_class_are_independent_of_it),
           TEST(every_table_is_a_distribution_without_doubles),
           TEST(classes_come_in_turn_and_sources_show_what_they_know),
           TEST(noise_has_its_deviation_and_is_each_sources_own),
           TEST(more_noise_inputs_change_nothing_that_was_there),
           TEST(common_inputs_are_the_same_in_both_sources), TEST(a_table_has_no_noise))
