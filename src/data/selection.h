/* Which trials of a session take part: those that meet the condition, have a target, and one of the values that are used.
 * A selection depends on the session and on a few options alone, so each is made once and kept for all cells. */
#ifndef SELECTION_H
#define SELECTION_H

#include "data/recordings.h"
#include "data/trial_options.h"

typedef struct selection {
    const recorded_session *session; /* borrowed */
    const column *target;            /* borrowed */
    int64_t trials;
    int32_t *trial; /* (trials) their numbers in the session, in recorded order */
    int32_t *value; /* (trials) the target as an index into `text`; 0 where it is continuous */
    int32_t *block; /* (trials) block of trials; the trial's number where no column says */
    uint8_t *tests; /* (trials) 1: the column of parts says test; NULL unless it decides */
    int values;     /* different targets; 1 where it is continuous */
    char **text;    /* (values) in ascending order; "" where it is continuous */
} selection;

/* The selection is kept until selections_forget. BAD_INPUT says what is wrong: a column that is not there, a target that
 * no trial has, no trial left. */
status selection_find(const recordings *r, const recorded_session *s, const trial_options *o,
                      const selection **out);

/* Do both have the same targets? Then a value means the same in both. */
bool selection_targets_equal(const selection *a, const selection *b);
/* "0, 1, 2" for messages; the caller frees it. NULL for want of memory. */
char *selection_targets_text(const selection *s);

/* Forgets what was made of these recordings; NULL: of any. */
void selections_forget(const recordings *r);

#endif
