#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/settings_of.h"

static void arrays_of_a_dataset_do_not_overlap(void)
{
    data_shape shape = { .sources = 2, .features = { 3, 1 }, .classes = 2, .train = 5, .test = 7 };
    dataset *d = NULL;
    CU_ASSERT_EQUAL_FATAL(dataset_make(&shape, &d), OK);
    for (int k = 0; k < 15; k++) d->train_x[0][k] = 1;
    for (int k = 0; k < 21; k++) d->test_x[0][k] = 2;
    for (int k = 0; k < 5; k++) d->train_x[1][k] = 3, d->train_y[k] = 4;
    for (int k = 0; k < 7; k++) d->test_x[1][k] = 5, d->test_y[k] = 6;
    double sum = 0;
    for (int k = 0; k < 15; k++) sum += d->train_x[0][k];
    for (int k = 0; k < 21; k++) sum += d->test_x[0][k];
    for (int k = 0; k < 5; k++) sum += d->train_x[1][k] + (float)d->train_y[k];
    for (int k = 0; k < 7; k++) sum += d->test_x[1][k] + (float)d->test_y[k];
    CHECK_NEAR(sum, 15 + 42 + 35 + 77, 0);
    CU_ASSERT_PTR_NULL(d->weight);
    CU_ASSERT(isnan(d->target_entropy_bits));
    for (int i = 0; i < 2; i++) CU_ASSERT_EQUAL((uintptr_t)d->train_x[i] % 64, 0);
    dataset_free(d);
    dataset_free(NULL);
}

static void recorded_and_continuous_samples_have_arrays_of_their_own(void)
{
    data_shape shape = {
        .sources = 2, .features = { 3, 1 }, .dimensions = 2, .train = 5, .test = 7, .recorded = 1
    };
    dataset *d = NULL;
    CU_ASSERT_EQUAL_FATAL(dataset_make(&shape, &d), OK);
    CU_ASSERT_PTR_NULL(d->train_y);
    CU_ASSERT_PTR_NULL(d->test_y);
    for (int k = 0; k < 10; k++) d->train_value[k] = 1;
    for (int k = 0; k < 14; k++) d->test_value[k] = 2;
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 7; k++) d->test_trial[i][k] = 3 + i, d->test_block[i][k] = 5 + i;
    for (int k = 0; k < 21; k++) d->test_x[0][k] = 9;
    double sum = 0;
    for (int k = 0; k < 10; k++) sum += (double)d->train_value[k];
    for (int k = 0; k < 14; k++) sum += (double)d->test_value[k];
    for (int k = 0; k < 7; k++)
        sum += d->test_trial[0][k] + d->test_trial[1][k] + d->test_block[0][k] + d->test_block[1][k];
    CHECK_NEAR(sum, 10 + 28 + 7 * (3 + 4 + 5 + 6), 0);
    dataset_free(d);

    shape = (data_shape){ .sources = 1, .features = { 1 }, .classes = 2, .train = 1, .test = 1 };
    CU_ASSERT_EQUAL_FATAL(dataset_make(&shape, &d), OK);
    CU_ASSERT_PTR_NULL(d->train_value);
    CU_ASSERT_PTR_NULL(d->test_trial[0]);
    CU_ASSERT_PTR_NULL(d->test_block[0]);
    dataset_free(d);
}

static void a_weighted_dataset_tests_on_what_it_trains_on(void)
{
    data_shape shape = {
        .sources = 2, .features = { 1, 2 }, .classes = 2, .train = 4, .test = 4, .weighted = 1
    };
    dataset *d = NULL;
    CU_ASSERT_EQUAL_FATAL(dataset_make(&shape, &d), OK);
    CU_ASSERT_PTR_EQUAL(d->train_x[1], d->test_x[1]);
    CU_ASSERT_PTR_EQUAL(d->train_y, d->test_y);
    CU_ASSERT_PTR_NOT_NULL(d->weight);
    dataset_free(d);
}

static void a_dataset_larger_than_memory_is_refused(void)
{
    data_shape shape = {
        .sources = 1, .features = { 1 << 30 }, .classes = 2, .train = INT64_MAX / 8, .test = 1
    };
    dataset *d = NULL;
    CU_ASSERT_EQUAL(dataset_make(&shape, &d), NO_MEMORY);
    CU_ASSERT_PTR_NULL(d);
}

static void the_empirical_entropy_is_that_of_the_labels(void)
{
    int32_t labels[] = { 0, 1, 1, 3 };
    CHECK_NEAR(dataset_empirical_entropy_bits(labels, 4, 4), 1.5, 1e-15); /* 1/4, 1/2, 0, 1/4 */
    CHECK_NEAR(dataset_empirical_entropy_bits(labels, 1, 4), 0, 0);
    CHECK_NEAR(dataset_empirical_entropy_bits(labels, 0, 4), 0, 0);
}

static void a_copy_of_a_table_holds_the_same(void)
{
    int symbols[] = { 2, 3 };
    table *t = NULL, *copy = NULL;
    CU_ASSERT_EQUAL_FATAL(table_make(2, symbols, 2, 4, &t), OK);
    for (int r = 0; r < 4; r++) {
        t->symbol[2 * r] = r % 2;
        t->symbol[2 * r + 1] = r % 3;
        t->y[r] = r / 2;
        t->p[r] = 0.25;
    }
    t->value[1][2] = 7.5;
    CU_ASSERT_EQUAL_FATAL(table_copy(t, &copy), OK);
    CU_ASSERT_EQUAL(memcmp(copy->symbol, t->symbol, 8 * sizeof(int)), 0);
    CU_ASSERT_EQUAL(memcmp(copy->y, t->y, 4 * sizeof(int)), 0);
    CHECK_NEAR(copy->p[3], 0.25, 0);
    CHECK_NEAR(copy->value[1][2], 7.5, 0);
    table_free(t);
    table_free(copy);
    table_free(NULL);
}

static void write_file(const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) abort();
    fputs("x", file);
    fclose(file);
}

/* The path that is found, or "" with the refusal in `refusal`. */
static void expect_found(const settings *s, const char *name, const char *expected)
{
    char *found = NULL;
    status result = data_path(s, name, &found);
    CU_ASSERT_EQUAL(result, expected ? OK : BAD_INPUT);
    if (result == OK && expected) CU_ASSERT_STRING_EQUAL(found, expected);
    free(found);
}

static void a_file_is_looked_for_beside_the_sweep_and_then_among_the_data(void)
{
    char folder[] = "/tmp/infosweep-path-XXXXXX", beside[64], below[64], only[80];
    if (mkdtemp(folder) == NULL) abort();
    snprintf(beside, sizeof beside, "%s/sweep", folder);
    snprintf(below, sizeof below, "%s/data", folder);
    mkdir(beside, 0700);
    mkdir(below, 0700);
    setenv("INFOSWEEP_DATA", below, 1);
    settings s = { .folder = beside };

    snprintf(only, sizeof only, "%s/only.csv", below);
    write_file(only);
    expect_found(&s, "only.csv", only);
    expect_found(&s, only, only);
    snprintf(only, sizeof only, "%s/only.csv", beside);
    write_file(only);
    expect_found(&s, "only.csv", only);

    expect_found(&s, "none.csv", NULL);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), beside)); /* every place that was tried */
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), below));
    expect_found(&s, "/none.csv", NULL);
    expect_found(&s, "", NULL);
    expect_found(&s, "../sweep", NULL); /* a folder is no file */
    unlink(only);
    snprintf(only, sizeof only, "%s/only.csv", below);
    unlink(only);
    rmdir(beside);
    rmdir(below);
    rmdir(folder);
}

CHECK_MAIN("dataset", TEST(arrays_of_a_dataset_do_not_overlap),
           TEST(recorded_and_continuous_samples_have_arrays_of_their_own),
           TEST(a_weighted_dataset_tests_on_what_it_trains_on), TEST(a_dataset_larger_than_memory_is_refused),
           TEST(the_empirical_entropy_is_that_of_the_labels), TEST(a_copy_of_a_table_holds_the_same),
           TEST(a_file_is_looked_for_beside_the_sweep_and_then_among_the_data))
