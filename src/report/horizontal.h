/* The horizontal axis of a chart. */
#ifndef REPORT_HORIZONTAL_H
#define REPORT_HORIZONTAL_H

#include <stdio.h>

#include "sweep.h"

/* How values lie on the horizontal axis. */
typedef enum spacing {
    SPACING_LINEAR,
    SPACING_LOG,
    SPACING_PLACES
} spacing; /* places: 0, 1, 2, … for words */

typedef struct horizontal {
    const axis *axis;
    spacing spacing;
    double low, high; /* where the axis begins and ends: a little beyond its values */
    double zero;      /* SPACING_LOG: where 0 is drawn; 0 where the axis has none */
} horizontal;

status horizontal_make(const axis *a, horizontal *out);
/* Where a value of the axis lies. */
double horizontal_at(const horizontal *x, int64_t i);
/* Range, scale, ticks, and at(x), which moves a 0 onto a logarithmic axis. */
void horizontal_write(const horizontal *x, FILE *to);

#endif
