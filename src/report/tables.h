/* The parts of report_tables, over a view. */
#ifndef REPORT_TABLES_H
#define REPORT_TABLES_H

#include "means.h"
#include "sheet.h"
#include "summary.h"
#include "view.h"

status tables_print(view *v, FILE *to);
/* One line per group: its mean and all that stands beside it. */
status headline_print(view *v, const summary *s, const means *m, FILE *to);
/* Every pair of axes NAME_1, NAME_2: matrices of the means, one per combination of the other axes. */
status matrices_print(view *v, const summary *s, const means *m, FILE *to);
/* What a reader must know of the values above: what intervals leave out, what the null is, why a value is negative. */
void notes_print(const view *v, const summary *s, const means *m, FILE *to);
/* Unique and synergistic information, where the file has the results that they follow from: of networks, and of measures of tables. */
status decomposition_print(view *v, const summary *s, FILE *to);
/* Does a table of its own show this result? */
bool decomposition_shows(const view *v, const variable *x);

/* What no headline table shows: in one table, or only by name, so that nobody looks for it in vain. */
status others_print(view *v, const summary *s, FILE *to);
status others_name(const view *v, FILE *to);

/* A mean as tables show it: three decimals, and a dash for what is not there. */
enum { NUMBER_MAX = 48 };
const char *tables_number(double value, char text[NUMBER_MAX]);
/* With its sign. */
const char *tables_difference(double difference, char text[NUMBER_MAX]);
/* "[0.980, 0.984]" */
const char *tables_interval(const interval *x, char text[NUMBER_MAX]);
/* A p-value, with as many decimals as that many shuffles can tell apart. */
const char *tables_p(double p, int64_t shuffles, char text[NUMBER_MAX]);
/* "0.982 (0.001)"; without the bracket where there is no deviation. */
const char *tables_mean(const statistic *x, char text[NUMBER_MAX]);
/* "NAME (UNIT): what it is", after an empty line. */
void tables_caption(const quantity *q, FILE *to);
/* The columns and cells of the kept axes. Returns how many there are. */
int tables_axis_columns(const summary *s, sheet *to);
void tables_axis_cells(const summary *s, int64_t group, sheet *to);

#endif
