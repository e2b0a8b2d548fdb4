/* What RINE's trainings leave: sums over the averaged epochs of a group of tasks, and the rows made of them. */
#ifndef RINE_RESULTS_H
#define RINE_RESULTS_H

#include "estimator.h"
#include "lanes.h"
#include "rine_lanes.h"

static const double bits_per_nat = 1.4426950408889634; /* 1 / ln 2 */

/* Columns of the history. */
enum { METRIC_TEST, METRIC_TRAIN, METRIC_DISTANCE, METRIC_WEIGHT, METRICS };

/* One task: sums over the averaged epochs. */
typedef struct rine_sums {
    const settings *settings;
    const dataset *data; /* borrowed while the group lives */
    task_row *row;
    double entropy_bits; /* H(Y) as the task's options want it */
    rine_epoch epochs;
    double *class_nats, *class_weight; /* (classes) */
    double *sample_nats;               /* (sources, test); NULL where samples are not kept */
} rine_sums;

/* The tasks that train at once: first … first+count-1 of a pack. */
typedef struct rine_group {
    const task_pack *pack;
    int first, count;
    rine_sums task[LANES_MAX];
    double *memory; /* behind the arrays of the tasks */
} rine_group;

/* Starts at zero. data (count), rows (pack->count). */
status rine_group_make(const task_pack *pack, int first, int count, const dataset *const *data,
                       task_row *const *rows, rine_group *out);
void rine_group_free(rine_group *g);

/* The sink that adds up the epochs of the coupled training, and writes their history. */
rine_sink rine_group_sink(rine_group *g);
/* Turns the sums into rows; tasks that diverged or whose H(Y) is not known have a reason instead. */
void rine_group_fill(const rine_group *g);

#endif
