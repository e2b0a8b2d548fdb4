/* report_csv over a view. */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "view.h"

status csv_print(view *v, FILE *to);

#endif
