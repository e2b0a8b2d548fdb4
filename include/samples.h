/* Samples in double precision: what classical estimators look at. Where information is large, neighbours are nearer to each other
 * than single precision tells apart. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include "data.h"

/* All samples of a cell: shape.train rows that a transform may be fitted to, then shape.test rows. */
typedef struct samples {
    data_shape shape;
    double *x[SOURCES_MAX]; /* (train + test, features) */
    double *value;          /* (train + test, dimensions) of a continuous target; NULL where it is a class */
    int32_t *label;         /* (train + test) class; NULL where the target is continuous */
    double
        information_bits; /* I(X; Y) of all sources together, where the distribution is known; NaN elsewhere */
    void *block;
} samples;

/* Every array of the shape, zeroed; information_bits is NaN. The shape is neither weighted nor augmented. */
status samples_make(const data_shape *shape, samples **out);
void samples_free(samples *s);

/* Those of a cell: by its data kind's `samples`, or its dataset's numbers. BAD_INPUT for a finite table, which has no samples, and
 * for passes that differ. */
status samples_of(const settings *s, samples **out);
/* The same rounded to single precision, for kinds that are made of samples. */
status samples_dataset(const samples *s, dataset **out);

#endif
