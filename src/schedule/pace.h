/* The pace: what work takes over what was predicted, measured lately. */
#ifndef SCHEDULE_PACE_H
#define SCHEDULE_PACE_H

#include <stdbool.h>

typedef struct pace {
    double busy_seconds, predicted_seconds;
} pace;

/* Older work counts less once there is more than `memory_seconds` of it. */
void pace_add(pace *p, double busy_seconds, double predicted_seconds, double memory_seconds);
bool pace_measured(const pace *p);
double pace_ratio(const pace *p); /* 1 while nothing is measured */

/* Predicted seconds of work that will have ended in `seconds`, even if it takes a quarter more than the pace says. Where
 * nothing is measured, predictions are taken as they are. */
double pace_fit(const pace *p, double seconds);

#endif
