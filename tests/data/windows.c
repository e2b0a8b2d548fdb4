#include <unistd.h>

#include "data/settings_of.h"

#ifndef HAVE_MATIO

static void without_matio_the_kind_says_so(void)
{
    test_settings *t = settings_of("windows");
    CU_ASSERT_PTR_NOT_NULL(strstr(t->s.data->summary, "off"));
    settings_of_free(t);
}

CHECK_MAIN("windows", TEST(without_matio_the_kind_says_so))

#else

#include <matio.h>

enum { TRIALS = 3, TARGETS = 2, UNITS = 2, MILLISECONDS = 40 };

static char path[] = "/tmp/infosweep-windows-XXXXXX";

/* What a test file differs in from a good one. */
typedef struct flaw {
    const char *train, *test, *field; /* names of the variables and of the field */
    int test_targets;
    int odd_units;    /* units of the last trial; 0: as all */
    double odd_count; /* in one bin of the last trial */
    bool matrix;      /* train_trial is one of numbers */
    enum matio_compression compression;
} flaw;

static const flaw good = { .train = "train_trial",
                           .test = "test_trial",
                           .field = "spikes",
                           .test_targets = TARGETS,
                           .compression = MAT_COMPRESSION_ZLIB };

/* Unit 0 of trial k spikes at ms 10 + k; unit 1 at ms 20, 21, …, as often as k; twice in the last of these. */
static matvar_t *raster_of(int k, int units, double odd_count)
{
    static double raster[UNITS * MILLISECONDS];
    size_t dims[2] = { (size_t)units, MILLISECONDS };
    memset(raster, 0, sizeof raster);
    raster[(10 + k) * units] = 1;
    for (int s = 0; s < k; s++) raster[(20 + s) * units + units - 1] = s == k - 1 ? 2 : 1;
    if (odd_count != 0) raster[0] = odd_count;
    return Mat_VarCreate(NULL, MAT_C_DOUBLE, MAT_T_DOUBLE, 2, dims, raster, 0);
}

static void write_set(mat_t *mat, const char *name, int targets, const flaw *f, int first)
{
    size_t dims[2] = { TRIALS, (size_t)targets };
    const char *fields[] = { "trialId", f->field };
    matvar_t *set = Mat_VarCreateStruct(name, 2, dims, fields, 2);
    for (int k = 0; k < TRIALS * targets; k++) {
        size_t one[2] = { 1, 1 };
        double id = k;
        bool last = k == TRIALS * targets - 1;
        int units = last && f->odd_units ? f->odd_units : UNITS;
        Mat_VarSetStructFieldByName(set, "trialId", (size_t)k,
                                    Mat_VarCreate(NULL, MAT_C_DOUBLE, MAT_T_DOUBLE, 2, one, &id, 0));
        Mat_VarSetStructFieldByName(set, f->field, (size_t)k,
                                    raster_of(first + k, units, last ? f->odd_count : 0));
    }
    Mat_VarWrite(mat, set, f->compression);
    Mat_VarFree(set);
}

static void write_recording(const flaw *f)
{
    data_close();
    if (strstr(path, "XXXXXX")) {
        int file = mkstemp(path);
        if (file < 0) abort();
        close(file);
    }
    mat_t *mat = Mat_CreateVer(path, NULL, MAT_FT_MAT5);
    if (mat == NULL) abort();
    if (f->matrix) {
        size_t dims[2] = { TRIALS, TARGETS };
        double numbers[TRIALS * TARGETS] = { 0 };
        matvar_t *matrix = Mat_VarCreate(f->train, MAT_C_DOUBLE, MAT_T_DOUBLE, 2, dims, numbers, 0);
        Mat_VarWrite(mat, matrix, f->compression);
        Mat_VarFree(matrix);
    } else {
        write_set(mat, f->train, TARGETS, f, 0);
    }
    write_set(mat, f->test, f->test_targets, f, 1);
    Mat_Close(mat);
}

/* Settings whose windows lie in the small recording; onset at 10 ms, 10 ms wide. */
static test_settings *small_windows(const char *first, const char *second)
{
    test_settings *t = settings_of("windows");
    settings_set(t, "file", path);
    settings_set(t, "onset", "10");
    settings_set(t, "width", "10");
    settings_set(t, "window_1", first);
    settings_set(t, "window_2", second);
    return t;
}

static void windows_hold_the_counts_of_their_time(void)
{
    static const enum matio_compression ways[] = { MAT_COMPRESSION_NONE, MAT_COMPRESSION_ZLIB };
    for (int w = 0; w < 2; w++) {
        flaw f = good;
        f.compression = ways[w];
        write_recording(&f);
        test_settings *t = small_windows("0", "10"); /* ms 10 … 19 and 20 … 29 of the trial */
        dataset *d = NULL;
        CU_ASSERT_EQUAL_FATAL(t->s.data->make(&t->s, &d), OK);
        CU_ASSERT_EQUAL(d->shape.train, TRIALS * TARGETS);
        CU_ASSERT_EQUAL(d->shape.classes, TARGETS);
        CU_ASSERT_EQUAL(d->shape.features[1], UNITS);
        CHECK_NEAR(d->target_entropy_bits, 1, 0);
        for (int k = 0; k < TRIALS * TARGETS; k++) {
            CHECK_NEAR((double)d->train_x[0][UNITS * k], 1, 0);
            CHECK_NEAR((double)d->train_x[0][UNITS * k + 1], 0, 0);
            CHECK_NEAR((double)d->train_x[1][UNITS * k], 0, 0);
            CHECK_NEAR((double)d->train_x[1][UNITS * k + 1], k > 0 ? k + 1 : 0, 0);
            CHECK_NEAR((double)d->test_x[1][UNITS * k + 1], k + 2, 0); /* test trials are numbered from 1 */
            CU_ASSERT_EQUAL(d->train_y[k], k / TRIALS);
        }
        dataset_free(d);
        settings_of_free(t);
    }
}

static void the_edges_of_a_window_count_once(void)
{
    write_recording(&good);
    test_settings *t = small_windows("-5", "3"); /* ms 5 … 14 and 13 … 22: trial k spikes at 10 + k */
    dataset *d = NULL;
    CU_ASSERT_EQUAL_FATAL(t->s.data->make(&t->s, &d), OK);
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
    write_recording(&good);
    for (int k = 0; k < 4; k++) {
        test_settings *t = small_windows("0", outside[k]);
        CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
        CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "window_2"));
        CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "-10 to 30 ms"));
        settings_of_free(t);
    }
    test_settings *t = small_windows("20", "-10");
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), OK);
    settings_of_free(t);
}

static void expect_refused(const flaw *f, const char *said)
{
    data_shape shape;
    write_recording(f);
    test_settings *t = small_windows("0", "0");
    failure_clear();
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    bool as_expected = strstr(failure_text(), said) && strstr(failure_text(), path);
    if (!as_expected) fprintf(stderr, "'%s' is not said but '%s'\n", said, failure_text());
    CU_ASSERT(as_expected);
    settings_of_free(t);
}

static void recordings_of_another_kind_are_refused(void)
{
    flaw f = good;
    f.train = "trials";
    expect_refused(&f, "no variable train_trial");
    f = good;
    f.test = "trials";
    expect_refused(&f, "no variable test_trial");
    f = good;
    f.field = "spike";
    expect_refused(&f, "no field spikes");
    f = good;
    f.matrix = true;
    expect_refused(&f, "no struct array");
    f = good;
    f.test_targets = 3;
    expect_refused(&f, "has 3 targets");
    f = good;
    f.odd_units = 1;
    expect_refused(&f, "is 1 × 40");
    f = good;
    f.odd_count = 0.5;
    expect_refused(&f, "is 0.5");
    f.odd_count = -1;
    expect_refused(&f, "is -1");
    f.odd_count = NAN;
    expect_refused(&f, "nan");
    f.odd_count = 1e9;
    expect_refused(&f, "is 1e+09");
}

static size_t read_bytes(const char *name, unsigned char *bytes, size_t room)
{
    FILE *file = fopen(name, "rb");
    if (file == NULL) return 0;
    size_t size = fread(bytes, 1, room, file);
    fclose(file);
    return size;
}

static status try_bytes(const unsigned char *bytes, size_t size)
{
    data_shape shape;
    FILE *file = fopen(path, "wb");
    if (file == NULL) abort();
    fwrite(bytes, 1, size, file);
    fclose(file);
    data_close();
    test_settings *t = small_windows("0", "0");
    status result = t->s.data->shape(&t->s, &shape);
    settings_of_free(t);
    return result;
}

static unsigned char bytes[1 << 16], changed[1 << 16];

static void a_file_cut_anywhere_is_refused(void)
{
    static const enum matio_compression ways[] = { MAT_COMPRESSION_NONE, MAT_COMPRESSION_ZLIB };
    for (int w = 0; w < 2; w++) {
        flaw f = good;
        f.compression = ways[w];
        write_recording(&f);
        size_t size = read_bytes(path, bytes, sizeof bytes);
        CU_ASSERT_FATAL(size > 200 && size < sizeof bytes);
        CU_ASSERT_EQUAL(try_bytes(bytes, size), OK);
        for (size_t cut = 0; cut < size; cut += 1 + size / 997)
            CU_ASSERT_EQUAL(try_bytes(bytes, cut), BAD_INPUT);
    }
}

static dataset *counts_of_file(void)
{
    dataset *d = NULL;
    test_settings *t = small_windows("0", "10");
    CU_ASSERT_EQUAL_FATAL(t->s.data->make(&t->s, &d), OK);
    settings_of_free(t);
    return d;
}

/* What is compressed has a checksum over what it unpacks to: a change is seen, or it changes nothing. */
static void a_changed_byte_is_refused_or_does_no_harm(void)
{
    static const enum matio_compression ways[] = { MAT_COMPRESSION_NONE, MAT_COMPRESSION_ZLIB };
    for (int w = 0; w < 2; w++) {
        flaw f = good;
        f.compression = ways[w];
        write_recording(&f);
        dataset *before = counts_of_file();
        size_t size = read_bytes(path, bytes, sizeof bytes);
        for (size_t at = 0; at < size; at += 1 + size / 1499) {
            memcpy(changed, bytes, size);
            changed[at] ^= (unsigned char)(1 << at % 8);
            status result = try_bytes(changed, size);
            CU_ASSERT(result == BAD_INPUT || result == OK);
            if (w == 0 || result != OK) continue;
            dataset *after = counts_of_file();
            size_t counts = TRIALS * TARGETS * UNITS * sizeof(float);
            CU_ASSERT_EQUAL(memcmp(after->train_x[0], before->train_x[0], counts), 0);
            CU_ASSERT_EQUAL(memcmp(after->test_x[1], before->test_x[1], counts), 0);
            dataset_free(after);
        }
        dataset_free(before);
    }
}

/* Sizes that would make a trusting reader ask for all of memory, at the places where a file has them. */
static void absurd_sizes_are_refused_at_once(void)
{
    flaw f = good;
    f.compression = MAT_COMPRESSION_NONE;
    write_recording(&f);
    size_t size = read_bytes(path, bytes, sizeof bytes);
    for (size_t at = 128; at < 640; at += 4) {
        static const unsigned char huge[] = { 0xFF, 0xFF, 0xFF, 0x7F };
        memcpy(changed, bytes, size);
        memcpy(changed + at, huge, sizeof huge);
        status result = try_bytes(changed, size);
        CU_ASSERT(result == BAD_INPUT || result == OK);
    }
}

static void dimensions_that_do_not_fit_what_is_there_are_refused(void)
{
    static const unsigned char dims[] = { UNITS, 0, 0, 0, MILLISECONDS, 0, 0, 0 };
    flaw f = good;
    f.compression = MAT_COMPRESSION_NONE;
    write_recording(&f);
    size_t size = read_bytes(path, bytes, sizeof bytes);
    int changes = 0;
    for (size_t at = 128; at + sizeof dims < size; at += 4) {
        if (memcmp(bytes + at, dims, sizeof dims) != 0) continue;
        for (int by = -1; by <= 1; by += 2, changes++) {
            memcpy(changed, bytes, size);
            changed[at + 4] = (unsigned char)(MILLISECONDS + by);
            CU_ASSERT_EQUAL(try_bytes(changed, size), BAD_INPUT);
            CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "than its dimensions say"));
        }
    }
    CU_ASSERT_EQUAL(changes, 2 * 2 * TRIALS * TARGETS);
}

static void what_is_no_matlab_file_is_refused(void)
{
    data_shape shape;
    memset(bytes, 'x', 4096);
    CU_ASSERT_EQUAL(try_bytes(bytes, 4096), BAD_INPUT);
    CU_ASSERT_EQUAL(try_bytes(bytes, 0), BAD_INPUT);
    write_recording(&good);
    size_t size = read_bytes(path, bytes, sizeof bytes);
    bytes[125] = 2; /* what version 7.3 has there */
    CU_ASSERT_EQUAL(try_bytes(bytes, size), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "save -v7"));
    test_settings *t = settings_of("windows");
    settings_set(t, "file", "/tmp");
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    settings_set(t, "file", "/nowhere/recording.mat");
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    settings_of_free(t);
    unlink(path);
}

/* Counts that another reader of the format found in the recording of the paper. */
static void the_published_recording_is_read(void)
{
    test_settings *t = settings_of("windows");
    data_shape shape;
    dataset *d = NULL;
    if (t->s.data->shape(&t->s, &shape) != OK && strstr(failure_text(), "no such file")) {
        printf("skipped: no data\n");
        settings_of_free(t);
        return;
    }
    settings_set(t, "window_2", "350");
    CU_ASSERT_EQUAL_FATAL(t->s.data->make(&t->s, &d), OK);
    CU_ASSERT_EQUAL(d->shape.train, 728);
    CU_ASSERT_EQUAL(d->shape.test, 728);
    CU_ASSERT_EQUAL(d->shape.features[0], 97);
    double sum[4] = { 0 };
    for (int k = 0; k < 728 * 97; k++) {
        sum[0] += (double)d->train_x[0][k];
        sum[1] += (double)d->train_x[1][k];
        sum[2] += (double)d->test_x[0][k];
        sum[3] += (double)d->test_x[1][k];
    }
    CHECK_NEAR(sum[0], 103206, 0);
    CHECK_NEAR(sum[1], 53634, 0);
    CHECK_NEAR(sum[2], 102613, 0);
    CHECK_NEAR(sum[3], 54329, 0);
    dataset_free(d);
    settings_of_free(t);
    data_close();
}

CHECK_MAIN("windows", TEST(windows_hold_the_counts_of_their_time), TEST(the_edges_of_a_window_count_once),
           TEST(windows_outside_the_recording_are_refused), TEST(recordings_of_another_kind_are_refused),
           TEST(a_file_cut_anywhere_is_refused), TEST(a_changed_byte_is_refused_or_does_no_harm),
           TEST(absurd_sizes_are_refused_at_once), TEST(dimensions_that_do_not_fit_what_is_there_are_refused),
           TEST(what_is_no_matlab_file_is_refused), TEST(the_published_recording_is_read))

#endif
