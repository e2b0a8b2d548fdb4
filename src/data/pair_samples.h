/* Samples of one source X and a continuous target Y whose mutual information is known: normal vectors of which some numbers
 * of X are correlated with one of Y each, and what smooth invertible maps make of them, which keep the information.
 *
 * The training and the test part are drawn apart, so each is the same however large the other is, and a larger part begins
 * with the samples of a smaller one. Cells of one seed that differ in information alone are made of the same numbers. */
#ifndef PAIR_SAMPLES_H
#define PAIR_SAMPLES_H

#include "data/pair_draw.h"
#include "samples.h"

/* Options that these kinds have in common. */
typedef struct pair_options {
    int64_t samples, train_samples;
    double information; /* nats */
    bool rotate;
} pair_options;

/* Rows of option tables; AT(f) is the offset of a field f of pair_options in the kind's own struct. */
/* clang-format off */
#define PAIR_SIZE_ROWS(AT)                                                                                                \
    { "samples", OPTION_INTEGER, AT(samples), "5000", 2, 1e8, "samples", "to estimate from: the test part", NULL,        \
      OPTION_LANE },                                                                                                     \
    { "train_samples", OPTION_INTEGER, AT(train_samples), "0", 0, 1e8, "samples",                                        \
      "beside them, for what is fitted before: compressions, networks; mi looks at these, too, unless mi.part is test", NULL, OPTION_LANE }
#define PAIR_INFORMATION_ROW(AT)                                                                                          \
    { "information", OPTION_REAL, AT(information), "1", 0, 1000, "nats",                                                 \
      "mutual information of X and Y, shared alike by all pairs of correlated numbers; at most 30 per pair", NULL,       \
      OPTION_LANE }
#define PAIR_ROTATE_ROW(AT)                                                                                               \
    { "rotate", OPTION_FLAG, AT(rotate), "true", 0, 0, "",                                                               \
      "the normal numbers of X and of Y, each by a random rotation of its own", NULL, OPTION_LANE }
/* clang-format on */

/* What a sequence of random numbers of a part is for. */
typedef enum pair_stream {
    PAIR_X,      /* X */
    PAIR_Y,      /* what Y has of its own */
    PAIR_COMMON, /* what all have in common */
    PAIR_SCALE,  /* the scale of a whole row */
    PAIR_STREAMS
} pair_stream;
random_key pair_key(const settings *s, data_part part, pair_stream stream);

/* One part of samples: x (rows, features), y (rows, dimensions). */
typedef struct pair_part {
    int64_t rows;
    double *x, *y;
} pair_part;
pair_part pair_part_of(const samples *s, data_part part);

/* Normal vectors of variance 1: x_i and y_i are correlated for i < pairs, all else is independent. */
typedef struct pair_design {
    int x, y, pairs;
    double correlation;
    double rest; /* sqrt(1 - correlation^2), to all digits */
    bool rotated;
} pair_design;
/* The design with the information of the options. BAD_INPUT where doubles hardly tell such pairs from equal numbers. */
status pair_design_of(const pair_options *o, int x, int y, int pairs, pair_design *out);

/* X of so many features and Y of so many dimensions; both an image where size > 0: one channel, so many pixels wide and high. */
data_shape pair_shape(const pair_options *o, int x, int y);
data_shape pair_image_shape(const pair_options *o, int size);

/* Samples of a design, with its information. */
status pair_samples(const settings *s, const pair_options *o, const pair_design *d, samples **out);

/* One row of X or Y, of so many columns, to one of another space. */
typedef void (*pair_map)(const void *how, int columns, const double *from, double *to);
/* What maps make of all rows; they keep the information. */
status pair_mapped(const samples *from, const data_shape *shape, pair_map x, pair_map y, const void *how,
                   samples **out);

/* Samples of a design as one map shows X and Y both. */
status pair_shown(const settings *s, const pair_options *o, const pair_design *d, const data_shape *shape,
                  pair_map map, const void *how, samples **out);

/* data_kind.make of these kinds. */
status pair_dataset(const settings *s, dataset **out);

#endif
