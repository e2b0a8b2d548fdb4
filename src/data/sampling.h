/* Samples of a finite table: drawn from it by the task's seed and split at random, or the table itself, whose rows then
 * stand for themselves with their probabilities. A sample's source is its symbol, as one number or one-hot, followed by
 * inputs that carry nothing: normal noise of its own and constants that all sources have in common. */
#ifndef SAMPLING_H
#define SAMPLING_H

#include "data.h"

/* What the word "table" of the option `samples` is stored as. */
enum { SAMPLES_TABLE = -1 };

typedef enum encoding { ENCODING_SCALAR, ENCODING_ONEHOT } encoding;

typedef struct sampling {
    int64_t seed;
    int64_t samples; /* or SAMPLES_TABLE */
    double train_fraction;
    int encoding; /* enum encoding */
    /* sample i is of class i mod classes, which must be equally likely and in order in the table; otherwise rows are
     * drawn independently */
    bool classes_turn;
    int noise_inputs; /* per source */
    double noise_deviation;
    int common_inputs;
    double common_value;
} sampling;

/* BAD_INPUT when there are no training or no test samples, or when noise is asked of a table. */
status sampling_shape(const sampling *o, const table *t, data_shape *shape);
status sampling_make(const sampling *o, const table *t, dataset **out);

#endif
