/* Summaries: the grid without its repetitions. Seeds (and folds) are repetitions of one setting; a report shows the mean
 * and the standard deviation over them. What remains are groups: combinations of the values of the other axes. */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "sweep.h"

typedef struct summary {
    const grid *grid;
    int kept, averaged;                                         /* dimensions of either kind … */
    int kept_dimension[AXES_MAX], averaged_dimension[AXES_MAX]; /* … and which */
    int64_t kept_stride[AXES_MAX]; /* of the kept dimensions, in the group's index */
    int64_t groups;                /* combinations of the kept dimensions, the last fastest */
    int64_t members;               /* cells of each */
} summary;

/* A dimension is averaged over when every axis that walks along it is a repetition. */
void summary_make(const grid *g, summary *out);
bool summary_keeps(const summary *s, int axis_index); /* is the axis one that groups differ in? */
int64_t summary_cell(const summary *s, int64_t group, int64_t member);
/* The stride in the group's index of the dimension along which a kept axis walks. */
int64_t summary_stride(const summary *s, int axis_index);
/* A cell of the group that is not excluded, or -1. */
int64_t summary_present(const summary *s, int64_t group);
/* Writes "beta=50 gate=and" for the kept axes, but those of dimensions `skip` and `skip_too` (-1: none). */
void summary_print_group(const summary *s, int64_t group, int skip, int skip_too, FILE *to);
/* What the repetitions are called: "seeds", "folds" or "repetitions"; "" where there are none. */
const char *summary_repetitions(const summary *s);

typedef struct statistic {
    double mean;   /* NaN where count is 0 */
    double sd;     /* n-1; NaN where count is below 2 */
    int64_t count; /* values that are numbers */
    int64_t tasks; /* cells that are not excluded: more than count where something is missing */
} statistic;

/* Of values[cell * stride] over the group. NaN is what is missing and is never averaged. */
statistic summary_statistic(const summary *s, int64_t group, const double *values, int64_t stride);

#endif
