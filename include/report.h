/* Reports: what a person sees of a result file. Tables average over seeds; CSV has every cell; figures are made by gnuplot
 * from a script and data that stay beside them. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "store.h"

/* The tables: for every result a person looks for first, mean (standard deviation, n-1) over the seed axis, one line per
 * remaining cell, with the published value (the sweep's `compare`) and the exact one beside it where there are any;
 * matrices for pairs of axes (window_1 × window_2); what failed and why. */
status report_tables(const results *r, FILE *to);
/* Header: axis names, status, results (per-source ones with suffix _1, _2; classes and epochs likewise); one line per
 * cell in grid order. Full precision; empty where there is no value. */
status report_csv(const results *r, FILE *to);
/* Writes figures (PNG, gnuplot script, data) into a folder that it makes. */
status report_figures(const results *r, const char *folder);

/* Published values: axis values (by canonical text) -> value and source. */
typedef struct comparison comparison;
status comparison_read(const char *path, const grid *g, comparison **out);
void comparison_free(comparison *c);
/* The value for a cell (axes that the file does not name are ignored); NaN where there is none. */
double comparison_value(const comparison *c, const grid *g, int64_t cell);
const char *comparison_source(const comparison *c); /* "Entropy 2021, Table A5" */

#endif
