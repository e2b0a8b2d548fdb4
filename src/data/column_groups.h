/* Rows of a column that hold the same value. */
#ifndef COLUMN_GROUPS_H
#define COLUMN_GROUPS_H

#include "data/recordings.h"

/* Was nothing given in this row? No text, or not a number. */
bool column_is_empty(const column *c, int64_t row);

typedef struct column_groups {
    int count;
    int32_t *of;    /* (rows) the group of a row, in order of first appearance; -1 where nothing was given */
    int32_t *first; /* (count) the row in which a group appears first */
} column_groups;

/* BAD_INPUT where there are more than `most` groups; `place` ("session A") is for the message. */
status column_groups_make(const column *c, int64_t rows, int most, const char *place, column_groups *out);
void column_groups_free(column_groups *g);

#endif
