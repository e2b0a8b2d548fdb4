/* Summaries: the grid without its repetitions. Seeds and folds are repetitions of one setting; a report shows the mean over
 * them and the standard deviation over seeds, each averaged over its folds. What remains are groups: combinations of the
 * values of the other axes. An axis of shuffled targets is neither: groups are of the targets as they were recorded, and
 * the shuffles are the null that they are tested against. */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "sweep.h"

typedef struct summary {
    const grid *grid;
    int kept, averaged;                                         /* dimensions of either kind … */
    int kept_dimension[AXES_MAX], averaged_dimension[AXES_MAX]; /* … and which: seeds before folds */
    int64_t kept_stride[AXES_MAX]; /* of the kept dimensions, in the group's index */
    int64_t groups;                /* combinations of the kept dimensions, the last fastest */
    int64_t members;               /* cells of each: repetitions × parts, parts the faster */
    int64_t repetitions, parts;    /* seeds and their folds; without seeds, folds and one part */
    int shuffle_axis;              /* -1: there is no null */
    int64_t shuffles;              /* of the null */
    int64_t offset;                /* of the cells that are looked at: as recorded, or of one shuffle */
} summary;

/* A dimension is averaged over when every axis that walks along it is a repetition. */
void summary_make(const grid *g, summary *out);
/* The same groups with the targets of the k-th shuffle, 0 … shuffles-1. */
summary summary_shuffled(const summary *s, int64_t k);
bool summary_keeps(const summary *s, int axis_index); /* is the axis one that groups differ in? */
int64_t summary_cell(const summary *s, int64_t group, int64_t member);
/* The stride in the group's index of the dimension along which a kept axis walks. */
int64_t summary_stride(const summary *s, int axis_index);
/* A cell of the group that is not excluded, or -1. */
int64_t summary_present(const summary *s, int64_t group);
/* Writes "beta=50 gate=and" for the kept axes, but those of dimensions `skip` and `skip_too` (-1: none). */
void summary_print_group(const summary *s, int64_t group, int skip, int skip_too, FILE *to);
/* What deviations are over: "seeds", "folds" or "repetitions"; "" where there are none. */
const char *summary_repetitions(const summary *s);

typedef struct statistic {
    double mean; /* of all values; NaN where count is 0 */
    double sd;   /* n-1, over repetitions, each averaged over its parts; NaN where there are fewer than two */
    int64_t count;       /* values that are numbers */
    int64_t tasks;       /* cells that are not excluded: more than count where something is missing */
    int64_t repetitions; /* that have a value */
} statistic;

/* Of values[cell * stride] over the group. NaN is what is missing and is never averaged. */
statistic summary_statistic(const summary *s, int64_t group, const double *values, int64_t stride);

#endif
