/* What tasks took in a result file, beside what is predicted for them: to correct predictions of tasks like them. */
#ifndef COMMANDS_PLAN_MEASURED_H
#define COMMANDS_PLAN_MEASURED_H

#include "pack.h"

typedef struct measured measured;

/* BAD_INPUT where the file is none of ours, its data is not at hand, or nothing in it is done. */
status measured_read(const char *path, measured **out);
void measured_free(measured *m);

/* Measured over predicted seconds: of tasks that are predicted to take as long and have the same estimator and kinds; else of
 * all with the same estimator and kinds; else of the same estimator; NaN where there is none. `seconds` is predicted for such a
 * task alone. */
double measured_ratio(const measured *m, const settings *t, double seconds);

#endif
