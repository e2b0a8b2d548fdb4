/* CSV of a view: of every cell, and of the means. */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "means.h"
#include "view.h"

status csv_print(view *v, FILE *to);
status csv_means_print(view *v, FILE *to);

/* Names of the kept axes, and their values in a group, each after a comma. */
void csv_axis_names(const summary *s, FILE *to);
void csv_axis_values(const summary *s, int64_t group, FILE *to);

/* The parts of csv_means_print. A group that has no value to give has no line. */
void csv_means_head(const summary *s, FILE *to);
void csv_means_line(const summary *s, const means *m, int64_t group, FILE *to);

/* A field, quoted where it must be. */
void csv_field(const char *text, FILE *to);
/* A comma and a number with all its digits; the comma alone for NaN. */
void csv_number(double value, FILE *to);

#endif
