/* A row: what one task leaves behind. A layout says which result variables a sweep has and where each lies in a row.
 *
 * Every result is one or more doubles per cell; inner axes (source, class, epoch × metric, sample) are padded with NaN to
 * the longest that any cell of the sweep has. A result that no cell gives has no variable. */
#ifndef ROW_H
#define ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

struct sweep;
struct settings;

/* What became of a cell: the values of `status` in the result file, never renumbered. */
#define OUTCOME_LIST(X)        \
    X(ABSENT, 0, "absent")     \
    X(PENDING, 1, "pending")   \
    X(RUNNING, 2, "running")   \
    X(DONE, 3, "done")         \
    X(DIVERGED, 4, "diverged") \
    X(FAILED, 5, "failed")     \
    X(QUARANTINED, 6, "quarantined")
#define OUTCOME_ENUM(name, value, text) OUTCOME_##name = value,
typedef enum outcome { OUTCOME_LIST(OUTCOME_ENUM) OUTCOMES } outcome;
#undef OUTCOME_ENUM
const char *outcome_text(outcome o);

/* PER_EPOCH: (epoch, metric); PER_SAMPLE: (sample), samples of the test part; PER_SOURCE_SAMPLE: (source, sample) */
typedef enum result_shape {
    PER_CELL,
    PER_SOURCE,
    PER_CLASS,
    PER_EPOCH,
    PER_SAMPLE,
    PER_SOURCE_SAMPLE,
    RESULT_SHAPES
} result_shape;

/* The inner dimensions that a shape has: what rows, result files and helps share. */
typedef struct result_axes {
    const char *word; /* of the shape, in result files */
    int dimensions;
    const char *axis[2];
} result_axes;
extern const result_axes result_axes_of[RESULT_SHAPES];

typedef struct quantity {
    const char *name; /* of the variable in the result file: "redundant_information" */
    result_shape shape;
    const char *unit;       /* "bits" */
    const char *long_name;  /* what it is, in words */
    const char *below_zero; /* why it may be, where one would not expect it; NULL: nothing to say */
} quantity;

enum { METRICS_MAX = 12 };
typedef struct result_extents {
    int sources, classes, epochs; /* epochs: 0 where no history is asked for */
    int samples;                  /* 0 where no values per test sample are kept */
    uint64_t omitted;             /* bit k: this cell does not give result k of its estimator's table */
    int metrics;
    const char *metric[METRICS_MAX]; /* names of the history's columns, borrowed */
    const char *const
        *class_name; /* (classes) borrowed; NULL: numbers, also where the cells call them otherwise */
} result_extents;

typedef struct variable {
    const quantity *quantity;
    int dimensions;      /* inner: 0, 1 or 2 */
    int64_t extent[2];   /* of the inner dimensions */
    const char *axis[2]; /* their names: source, class, epoch, metric, sample */
    int64_t count;       /* doubles per cell */
    int64_t offset;      /* of the first, in a row */
} variable;

typedef struct layout {
    int variables;
    variable *variable;
    int64_t size; /* doubles in a row */
    result_extents extents;
    int omissions;
    const quantity **omission; /* results that no cell gives, although an estimator of the sweep could */
} layout;

/* The union of the results of the sweep's estimators, in the order of their tables. */
status layout_make(const struct sweep *s, layout **out);
void layout_free(layout *l);
const variable *layout_find(const layout *l, const char *name);
/* Does a cell give this result? `*slot` is as for sweep_settings. */
status layout_gives(const struct sweep *s, int64_t cell, struct settings **slot, const char *name,
                    bool *gives);

enum { REASON_MAX = 120 };
typedef struct task_row {
    const layout *layout;
    outcome outcome;
    double *value;           /* (layout->size) NaN until set */
    double wall_seconds;     /* the pack's time divided by its tasks */
    char reason[REASON_MAX]; /* why it is not done; "" otherwise */
} task_row;

status row_make(const layout *l, task_row **out);
void row_free(task_row *r);
void row_clear(task_row *r); /* back to NaN, PENDING, no reason */
/* Sets one number of a result: `index` counts within the cell (source, class, sample, epoch * metrics + metric, or source *
 * samples + sample, with the extents of the layout). A result that no cell of the sweep gives is passed over. */
void row_set(task_row *r, const char *name, int64_t index, double value);
/* Marks the row as DIVERGED or FAILED and gives the reason, printf style. */
void row_fail(task_row *r, outcome o, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
