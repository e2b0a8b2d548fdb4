/* One number per trial and unit: the mean, the count or the rate of the bins in a window. */
#ifndef WINDOW_FEATURES_H
#define WINDOW_FEATURES_H

#include "data/selection.h"

/* Do the windows of these trials lie where the area holds data? BAD_INPUT names option, session, area and trial. */
status window_features_check(const selection *s, const area *a, const trial_options *o, int side);

/* (trials, units) of the whole session, kept until window_features_forget or _trim; trials whose window lies elsewhere are
 * zero. */
status window_features_find(const recordings *r, const recorded_session *s, const area *a,
                            const trial_options *o, int side, const float **out);

/* Forgets what was made of these recordings; NULL: of any. */
void window_features_forget(const recordings *r);
/* Forgets the oldest when they take more memory than they should; what was found before is no longer there. */
void window_features_trim(void);

#endif
