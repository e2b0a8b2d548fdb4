/* Comma-separated text (RFC 4180): quoted fields, doubled quotes, CRLF or LF, an optional byte-order mark. Blank lines are
 * skipped, and so are lines that begin with # (a first field that does is quoted); blanks around an unquoted field are no
 * part of it. */
#ifndef CSV_H
#define CSV_H

#include "status.h"

typedef struct csv {
    int rows, columns; /* without the header */
    char **name;       /* (columns) the header */
    char **cell;       /* (rows, columns) */
    int *line;         /* (rows) where each starts in the file, from 1 */
    char *text;        /* the memory behind the cells */
} csv;

/* BAD_INPUT names file and line: unreadable, binary, without a header, ragged lines, unfinished quotes. */
status csv_read(const char *path, csv **out);
/* The same, and tab-separated text where the header has tabs and no comma. */
status csv_read_either(const char *path, csv **out);
void csv_free(csv *c);

#endif
