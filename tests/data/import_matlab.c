#include <hdf5.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "data/import.h"

static char folder[] = "/tmp/infosweep-matlab-XXXXXX";
static char source[64], mapping_path[64];

static void make_folder(void)
{
    if (strstr(folder, "XXXXXX") && mkdtemp(folder) == NULL) abort();
    snprintf(source, sizeof source, "%s/day.mat", folder);
    snprintf(mapping_path, sizeof mapping_path, "%s/day.yaml", folder);
}

/* A mapping of one session from the source; `keys` stand below it, four blanks deep. */
static void write_mapping(const char *keys)
{
    FILE *file = fopen(mapping_path, "w");
    if (file == NULL) abort();
    fprintf(file, "title: a test\nsessions:\n  - name: day\n    animal: jay\n    file: day.mat\n%s", keys);
    fclose(file);
}

static recordings *import(const char *keys)
{
    recordings *r = NULL;
    write_mapping(keys);
    status result = recordings_import(mapping_path, &r);
    if (result != OK) fprintf(stderr, "%s\n", failure_text());
    CU_ASSERT_EQUAL_FATAL(result, OK);
    return r;
}

static void expect_said(const char *said)
{
    bool as_expected = strstr(failure_text(), said) && strchr(failure_text(), '\n') == NULL;
    if (!as_expected) fprintf(stderr, "'%s' is not said but '%s'\n", said, failure_text());
    CU_ASSERT(as_expected);
}

static void expect_refused(const char *keys, const char *said)
{
    recordings *r = NULL;
    write_mapping(keys);
    failure_clear();
    CU_ASSERT_EQUAL(recordings_import(mapping_path, &r), BAD_INPUT);
    expect_said(said);
    recordings_free(r);
}

static const column *column_of(const recordings *r, const char *name)
{
    const column *c = session_column(&r->session[0], name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    return c;
}

/* ---- level 7.3 as MATLAB writes it, made with plain HDF5 ------------------------------------------------------------ */

static void note_class(hid_t object, const char *name)
{
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    H5Tset_size(type, strlen(name));
    hid_t noted = H5Acreate2(object, "MATLAB_class", type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(noted, type, name);
    H5Aclose(noted);
    H5Sclose(space);
    H5Tclose(type);
}

/* Numbers (columns, rows) as HDF5 counts, among the objects that references point at. */
static hobj_ref_t put_numbers(hid_t file, int index, const char *class, int rows, int columns,
                              const double *values)
{
    char name[32];
    hsize_t extent[2] = { (hsize_t)columns, (hsize_t)rows };
    hobj_ref_t reference;
    bool text = strcmp(class, "char") == 0;
    snprintf(name, sizeof name, "/#refs#/%d", index);
    hid_t space = H5Screate_simple(2, extent, NULL);
    hid_t dataset = H5Dcreate2(file, name, text ? H5T_STD_U16LE : H5T_IEEE_F64LE, space, H5P_DEFAULT,
                               H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    note_class(dataset, class);
    H5Dclose(dataset);
    H5Sclose(space);
    H5Rcreate(&reference, file, name, H5R_OBJECT, H5I_INVALID_HID);
    return reference;
}

static void put_references(hid_t group, const char *name, int count, const hobj_ref_t *references)
{
    hsize_t extent[2] = { (hsize_t)count, 1 };
    hid_t space = H5Screate_simple(2, extent, NULL);
    hid_t dataset = H5Dcreate2(group, name, H5T_STD_REF_OBJ, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(dataset, H5T_STD_REF_OBJ, H5S_ALL, H5S_ALL, H5P_DEFAULT, references);
    H5Dclose(dataset);
    H5Sclose(space);
}

static void write_plain_73(void)
{
    enum { TRIALS = 3, UNITS = 2, SAMPLES = 4 };
    hobj_ref_t raster[TRIALS], side[TRIALS];
    static const double sides[TRIALS][2] = { { 'L', 0xFC }, { 'R', 'x' }, { 'L', 0xFC } }; /* Lü, Rx, Lü */
    hid_t file = H5Fcreate(source, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Gclose(H5Gcreate2(file, "#refs#", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    hid_t trials = H5Gcreate2(file, "trials", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    note_class(trials, "struct");
    for (int t = 0; t < TRIALS; t++) {
        double values[UNITS * SAMPLES];
        for (int i = 0; i < UNITS * SAMPLES; i++) values[i] = 10 * t + i;
        raster[t] = put_numbers(file, 2 * t, "double", UNITS, SAMPLES, values);
        side[t] = put_numbers(file, 2 * t + 1, "char", 1, 2, sides[t]);
    }
    put_references(trials, "raster", TRIALS, raster);
    put_references(trials, "side", TRIALS, side);
    H5Gclose(trials);
    H5Fclose(file);
}

static void a_file_of_level_73_is_read_without_matio(void)
{
    make_folder();
    write_plain_73();
    recordings *r = import("    struct: trials\n    target: side\n    areas: {M1: raster}\n    bin_ms: 2\n");
    const recorded_session *s = &r->session[0];
    CU_ASSERT_STRING_EQUAL(r->target, "side");
    CU_ASSERT_EQUAL_FATAL(s->trials, 3);
    CU_ASSERT_STRING_EQUAL(column_of(r, "side")->text[0], "Lü");
    CU_ASSERT_STRING_EQUAL(column_of(r, "side")->text[1], "Rx");
    CU_ASSERT_EQUAL_FATAL(s->area[0].units, 2);
    CU_ASSERT_EQUAL_FATAL(s->area[0].bins, 2);
    /* columns of the raster lie one after the other: units 0 and 1 of samples 0, 1, 2, 3 */
    static const uint8_t expected[] = { 0 + 2, 4 + 6, 1 + 3, 5 + 7 };
    for (int t = 0; t < 3; t++)
        for (int i = 0; i < 4; i++) CU_ASSERT_EQUAL(s->area[0].count[4 * t + i], expected[i] + 20 * t);
    recordings_free(r);
    expect_refused("    struct: trial\n    target: side\n    areas: {M1: raster}\n",
                   "no variable trial; there is trials");
    expect_refused("    struct: trials\n    target: size\n    areas: {M1: raster}\n",
                   "no field size in trials; there are raster, side");
    expect_refused("    struct: trials\n    target: side\n    areas: {M1: side}\n",
                   "trials(1).side is 1 × 2 char");
    unlink(source);
    unlink(mapping_path);
    rmdir(folder);
}

#ifndef HAVE_MATIO

static void without_matio_a_file_of_level_5_is_refused(void)
{
    make_folder();
    FILE *file = fopen(source, "w");
    if (file == NULL) abort();
    fprintf(file, "%-124s", "MATLAB 5.0 MAT-file");
    fclose(file);
    expect_refused("    struct: trials\n    target: side\n    areas: {M1: raster}\n", "made without matio");
}

CHECK_MAIN("import_matlab", TEST(without_matio_a_file_of_level_5_is_refused),
           TEST(a_file_of_level_73_is_read_without_matio))

#else

#include <matio.h>

/* Every way a file may be stored in. */
static const struct {
    enum mat_ft level;
    enum matio_compression packing;
} ways[] = { { MAT_FT_MAT5, MAT_COMPRESSION_NONE },
             { MAT_FT_MAT5, MAT_COMPRESSION_ZLIB },
             { MAT_FT_MAT73, MAT_COMPRESSION_NONE } };
enum { WAYS = sizeof ways / sizeof ways[0], LEVEL_5_WAYS = 2 };

static mat_t *create(int way)
{
    make_folder();
    unlink(source);
    mat_t *mat = Mat_CreateVer(source, NULL, ways[way].level);
    if (mat == NULL) abort();
    return mat;
}

static void put(mat_t *mat, matvar_t *variable, int way)
{
    if (Mat_VarWrite(mat, variable, ways[way].packing) != 0) abort();
    Mat_VarFree(variable);
}

static matvar_t *matrix(const char *name, int rows, int columns, const double *values)
{
    size_t extent[2] = { (size_t)rows, (size_t)columns };
    return Mat_VarCreate(name, MAT_C_DOUBLE, MAT_T_DOUBLE, 2, extent, (void *)values, 0);
}

static matvar_t *text(const char *value)
{
    size_t extent[2] = { 1, strlen(value) };
    return Mat_VarCreate(NULL, MAT_C_CHAR, MAT_T_UTF8, 2, extent, (void *)value, 0);
}

static void set(matvar_t *structs, const char *field, int element, matvar_t *value)
{
    Mat_VarSetStructFieldByName(structs, field, (size_t)element, value);
}

/* ---- trials × targets ---------------------------------------------------------------------------------------------- */

enum { TRIALS = 3, TARGETS = 2, UNITS = 2, MILLISECONDS = 40 };

/* What a test file differs in from a good one. */
typedef struct flaw {
    const char *train, *test, *field; /* names of the variables and of the field */
    int odd_units, odd_samples;       /* of the last trial; 0: as all */
    double odd_count;                 /* in one sample of the last trial */
    bool matrix;                      /* train_trial is one of numbers */
    bool empty;                       /* test_trial has no elements */
} flaw;

static const flaw good = { .train = "train_trial", .test = "test_trial", .field = "spikes" };

/* Unit 0 of trial k spikes at ms 10 + k; the last unit at ms 20, 21, …, as often as k, and once more in the last of these. */
static matvar_t *raster_of(int k, int units, int samples, double odd_count)
{
    double raster[UNITS * MILLISECONDS] = { 0 };
    raster[(10 + k) * units] = 1;
    for (int s = 0; s < k; s++) raster[(20 + s) * units + units - 1] = s == k - 1 ? 2 : 1;
    if (odd_count != 0) raster[0] = odd_count;
    return matrix(NULL, units, samples, raster);
}

static void write_set(mat_t *mat, const char *name, const flaw *f, int first, int way)
{
    size_t extent[2] = { TRIALS, TARGETS };
    const char *fields[] = { "trialId", f->field, NULL };
    matvar_t *structs = Mat_VarCreateStruct(name, 2, extent, fields, 2);
    for (int k = 0; k < TRIALS * TARGETS; k++) {
        double id = 100 + first + k;
        bool last = k == TRIALS * TARGETS - 1;
        set(structs, "trialId", k, matrix(NULL, 1, 1, &id));
        set(structs, f->field, k,
            raster_of(first + k, last && f->odd_units ? f->odd_units : UNITS,
                      last && f->odd_samples ? f->odd_samples : MILLISECONDS, last ? f->odd_count : 0));
    }
    put(mat, structs, way);
}

static void write_table(const flaw *f, int way)
{
    mat_t *mat = create(way);
    double numbers[TRIALS * TARGETS] = { 0 };
    if (f->matrix)
        put(mat, matrix(f->train, TRIALS, TARGETS, numbers), way);
    else
        write_set(mat, f->train, f, 0, way);
    if (f->empty)
        put(mat, matrix(f->test, 0, 0, numbers), way);
    else
        write_set(mat, f->test, f, 1, way);
    Mat_Close(mat);
}

static const char table_keys[] =
    "    parts: {train: train_trial, test: test_trial}\n    target: column\n"
    "    areas: {PMd: spikes}\n    columns: [trialId]\n    bin_ms: 10\n    align: 10\n"
    "    aligned_to: target_on\n";

static void a_table_of_trials_and_targets_is_read_target_by_target(void)
{
    for (int w = 0; w < WAYS; w++) {
        write_table(&good, w);
        recordings *r = import(table_keys);
        const recorded_session *s = &r->session[0];
        const area *a = &s->area[0];
        CU_ASSERT_EQUAL_FATAL(s->trials, 2 * TRIALS * TARGETS);
        CU_ASSERT_STRING_EQUAL(a->name, "PMd");
        CU_ASSERT_STRING_EQUAL(a->aligned_to, "target_on");
        CU_ASSERT(a->units == UNITS && a->bins == MILLISECONDS / 10);
        CHECK_NEAR(a->start_ms, -10, 0);
        CHECK_NEAR(a->bin_ms, 10, 0);
        CU_ASSERT_PTR_NULL(s->valid_from);
        for (int t = 0; t < s->trials; t++) {
            bool test = t >= TRIALS * TARGETS;
            int k = t % (TRIALS * TARGETS), number = k + test; /* test trials spike as if numbered from 1 */
            CHECK_NEAR(column_of(r, "target")->number[t], k / TRIALS + 1, 0);
            CHECK_NEAR(column_of(r, "trialId")->number[t], 100 + number, 0);
            CHECK_NEAR(column_of(r, "trial")->number[t], k + 1, 0);
            CU_ASSERT_STRING_EQUAL(column_of(r, "part")->text[t], test ? "test" : "train");
            const uint8_t *count = a->count + t * UNITS * a->bins;
            const uint8_t expected[] = { 0, 1, 0, 0, 0, 0, (uint8_t)(number > 0 ? number + 1 : 0), 0 };
            for (int i = 0; i < UNITS * a->bins; i++) CU_ASSERT_EQUAL(count[i], expected[i]);
        }
        CU_ASSERT_EQUAL(strlen(s->sha256), 64);
        CU_ASSERT_STRING_EQUAL(s->source, "day.mat");
        CU_ASSERT_PTR_NOT_NULL(strstr(r->mapping, "parts: {train"));
        recordings_free(r);
    }
}

static void bins_begin_at_the_event_and_are_whole(void)
{
    write_table(&good, 0);
    recordings *r = import("    struct: train_trial\n    target: column\n    areas: {PMd: spikes}\n    "
                           "bin_ms: 8\n    align: 13\n");
    const area *a = &r->session[0].area[0];
    CHECK_NEAR(a->start_ms, -8, 0);              /* ms 5 to 12 of the raster; 0 to 4 make no whole bin */
    CU_ASSERT_EQUAL(a->bins, 4);                 /* up to ms 36 */
    for (int k = 0; k < TRIALS * TARGETS; k++) { /* unit 0 spikes at ms 10 + k */
        CU_ASSERT_EQUAL(a->count[k * UNITS * 4], 10 + k <= 12);
        CU_ASSERT_EQUAL(a->count[k * UNITS * 4 + 1], 10 + k >= 13);
    }
    recordings_free(r);
}

static void expect_flawed(const flaw *f, const char *said)
{
    for (int w = 0; w < WAYS; w++) {
        write_table(f, w);
        expect_refused(table_keys, said);
    }
}

static void tables_of_another_kind_are_refused_with_their_place(void)
{
    flaw f = good;
    f.train = "trials";
    expect_flawed(&f, "no variable train_trial; there are t");
    f = good;
    f.field = "spike";
    expect_flawed(&f, "no field spikes in train_trial; there are ");
    f = good;
    f.matrix = true;
    expect_flawed(&f, "train_trial is 3 × 2 double; right would be a struct array of trials");
    f = good;
    f.odd_units = 1;
    expect_flawed(&f, "train_trial(3, 2).spikes is 1 × 40 double; right would be 2 units");
    f = good;
    f.odd_samples = 39;
    expect_flawed(&f, "train_trial(3, 2).spikes has 39 samples, and the first trial 40; where trials differ");
    f = good;
    f.odd_count = 0.5;
    expect_flawed(&f, "train_trial(3, 2).spikes(1, 1) is 0.5; right would be a count");
    f.odd_count = -1;
    expect_flawed(&f, "spikes(1, 1) is -1");
    f.odd_count = NAN;
    expect_flawed(&f, "spikes(1, 1) is nan");
    f.odd_count = 256;
    expect_flawed(&f, "spikes(1, 1) is 256");
}

static void a_part_without_trials_is_refused(void)
{
    flaw f = good;
    f.empty = true;
    for (int w = 0; w < LEVEL_5_WAYS; w++) {
        write_table(&f, w);
        expect_refused(table_keys, "test_trial is 0 × 0 double; right would be a struct array");
    }
}

static void more_spikes_than_a_byte_holds_are_refused(void)
{
    flaw f = good;
    f.odd_count = 255;
    write_table(&f, 0);
    expect_refused("    struct: train_trial\n    target: column\n    areas: {PMd: spikes}\n    bin_ms: 40\n",
                   "unit 1 has 256 spikes in a bin of 40 ms");
}

/* ---- a vector of trials that differ in length ------------------------------------------------------------------------ */

enum { REACHES = 6 };
static const double targets[REACHES][2] = {
    { 0, 120 }, { 0, 0 }, { 85, 85 }, { 0, 120 }, { 0, 0 }, { 85, 85 }
};
static const int lengths[REACHES] = { 30, 12, 40, 25, 12, 33 }, delays[REACHES] = { 10, 1, 20, 11, 1, 13 };

static int target_on(int reach)
{
    return lengths[reach] - 5;
}

/* Sample t of unit u spikes where this says so. */
static int spike(int reach, int unit, int sample)
{
    return (reach + 2 * unit + sample) % 3 == 0;
}

static matvar_t *reach_raster(int reach, int units, double beyond)
{
    double raster[3 * 40];
    for (int t = 0; t < lengths[reach]; t++)
        for (int u = 0; u < units; u++)
            raster[t * units + u] =
                t >= target_on(reach) && !isnan(beyond - beyond) && beyond != 0 ? beyond : spike(reach, u, t);
    return matrix(NULL, units, lengths[reach], raster);
}

typedef struct reach_flaw {
    int text_target; /* this reach has a text for a target; -1: none */
    int no_time;     /* this one has no time of the target; -1: none */
    int late;        /* this one has its target after its end; -1: none */
    double beyond;   /* stands after the target in all rasters; 0: spikes as before */
} reach_flaw;
static const reach_flaw no_flaw = { -1, -1, -1, 0 };

static void write_reaches(const reach_flaw *f, int way)
{
    static const char *const fields[] = { "posTargets1", "timeTargetOn", "delayTime",
                                          "spikeRaster", "spikeRaster2", "note" };
    size_t extent[2] = { 1, REACHES };
    mat_t *mat = create(way);
    matvar_t *structs = Mat_VarCreateStruct("R", 2, extent, (const char **)fields, 6);
    for (int k = 0; k < REACHES; k++) {
        double on = k == f->late ? lengths[k] + 1 : target_on(k), delay = delays[k];
        set(structs, "posTargets1", k, k == f->text_target ? text("left") : matrix(NULL, 2, 1, targets[k]));
        set(structs, "timeTargetOn", k, matrix(NULL, k == f->no_time ? 0 : 1, k == f->no_time ? 0 : 1, &on));
        set(structs, "delayTime", k, matrix(NULL, 1, 1, &delay));
        set(structs, "spikeRaster", k, reach_raster(k, 2, f->beyond));
        set(structs, "spikeRaster2", k, reach_raster(k, 3, f->beyond));
        set(structs, "note", k, k == 2 ? text("looked away") : text("ok"));
    }
    put(mat, structs, way);
    Mat_Close(mat);
}

#define REACH_KEYS                                                                                  \
    "    struct: R\n    target: posTargets1\n    drop: [0, 0]\n    columns: [note, timeTargetOn]\n" \
    "    areas: {PMd: spikeRaster2, M1: spikeRaster}\n"
static const char valid_keys[] = "    valid: {from: timeTargetOn - delayTime, to: timeTargetOn}\n";
static char reach_keys[1024];

static const char *with_valid(const char *more)
{
    snprintf(reach_keys, sizeof reach_keys, "%s%s%s", REACH_KEYS, valid_keys, more);
    return reach_keys;
}

static void trials_of_different_lengths_are_padded_and_say_where_they_are_valid(void)
{
    static const int kept[] = { 0, 2, 3, 5 };
    for (int w = 0; w < WAYS; w++) {
        write_reaches(&no_flaw, w);
        recordings *r = import(with_valid(""));
        const recorded_session *s = &r->session[0];
        CU_ASSERT_EQUAL_FATAL(s->trials, 4);
        CU_ASSERT_EQUAL_FATAL(s->areas, 2);
        CU_ASSERT(s->area[0].units == 3 && s->area[1].units == 2 && s->area[0].bins == 40);
        CU_ASSERT_STRING_EQUAL(column_of(r, "note")->text[1], "looked away");
        CU_ASSERT_EQUAL(column_of(r, "posTargets1")->dimensions, 2);
        CU_ASSERT_PTR_NOT_NULL_FATAL(s->valid_from);
        for (int t = 0; t < 4; t++) {
            int k = kept[t];
            CHECK_NEAR(column_of(r, "posTargets1")->number[2 * t + 1], targets[k][1], 0);
            CHECK_NEAR(column_of(r, "trial")->number[t], k + 1, 0);
            CHECK_NEAR(column_of(r, "delayTime")->number[t], delays[k], 0);
            CHECK_NEAR(s->valid_from[t], target_on(k) - delays[k], 0);
            CHECK_NEAR(s->valid_to[t], target_on(k), 0);
            for (int u = 0; u < 3; u++)
                for (int b = 0; b < 40; b++) {
                    bool valid = b >= target_on(k) - delays[k] && b < target_on(k);
                    CU_ASSERT_EQUAL(s->area[0].count[(t * 3 + u) * 40 + b], valid ? spike(k, u, b) : 0);
                    if (u < 2)
                        CU_ASSERT_EQUAL(s->area[1].count[(t * 2 + u) * 40 + b], valid ? spike(k, u, b) : 0);
                }
        }
        recordings_free(r);
    }
}

static void trials_are_aligned_to_an_event_of_their_own(void)
{
    for (int w = 0; w < WAYS; w++) {
        write_reaches(&no_flaw, w);
        recordings *r =
            import(with_valid("    align: timeTargetOn\n    aligned_to: target_on\n    bin_ms: 5\n"));
        const recorded_session *s = &r->session[0];
        const area *a = &s->area[1];
        CHECK_NEAR(a->start_ms, -35, 0); /* the longest trial has its target at 35 ms */
        CU_ASSERT_EQUAL(a->bins, 8);     /* and 5 ms after it */
        for (int t = 0; t < 4; t++) CHECK_NEAR(s->valid_to[t], 0, 0);
        CHECK_NEAR(s->valid_from[1], -20, 0);
        int expected = 0;
        for (int i = 20; i < 25; i++) expected += spike(2, 1, i); /* reach 2, unit 1, -15 to -10 ms */
        CU_ASSERT_EQUAL(a->count[(1 * 2 + 1) * 8 + 4], expected);
        recordings_free(r);
    }
}

static void what_lies_outside_of_the_valid_time_does_not_matter(void)
{
    reach_flaw f = no_flaw;
    f.beyond = 0.25;
    write_reaches(&f, 0);
    recordings_free(import(with_valid("")));
    expect_refused(REACH_KEYS "    valid: {from: 0, to: end}\n", "R(1).spikeRaster2(1, 26) is 0.25");
}

static void rasters_of_anything_else_are_averaged(void)
{
    write_reaches(&no_flaw, 0);
    recordings *r = import(with_valid("    counts: false\n    bin_ms: 5\n    align: timeTargetOn\n"));
    const area *a = &r->session[0].area[1];
    CU_ASSERT_PTR_NOT_NULL_FATAL(a->feature);
    double expected = 0;
    for (int i = 20; i < 25; i++) expected += spike(2, 1, i) / 5.0;
    CHECK_NEAR((double)a->feature[(1 * 2 + 1) * 8 + 4], expected, 1e-7); /* single precision */
    recordings_free(r);
}

static void rasters_of_time_by_units_are_turned(void)
{
    double raster[4 * 2] = { 1, 2, 3, 4, 5, 6, 7, 8 }, target = 1;
    size_t extent[2] = { 1, 1 };
    const char *fields[] = { "x", "y" };
    mat_t *mat = create(0);
    matvar_t *structs = Mat_VarCreateStruct("R", 2, extent, fields, 2);
    set(structs, "x", 0, matrix(NULL, 4, 2, raster));
    set(structs, "y", 0, matrix(NULL, 1, 1, &target));
    put(mat, structs, 0);
    Mat_Close(mat);
    recordings *r =
        import("    struct: R\n    target: y\n    areas: {A: x}\n    time_first: true\n    bin_ms: 2\n");
    const area *a = &r->session[0].area[0];
    static const uint8_t expected[] = { 3, 7, 11, 15 };
    CU_ASSERT(a->units == 2 && a->bins == 2);
    CU_ASSERT_EQUAL(memcmp(a->count, expected, sizeof expected), 0);
    recordings_free(r);
}

static void a_struct_within_a_struct_is_found(void)
{
    for (int w = 0; w < WAYS; w++) {
        double raster[6] = { 1, 0, 0, 2, 0, 3 };
        size_t one[2] = { 1, 1 }, two[2] = { 2, 1 };
        const char *inner_fields[] = { "x", "y" }, *outer_fields[] = { "trials" };
        mat_t *mat = create(w);
        matvar_t *outer = Mat_VarCreateStruct("data", 2, one, outer_fields, 1);
        matvar_t *inner = Mat_VarCreateStruct(NULL, 2, two, inner_fields, 2);
        for (int k = 0; k < 2; k++) {
            double target = k;
            set(inner, "x", k, matrix(NULL, 2, 3, raster));
            set(inner, "y", k, matrix(NULL, 1, 1, &target));
        }
        set(outer, "trials", 0, inner);
        put(mat, outer, w);
        Mat_Close(mat);
        recordings *r = import("    struct: data.trials\n    target: y\n    areas: {A: x}\n");
        CU_ASSERT_EQUAL(r->session[0].trials, 2);
        CU_ASSERT_EQUAL(r->session[0].area[0].count[1], 0);
        CU_ASSERT_EQUAL(r->session[0].area[0].count[4], 2);
        recordings_free(r);
        expect_refused("    struct: data.trial\n    target: y\n    areas: {A: x}\n",
                       "no field trial in data; there is trials");
        expect_refused("    struct: data.trials.x\n    target: y\n    areas: {A: x}\n",
                       "data.trials is 2 × 1 struct; right would be a single struct");
    }
}

static void reaches_that_do_not_fit_are_refused_with_their_place(void)
{
    reach_flaw f = no_flaw;
    write_reaches(&f, 0);
    expect_refused(REACH_KEYS, "R(3).spikeRaster2 has 40 samples, and the first trial 30");
    expect_refused(REACH_KEYS "    valid: {from: timeTargetOn - delay, to: end}\n",
                   "no field delay in R; there are posTargets1");
    expect_refused(REACH_KEYS "    valid: {from: 0, to: note}\n", "note is no single number per trial");
    expect_refused("    struct: R\n    target: posTargets1\n    drop: [1, 1]\n    areas: {M1: spikeRaster}\n",
                   "day.yaml:8: drop: no trial has this target");
    f.text_target = 3;
    write_reaches(&f, 0);
    expect_refused(with_valid(""),
                   "R(4).posTargets1 is 1 × 4 char, which is something else than in the trials before");
    f = no_flaw;
    f.no_time = 2;
    write_reaches(&f, 0);
    expect_refused(with_valid(""),
                   "R(3) is valid from nan to nan ms; right would be a stretch of its 0 to 40 ms");
    f = no_flaw;
    f.late = 5;
    write_reaches(&f, 0);
    expect_refused(with_valid(""),
                   "R(6) is valid from 21 to 34 ms; right would be a stretch of its 0 to 33 ms");
}

/* ---- mappings -------------------------------------------------------------------------------------------------------- */

static void mappings_that_say_nothing_or_too_much_are_refused_with_their_line(void)
{
    static const struct {
        const char *keys, *said;
    } cases[] = {
        { "    struct: R\n    target: y\n    areas: {A: x}\n    bins: 3\n",
          "day.yaml:9: a session from matlab has no key 'bins'" },
        { "    struct: R\n    target: y\n    area: {A: x}\n",
          "day.yaml:8: a session from matlab has no key 'area'; did you mean 'areas'?" },
        { "    struct: R\n    areas: {A: x}\n", "needs `target`" },
        { "    target: y\n    areas: {A: x}\n", "which struct array holds the trials?" },
        { "    struct: R\n    parts: {a: R}\n    target: y\n    areas: {A: x}\n", "either struct or parts" },
        { "    struct: R\n    target: y\n    areas: x\n", "areas are names and their fields" },
        { "    struct: R\n    target: y\n    areas: {A: x}\n    bin_ms: ten\n",
          "day.yaml:9: bin_ms is 'ten'; right would be a number" },
        { "    struct: R\n    target: y\n    areas: {A: x}\n    bin_ms: 2.5\n",
          "no multiple of a sample of 1 ms" },
        { "    struct: R\n    target: y\n    areas: {A: x}\n    bin_ms: 0\n", "right would be ms above 0" },
        { "    struct: R\n    target: y\n    areas: {A: x}\n    valid: {from: 0}\n", "valid lacks to" },
        { "    struct: R\n    target: y\n    areas: {A: x}\n    align: a - \n",
          "a time lacks one of its parts" },
        { "    struct: R\n    target: y\n    areas: {A: x}\n    counts: yes\n", "counts is true or false" },
        { "    format: mat\n", "no format 'mat'; right would be one of matlab" },
    };
    write_reaches(&no_flaw, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) expect_refused(cases[i].keys, cases[i].said);
}

static void what_is_common_to_all_sessions_is_said_once(void)
{
    recordings *r = NULL;
    write_table(&good, 0);
    FILE *file = fopen(mapping_path, "w");
    if (file == NULL) abort();
    fprintf(file, "common: {animal: jay, file: day.mat, struct: train_trial, target: column, areas: {A: "
                  "spikes}, bin_ms: 10}\n"
                  "sessions:\n  - name: one\n  - {name: two, bin_ms: 20, animal: kay}\n");
    fclose(file);
    CU_ASSERT_EQUAL_FATAL(recordings_import(mapping_path, &r), OK);
    CU_ASSERT_EQUAL_FATAL(r->sessions, 2);
    CU_ASSERT_STRING_EQUAL(r->session[0].animal, "jay");
    CU_ASSERT_STRING_EQUAL(r->session[1].animal, "kay");
    CU_ASSERT(r->session[0].area[0].bins == 4 && r->session[1].area[0].bins == 2);
    recordings_free(r);
}

/* What a person gets who has only a file: a mapping that imports it as it is. */
static void a_file_without_a_mapping_is_described_by_one_that_fits(void)
{
    for (int w = 0; w < WAYS; w++) {
        recordings *r = NULL;
        write_table(&good, w);
        FILE *file = fopen(mapping_path, "w");
        if (file == NULL) abort();
        CU_ASSERT_EQUAL(matlab_format.describe(source, file), OK);
        fclose(file);
        CU_ASSERT_EQUAL_FATAL(recordings_import(mapping_path, &r), OK);
        CU_ASSERT_EQUAL(r->session[0].trials, 2 * TRIALS * TARGETS);
        CU_ASSERT_PTR_NOT_NULL(strstr(r->mapping, "#     .spikes: 2 × 40 double"));
        recordings_free(r);
    }
}

/* ---- damage ---------------------------------------------------------------------------------------------------------- */

static unsigned char bytes[1 << 18], changed[1 << 18];

static size_t read_bytes(void)
{
    FILE *file = fopen(source, "rb");
    size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file) fclose(file);
    CU_ASSERT_FATAL(size > 200 && size < sizeof bytes);
    return size;
}

static status try_bytes(const unsigned char *from, size_t size, recordings **out)
{
    FILE *file = fopen(source, "wb");
    if (file == NULL) abort();
    fwrite(from, 1, size, file);
    fclose(file);
    *out = NULL;
    return recordings_import(mapping_path, out);
}

static void a_file_cut_anywhere_is_refused(void)
{
    for (int w = 0; w < WAYS; w++) {
        recordings *r;
        write_table(&good, w);
        write_mapping(table_keys);
        size_t size = read_bytes();
        CU_ASSERT_EQUAL(try_bytes(bytes, size, &r), OK);
        recordings_free(r);
        for (size_t cut = 0; cut < size; cut += 1 + size / 499) {
            CU_ASSERT_EQUAL(try_bytes(bytes, cut, &r), BAD_INPUT);
            CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), source));
        }
    }
}

/* What is compressed has a checksum over what it unpacks to: a change is seen, or it changes nothing. */
static void a_changed_byte_is_refused_or_does_no_harm(void)
{
    for (int w = 0; w < LEVEL_5_WAYS; w++) {
        recordings *before, *after;
        write_table(&good, w);
        write_mapping(table_keys);
        size_t size = read_bytes();
        CU_ASSERT_EQUAL_FATAL(try_bytes(bytes, size, &before), OK);
        const area *a = &before->session[0].area[0];
        size_t counts = (size_t)(before->session[0].trials * a->units * a->bins);
        for (size_t at = 0; at < size; at += 1 + size / 1499) {
            memcpy(changed, bytes, size);
            changed[at] ^= (unsigned char)(1 << at % 8);
            status result = try_bytes(changed, size, &after);
            CU_ASSERT(result == BAD_INPUT || result == OK);
            if (result == OK && ways[w].packing == MAT_COMPRESSION_ZLIB)
                CU_ASSERT_EQUAL(memcmp(a->count, after->session[0].area[0].count, counts), 0);
            recordings_free(after);
        }
        recordings_free(before);
    }
}

/* Sizes that would make a trusting reader ask for all of memory, at the places where a file has them. */
static void absurd_sizes_are_refused_at_once(void)
{
    static const unsigned char huge[] = { 0xFF, 0xFF, 0xFF, 0x7F };
    write_table(&good, 0);
    write_mapping(table_keys);
    size_t size = read_bytes();
    for (size_t at = 128; at < 640; at += 4) {
        recordings *r;
        memcpy(changed, bytes, size);
        memcpy(changed + at, huge, sizeof huge);
        status result = try_bytes(changed, size, &r);
        CU_ASSERT(result == BAD_INPUT || result == OK);
        recordings_free(r);
    }
}

static void dimensions_that_do_not_fit_what_is_there_are_refused(void)
{
    static const unsigned char extents[] = { UNITS, 0, 0, 0, MILLISECONDS, 0, 0, 0 };
    write_table(&good, 0);
    write_mapping(table_keys);
    size_t size = read_bytes();
    int changes = 0;
    for (size_t at = 128; at + sizeof extents < size; at += 4) {
        if (memcmp(bytes + at, extents, sizeof extents) != 0) continue;
        for (int by = -1; by <= 1; by += 2, changes++) {
            recordings *r;
            memcpy(changed, bytes, size);
            changed[at + 4] = (unsigned char)(MILLISECONDS + by);
            CU_ASSERT_EQUAL(try_bytes(changed, size, &r), BAD_INPUT);
            CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "than its dimensions say"));
        }
    }
    CU_ASSERT_EQUAL(changes, 2 * 2 * TRIALS * TARGETS);
}

static void what_is_no_matlab_file_is_refused(void)
{
    recordings *r;
    write_table(&good, 0);
    write_mapping(table_keys);
    size_t size = read_bytes();
    memset(changed, 'x', 4096);
    CU_ASSERT_EQUAL(try_bytes(changed, 4096, &r), BAD_INPUT);
    expect_said("not a MATLAB file");
    CU_ASSERT_EQUAL(try_bytes(changed, 0, &r), BAD_INPUT);
    expect_said("is empty");
    memcpy(changed, bytes, size);
    changed[125] = 2; /* what version 7.3 has there */
    CU_ASSERT_EQUAL(try_bytes(changed, size, &r), BAD_INPUT);
    expect_said("save -v7");
    memcpy(changed, "MATLAB 7.3", 10); /* says that it is HDF5 */
    CU_ASSERT_EQUAL(try_bytes(changed, size, &r), BAD_INPUT);
    expect_said("is not an HDF5 file");
    unlink(source);
    CU_ASSERT_EQUAL(recordings_import(mapping_path, &r), BAD_INPUT);
    expect_said("day.yaml:5: day.mat: no such file: neither");
}

/* ---- the recording of the paper --------------------------------------------------------------------------------------- */

/* Spikes of all units in `bins` bins from bin `first` on, over trials from … to - 1. */
static int64_t spikes_in(const area *a, int64_t from, int64_t to, int first, int bins)
{
    int64_t sum = 0;
    for (int64_t row = from * a->units; row < to * a->units; row++)
        for (int b = first; b < first + bins; b++) sum += a->count[row * a->bins + b];
    return sum;
}

/* Counts that another reader of the format found. */
static void the_published_recording_is_read(void)
{
    recordings *r = NULL;
    status result = recordings_import("sweeps/recordings/premotor.yaml", &r);
    if (result != OK && strstr(failure_text(), "no such file")) {
        printf("skipped: no data\n");
        return;
    }
    CU_ASSERT_EQUAL_FATAL(result, OK);
    const recorded_session *s = &r->session[0];
    const area *a = &s->area[0];
    CU_ASSERT_EQUAL_FATAL(s->trials, 1456);
    CU_ASSERT_EQUAL(a->units, 97);
    CU_ASSERT_EQUAL_FATAL(a->bins, 70);
    for (int t = 0; t < 1456; t++) {
        CHECK_NEAR(column_of(r, "target")->number[t], t % 728 / 91 + 1, 0);
        CU_ASSERT_STRING_EQUAL(column_of(r, "part")->text[t], t < 728 ? "train" : "test");
    }
    /* windows of 100 ms that start 50 and 350 ms after the target, which is at 200 ms */
    CU_ASSERT_EQUAL(spikes_in(a, 0, 728, 25, 10), 103206);
    CU_ASSERT_EQUAL(spikes_in(a, 0, 728, 55, 10), 53634);
    CU_ASSERT_EQUAL(spikes_in(a, 728, 1456, 25, 10), 102613);
    CU_ASSERT_EQUAL(spikes_in(a, 728, 1456, 55, 10), 54329);
    recordings_free(r);
}

CHECK_MAIN("import_matlab", TEST(a_table_of_trials_and_targets_is_read_target_by_target),
           TEST(bins_begin_at_the_event_and_are_whole),
           TEST(tables_of_another_kind_are_refused_with_their_place), TEST(a_part_without_trials_is_refused),
           TEST(more_spikes_than_a_byte_holds_are_refused),
           TEST(trials_of_different_lengths_are_padded_and_say_where_they_are_valid),
           TEST(trials_are_aligned_to_an_event_of_their_own),
           TEST(what_lies_outside_of_the_valid_time_does_not_matter),
           TEST(rasters_of_anything_else_are_averaged), TEST(rasters_of_time_by_units_are_turned),
           TEST(a_struct_within_a_struct_is_found),
           TEST(reaches_that_do_not_fit_are_refused_with_their_place),
           TEST(mappings_that_say_nothing_or_too_much_are_refused_with_their_line),
           TEST(what_is_common_to_all_sessions_is_said_once),
           TEST(a_file_without_a_mapping_is_described_by_one_that_fits), TEST(a_file_cut_anywhere_is_refused),
           TEST(a_changed_byte_is_refused_or_does_no_harm), TEST(absurd_sizes_are_refused_at_once),
           TEST(dimensions_that_do_not_fit_what_is_there_are_refused),
           TEST(what_is_no_matlab_file_is_refused), TEST(the_published_recording_is_read),
           TEST(a_file_of_level_73_is_read_without_matio))

#endif
