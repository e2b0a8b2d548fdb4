/* Runs the cells of a sweep text in this process, one task at a time, for tests of estimators that train nothing. */
#ifndef RUN_SWEEP_H
#define RUN_SWEEP_H

#include <stdlib.h>

#include "check.h"
#include "estimator.h"
#include "sweep.h"

typedef struct swept {
    sweep *sweep;
    layout *layout;
    int64_t cells;
    task_row **rows; /* (cells) */
} swept;

static inline bool keep_going(ticker *t, double fraction)
{
    (void)t;
    return fraction >= 0 && fraction <= 1;
}

static inline swept run_sweep(const char *text)
{
    swept w = { 0 };
    ticker t = { .tick = keep_going };
    settings *s = NULL;
    status result = sweep_parse(text, "test.yaml", NULL, 0, false, &w.sweep);
    if (result != OK) fprintf(stderr, "%s\n", failure_text());
    if (result != OK || layout_make(w.sweep, &w.layout) != OK) abort();
    w.cells = sweep_grid(w.sweep)->cells;
    w.rows = calloc((size_t)w.cells, sizeof *w.rows);
    for (int64_t i = 0; i < w.cells; i++) {
        task_pack pack = { .count = 1 };
        if (row_make(w.layout, &w.rows[i]) != OK || sweep_settings(w.sweep, i, &s) != OK ||
            sweep_shape(w.sweep, i, &pack.shape) != OK)
            abort();
        const settings *task = s;
        pack.task = &task;
        CU_ASSERT_EQUAL(s->estimator->run(&pack, &t, &w.rows[i]), OK);
        CU_ASSERT(s->estimator->seconds(s, &pack.shape, 1) > 0);
        CU_ASSERT(s->estimator->bytes(s, &pack.shape, 1) > 0);
    }
    settings_free(s);
    return w;
}

static inline double value_of(const swept *w, int64_t cell, const char *name, int index)
{
    const variable *v = layout_find(w->layout, name);
    return v ? w->rows[cell]->value[v->offset + index] : NAN;
}

static inline void swept_free(swept *w)
{
    for (int64_t i = 0; i < w->cells; i++) row_free(w->rows[i]);
    free(w->rows);
    layout_free(w->layout);
    sweep_free(w->sweep);
}

/* Is the sweep refused, and does the refusal say this? */
static inline bool refused(const char *text, const char *said)
{
    sweep *s = NULL;
    status result = sweep_parse(text, "test.yaml", NULL, 0, false, &s);
    sweep_free(s);
    bool as_expected = result == BAD_INPUT && strstr(failure_text(), said) != NULL;
    if (!as_expected) fprintf(stderr, "said: %s\n", failure_text());
    return as_expected;
}

#endif
