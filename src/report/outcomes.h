/* What became of the cells of a result file, as `run`, `status` and `report` tell it. */
#ifndef REPORT_OUTCOMES_H
#define REPORT_OUTCOMES_H

#include <stdio.h>

#include "results.h"

typedef struct outcomes {
    const grid *grid;
    const uint8_t *of;       /* (cells) enum outcome */
    int64_t count[OUTCOMES]; /* cells of each */
} outcomes;

/* `g` and `of` (cells) are borrowed for as long as the counts are used. */
outcomes outcomes_count(const grid *g, const uint8_t *of);
int64_t outcomes_failed(const outcomes *o); /* diverged, failed and quarantined */
int64_t outcomes_left(const outcomes *o);   /* pending and running */
/* A line for each of the first ten that failed: cell, outcome, and the reason that `r` has (NULL: without). */
status outcomes_print_failures(const outcomes *o, const results *r, FILE *to);

#endif
