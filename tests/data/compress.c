/* Compression of samples: what is fitted to what, how much is kept, and what cannot be compressed. */
#include "compress.h"

#include "data/compress_of.h"
#include "data/pairs_of.h"
#include "pca.h"

enum { TRAIN = 300, TEST = 100, FEATURES = 12, TARGET = 7 };

/* ---- fitting ----------------------------------------------------------------------------------------------------------- */

static void components_are_those_of_the_training_part(void)
{
    compressing c;
    compressed kept, again;
    compressing_start(&c, 4, 1, true);
    samples *from = mixed_samples(TRAIN, TEST, FEATURES, TARGET), *one = compress_by(&c, from, &kept);
    for (int64_t k = TRAIN * FEATURES; k < (TRAIN + TEST - 1) * FEATURES; k++) from->x[0][k] *= -100;
    for (int64_t k = TRAIN * TARGET; k < (TRAIN + TEST - 1) * TARGET; k++) from->value[k] += 1e4;
    samples *other = compress_by(&c, from, &again);
    CU_ASSERT_EQUAL_FATAL(one && other, true);
    /* what it was fitted to, and the one row of the test part that is as before */
    const size_t fitted = TRAIN * 4 * sizeof(double), last = (TRAIN + TEST - 1) * 4;
    CU_ASSERT_EQUAL(memcmp(one->x[0], other->x[0], fitted), 0);
    CU_ASSERT_EQUAL(memcmp(one->value, other->value, fitted), 0);
    CU_ASSERT_EQUAL(memcmp(one->x[0] + last, other->x[0] + last, 4 * sizeof(double)), 0);
    CU_ASSERT(fabs(one->x[0][TRAIN * 4] - other->x[0][TRAIN * 4]) > 10);
    CU_ASSERT_EQUAL(memcmp(&kept, &again, sizeof kept), 0);
    from->x[0][0] += 1;
    samples_free(other);
    other = compress_by(&c, from, &again);
    CU_ASSERT(memcmp(one->x[0] + last, other->x[0] + last, 4 * sizeof(double)) != 0);
    samples_free(from);
    samples_free(one);
    samples_free(other);
}

static void scores_are_those_of_the_fit_in_both_parts(void)
{
    compressing c;
    compressed kept;
    pca p;
    double scores[(TRAIN + TEST) * 3], sum = 0;
    compressing_start(&c, 3, 1, false);
    samples *from = mixed_samples(TRAIN, TEST, FEATURES, TARGET), *out = compress_by(&c, from, &kept);
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    rows_in_memory memory = { .x = from->x[0], .features = FEATURES };
    sample_rows rows = sample_rows_of(&memory, TRAIN);
    CU_ASSERT_EQUAL_FATAL(pca_fit(NULL, &rows, (pca_keep){ .components = 3 }, &p), OK);
    pca_apply(&p, from->x[0], TRAIN + TEST, scores);
    CU_ASSERT_EQUAL(memcmp(scores, out->x[0], sizeof scores), 0);
    for (int k = 0; k < 3; k++) sum += p.variance[k];
    CHECK_NEAR(kept.variance[0], sum / p.total_variance, 1e-15); /* rounding */
    CU_ASSERT_EQUAL(out->shape.train, TRAIN);
    CU_ASSERT_EQUAL(out->shape.test, TEST);
    pca_free(&p);
    samples_free(from);
    samples_free(out);
}

static void without_a_training_part_all_samples_are_fitted(void)
{
    compressing c;
    compressed kept, again;
    compressing_start(&c, 2, 1, false);
    samples *from = mixed_samples(0, TRAIN, FEATURES, TARGET), *one = compress_by(&c, from, &kept);
    from->x[0][TRAIN * FEATURES - 1] += 5;
    samples *other = compress_by(&c, from, &again);
    CU_ASSERT(one && other && kept.variance[0] != again.variance[0]);
    samples_free(from);
    samples_free(one);
    samples_free(other);
}

/* ---- how much ---------------------------------------------------------------------------------------------------------- */

static void a_share_of_the_variance_keeps_as_few_as_have_it_and_no_more_than_allowed(void)
{
    compressing c;
    compressed kept, fewer, all;
    samples *from = mixed_samples(TRAIN, TEST, FEATURES, TARGET), *out;
    compressing_start(&c, 0, 0.9, false);
    samples_free(out = compress_by(&c, from, &kept));
    CU_ASSERT(out && kept.variance[0] >= 0.9 && kept.components[0] < FEATURES);
    compressing_start(&c, kept.components[0] - 1, 0.9, false);
    samples_free(out = compress_by(&c, from, &fewer));
    CU_ASSERT(out && fewer.components[0] == kept.components[0] - 1 && fewer.variance[0] < 0.9);
    compressing_start(&c, 0, 1, false);
    samples_free(out = compress_by(&c, from, &all));
    CU_ASSERT_EQUAL(all.components[0], FEATURES);
    CHECK_NEAR(all.variance[0], 1, 1e-14); /* rounding */
    samples_free(from);
}

static void the_target_is_compressed_only_when_asked_and_classes_never(void)
{
    compressing c;
    compressed kept;
    samples *from = mixed_samples(TRAIN, TEST, FEATURES, TARGET);
    compressing_start(&c, 2, 1, false);
    samples *out = compress_by(&c, from, &kept);
    CU_ASSERT(out && out->shape.dimensions == TARGET && kept.components[SOURCES_MAX] == 0);
    CU_ASSERT_EQUAL(memcmp(out->value, from->value, (TRAIN + TEST) * TARGET * sizeof(double)), 0);
    CU_ASSERT(isnan(kept.variance[SOURCES_MAX]));
    samples_free(out);
    c.options.with_target = true;
    out = compress_by(&c, from, &kept);
    CU_ASSERT(out && out->shape.dimensions == 2 && kept.components[SOURCES_MAX] == 2);
    samples_free(out);
    samples_free(from);

    const data_shape shape = { .sources = 1, .features = { 3 }, .classes = 2, .train = 4, .test = 2 };
    const double x[] = { 1, 2, 3, 2, 1, 4, 5, 5, 1, 0, 7, 2, 8, 8, 8, 1, 0, 1 };
    const int32_t label[] = { 0, 1, 1, 0, 1, 0 };
    if (samples_make(&shape, &from) != OK) abort();
    memcpy(from->x[0], x, sizeof x);
    memcpy(from->label, label, sizeof label);
    out = compress_by(&c, from, &kept);
    CU_ASSERT(out && out->shape.features[0] == 2 && kept.components[SOURCES_MAX] == 0);
    CU_ASSERT_EQUAL(memcmp(out->label, label, sizeof label), 0);
    samples_free(out);
    samples_free(from);
}

/* ---- datasets ---------------------------------------------------------------------------------------------------------- */

/* Images of a peak vary in many more dimensions than 20, and 0.9 of their variance takes fewer. */
static void a_dataset_has_one_shape_and_zeros_where_components_are_missing(void)
{
    test_settings *t =
        WITH("gaussian_images", "size", "8", "samples", "40", "train_samples", "200", "information", "2");
    compressing c;
    dataset *d = NULL;
    samples *s = NULL;
    compressed kept;
    data_shape shape;
    compressing_start(&c, 20, 0.9, true);
    t->s.section[SECTION_COMPRESS] = &compress_section;
    t->s.block[SECTION_COMPRESS] = &c.options;
    CU_ASSERT_EQUAL_FATAL(prepare_dataset(&t->s, NULL, &d), OK);
    CU_ASSERT_EQUAL_FATAL(prepare_samples(&t->s, NULL, &s, &kept), OK);
    CU_ASSERT_EQUAL_FATAL(t->s.data->shape(&t->s, &shape), OK);
    CU_ASSERT_EQUAL_FATAL(compress_shape(&t->s, &shape), OK);
    const int have = kept.components[0];
    CU_ASSERT(shape.features[0] == 20 && d->shape.features[0] == 20 && have > 1 && have < 20);
    CU_ASSERT(shape.image[0].width == 0 && s->shape.features[0] == have);
    CHECK_NEAR(s->information_bits, 2 / log(2), 1e-12);
    for (int r = 0; r < 40; r++)
        for (int k = 0; k < 20; k++) {
            const double wanted = k < have ? s->x[0][(200 + r) * have + k] : 0;
            CU_ASSERT_EQUAL(d->test_x[0][r * 20 + k], (float)wanted);
        }
    dataset_free(d);
    samples_free(s);
    settings_of_free(t);
}

/* A reader whose samples are those of a table in memory, in two parts. */
static void read_table(const dataset *d, data_part part, int source, int64_t seed, int64_t first,
                       const int32_t *visit, int rows, float *to)
{
    const float *held = d->reader_state;
    const int n = d->shape.features[source];
    const int64_t before = part == DATA_TEST ? d->shape.train : 0;
    (void)seed;
    (void)first;
    for (int r = 0; r < rows; r++) memcpy(to + r * n, held + (before + visit[r]) * n, (size_t)n * sizeof *to);
}

static void samples_that_are_read_when_they_are_wanted_are_compressed_alike(void)
{
    static const sample_reader reader = { .read = read_table, .free = free };
    compressing c;
    compressed kept, again;
    samples *from = mixed_samples(600, 300, FEATURES, 1), *one, *other = NULL;
    dataset *d = NULL;
    const size_t numbers = 900 * FEATURES;
    float *held = malloc(numbers * sizeof *held);
    for (size_t k = 0; held && k < numbers; k++) from->x[0][k] = held[k] = (float)from->x[0][k];
    for (int k = 0; k < 900; k++) from->value[k] = (double)(float)from->value[k];
    CU_ASSERT_EQUAL_FATAL(dataset_make_read(&from->shape, &reader, held, &d), OK);
    for (int k = 0; k < 900; k++)
        (k < 600 ? d->train_value + k : d->test_value + k - 600)[0] = (float)from->value[k];
    compressing_start(&c, 3, 1, false);
    const origin o = { .narrow = d };
    one = compress_by(&c, from, &kept);
    again = nothing();
    CU_ASSERT_EQUAL_FATAL(compress_samples(&c.s, NULL, &o, &other, &again), OK);
    CU_ASSERT_EQUAL(memcmp(one->x[0], other->x[0], 900 * 3 * sizeof(double)), 0);
    CU_ASSERT_EQUAL(memcmp(one->value, other->value, 900 * sizeof(double)), 0);
    samples_free(from);
    samples_free(one);
    samples_free(other);
    dataset_free(d);
}

/* ---- refusals ---------------------------------------------------------------------------------------------------------- */

static void refuses(status got, const char *text)
{
    CU_ASSERT_EQUAL(got, BAD_INPUT);
    if (strstr(failure_text(), text) == NULL) fprintf(stderr, "\"%s\" lacks \"%s\"\n", failure_text(), text);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), text));
    failure_clear();
}

static void shapes_that_cannot_be_compressed_are_refused(void)
{
    compressing c;
    const data_shape good = { .sources = 2, .features = { 5, 9 }, .dimensions = 3, .train = 50, .test = 9 };
    data_shape shape = good;
    compressing_start(&c, 6, 1, false);
    refuses(compress_shape(&c.s, &shape),
            "6 of a source are asked for, and 5 features of 50 samples have 5 at most");
    CU_ASSERT_EQUAL(memcmp(&shape, &good, sizeof shape), 0);
    compressing_start(&c, 4, 1, true);
    refuses(compress_shape(&c.s, &shape), "4 of the target are asked for, and 3 features");
    compressing_start(&c, 3, 1, true);
    shape.train = 3;
    refuses(compress_shape(&c.s, &shape), "5 features of 3 samples have 2 at most");
    shape.train = 0, shape.test = 1;
    refuses(compress_shape(&c.s, &shape), "2 samples or more");
    shape = good, shape.weighted = 1;
    refuses(compress_shape(&c.s, &shape), "data kind gate gives a finite table here");
    shape = good, shape.augmented = 1;
    refuses(compress_shape(&c.s, &shape), "set data.augment to none");
    c.options.by = COMPRESS_NONE;
    CU_ASSERT_EQUAL(compress_shape(&c.s, &shape), OK);
}

static void samples_that_do_not_vary_or_are_no_numbers_are_refused(void)
{
    compressing c;
    compressed kept;
    samples *from = mixed_samples(TRAIN, TEST, FEATURES, TARGET), *out;
    for (int r = 0; r < TRAIN + TEST; r++) from->x[0][r * FEATURES + 2] = r < TRAIN ? 6 : r;
    compressing_start(&c, FEATURES, 1, false);
    CU_ASSERT_PTR_NULL(compress_by(&c, from, &kept));
    refuses(BAD_INPUT, "vary in 11 dimensions only");
    /* what varied in the test part only is not seen */
    compressing_start(&c, FEATURES - 1, 1, false);
    out = compress_by(&c, from, &kept);
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    CHECK_NEAR(kept.variance[0], 1, 1e-14); /* rounding */
    for (int r = TRAIN; r < TRAIN + TEST; r++) CU_ASSERT(fabs(out->x[0][r * (FEATURES - 1)]) < 30);
    samples_free(out);
    from->x[0][7 * FEATURES + 4] = NAN;
    CU_ASSERT_PTR_NULL(compress_by(&c, from, &kept));
    refuses(BAD_INPUT, "sample 8, feature 5 is not a finite number");
    for (int k = 0; k < TRAIN * FEATURES; k++) from->x[0][k] = 1;
    CU_ASSERT_PTR_NULL(compress_by(&c, from, &kept));
    refuses(BAD_INPUT, "all 300 samples are the same");
    samples_free(from);
}

/* clang-format off */
CHECK_MAIN("compress",
           TEST(components_are_those_of_the_training_part),
           TEST(scores_are_those_of_the_fit_in_both_parts),
           TEST(without_a_training_part_all_samples_are_fitted),
           TEST(a_share_of_the_variance_keeps_as_few_as_have_it_and_no_more_than_allowed),
           TEST(the_target_is_compressed_only_when_asked_and_classes_never),
           TEST(a_dataset_has_one_shape_and_zeros_where_components_are_missing),
           TEST(samples_that_are_read_when_they_are_wanted_are_compressed_alike),
           TEST(shapes_that_cannot_be_compressed_are_refused),
           TEST(samples_that_do_not_vary_or_are_no_numbers_are_refused))
/* clang-format on */
