/* Slices: tasks of one pack, and what they take; and portions, which are cut into slices. */
#ifndef SCHEDULE_SLICE_H
#define SCHEDULE_SLICE_H

#include "messages.h"

/* Ranks that run a pack. */
int pack_width(const schedule *s, int64_t index);
/* Behind its last task. */
int64_t pack_end(const schedule *s, int64_t index);
/* Predicted seconds of tasks of one pack, on the ranks that run it; the whole pack's are known. */
double slice_seconds(const schedule *s, int64_t index, int64_t first, int64_t count);
/* Seconds that must be left for a slice of a pack to begin, which is predicted to take so many. */
double pack_needs(const schedule *s, int64_t index, double seconds);

/* Cuts the next slice off a portion that is not empty; predicted, uncorrected. */
void portion_cut(const schedule *s, portion *p, int64_t *first, int *count, double *seconds);
double portion_seconds(const schedule *s, portion p);

#endif
