/* What a sweep can say of views of images. */
#ifndef VIEWS_OPTIONS_H
#define VIEWS_OPTIONS_H

#include "data/image_set.h"

typedef enum view_family {
    VIEWS_CROPS,
    VIEWS_CHANNELS,
    VIEWS_FREQUENCIES,
    VIEWS_HALVES,
    VIEWS_WHOLE
} view_family;
typedef enum unseen_rule { UNSEEN_ZERO, UNSEEN_CUT } unseen_rule;
typedef enum quantise { QUANTISE_NONE, QUANTISE_ROUND, QUANTISE_WRAP } quantise;
typedef enum augment { AUGMENT_NONE, AUGMENT_INDEPENDENT, AUGMENT_SAME } augment;
typedef enum normalise { NORMALISE_CIFAR, NORMALISE_DATA, NORMALISE_UNIT } normalise;

/* What the words of `images`, `test_images` and `width` are stored as. */
enum { IMAGES_ALL = -1, WIDTH_HALF = -1 };

enum { VIEWS_MAX = 3 };

typedef struct views_options {
    image_files files;
    int64_t images, test_images; /* or IMAGES_ALL */
    double test_fraction;
    int64_t split_seed;
    int views;                       /* view_family */
    int64_t width;                   /* columns, or WIDTH_HALF */
    int crop_rule, channel_rule;     /* unseen_rule */
    const char *channels[VIEWS_MAX]; /* words joined by '+'; the last may be "": two sources */
    int64_t mask;
    int quantise; /* enum quantise */
    int augment;  /* enum augment */
    int64_t pad;
    integers fill; /* bytes of the channels, or one for all */
    int normalise; /* enum normalise */
} views_options;

#endif
