/* How training went: information, distance and its weight over epochs, in three panels of one figure. */
#ifndef REPORT_HISTORY_H
#define REPORT_HISTORY_H

#include "figures.h"

/* What is followed over epochs. Information on the test part and on the training batches share a panel. */
typedef enum history_trace {
    HISTORY_TEST,
    HISTORY_TRAIN,
    HISTORY_DISTANCE,
    HISTORY_WEIGHT,
    HISTORY_TRACES
} history_trace;

enum { HISTORY_NAME_MAX = 160 };

typedef struct history {
    const figure *figure;
    int64_t epochs, curves;
    int64_t group[FIGURE_CURVES_MAX];
    char name[FIGURE_CURVES_MAX][HISTORY_NAME_MAX];
    const axis *key;          /* whose values the curves are; NULL: each has its whole name */
    bool has[HISTORY_TRACES]; /* is it in the file? */
    statistic *statistic;     /* (curves, epochs, HISTORY_TRACES) */
    bool deviations;          /* is there any? */
} history;

static inline const statistic *history_at(const history *h, int64_t curve, int64_t epoch, history_trace t)
{
    return &h->statistic[(curve * h->epochs + epoch) * HISTORY_TRACES + t];
}

/* Writes NAME.gp, which draws NAME.dat: lines of epoch, then mean, low and high of every trace; one block per curve. */
status history_script_write(const history *h);

#endif
