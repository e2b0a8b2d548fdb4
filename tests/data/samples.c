/* Samples in double precision: from datasets, to datasets, and what has none. */
#include <math.h>
#include <string.h>

#include "data/settings_of.h"
#include "samples.h"

static void samples_of_a_kind_in_single_precision_are_its_numbers(void)
{
    test_settings *t = settings_of("overlap");
    settings_set(t, "samples", "40");
    settings_set(t, "noise_inputs", "3");
    samples *s = NULL;
    dataset *d = NULL;
    CU_ASSERT_EQUAL_FATAL(samples_of(&t->s, &s), OK);
    CU_ASSERT_EQUAL_FATAL(t->s.data->make(&t->s, &d), OK);
    CU_ASSERT_EQUAL(s->shape.train + s->shape.test, 40);
    CU_ASSERT_PTR_NULL(s->value);
    CU_ASSERT(isnan(s->information_bits));
    const int features = d->shape.features[1], first = (int)d->shape.train;
    for (int i = 0; i < first * features; i++) CU_ASSERT_EQUAL(s->x[1][i], (double)d->train_x[1][i]);
    for (int i = 0; i < (40 - first) * features; i++)
        CU_ASSERT_EQUAL(s->x[1][first * features + i], (double)d->test_x[1][i]);
    for (int i = 0; i < 40; i++)
        CU_ASSERT_EQUAL(s->label[i], i < first ? d->train_y[i] : d->test_y[i - first]);
    samples_free(s);
    dataset_free(d);
    settings_of_free(t);
}

static void datasets_of_samples_are_rounded(void)
{
    const data_shape shape = { .sources = 2, .features = { 2, 1 }, .dimensions = 3, .train = 2, .test = 3 };
    samples *s = NULL;
    dataset *d = NULL;
    CU_ASSERT_EQUAL_FATAL(samples_make(&shape, &s), OK);
    for (int i = 0; i < 10; i++) s->x[0][i] = i / 3.0;
    for (int i = 0; i < 5; i++) s->x[1][i] = -i;
    for (int i = 0; i < 15; i++) s->value[i] = 100 + i / 7.0;
    CU_ASSERT_EQUAL_FATAL(samples_dataset(s, &d), OK);
    for (int i = 0; i < 4; i++) CU_ASSERT_EQUAL(d->train_x[0][i], (float)(i / 3.0));
    for (int i = 0; i < 6; i++) CU_ASSERT_EQUAL(d->test_x[0][i], (float)((i + 4) / 3.0));
    for (int i = 0; i < 3; i++) CU_ASSERT_EQUAL(d->test_x[1][i], (float)-(i + 2));
    for (int i = 0; i < 6; i++) CU_ASSERT_EQUAL(d->train_value[i], (float)(100 + i / 7.0));
    for (int i = 0; i < 9; i++) CU_ASSERT_EQUAL(d->test_value[i], (float)(100 + (i + 6) / 7.0));
    samples_free(s);
    dataset_free(d);
}

static void a_finite_table_has_no_samples(void)
{
    test_settings *t = settings_of("overlap");
    samples *s = NULL;
    settings_set(t, "samples", "table");
    CU_ASSERT_EQUAL(samples_of(&t->s, &s), BAD_INPUT);
    CU_ASSERT_PTR_NULL(s);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "gives a finite table here"));
    settings_of_free(t);
}

static void more_samples_than_memory_are_refused(void)
{
    const data_shape shape = {
        .sources = 1, .features = { 1 << 30 }, .classes = 2, .train = INT64_MAX / 4, .test = 1
    };
    samples *s = NULL;
    CU_ASSERT_EQUAL(samples_make(&shape, &s), NO_MEMORY);
    CU_ASSERT_PTR_NULL(s);
}

CHECK_MAIN("samples", TEST(samples_of_a_kind_in_single_precision_are_its_numbers),
           TEST(datasets_of_samples_are_rounded), TEST(a_finite_table_has_no_samples),
           TEST(more_samples_than_memory_are_refused))
