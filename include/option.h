/* Options: every setting that a person can type is one row of one table.
 *
 * A row says the option's name, type, default, bounds, unit and meaning, and where its value lies in a plain struct.
 * The sweep parser, `--set`, `list`, `plan` and the attributes of the result file all read that row, so an option
 * that exists is documented, checked and recorded. A table ends with a row whose name is NULL. */
#ifndef OPTION_H
#define OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "status.h"

typedef enum option_type {
    OPTION_FLAG,     /* bool: true, false */
    OPTION_INTEGER,  /* int64_t */
    OPTION_REAL,     /* double */
    OPTION_CHOICE,   /* int: index into `choices` */
    OPTION_TEXT,     /* const char *, borrowed from the sweep */
    OPTION_INTEGERS, /* integers: [25, 15] */
} option_type;

enum { INTEGERS_MAX = 16 };
typedef struct integers {
    int count;
    int value[INTEGERS_MAX];
} integers;

enum {
    OPTION_LANE = 1, /* may differ between the tasks of a pack */
    /* how the sweep is run, not what it computes: no part of the sweep's identity, no axis */
    OPTION_EXECUTION = 2,
    /* of these the one that all the same decides the last bits, where an estimator rounds by it (estimator.h) */
    OPTION_ROUNDS = 4,
};

typedef struct option {
    const char *name;
    option_type type;
    size_t field;        /* offset of the value in the section's struct */
    const char *initial; /* default, as a person would type it */
    double low, high;    /* bounds of numbers, inclusive; low == high == 0: none */
    const char *unit;    /* "" where there is none */
    const char *help;    /* one line */
    /* Words separated by '|'. CHOICE: all that is allowed; INTEGER: words allowed beside numbers, stored as -1, -2, … in
     * their order; TEXT: known values (for `all`, `list` and suggestions; not a restriction). */
    const char *choices;
    unsigned traits;
} option;

/* A named table and the size of the struct that its rows describe: what `rine:`, `train:`, … of a sweep file are. */
typedef struct section {
    const char *name;
    const option *options;
    size_t size;
} section;

/* The row with this name, or NULL. */
const option *option_find(const option *table, const char *name);

/* Reads `text` as the row says and puts the value into `block`. BAD_INPUT names the option, what is wrong and what
 * would be right, without file and line (the caller knows them). A TEXT value borrows `text`, which must outlive the
 * block; NaN and infinities are refused. */
status option_parse(const option *row, const char *text, void *block);

/* Fills `block` with the defaults of a whole table. */
void option_defaults(const option *table, void *block);

/* Writes the value as canonical text, which option_parse reads back to the same value: reals in the shortest form that
 * does, lists as [25, 15], words as words. */
void option_print(const option *row, const void *block, FILE *to);

/* The number of an INTEGER, REAL or FLAG value; NaN for other types. */
double option_number(const option *row, const void *block);

/* Are the values of this row equal in two blocks? */
bool option_equal(const option *row, const void *a, const void *b);

/* Of the words in `words` (count of them), the one nearest to `typed` by edit distance, or NULL when none is near. */
const char *option_suggest(const char *typed, const char *const *words, int count);

/* One help line: "  beta   real, default 15, 0 to 1e9: weight of …", used by `list` and by refusals. */
void option_describe(const option *row, FILE *to);

#endif
