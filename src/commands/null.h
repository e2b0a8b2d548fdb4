/* --null N of `run` and `plan`: the axis shuffle: 0..N, for a sweep that is compared with shuffled targets. */
#ifndef COMMANDS_NULL_H
#define COMMANDS_NULL_H

#include "commands.h"

typedef struct null_axis {
    const char *typed; /* N; NULL without the flag */
    char set[48];      /* the --set that it stands for */
} null_axis;

/* Adds it to what --set gives, behind the others; nothing without the flag. `n` must outlive `sets`. */
status null_add(null_axis *n, strings *sets);

/* Says --null where a recorded failure says what the flag stands for; returns `code`. */
status null_explain(const null_axis *n, status code);

#endif
