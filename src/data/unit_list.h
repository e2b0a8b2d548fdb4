/* Which units of a session are the features of a source. */
#ifndef UNIT_LIST_H
#define UNIT_LIST_H

#include "data/recordings.h"
#include "data/trial_options.h"

typedef struct unit_ref {
    int area, unit; /* their numbers in the session and in the area */
} unit_ref;

typedef struct unit_list {
    int count;
    unit_ref *unit; /* (count) areas in order, and units in theirs */
} unit_list;

/* Units of an area ("": of all areas) that the options choose for side 0 or 1, before they are matched in number. BAD_INPUT: no such area or column, no
 * unit left. */
status unit_list_make(const recorded_session *s, const char *name, const trial_options *o, int side,
                      int64_t seed, unit_list *out);
/* Keeps `count` of them, drawn by the seed; the first of the draw are the same for any count. */
status unit_list_match(const recorded_session *s, const char *name, int count, int side, int64_t seed,
                       unit_list *list);
void unit_list_free(unit_list *list);

#endif
