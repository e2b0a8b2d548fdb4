/* Charts: curves over one axis, with bars or bands. */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "figures.h"

typedef struct chart_point {
    double mean, low, high, published, exact; /* NaN where there is none */
    int64_t count;                            /* values that the mean averages */
} chart_point;

typedef struct chart {
    const figure *figure;
    const axis *key; /* whose values the curves are; NULL: they have names alone */
    int64_t curves, places;
    const char **name;  /* (curves) borrowed */
    chart_point *point; /* (curves, places) */
} chart;

/* All points missing. */
status chart_make(const figure *f, int64_t curves, chart *out);
void chart_free(chart *c);
/* Writes NAME.dat and NAME.gp. */
status chart_write(const chart *c);

#endif
