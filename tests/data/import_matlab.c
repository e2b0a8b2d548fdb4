#include "data/matlab_files.h"

#ifndef HAVE_MATIO

int main(void)
{
    printf("skipped: no matio\n");
    return 0;
}

#else

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

static void an_event_before_the_raster_leaves_out_the_bin_that_it_cuts(void)
{
    write_table(&good, 0);
    recordings *r = import("    struct: train_trial\n    target: column\n    areas: {PMd: spikes}\n    "
                           "bin_ms: 8\n    align: -3\n");
    const area *a = &r->session[0].area[0];
    CHECK_NEAR(a->start_ms, 8, 0);   /* ms 5 of the raster; the bin before begins 3 ms before it */
    CU_ASSERT_EQUAL(a->bins, 4);     /* up to ms 36 */
    CU_ASSERT_EQUAL(a->count[0], 1); /* ms 10 of trial 0 */
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

/* The numbers 1, 2, 3, 4 as 2 × 2 of one of MATLAB's classes. */
static matvar_t *raster_of_class(enum matio_classes class)
{
    static const struct {
        enum matio_classes class;
        enum matio_types type;
        unsigned char bytes;
    } classes[] = { { MAT_C_INT8, MAT_T_INT8, 1 },   { MAT_C_UINT8, MAT_T_UINT8, 1 },
                    { MAT_C_INT16, MAT_T_INT16, 2 }, { MAT_C_UINT16, MAT_T_UINT16, 2 },
                    { MAT_C_INT32, MAT_T_INT32, 4 }, { MAT_C_UINT32, MAT_T_UINT32, 4 },
                    { MAT_C_INT64, MAT_T_INT64, 8 }, { MAT_C_UINT64, MAT_T_UINT64, 8 } };
    static float single[] = { 1, 2, 3, 4 };
    static const uint16_t order = 1;
    bool little = *(const unsigned char *)&order == 1;
    size_t extent[2] = { 2, 2 };
    if (class == MAT_C_SINGLE) return Mat_VarCreate(NULL, class, MAT_T_SINGLE, 2, extent, single, 0);
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (classes[i].class != class) continue;
        unsigned char numbers[4 * 8] = { 0 };
        for (int k = 0; k < 4; k++)
            numbers[k * classes[i].bytes + (little ? 0 : classes[i].bytes - 1)] = (unsigned char)(k + 1);
        return Mat_VarCreate(NULL, class, classes[i].type, 2, extent, numbers, 0);
    }
    abort();
}

static void rasters_of_any_class_of_numbers_are_read(void)
{
    for (int w = 0; w < WAYS; w++)
        for (int class = MAT_C_SINGLE; class <= MAT_C_UINT64; class ++) {
            static const uint8_t expected[] = { 1, 3, 2, 4 }; /* unit by unit */
            double target = 1;
            size_t extent[2] = { 1, 1 };
            const char *fields[] = { "x", "y" };
            mat_t *mat = create(w);
            matvar_t *structs = Mat_VarCreateStruct("R", 2, extent, fields, 2);
            set(structs, "x", 0, raster_of_class((enum matio_classes) class));
            set(structs, "y", 0, matrix(NULL, 1, 1, &target));
            put(mat, structs, w);
            Mat_Close(mat);
            recordings *r = import("    struct: R\n    target: y\n    areas: {A: x}\n");
            CU_ASSERT_EQUAL(memcmp(r->session[0].area[0].count, expected, sizeof expected), 0);
            recordings_free(r);
        }
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
        remove_folder();
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
    remove_folder();
}

CHECK_MAIN("import_matlab", TEST(a_table_of_trials_and_targets_is_read_target_by_target),
           TEST(bins_begin_at_the_event_and_are_whole),
           TEST(an_event_before_the_raster_leaves_out_the_bin_that_it_cuts),
           TEST(tables_of_another_kind_are_refused_with_their_place), TEST(a_part_without_trials_is_refused),
           TEST(more_spikes_than_a_byte_holds_are_refused),
           TEST(trials_of_different_lengths_are_padded_and_say_where_they_are_valid),
           TEST(trials_are_aligned_to_an_event_of_their_own),
           TEST(what_lies_outside_of_the_valid_time_does_not_matter),
           TEST(rasters_of_anything_else_are_averaged), TEST(rasters_of_time_by_units_are_turned),
           TEST(rasters_of_any_class_of_numbers_are_read), TEST(a_struct_within_a_struct_is_found),
           TEST(reaches_that_do_not_fit_are_refused_with_their_place),
           TEST(mappings_that_say_nothing_or_too_much_are_refused_with_their_line),
           TEST(what_is_common_to_all_sessions_is_said_once),
           TEST(a_file_without_a_mapping_is_described_by_one_that_fits),
           TEST(the_published_recording_is_read))

#endif
