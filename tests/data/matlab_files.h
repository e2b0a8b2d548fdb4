/* For the tests of import from MATLAB: small files of both levels, the mappings beside them, and what is said of bad ones. */
#ifndef TESTS_MATLAB_FILES_H
#define TESTS_MATLAB_FILES_H

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "data/import.h"

static char folder[] = "/tmp/infosweep-matlab-XXXXXX";
static char source[64], mapping_path[64];

static inline void make_folder(void)
{
    if (strstr(folder, "XXXXXX") && mkdtemp(folder) == NULL) abort();
    snprintf(source, sizeof source, "%s/day.mat", folder);
    snprintf(mapping_path, sizeof mapping_path, "%s/day.yaml", folder);
}

/* A mapping of one session from the source; `keys` stand below it, four blanks deep. */
static inline void write_mapping(const char *keys)
{
    FILE *file = fopen(mapping_path, "w");
    if (file == NULL) abort();
    fprintf(file, "title: a test\nsessions:\n  - name: day\n    animal: jay\n    file: day.mat\n%s", keys);
    fclose(file);
}

static inline recordings *import(const char *keys)
{
    recordings *r = NULL;
    write_mapping(keys);
    status result = recordings_import(mapping_path, &r);
    if (result != OK) fprintf(stderr, "%s\n", failure_text());
    CU_ASSERT_EQUAL_FATAL(result, OK);
    return r;
}

static inline void expect_said(const char *said)
{
    bool as_expected = strstr(failure_text(), said) && strchr(failure_text(), '\n') == NULL;
    if (!as_expected) fprintf(stderr, "'%s' is not said but '%s'\n", said, failure_text());
    CU_ASSERT(as_expected);
}

static inline void expect_refused(const char *keys, const char *said)
{
    recordings *r = NULL;
    write_mapping(keys);
    failure_clear();
    CU_ASSERT_EQUAL(recordings_import(mapping_path, &r), BAD_INPUT);
    expect_said(said);
    recordings_free(r);
}

static inline const column *column_of(const recordings *r, const char *name)
{
    const column *c = session_column(&r->session[0], name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    return c;
}

static inline void remove_folder(void)
{
    unlink(source);
    unlink(mapping_path);
    rmdir(folder);
}

#ifdef HAVE_MATIO

#include <matio.h>

/* Every way a file may be stored in. */
static const struct {
    enum mat_ft level;
    enum matio_compression packing;
} ways[] = { { MAT_FT_MAT5, MAT_COMPRESSION_NONE },
             { MAT_FT_MAT5, MAT_COMPRESSION_ZLIB },
             { MAT_FT_MAT73, MAT_COMPRESSION_NONE } };
enum { WAYS = sizeof ways / sizeof ways[0], LEVEL_5_WAYS = 2 };

static inline mat_t *create(int way)
{
    make_folder();
    unlink(source);
    mat_t *mat = Mat_CreateVer(source, NULL, ways[way].level);
    if (mat == NULL) abort();
    return mat;
}

static inline void put(mat_t *mat, matvar_t *variable, int way)
{
    if (Mat_VarWrite(mat, variable, ways[way].packing) != 0) abort();
    Mat_VarFree(variable);
}

static inline matvar_t *matrix(const char *name, int rows, int columns, const double *values)
{
    size_t extent[2] = { (size_t)rows, (size_t)columns };
    return Mat_VarCreate(name, MAT_C_DOUBLE, MAT_T_DOUBLE, 2, extent, (void *)values, 0);
}

static inline matvar_t *text(const char *value)
{
    size_t extent[2] = { 1, strlen(value) };
    return Mat_VarCreate(NULL, MAT_C_CHAR, MAT_T_UTF8, 2, extent, (void *)value, 0);
}

static inline void set(matvar_t *structs, const char *field, int element, matvar_t *value)
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
static inline matvar_t *raster_of(int k, int units, int samples, double odd_count)
{
    double raster[UNITS * MILLISECONDS] = { 0 };
    raster[(10 + k) * units] = 1;
    for (int s = 0; s < k; s++) raster[(20 + s) * units + units - 1] = s == k - 1 ? 2 : 1;
    if (odd_count != 0) raster[0] = odd_count;
    return matrix(NULL, units, samples, raster);
}

static inline void write_set(mat_t *mat, const char *name, const flaw *f, int first, int way)
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

static inline void write_table(const flaw *f, int way)
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

#endif

#endif
