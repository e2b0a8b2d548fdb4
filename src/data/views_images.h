/* Which images of a set are trained on and which are tested: all of them or some of every class, divided where no test part was
 * given. What is drawn is drawn from data.split_seed, so that the seeds of networks see the same images. */
#ifndef VIEWS_IMAGES_H
#define VIEWS_IMAGES_H

#include "data/views_options.h"

typedef struct chosen_images {
    int64_t train, test;
    int32_t *train_image; /* (train) numbers of images in the training part of the set, ascending */
    int32_t *test_image;  /* (test) of images in its test part, or, where it has none, in its training part */
} chosen_images;

/* BAD_INPUT where there are too few images, in all or of a class. What it holds is freed by chosen_images_free, also where it
 * fails. */
status chosen_images_make(const image_set *set, const views_options *o, chosen_images *out);
void chosen_images_free(chosen_images *c);

/* Labels of the images that are tested, by their numbers: of the part of the set that those are in. */
const uint16_t *chosen_test_labels(const image_set *set);

#endif
