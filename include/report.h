/* Reports: what a person sees of a result file. Tables average over seeds; CSV has every cell; figures are made by gnuplot
 * from a script and data that stay beside them. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "results.h"

typedef struct report_options {
    bool all;          /* tables: the other results, too */
    int64_t resamples; /* of recorded trials, for confidence intervals; 0: no intervals */
    double confidence; /* of an interval: 0.95 */
    bool blocks;       /* resample whole blocks of trials (the data's `block`) */
    bool nats;         /* information in nats, not in bits as in the file */
} report_options;
extern const report_options report_defaults;

/* The tables: for every result a person looks for first, mean and standard deviation over the repetitions, one line per
 * remaining cell, with what there is of: confidence interval (recorded trials), distance and its weight, test against
 * shuffled targets, the published value (the sweep's `compare`) and the exact one; matrices for pairs of axes (session_1 ×
 * session_2) with what they come to within and between animals; unique and synergistic information; what failed and why. */
status report_tables(const results *r, const report_options *o, FILE *to);
/* Header: axis names, status, results (per-source ones with suffix _1, _2, …; per-class ones with the class's name, or _0, _1, …; the
 * history with metric and epoch); one line per cell in grid order. Full precision; empty where there is no value. Results per
 * test sample are left out. */
status report_csv(const results *r, const report_options *o, FILE *to);
/* What the tables say, one line per value: result, axes, mean, deviation, interval, test, published and exact value. */
status report_csv_means(const results *r, const report_options *o, FILE *to);
/* Writes figures (SVG, PNG, gnuplot script, data) into a folder that it makes, and says in `to` what it wrote. Without
 * gnuplot the scripts and data are written all the same. */
status report_figures(const results *r, const report_options *o, const char *folder, FILE *to);

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
const char *comparison_source(
    const comparison *c); /* "Entropy 2021, Table A5; …": what its lines name, each once */

#endif
