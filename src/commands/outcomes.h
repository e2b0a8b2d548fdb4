/* What became of the cells of a result file, as `run` and `status` tell it. */
#ifndef COMMANDS_OUTCOMES_H
#define COMMANDS_OUTCOMES_H

#include <stdio.h>

#include "results.h"

typedef struct outcomes {
    uint8_t *of;             /* (cells) enum outcome */
    int64_t count[OUTCOMES]; /* cells of each */
} outcomes;

/* The caller frees `out->of`. */
status outcomes_read(const results *r, outcomes *out);
int64_t outcomes_failed(const outcomes *o); /* diverged, failed and quarantined */
int64_t outcomes_left(const outcomes *o);   /* pending and running */
/* One line for each of the first ten that failed: cell and reason. */
status outcomes_print_failures(const results *r, const outcomes *o, FILE *to);

#endif
