/* A recording of many units over repeated trials towards known targets: the spike times of every trial, in ms, which take
 * a hundredth of the memory of the rasters that files hold. */
#ifndef RECORDING_H
#define RECORDING_H

#include <stdint.h>

#include "status.h"

typedef struct trial_set {
    int64_t trials;    /* a multiple of the classes; those of a class lie together, in order of the classes */
    int64_t per_class; /* trial t is of class t / per_class */
    int64_t *first;    /* (trials * units + 1) index of a unit's first spike in a trial */
    int32_t *time;     /* (first[trials * units]) ms from the trial's start, ascending; one entry per spike */
} trial_set;

typedef struct recording {
    int classes, units;
    int milliseconds; /* of every trial */
    trial_set train, test;
} recording;

/* Reads struct arrays train_trial and test_trial (trials × classes) with a field spikes (units × ms, counts) from a MATLAB
 * 5 file. BAD_INPUT says what is wrong with it. */
status recording_read(const char *path, recording **out);
void recording_free(recording *r);

/* Spikes of every unit of a trial from ms `start` on for `width` ms, into counts (units). */
void recording_count(const recording *r, const trial_set *set, int64_t trial, int start, int width,
                     float *counts);

#endif
