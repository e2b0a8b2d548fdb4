/* Conditions on the columns of a table, as a person types them to select trials or units:
 *
 *     rt < 0.8 and part == test or block == "first half"
 *
 * Comparisons are ==, !=, <, <=, > and >=; `and` binds tighter than `or`. Names and values with blanks stand in quotes. A
 * row in which nothing was given for a column meets no comparison with it. */
#ifndef CONDITION_H
#define CONDITION_H

#include "data/recordings.h"

/* Sets meets[row] (rows) for the rows that meet `text`; "" is met by all. `option` ("data.trials") and `place` ("session
 * A") are for messages. BAD_INPUT says what is wrong with it: a column that is not there, a comparison that makes no
 * sense. */
status condition_evaluate(const char *text, const char *option, const char *place, const column *columns,
                          int column_count, int64_t rows, bool *meets);

#endif
