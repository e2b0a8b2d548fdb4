/* Time windows of one recording, on the road from a MATLAB file through its mapping to a dataset: the numbers are those that
 * this test counts for itself in the file. */
#include <unistd.h>

#include "data/settings_of.h"

#ifndef HAVE_MATIO

static void without_matio_there_is_nothing_to_count(void)
{
    printf("skipped: made without matio\n");
}

CHECK_MAIN("windows", TEST(without_matio_there_is_nothing_to_count))

#else

#include <matio.h>

enum { TRIALS = 3, TARGETS = 2, UNITS = 2, MILLISECONDS = 40 };

static char folder[] = "/tmp/infosweep-windows-XXXXXX";
static char mat_path[64], mapping_path[64];

/* Unit 0 of trial k spikes at ms 10 + k; unit 1 at ms 20, 21, …, as often as k; twice in the last of these. */
static matvar_t *raster_of(int k)
{
    static double raster[UNITS * MILLISECONDS];
    size_t dims[2] = { UNITS, MILLISECONDS };
    memset(raster, 0, sizeof raster);
    raster[(10 + k) * UNITS] = 1;
    for (int s = 0; s < k; s++) raster[(20 + s) * UNITS + 1] = s == k - 1 ? 2 : 1;
    return Mat_VarCreate(NULL, MAT_C_DOUBLE, MAT_T_DOUBLE, 2, dims, raster, 0);
}

static void write_set(mat_t *mat, const char *name, int first)
{
    size_t dims[2] = { TRIALS, TARGETS };
    const char *fields[] = { "spikes" };
    matvar_t *set = Mat_VarCreateStruct(name, 2, dims, fields, 1);
    for (int k = 0; k < TRIALS * TARGETS; k++)
        Mat_VarSetStructFieldByName(set, "spikes", (size_t)k, raster_of(first + k));
    Mat_VarWrite(mat, set, MAT_COMPRESSION_ZLIB);
    Mat_VarFree(set);
}

/* Training trials 0 … 5 and test trials 1 … 6, onset at 10 ms. */
static void write_files(void)
{
    if (mkdtemp(folder) == NULL) abort();
    snprintf(mat_path, sizeof mat_path, "%s/small.mat", folder);
    snprintf(mapping_path, sizeof mapping_path, "%s/small.yaml", folder);
    mat_t *mat = Mat_CreateVer(mat_path, NULL, MAT_FT_MAT5);
    FILE *mapping = fopen(mapping_path, "w");
    if (mat == NULL || mapping == NULL) abort();
    write_set(mat, "train_trial", 0);
    write_set(mat, "test_trial", 1);
    Mat_Close(mat);
    fprintf(mapping, "title: small\nsessions:\n  - name: small\n    file: small.mat\n    format: matlab\n"
                     "    parts: {train: train_trial, test: test_trial}\n    target: column\n"
                     "    areas: {M: spikes}\n    bin_ms: 1\n    align: 10\n");
    fclose(mapping);
}

static test_settings *windows_of(const char *file, const char *width, const char *first, const char *second)
{
    test_settings *t = settings_of("sessions");
    settings_set(t, "file", file);
    settings_set(t, "width", width);
    settings_set(t, "window_1", first);
    settings_set(t, "window_2", second);
    settings_set(t, "feature", "count");
    settings_set(t, "split", "given");
    settings_set(t, "standardise", "false");
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

static void windows_hold_the_counts_of_their_time(void)
{
    test_settings *t = windows_of(mapping_path, "10", "0", "10"); /* ms 10 … 19 and 20 … 29 of the trial */
    dataset *d = dataset_of(t);
    CU_ASSERT_EQUAL_FATAL(d->shape.train, TRIALS * TARGETS);
    CU_ASSERT_EQUAL_FATAL(d->shape.test, TRIALS * TARGETS);
    CU_ASSERT_EQUAL(d->shape.classes, TARGETS);
    CU_ASSERT_EQUAL_FATAL(d->shape.features[1], UNITS);
    CHECK_NEAR(d->target_entropy_bits, 1, 0);
    for (int k = 0; k < TRIALS * TARGETS; k++) {
        CHECK_NEAR((double)d->train_x[0][UNITS * k], 1, 0);
        CHECK_NEAR((double)d->train_x[0][UNITS * k + 1], 0, 0);
        CHECK_NEAR((double)d->train_x[1][UNITS * k], 0, 0);
        CHECK_NEAR((double)d->train_x[1][UNITS * k + 1], k > 0 ? k + 1 : 0, 0);
        CHECK_NEAR((double)d->test_x[1][UNITS * k + 1], k + 2, 0); /* test trials are numbered from 1 */
        CU_ASSERT_EQUAL(d->train_y[k], k / TRIALS);
        CU_ASSERT_EQUAL(d->test_trial[0][k], TRIALS * TARGETS + k);
    }
    dataset_free(d);
    settings_of_free(t);
}

static void the_edges_of_a_window_count_once(void)
{
    test_settings *t =
        windows_of(mapping_path, "10", "-5", "3"); /* ms 5 … 14 and 13 … 22: trial k spikes at 10 + k */
    dataset *d = dataset_of(t);
    for (int k = 0; k < TRIALS * TARGETS; k++) {
        CHECK_NEAR((double)d->train_x[0][UNITS * k], 10 + k <= 14, 0);
        CHECK_NEAR((double)d->train_x[1][UNITS * k], 10 + k >= 13, 0);
    }
    dataset_free(d);
    settings_of_free(t);
}

static void windows_outside_the_recording_are_refused(void)
{
    static const char *const outside[] = { "-11", "21", "1000000", "-1000000" };
    data_shape shape;
    for (int k = 0; k < 4; k++) {
        test_settings *t = windows_of(mapping_path, "10", "0", outside[k]);
        CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
        CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "window_2"));
        CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "-10 to 30 ms"));
        settings_of_free(t);
    }
    test_settings *t = windows_of(mapping_path, "10", "20", "-10");
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), OK);
    settings_of_free(t);
}

static void the_files_of_a_mapping_are_named(void)
{
    test_settings *t = windows_of("small.yaml", "10", "0", "0");
    char *found = NULL;
    t->s.folder = folder;
    CU_ASSERT_EQUAL(data_path(&t->s, "small.yaml", &found), OK);
    CU_ASSERT_STRING_EQUAL(found, mapping_path);
    free(found);
    dataset_free(dataset_of(t));
    settings_set(t, "file", "nowhere.yaml");
    data_shape shape;
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "nowhere.yaml"));
    settings_of_free(t);
}

/* ---- the published recording ------------------------------------------------------------------------------------------- */

/* Spikes of unit u from `start` on for 100 ms, counted in the file's own struct array; trials as MATLAB stores them. */
static int count_raw(matvar_t *set, int64_t trial, int u, int start)
{
    const matvar_t *raster = Mat_VarGetStructFieldByName(set, "spikes", (size_t)trial);
    const double *bins = raster->data; /* (ms, units) in memory: columns after another */
    if (raster->class_type != MAT_C_DOUBLE) abort();
    int count = 0;
    for (int ms = start; ms < start + 100; ms++) count += (int)bins[ms * (int)raster->dims[0] + u];
    return count;
}

static void compare_part(mat_t *mat, const char *name, const float *const *x, const int32_t *y,
                         const int *start)
{
    matvar_t *set = Mat_VarRead(mat, name);
    int64_t differ = 0, per_class = (int64_t)set->dims[0];
    for (int64_t t = 0; t < 728; t++) {
        for (int i = 0; i < 2; i++)
            for (int u = 0; u < 97; u++) differ += (int)x[i][t * 97 + u] != count_raw(set, t, u, start[i]);
        differ += y[t] != t / per_class;
    }
    CU_ASSERT_EQUAL(differ, 0);
    Mat_VarFree(set);
}

static void the_published_recording_gives_its_own_counts(void)
{
    static const char *const shown[] = { "50", "150", "250", "350" };
    test_settings *t = windows_of("recordings/premotor.yaml", "100", "50", "50");
    char *path = NULL;
    t->s.folder = "sweeps";
    if (data_path(&t->s, "neural/ps4_realdata.mat", &path) != OK) {
        printf("skipped: no data\n");
        settings_of_free(t);
        return;
    }
    mat_t *mat = Mat_Open(path, MAT_ACC_RDONLY);
    CU_ASSERT_PTR_NOT_NULL_FATAL(mat);
    for (int w = 0; w < 4; w++) {
        const int start[2] = { 200 + 50, 200 + 50 + 100 * w }; /* the target appears at 200 ms */
        settings_set(t, "window_2", shown[w]);
        dataset *d = dataset_of(t);
        CU_ASSERT_EQUAL_FATAL(d->shape.train, 728);
        CU_ASSERT_EQUAL_FATAL(d->shape.test, 728);
        CU_ASSERT_EQUAL_FATAL(d->shape.features[0], 97);
        CHECK_NEAR(d->target_entropy_bits, 3, 0); /* 91 of each of eight */
        compare_part(mat, "train_trial", (const float *const *)d->train_x, d->train_y, start);
        compare_part(mat, "test_trial", (const float *const *)d->test_x, d->test_y, start);
        dataset_free(d);
    }
    Mat_Close(mat);
    free(path);
    settings_of_free(t);
    data_close();
}

static const check_test tests[] = { TEST(windows_hold_the_counts_of_their_time),
                                    TEST(the_edges_of_a_window_count_once),
                                    TEST(windows_outside_the_recording_are_refused),
                                    TEST(the_files_of_a_mapping_are_named),
                                    TEST(the_published_recording_gives_its_own_counts) };

int main(int argc, char **argv)
{
    write_files();
    int result = check_run("windows", tests, sizeof tests / sizeof tests[0], argc, argv);
    data_close();
    unlink(mat_path);
    unlink(mapping_path);
    rmdir(folder);
    return result;
}

#endif
