/* A small made-up image set, and datasets of views of it, for tests of data kind `views`. */
#ifndef VIEWS_OF_H
#define VIEWS_OF_H

#include "data/settings_of.h"
#include "data/views.h"

enum { CLASSES = 10, TRAIN = 60, TEST_IMAGES = 30 };

typedef struct test_set {
    image_set set;
    uint8_t *pixels; /* of both parts */
    uint16_t label[TRAIN + TEST_IMAGES];
} test_set;

/* Pixels without a pattern, every byte among them; labels in turn. `test` 0: no test part. */
static inline test_set *set_of(int channels, int height, int width, int test)
{
    test_set *t = calloc(1, sizeof *t);
    const size_t image = (size_t)(channels * height * width), bytes = (size_t)(TRAIN + TEST_IMAGES) * image;
    if (t) t->pixels = malloc(bytes);
    if (t == NULL || t->pixels == NULL) abort();
    uint32_t state = 1;
    for (size_t i = 0; i < bytes; i++) {
        state = state * 1664525U + 1013904223U;
        t->pixels[i] = (uint8_t)(state >> 24);
    }
    for (int i = 0; i < TRAIN + TEST_IMAGES; i++) t->label[i] = (uint16_t)(i % CLASSES);
    t->set = (image_set){ .path = "images.bin",
                          .size = { channels, height, width },
                          .classes = CLASSES,
                          .train = TRAIN,
                          .test = test,
                          .train_pixels = t->pixels,
                          .train_label = t->label,
                          .test_pixels = test > 0 ? t->pixels + TRAIN * image : NULL,
                          .test_label = test > 0 ? t->label + TRAIN : NULL };
    return t;
}

static inline void set_free(test_set *t)
{
    free(t->pixels);
    free(t);
}

/* Options of the kind: pairs of name and text, ended by NULL. Without augmentation, scaled to [0, 1]. */
static inline test_settings *views_of(const char *const *options)
{
    test_settings *t = settings_of("views");
    settings_set(t, "augment", "none");
    settings_set(t, "normalise", "unit");
    for (; *options; options += 2) settings_set(t, options[0], options[1]);
    return t;
}
#define VIEWS(...) views_of((const char *const[]){ __VA_ARGS__, NULL })

static inline const views_options *options_in(const test_settings *t)
{
    return t->s.block[SECTION_DATA];
}

/* Makes the dataset and frees the options. */
static inline dataset *dataset_of(const test_set *set, test_settings *t)
{
    dataset *d = NULL;
    if (views_make(&set->set, options_in(t), &d) != OK) {
        fprintf(stderr, "make: %s\n", failure_text());
        abort();
    }
    settings_of_free(t);
    return d;
}

/* One sample of a part, at place 0; (features), which the caller frees. */
static inline float *sample_at(const dataset *d, data_part part, int source, int64_t seed, int64_t place,
                               int32_t sample)
{
    float *x = malloc(sizeof *x * (size_t)d->shape.features[source]);
    if (x == NULL) abort();
    dataset_read(d, part, source, seed, place, &sample, 1, x);
    return x;
}

static inline float *sample_of(const dataset *d, data_part part, int source, int32_t sample)
{
    return sample_at(d, part, source, 0, 0, sample);
}

/* A pixel of a training image, in [0, 1]. */
static inline float pixel_of(const test_set *t, int image, int channel, int y, int x)
{
    const image_size s = t->set.size;
    return (float)(t->pixels[((image * s.channels + channel) * s.height + y) * s.width + x] / 255.0);
}

#endif
