/* From the bytes of an image to what a network gets: [0, 1], then centred and scaled by channel. */
#ifndef VIEWS_SCALE_H
#define VIEWS_SCALE_H

#include "data/views_images.h"
#include "data/views_layout.h"

typedef struct pixel_scale {
    double mean[CHANNELS_MAX], deviation[CHANNELS_MAX]; /* of pixels in [0, 1] */
    float of_byte[CHANNELS_MAX][BYTE_VALUES];
    float of_fill[CHANNELS_MAX]; /* of what is beyond the edge of an image */
} pixel_scale;

/* BAD_INPUT where there are too many channels, or where `normalise` or `fill` is of others. */
status pixel_scale_check(const views_options *o, const image_set *set);
/* For options that were checked. */
void pixel_scale_make(const views_options *o, const image_set *set, const chosen_images *chosen,
                      pixel_scale *out);

/* A pixel of 0 to 255, or of a filtered image, which may be fractional and negative. */
static inline float pixel_scaled(const pixel_scale *s, int channel, double pixel)
{
    return (float)((pixel / (BYTE_VALUES - 1) - s->mean[channel]) / s->deviation[channel]);
}

#endif
