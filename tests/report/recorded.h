/* A view of recorded trials, made by hand: any axes, and results per test sample. Tests say what every cell tests. */
#ifndef TESTS_REPORT_RECORDED_H
#define TESTS_REPORT_RECORDED_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/view.h"

enum { RECORDED_SOURCES = 2 };
enum recorded_result {
    RECORDED_REDUNDANT,
    RECORDED_DISTANCE,
    RECORDED_WEIGHT,
    RECORDED_BITS,
    RECORDED_TRIAL,
    RECORDED_BLOCK,
    RECORDED_TARGET,
    RECORDED_RESULTS
};

static const quantity recorded_results[] = {
    { "redundant_information", PER_CELL, "bits", "redundant information about the target",
      "the cross-entropy on the test part is above H(Y)." },
    { "distance", PER_CELL, "", "distance between the predictions" },
    { "distance_weight", PER_CELL, "", "weight of the distance" },
    { "test_cross_entropy", PER_SOURCE_SAMPLE, "bits", "cross-entropy of a test sample" },
    { "test_trial", PER_SOURCE_SAMPLE, "", "trial of a test sample" },
    { "test_block", PER_SOURCE_SAMPLE, "", "block of a test sample" },
    { "test_target", PER_SAMPLE, "", "target of a test sample" },
    { .name = NULL },
};

static const estimator recorded_estimator = { .name = "trained",
                                              .results = recorded_results,
                                              .needs = NEEDS_MODEL };
static const estimator *const recorded_estimators[] = { &recorded_estimator, NULL };

typedef struct recorded_view {
    grid grid;
    layout layout;
    variable variable[RECORDED_RESULTS];
    double *values[RECORDED_RESULTS];
    view_constant constant[8];
    view view;
} recorded_view;

/* Axes of words, each along a dimension of its own; `texts` are separated by spaces, numbers where they begin with a
 * digit. */
static inline void recorded_add_axis(recorded_view *h, const char *name, const char *texts)
{
    grid *g = &h->grid;
    axis *a = &g->axis[g->axes];
    char *copy = strdup(texts), *rest;
    *a = (axis){
        .option = strdup(name), .name = strdup(name), .type = OPTION_TEXT, .unit = "", .dimension = g->axes
    };
    a->text = calloc(strlen(texts) + 1, sizeof *a->text);
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        a->text[a->count++] = strdup(word);
    free(copy);
    if (texts[0] >= '0' && texts[0] <= '9') {
        a->type = OPTION_REAL;
        a->number = calloc((size_t)a->count, sizeof *a->number);
        for (int64_t i = 0; i < a->count; i++) a->number[i] = atof(a->text[i]);
    }
    g->axes++;
}

static inline void recorded_hold(recorded_view *h, const char *name, const char *text)
{
    h->view.constant = h->constant;
    h->constant[h->view.constants++] = (view_constant){ (char *)name, (char *)text };
}

/* After the axes: all cells done, all values missing. */
static inline void recorded_fill(recorded_view *h, int64_t samples)
{
    grid *g = &h->grid;
    int64_t offset = 0;
    g->dimensions = g->axes;
    g->cells = 1;
    for (int a = g->axes - 1; a >= 0; a--) {
        g->dimension[a] = (dimension){ g->axis[a].name, g->axis[a].count, g->cells };
        g->cells *= g->axis[a].count;
    }
    g->tasks = g->cells;
    for (int i = 0; i < RECORDED_RESULTS; i++) {
        variable *x = &h->variable[i];
        *x = (variable){ .quantity = &recorded_results[i], .count = 1, .offset = offset };
        if (x->quantity->shape == PER_SOURCE_SAMPLE) x->extent[x->dimensions++] = RECORDED_SOURCES;
        if (x->quantity->shape != PER_CELL) x->extent[x->dimensions++] = samples;
        for (int d = 0; d < x->dimensions; d++) x->count *= x->extent[d];
        offset += x->count;
        h->values[i] = malloc((size_t)(g->cells * x->count) * sizeof(double));
        for (int64_t k = 0; k < g->cells * x->count; k++) h->values[i][k] = NAN;
    }
    h->layout = (layout){ RECORDED_RESULTS, h->variable, offset, { .sources = RECORDED_SOURCES } };
    h->view.path = "hand.h5";
    h->view.title = "Recordings made by hand";
    h->view.grid = g;
    h->view.layout = &h->layout;
    h->view.estimators = recorded_estimators;
    h->view.status = malloc((size_t)g->cells);
    memset(h->view.status, OUTCOME_DONE, (size_t)g->cells);
    h->view.values = h->values;
    h->view.options = (report_options){ .resamples = 2000, .confidence = 0.95 };
}

/* One number of a cell: `index` counts within the cell. */
static inline double *recorded_at(recorded_view *h, enum recorded_result of, int64_t cell, int64_t index)
{
    return &h->values[of][cell * h->variable[of].count + index];
}

/* A test sample of a cell: of source i, its trial, block and cross-entropy. */
static inline void recorded_sample(recorded_view *h, int64_t cell, int64_t sample, int source, int number,
                                   int block, int target, double bits)
{
    int64_t at = source * h->variable[RECORDED_BITS].extent[1] + sample;
    *recorded_at(h, RECORDED_BITS, cell, at) = bits;
    *recorded_at(h, RECORDED_TRIAL, cell, at) = number;
    *recorded_at(h, RECORDED_BLOCK, cell, at) = block;
    *recorded_at(h, RECORDED_TARGET, cell, sample) = target;
}

/* redundant_information of every cell from its samples, as rine forms it. */
static inline void recorded_sum_up(recorded_view *h, double entropy_bits)
{
    for (int64_t cell = 0; cell < h->grid.cells; cell++) {
        double value = entropy_bits;
        int64_t samples = h->variable[RECORDED_BITS].extent[1];
        for (int i = 0; i < RECORDED_SOURCES; i++) {
            double sum = 0;
            int64_t count = 0;
            for (int64_t k = 0; k < samples; k++) {
                double bits = *recorded_at(h, RECORDED_BITS, cell, i * samples + k);
                if (isnan(bits)) continue;
                sum += bits;
                count++;
            }
            value -= sum / (double)count / RECORDED_SOURCES;
        }
        *recorded_at(h, RECORDED_REDUNDANT, cell, 0) = value;
    }
}

static inline void recorded_free(recorded_view *h)
{
    for (int a = 0; a < h->grid.axes; a++) {
        axis *x = &h->grid.axis[a];
        for (int64_t i = 0; i < x->count; i++) free(x->text[i]);
        free(x->text);
        free(x->number);
        free(x->name);
        free(x->option);
    }
    for (int i = 0; i < RECORDED_RESULTS; i++) free(h->values[i]);
    free(h->view.status);
}

#endif
