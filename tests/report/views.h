/* A view made by hand: gates {unq, and} × beta {0, 5} × seeds {0, 1, 2}, with three results. Tests put in values and
 * outcomes; nothing is read from a file. */
#ifndef TESTS_REPORT_VIEWS_H
#define TESTS_REPORT_VIEWS_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/view.h"

enum { VIEW_CELLS = 12, VIEW_RESULTS = 3 };

static const quantity view_results[] = {
    { "redundant_information", PER_CELL, "bits", "redundant information about the target" },
    { "exact_redundant_information", PER_CELL, "bits", "exact optimum of the objective" },
    { "usable_information", PER_SOURCE, "bits", "usable information of one source" },
    { .name = NULL },
};

static const estimator view_estimator = { .name = "trained", .results = view_results, .needs = NEEDS_MODEL };
static const estimator *const view_estimators[] = { &view_estimator, NULL };

typedef struct hand_view {
    grid grid;
    layout layout;
    variable variable[VIEW_RESULTS];
    double *values[VIEW_RESULTS]; /* (cells, count) */
    double redundant[VIEW_CELLS], exact[VIEW_CELLS], usable[2 * VIEW_CELLS];
    uint8_t status[VIEW_CELLS];
    uint8_t absent[VIEW_CELLS];
    run_record run;
    view view;
} hand_view;

static char *gate_texts[] = { "unq", "and" }, *beta_texts[] = { "0", "5" }, *seed_texts[] = { "0", "1", "2" };
static double beta_numbers[] = { 0, 5 }, seed_numbers[] = { 0, 1, 2 };

static inline void hand_grid(grid *g)
{
    *g = (grid){
        .axes = 3,
        .axis = {
            { .option = "data.gate", .name = "gate", .type = OPTION_TEXT, .unit = "", .count = 2,
              .text = gate_texts, .dimension = 0 },
            { .option = "rine.beta", .name = "beta", .type = OPTION_REAL, .unit = "", .count = 2,
              .text = beta_texts, .number = beta_numbers, .dimension = 1 },
            { .option = "task.seed", .name = "seed", .type = OPTION_INTEGER, .unit = "", .count = 3,
              .text = seed_texts, .number = seed_numbers, .dimension = 2 },
        },
        .dimensions = 3,
        .dimension = { { "gate", 2, 6 }, { "beta", 2, 3 }, { "seed", 3, 1 } },
        .cells = VIEW_CELLS,
        .tasks = VIEW_CELLS,
    };
}

static inline void hand_layout(hand_view *h)
{
    static const int64_t count[VIEW_RESULTS] = { 1, 1, 2 };
    int64_t offset = 0;
    for (int i = 0; i < VIEW_RESULTS; i++) {
        h->variable[i] = (variable){ .quantity = &view_results[i], .count = count[i], .offset = offset };
        offset += count[i];
    }
    h->variable[2].dimensions = 1;
    h->variable[2].extent[0] = 2;
    h->variable[2].axis[0] = "source";
    h->layout = (layout){ VIEW_RESULTS, h->variable, offset, { .sources = 2 } };
}

/* All cells done. redundant_information: 1 + 0.1 (seed - 1) + group, so mean 1 + group and deviation 0.1. */
static inline void hand_view_make(hand_view *h)
{
    memset(h, 0, sizeof *h);
    hand_grid(&h->grid);
    hand_layout(h);
    for (int c = 0; c < VIEW_CELLS; c++) {
        h->redundant[c] = 1 + 0.1 * (c % 3 - 1) + c / 3;
        h->exact[c] = 1.25 + c / 3;
        h->usable[2 * c] = 0.5;
        h->usable[2 * c + 1] = 0.25;
        h->status[c] = OUTCOME_DONE;
    }
    h->values[0] = h->redundant;
    h->values[1] = h->exact;
    h->values[2] = h->usable;
    h->run = (run_record){ .started = "2026-01-01T10:00:00Z",
                           .ended = "2026-01-01T10:00:05Z",
                           .host = "here",
                           .version = "0.1.0",
                           .commit = "abc",
                           .kernels = "avx2",
                           .ending = "done",
                           .ranks = 2 };
    h->view = (view){ .path = "hand.h5",
                      .title = "A view made by hand",
                      .grid = &h->grid,
                      .layout = &h->layout,
                      .estimators = view_estimators,
                      .status = h->status,
                      .values = h->values,
                      .runs = &h->run,
                      .run_count = 1 };
}

/* Takes a value away, as a task that was not done does. */
static inline void hand_view_lose(hand_view *h, int cell, outcome why)
{
    h->status[cell] = (uint8_t)why;
    h->redundant[cell] = h->exact[cell] = h->usable[2 * cell] = h->usable[2 * cell + 1] = NAN;
}

#endif
