/* A view made by hand of networks that were trained on images: views × quantise {wrap, none} × seeds {0, 1}, with results per
 * class and per epoch. */
#ifndef TESTS_REPORT_TRAINED_H
#define TESTS_REPORT_TRAINED_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/view.h"

enum { TRAINED_VIEWS_MAX = 4, TRAINED_CELLS_MAX = 4 * TRAINED_VIEWS_MAX, TRAINED_RESULTS = 3 };
enum { TRAINED_CLASSES = 3, TRAINED_EPOCHS = 4, TRAINED_METRICS = 5 };

static const quantity trained_results[] = {
    { "redundant_information", PER_CELL, "bits", "redundant information about the target" },
    { "class_redundant_information", PER_CLASS, "bits", "the same of the samples of one class" },
    { "history", PER_EPOCH, "", "metrics of every epoch" },
    { .name = NULL },
};
static const estimator trained_estimator = { .name = "trained",
                                             .results = trained_results,
                                             .needs = NEEDS_MODEL };
static const estimator *const trained_estimators[] = { &trained_estimator, NULL };
static const char *const trained_class_names[TRAINED_CLASSES] = { "cat", "dog", "ship" };

typedef struct trained_view {
    grid grid;
    layout layout;
    variable variable[TRAINED_RESULTS];
    double *values[TRAINED_RESULTS];
    double redundant[TRAINED_CELLS_MAX];
    double of_class[TRAINED_CELLS_MAX][TRAINED_CLASSES];
    double history[TRAINED_CELLS_MAX][TRAINED_EPOCHS][TRAINED_METRICS];
    uint8_t status[TRAINED_CELLS_MAX];
    view view;
} trained_view;

static inline void trained_grid(grid *g, int64_t views)
{
    static char *view_texts[] = { "channels", "crops", "frequencies", "halves" };
    static char *quantise_texts[] = { "wrap", "none" }, *seed_texts[] = { "0", "1" };
    static double seed_numbers[] = { 0, 1 };
    *g = (grid){
        .axes = 3,
        .axis = { { .option = "data.views",
                    .name = "views",
                    .type = OPTION_CHOICE,
                    .unit = "",
                    .count = views,
                    .text = view_texts,
                    .dimension = 0 },
                  { .option = "data.quantise",
                    .name = "quantise",
                    .type = OPTION_CHOICE,
                    .unit = "",
                    .count = 2,
                    .text = quantise_texts,
                    .dimension = 1 },
                  { .option = "task.seed",
                    .name = "seed",
                    .type = OPTION_INTEGER,
                    .unit = "",
                    .count = 2,
                    .text = seed_texts,
                    .number = seed_numbers,
                    .dimension = 2 } },
        .dimensions = 3,
        .dimension = { { "views", views, 4 }, { "quantise", 2, 2 }, { "seed", 2, 1 } },
        .cells = 4 * views,
        .tasks = 4 * views,
    };
}

static inline void trained_layout(trained_view *h)
{
    h->variable[0] = (variable){ .quantity = &trained_results[0], .count = 1 };
    h->variable[1] = (variable){ .quantity = &trained_results[1],
                                 .dimensions = 1,
                                 .axis = { "class" },
                                 .extent = { TRAINED_CLASSES },
                                 .count = TRAINED_CLASSES,
                                 .offset = 1 };
    h->variable[2] = (variable){ .quantity = &trained_results[2],
                                 .dimensions = 2,
                                 .axis = { "epoch", "metric" },
                                 .extent = { TRAINED_EPOCHS, TRAINED_METRICS },
                                 .count = TRAINED_EPOCHS * TRAINED_METRICS,
                                 .offset = 1 + TRAINED_CLASSES };
    h->layout = (layout){ .variables = TRAINED_RESULTS,
                          .variable = h->variable,
                          .size = 1 + TRAINED_CLASSES + TRAINED_EPOCHS * TRAINED_METRICS };
    h->layout.extents = (result_extents){ .classes = TRAINED_CLASSES,
                                          .epochs = TRAINED_EPOCHS,
                                          .metrics = TRAINED_METRICS,
                                          .metric = { "loss", "distance", "redundant_information",
                                                      "redundant_information_train", "distance_weight" },
                                          .class_name = trained_class_names };
}

/* All cells done. A class has group + class / 10; in epoch e = 1 … the information is group + e, in training half a bit more,
 * the distance e / 10, and its weight group × e. Seeds differ from that by 0.1 to either side, but in the weight. */
static inline void trained_view_make(trained_view *h, int64_t views)
{
    memset(h, 0, sizeof *h);
    trained_grid(&h->grid, views);
    trained_layout(h);
    for (int cell = 0; cell < h->grid.cells; cell++) {
        int group = cell / 2;
        double apart = cell % 2 ? 0.1 : -0.1;
        h->redundant[cell] = group + apart;
        for (int c = 0; c < TRAINED_CLASSES; c++) h->of_class[cell][c] = group + 0.1 * c + apart;
        for (int e = 0; e < TRAINED_EPOCHS; e++) {
            const double metrics[] = { NAN, 0.1 * (e + 1) + apart, group + e + 1 + apart,
                                       group + e + 1.5 + apart, group * (e + 1) };
            memcpy(h->history[cell][e], metrics, sizeof metrics);
        }
        h->status[cell] = OUTCOME_DONE;
    }
    h->values[0] = h->redundant;
    h->values[1] = &h->of_class[0][0];
    h->values[2] = &h->history[0][0][0];
    h->view = (view){ .path = "hand.h5",
                      .title = "Images made by hand",
                      .grid = &h->grid,
                      .layout = &h->layout,
                      .estimators = trained_estimators,
                      .status = h->status,
                      .values = h->values };
}

#endif
