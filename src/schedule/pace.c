#include "pace.h"

#include <math.h>

/* Correcting by more than this says that the cost model knows nothing, not that it is wrong by a factor. */
#define RATIO_MIN 1e-3
#define RATIO_MAX 1e6
/* Slices of one pace differ by a few percent, and by more where ranks share a memory bus. */
#define SAFETY 1.25

void pace_add(pace *p, double busy_seconds, double predicted_seconds, double memory_seconds)
{
    p->busy_seconds += busy_seconds;
    p->predicted_seconds += predicted_seconds;
    if (p->busy_seconds > memory_seconds) {
        p->busy_seconds /= 2;
        p->predicted_seconds /= 2;
    }
}

bool pace_measured(const pace *p)
{
    return p->predicted_seconds > 0;
}

double pace_ratio(const pace *p)
{
    if (!pace_measured(p)) return 1;
    return fmin(fmax(p->busy_seconds / p->predicted_seconds, RATIO_MIN), RATIO_MAX);
}

double pace_fit(const pace *p, double seconds)
{
    return pace_measured(p) ? seconds / (pace_ratio(p) * SAFETY) : seconds;
}
