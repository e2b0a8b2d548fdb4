/* Runs the packs of a sweep text in this process, as ranks do, for tests of estimators that train. */
#ifndef TRAIN_SWEEP_H
#define TRAIN_SWEEP_H

#include <stdlib.h>

#include "check.h"
#include "estimator.h"
#include "pack.h"
#include "rine.h"

typedef struct trained {
    sweep *sweep;
    layout *layout;
    int64_t cells;
    task_row **rows; /* (cells) in grid order */
} trained;

static inline bool keep_going(ticker *t, double fraction)
{
    (void)t;
    return fraction >= 0 && fraction <= 1;
}

static inline status run_packs(trained *t, const packs *p, ticker *tick)
{
    status result = OK;
    for (int64_t k = 0; k < p->count && result == OK; k++) {
        settings *task[64] = { NULL };
        task_row *rows[64];
        const int64_t *cell = p->cell + p->pack[k].first;
        task_pack tasks = { .count = p->pack[k].count, .task = (const settings *const *)task };
        for (int i = 0; i < tasks.count; i++) {
            CU_ASSERT_FATAL(sweep_settings(t->sweep, cell[i], &task[i]) == OK);
            rows[i] = t->rows[cell[i]];
        }
        CU_ASSERT_FATAL(pack_shape(t->sweep, cell, tasks.count, task[0], &tasks.shape) == OK);
        result = task[0]->estimator->run(&tasks, tick, rows);
        for (int i = 0; i < tasks.count; i++) settings_free(task[i]);
    }
    return result;
}

/* Runs every cell of a sweep in this process. */
static inline status train_with(const char *text, const char *set, bool (*tick)(ticker *, double), trained *t)
{
    packs *p = NULL;
    ticker ticks = { .tick = tick, .interval_seconds = 0 };
    status result = sweep_parse(text, "test.yaml", &set, set ? 1 : 0, false, &t->sweep);
    if (result != OK) fprintf(stderr, "%s\n", failure_text());
    CU_ASSERT_FATAL(result == OK);
    CU_ASSERT_FATAL(layout_make(t->sweep, &t->layout) == OK);
    t->cells = sweep_grid(t->sweep)->cells;
    t->rows = calloc((size_t)t->cells, sizeof *t->rows);
    CU_ASSERT_FATAL(t->rows != NULL);
    for (int64_t i = 0; i < t->cells; i++) CU_ASSERT_FATAL(row_make(t->layout, &t->rows[i]) == OK);
    CU_ASSERT_FATAL(packs_make(t->sweep, NULL, &p) == OK);
    result = run_packs(t, p, &ticks);
    packs_free(p);
    return result;
}

static inline trained train(const char *text, const char *set)
{
    trained t = { 0 };
    CU_ASSERT_FATAL(train_with(text, set, keep_going, &t) == OK);
    return t;
}

static inline void trained_free(trained *t)
{
    for (int64_t i = 0; i < t->cells; i++) row_free(t->rows[i]);
    free(t->rows);
    layout_free(t->layout);
    sweep_free(t->sweep);
}

static inline bool given(const trained *t, const char *name)
{
    return layout_find(t->layout, name) != NULL;
}

static inline double value(const trained *t, int64_t cell, const char *name, int64_t index)
{
    const variable *v = layout_find(t->layout, name);
    CU_ASSERT_FATAL(v != NULL);
    return t->rows[cell]->value[v->offset + index];
}

#endif
