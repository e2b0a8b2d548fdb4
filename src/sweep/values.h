/* The values of an axis, from every form that a person may write: a list, 0..4, {from, to, count, scale}, all. What `all`
 * stands for, the option or the data knows (members.c). */
#ifndef SWEEP_VALUES_H
#define SWEEP_VALUES_H

#include "sweep/names.h"

/* What was written, understood but not expanded: a count that is too large costs nothing. */
typedef enum span_form { SPAN_ONE, SPAN_LIST, SPAN_RANGE, SPAN_SPACED, SPAN_ALL, SPAN_MEMBERS } span_form;
typedef struct span {
    span_form form;
    const node *node;
    int64_t count;
    int64_t first;   /* of a range */
    double from, to; /* of a spaced one */
    bool log;
    const char *const *member; /* (count) what the data says, borrowed from it */
} span;

typedef struct values {
    int64_t count;
    char **text; /* (count) canonical, into `pool` */
    char *pool;
    double *number; /* (count) or NULL */
    int64_t *same;  /* (count) the first value that is equal; NULL where all differ */
    size_t size;    /* bytes of one value */
    int rows;
    void
        *value[KINDS_MAX]; /* (count) as option_parse leaves them in a block: one array per row of the name */
} values;

/* Would this value make an axis of an option that is otherwise set to one value? */
bool span_is_axis(const option *row, const node *n);
/* Is it `all`, of an option whose values the data may know? */
bool span_is_open(const option *row, const node *n);
status span_read(const option *row, const node *n, span *out);
/* The text of value i as a person would type it. The caller frees *text. */
status span_text(const option *row, const span *s, int64_t i, char **text);

status values_make(const option_name *of, const span *from, values *out);
void values_free(values *v);

/* The text of one value as option_parse takes it. The caller frees it. */
status value_text(const option *row, const node *n, char **out);
/* "3..7" -> 3, 7 */
bool range_read(const char *text, int64_t *first, int64_t *last);

#endif
