/* The parts of report_tables, over a view. */
#ifndef REPORT_TABLES_H
#define REPORT_TABLES_H

#include "sheet.h"
#include "summary.h"
#include "view.h"

status tables_print(view *v, bool all, FILE *to);
/* Every pair of axes NAME_1, NAME_2: matrices of the means, one per combination of the other axes. */
status matrices_print(view *v, const summary *s, const variable *x, FILE *to);
/* Do two kept axes make a pair? On true, `row` and `column` are their indices. */
bool matrices_pair(const summary *s, int *row, int *column);

/* What no headline table shows: in one table, or only by name, so that nobody looks for it in vain. */
status others_print(view *v, const summary *s, FILE *to);
status others_name(const view *v, FILE *to);

/* A mean as tables show it: three decimals, and a dash for what is not there. */
enum { NUMBER_MAX = 48 };
const char *tables_number(double value, char text[NUMBER_MAX]);
/* "0.982 (0.001)"; without the bracket where there is no deviation. */
const char *tables_mean(const statistic *x, char text[NUMBER_MAX]);
/* "NAME (UNIT): what it is", after an empty line. */
void tables_caption(const quantity *q, FILE *to);
/* The columns and cells of the kept axes. Returns how many there are. */
int tables_axis_columns(const summary *s, sheet *to);
void tables_axis_cells(const summary *s, int64_t group, sheet *to);

#endif
