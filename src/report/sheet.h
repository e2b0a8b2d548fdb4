/* A sheet: text in aligned columns, as the tables of a report are. Cells are put one after the other, row by row; the
 * columns become as wide as their longest cell. Want of memory is remembered and told by sheet_print, so that filling a
 * sheet needs no checks. */
#ifndef REPORT_SHEET_H
#define REPORT_SHEET_H

#include <stdio.h>

#include "status.h"

enum { REPORT_WIDTH = 100 }; /* characters in a line of a report */

typedef enum sheet_side { SHEET_LEFT, SHEET_RIGHT } sheet_side;
typedef struct sheet sheet;

status sheet_make(sheet **out);
void sheet_free(sheet *s);

/* Adds a column; all columns come before the first cell. */
void sheet_column(sheet *s, sheet_side side, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Where the table is broken, the column added last stays beside the one before it, without which it says nothing. */
void sheet_join(sheet *s);
void sheet_put(sheet *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints head and rows. Where the columns do not fit REPORT_WIDTH they are printed in several blocks, each of which
 * repeats the first `keys` columns. */
status sheet_print(const sheet *s, int keys, FILE *to);

/* Prints words from column `at` on, in lines of at most REPORT_WIDTH, later ones indented; ends the line. */
void sheet_wrap(const char *text, int at, int indent, FILE *to);
/* Characters (code points) in UTF-8 text. */
int sheet_text_width(const char *text);

#endif
