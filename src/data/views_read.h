/* The reader of views: makes the samples of a batch from the bytes of their images. */
#ifndef VIEWS_READ_H
#define VIEWS_READ_H

#include "data/views_filter.h"
#include "data/views_images.h"
#include "data/views_layout.h"
#include "data/views_scale.h"

/* What a dataset of views holds. A training image is first shifted by up to `pad` pixels either way, and what comes in from beyond
 * its edge is `fill`: a random crop of the padded image. Then it is scaled, and then the view is taken of it. */
typedef struct views_state {
    const image_set *set;
    views_layout layout;
    chosen_images chosen; /* owned */
    pixel_scale scale;
    view_filter *filter; /* owned; NULL where no view is filtered */
    int quantise, augment, pad;
} views_state;

void views_state_free(void *state); /* a views_state */

/* Do passes over the training part differ? */
bool views_are_augmented(const views_options *o);

extern const sample_reader views_reader;

#endif
