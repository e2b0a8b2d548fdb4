/* Reports: what a person sees of a result file. Tables average over seeds; CSV has every cell; figures are made by gnuplot
 * from a script and data that stay beside them. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "results.h"

/* The tables: for every result a person looks for first, mean (standard deviation, n-1) over the seed axis, one line per
 * remaining cell, with the published value (the sweep's `compare`) and the exact one beside it where there are any;
 * matrices for pairs of axes (window_1 × window_2); what failed and why. `all` adds the other results. */
status report_tables(const results *r, bool all, FILE *to);
/* Header: axis names, status, results (per-source ones with suffix _1, _2, …; per-class ones with the class, from _0; the
 * history with metric and epoch); one line per cell in grid order. Full precision; empty where there is no value. */
status report_csv(const results *r, FILE *to);
/* Writes figures (PNG, gnuplot script, data) into a folder that it makes, and says in `to` what it wrote. Without
 * gnuplot the scripts and data are written all the same. */
status report_figures(const results *r, const char *folder, FILE *to);

/* Published values, from a CSV: columns named like axes, `value`, and `source`; lines that begin with # are comments. A
 * column may also name an option that the sweep holds constant (`s`; NULL: none): lines with another value of it are
 * left out. */
typedef struct comparison comparison;
status comparison_read(const char *path, const grid *g, const sweep *s, comparison **out);
void comparison_free(comparison *c); /* NULL is fine */
/* The value for a cell (axes that the file does not name are ignored); NaN where there is none. */
double comparison_value(const comparison *c, const grid *g, int64_t cell);
/* Lines that fit the grid. */
int64_t comparison_count(const comparison *c);
const char *comparison_source(const comparison *c); /* "Entropy 2021, Table A5" */

#endif
