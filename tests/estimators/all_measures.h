/* Runs a sweep of all measures that `exact` has over one table. */
#ifndef ALL_MEASURES_H
#define ALL_MEASURES_H

#include <unistd.h>

#include "decomposition.h"
#include "estimators/run_sweep.h"

enum { RINE, MIN, WEDGE, GH, PREC, BROJA, UNION, WMS, CI, MEASURE_COUNT };
/* Not to be had in a build without GLPK. */
static const bool needs_rays[MEASURE_COUNT] = { [GH] = true, [PREC] = true };

/* A sweep of all measures that this build has; `at` says which cell a measure is, or -1. */
typedef struct measured {
    swept w;
    int64_t at[MEASURE_COUNT];
} measured;

static inline measured measure(const char *gate, bool pairs)
{
    static const char *const name[] = { "rine", "min", "wedge", "gh", "prec", "broja", "union", "wms", "ci" };
    char text[512];
    measured m = { .at = { 0 } };
    int64_t cells = 0;
    int length = snprintf(text, sizeof text,
                          "estimator: exact\ndata: {kind: gate, gate: \"%s\"}\ngrid: {measure: [", gate);
    for (int k = 0; k < MEASURE_COUNT; k++) {
        bool has = (decomposition_has_rays() || !needs_rays[k]) && (pairs || k != BROJA);
        m.at[k] = has ? cells : -1;
        if (has)
            length +=
                snprintf(text + length, sizeof text - (size_t)length, "%s%s", cells++ ? ", " : "", name[k]);
    }
    snprintf(text + length, sizeof text - (size_t)length, "]}\n");
    m.w = run_sweep(text);
    return m;
}

static inline bool has(const measured *m, int measure)
{
    return m->at[measure] >= 0;
}

static inline double of(const measured *m, int measure, const char *result)
{
    return value_of(&m->w, m->at[measure], result, 0);
}

static inline double redundant(const measured *m, int measure)
{
    return of(m, measure, "redundant_information");
}

static inline const task_row *row_of(const measured *m, int measure)
{
    return m->w.rows[m->at[measure]];
}

/* ---- tables in files ------------------------------------------------------------------------------------------------ */

static char path[] = "/tmp/infosweep-measures-XXXXXX";
static char file_gate[64];

/* Removes the file, and its table from memory. */
static inline void forget_table(void)
{
    data_close();
    unlink(path);
}

/* Writes a table to the file that file_gate names; words are names of symbols, else they are numbers. */
static inline void write_table(const table *t, bool words)
{
    forget_table();
    if (strstr(path, "XXXXXX")) {
        int made = mkstemp(path);
        if (made < 0) abort();
        close(made);
        snprintf(file_gate, sizeof file_gate, "file:%s", path);
    }
    FILE *file = fopen(path, "w");
    if (file == NULL) abort();
    for (int i = 0; i < t->sources; i++) fprintf(file, "x%d,", i + 1);
    fputs("y,p\n", file);
    for (int r = 0; r < t->rows; r++) {
        for (int i = 0; i < t->sources; i++)
            fprintf(file, words ? "w%d," : "%d,", t->symbol[r * t->sources + i]);
        fprintf(file, "%d,%.17g\n", t->y[r], t->p[r]);
    }
    fclose(file);
}

static inline measured measure_table(const table *t, bool words)
{
    write_table(t, words);
    return measure(file_gate, t->sources == 2);
}

static inline void forget(measured *m)
{
    swept_free(&m->w);
    forget_table();
}

#endif
