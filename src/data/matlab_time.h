/* Times that a mapping gives per trial: a number, a column of the trials, the sum or difference of two of these, and `end`
 * for where a trial's data ends: "200", "timeTargetOn - delayTime", "end". All in ms. */
#ifndef MATLAB_TIME_H
#define MATLAB_TIME_H

#include "data/recordings.h"
#include "sweep/node.h"

typedef struct matlab_time {
    const node *from; /* for messages; borrowed */
    char *column[2];  /* of an operand; NULL: a number or the end */
    double number[2];
    bool end[2];
    int operands, sign; /* sign of the second */
} matlab_time;

/* *out gives `otherwise` where n is NULL. */
status matlab_time_parse(const node *n, double otherwise, matlab_time *out);
void matlab_time_free(matlab_time *t);

/* Calls add for every column that the time needs. */
status matlab_time_columns(const matlab_time *t,
                           status (*add)(const char *name, const node *from, void *context), void *context);

/* The time of a trial, whose columns `table` holds (numbers of one dimension). NaN where one of them is. */
double matlab_time_value(const matlab_time *t, const recorded_session *table, int64_t trial, double end_ms);

/* The same for all trials? */
bool matlab_time_is_fixed(const matlab_time *t);

#endif
