/* From recordings to what an estimator learns from: two sources, each the units of a session, area and window, and the
 * target of the trials. The same road for recordings of a laboratory and simulated ones:
 *
 *     select trials and units → shuffle targets → match numbers → divide into parts → pair → features → standardise */
#ifndef TRIAL_DATA_H
#define TRIAL_DATA_H

#include "data.h"
#include "data/recordings.h"
#include "data/trial_options.h"

/* As data_kind has them. What is made on the way is kept until trial_data_forget. */
status trial_data_shape(const recordings *r, const trial_options *o, int64_t seed, data_shape *shape);
status trial_data_make(const recordings *r, const trial_options *o, int64_t seed, dataset **out);

/* Forgets what was made of these recordings; NULL: of any. */
void trial_data_forget(const recordings *r);

#endif
