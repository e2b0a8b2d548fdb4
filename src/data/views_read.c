#include "data/views_read.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"

/* Where the pixels of a view come from: this much further down and to the right in the image. */
typedef struct shift {
    int down, right;
} shift;

void views_state_free(void *state)
{
    views_state *s = state;
    if (s == NULL) return;
    view_filter_free(s->filter);
    chosen_images_free(&s->chosen);
    free(s);
}

/* As in the authors' code, filtered images are not augmented. */
bool views_are_augmented(const views_options *o)
{
    return o->augment != AUGMENT_NONE && o->pad > 0 && o->views != VIEWS_FREQUENCIES;
}

/* One of the (2 pad + 1)^2 crops, by the place of the sample in the row of passes. */
static shift shift_of(const views_state *s, int source, int64_t seed, int64_t place)
{
    const uint32_t ways = 2 * (uint32_t)s->pad + 1;
    const random_key key = { .seed = (uint64_t)seed,
                             .purpose = RANDOM_AUGMENT,
                             .stream = s->augment == AUGMENT_SAME ? 0 : (uint32_t)source };
    const uint32_t drawn = random_below(key, (uint64_t)place, ways * ways);
    return (shift){ .down = (int)(drawn / ways) - s->pad, .right = (int)(drawn % ways) - s->pad };
}

static int within(int value, int high)
{
    return value < 0 ? 0 : value > high ? high : value;
}

/* `count` pixels of a row of `width` bytes from column `first` on, which may begin before it and end behind it. */
static void copy_row(const uint8_t *row, int width, int first, int count, const float *of_byte, float fill,
                     float *to)
{
    const int begin = within(-first, count), end = within(width - first, count);
    for (int x = 0; x < begin; x++) to[x] = fill;
    for (int x = begin; x < end; x++) to[x] = of_byte[row[first + x]];
    for (int x = begin < end ? end : begin; x < count; x++) to[x] = fill;
}

/* The rectangle that a view has of one channel, to rows that lie `pitch` apart. */
static void copy_rectangle(const views_state *s, const view *v, const uint8_t *plane, int channel, shift by,
                           int pitch, float *to)
{
    const image_size size = s->layout.image;
    const float fill = s->scale.of_fill[channel];
    for (int y = 0; y < v->height; y++, to += pitch) {
        const int row = v->top + y + by.down;
        const bool inside = row >= 0 && row < size.height;
        copy_row(inside ? plane + row * size.width : plane, inside ? size.width : 0, v->left + by.right,
                 v->width, s->scale.of_byte[channel], fill, to);
    }
}

static void copy_filtered(const views_state *s, const view *v, const uint8_t *plane, int channel, float *to)
{
    const int count = s->layout.image.height * s->layout.image.width;
    const double *pixel = view_filter_apply(s->filter, plane, v->pass, (quantise)s->quantise);
    if (s->quantise == QUANTISE_WRAP)
        for (int i = 0; i < count; i++) to[i] = s->scale.of_byte[channel][(uint8_t)pixel[i]];
    else
        for (int i = 0; i < count; i++) to[i] = pixel_scaled(&s->scale, channel, pixel[i]);
}

/* What a source sees of one image. What it does not see is 0 after scaling, the mean of all pixels. */
static void view_image(const views_state *s, int source, const uint8_t *image, shift by, float *to)
{
    const view *v = &s->layout.view[source];
    const image_size size = s->layout.image, seen = view_size(&s->layout, source);
    const int plane = size.height * size.width, seen_plane = seen.height * seen.width;
    const int corner = v->cut ? 0 : v->top * size.width + v->left;
    const bool all = seen.height == v->height && seen.width == v->width && seen.channels == v->channels;
    if (!all) memset(to, 0, sizeof *to * (size_t)(seen.channels * seen_plane));
    for (int k = 0; k < v->channels; k++) {
        const int c = v->channel[k];
        float *channel = to + (v->cut ? k : c) * seen_plane;
        if (v->pass == PASS_ALL)
            copy_rectangle(s, v, image + c * plane, c, by, seen.width, channel + corner);
        else
            copy_filtered(s, v, image + c * plane, c, channel);
    }
}

static void views_read(const dataset *d, data_part part, int source, int64_t seed, int64_t first,
                       const int32_t *visit, int rows, float *to)
{
    const views_state *s = d->reader_state;
    const bool in_test_part = part == DATA_TEST && s->set->test > 0;
    const uint8_t *pixels = in_test_part ? s->set->test_pixels : s->set->train_pixels;
    const int32_t *image = part == DATA_TEST ? s->chosen.test_image : s->chosen.train_image;
    const image_size size = s->layout.image;
    const int64_t bytes = (int64_t)size.channels * size.height * size.width;
    for (int r = 0; r < rows; r++, to += d->shape.features[source]) {
        shift by = { 0 };
        if (part == DATA_TRAIN && d->shape.augmented) by = shift_of(s, source, seed, first + r);
        view_image(s, source, pixels + image[visit[r]] * bytes, by, to);
    }
}

const sample_reader views_reader = { views_read, views_state_free };
