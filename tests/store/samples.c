/* Results per test sample in a result file: shapes, coordinate, going on, taking over. */
#include <hdf5.h>
#include <hdf5_hl.h>

#include "fixture.h"

static const quantity quantities[] = {
    { "number", PER_CELL, "", "a number" },
    { "by_sample", PER_SAMPLE, "bits", "one per sample" },
    { "by_source_sample", PER_SOURCE_SAMPLE, "", "one per source and sample" },
};
enum { SOURCES = 2 };

/* The sweep of a fixture, as if its estimator gave results per sample. */
static fixture with_samples(const char *text, int samples)
{
    fixture f = fixture_make(text, NULL);
    int64_t size = 1 + samples + SOURCES * samples;
    variable *made = calloc(3, sizeof *made);
    made[0] = (variable){ .quantity = &quantities[0], .count = 1 };
    made[1] = (variable){
        .quantity = &quantities[1], .dimensions = 1, .extent = { samples }, .axis = { "sample" }, .offset = 1
    };
    made[1].count = samples;
    made[2] = (variable){ .quantity = &quantities[2],
                          .dimensions = 2,
                          .extent = { SOURCES, samples },
                          .axis = { "source", "sample" },
                          .offset = 1 + samples };
    made[2].count = SOURCES * samples;
    free(f.layout->variable);
    f.layout->variable = made;
    f.layout->variables = 3;
    f.layout->size = size;
    f.layout->extents = (result_extents){ .sources = SOURCES, .samples = samples };
    return f;
}

static const char idle_text[] = "estimator: idle\ngrid: {seconds: [0, 1], seed: 0..2}\n";

static void write_all(fixture *f)
{
    const int64_t cells[] = { 0, 1, 2, 3, 4, 5 };
    store *st;
    CHECK_OK(fixture_prepare(f, STORE_NEW));
    CHECK_OK(store_open(MPI_COMM_WORLD, f->path, f->sweep, f->layout, &st));
    CHECK_OK(fixture_write(f, st, cells, (int)f->cells, OUTCOME_DONE));
    CHECK_OK(store_close(st, "done"));
}

static void values_per_sample_are_written_and_read(void)
{
    fixture f = with_samples(idle_text, 7);
    results *r;
    write_all(&f);
    CHECK_OK(results_open(f.path, &r));
    const layout *l = results_layout(r);
    CU_ASSERT_EQUAL(l->extents.samples, 7);
    CU_ASSERT_EQUAL(l->extents.sources, SOURCES);
    CU_ASSERT_EQUAL(layout_find(l, "by_sample")->quantity->shape, PER_SAMPLE);
    CU_ASSERT_EQUAL(layout_find(l, "by_source_sample")->quantity->shape, PER_SOURCE_SAMPLE);
    CU_ASSERT_STRING_EQUAL(layout_find(l, "by_source_sample")->axis[1], "sample");
    for (int64_t c = 0; c < f.cells; c++) CU_ASSERT(fixture_is_whole(&f, r, c));
    results_close(r);
    fixture_free(&f);
}

static void the_coordinate_of_samples_counts_from_0(void)
{
    fixture f = with_samples(idle_text, 7);
    int64_t number[7] = { -1 };
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    hid_t file = H5Fopen(f.path, H5F_ACC_RDONLY, H5P_DEFAULT), array = H5Dopen2(file, "sample", H5P_DEFAULT);
    hid_t of = H5Dopen2(file, "by_source_sample", H5P_DEFAULT);
    CU_ASSERT(H5DSis_scale(array) > 0);
    CU_ASSERT(H5DSis_attached(of, array, 3) > 0); /* (seconds, seed, source, sample) */
    CU_ASSERT(H5Dread(array, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, number) >= 0);
    for (int i = 0; i < 7; i++) CU_ASSERT_EQUAL(number[i], i);
    H5Dclose(of);
    H5Dclose(array);
    H5Fclose(file);
    fixture_free(&f);
}

static void another_number_of_samples_is_told_when_going_on(void)
{
    fixture f = with_samples(idle_text, 7), other = with_samples(idle_text, 8);
    write_all(&f);
    store_request q = fixture_request(&f, STORE_RESUME);
    CHECK_REFUSED(store_prepare(&q, other.sweep, other.layout, other.wanted, &other.found),
                  "by_sample has 7 values along sample in the file and 8 in the sweep");
    fixture_free(&other);
    fixture_free(&f);
}

/* A larger test part elsewhere in the grid makes rows longer: what was there keeps its place, and the rest is NaN. */
static void rows_that_are_taken_over_are_padded(void)
{
    fixture f = with_samples(idle_text, 7), longer = with_samples(idle_text, 9);
    results *r;
    double *values;
    write_all(&f);
    store_request q = fixture_request(&longer, STORE_NEW);
    q.reuse = f.path;
    CHECK_OK(store_prepare(&q, longer.sweep, longer.layout, longer.wanted, &longer.found));
    CU_ASSERT_EQUAL(longer.found.copied, 6);
    CHECK_OK(results_open(longer.path, &r));
    CHECK_OK(results_values(r, "by_source_sample", &values));
    for (int source = 0; source < SOURCES; source++)
        for (int i = 0; i < 9; i++) {
            double value = values[5 * SOURCES * 9 + source * 9 + i];
            if (i < 7)
                CU_ASSERT(value == fixture_value(5, 8 + source * 7 + i))
            else
                CU_ASSERT(isnan(value));
        }
    free(values);
    results_close(r);
    fixture_free(&longer);
    fixture_free(&f);
}

FIXTURE_MAIN("store: results per sample", TEST(values_per_sample_are_written_and_read),
             TEST(the_coordinate_of_samples_counts_from_0),
             TEST(another_number_of_samples_is_told_when_going_on), TEST(rows_that_are_taken_over_are_padded))
