#include "data/views_scale.h"

#include <math.h>

/* Of CIFAR-10, as the authors' code has them. */
static const double cifar_mean[COLOURS] = { 0.4914, 0.4822, 0.4465 };
static const double cifar_deviation[COLOURS] = { 0.2023, 0.1994, 0.2010 };

status pixel_scale_check(const views_options *o, const image_set *set)
{
    status result = OK;
    const int channels = set->size.channels;
    CHECK(channels <= CHANNELS_MAX, BAD_INPUT,
          "data.file: the images of %s have %d channels; right would be 1 to %d", set->path, channels,
          CHANNELS_MAX);
    CHECK(o->normalise != NORMALISE_CIFAR || channels == COLOURS, BAD_INPUT,
          "data.normalise: cifar is of red, green and blue, but the images of %s have %d channel%s; right "
          "would be data or unit",
          set->path, channels, channels == 1 ? "" : "s");
    CHECK(o->fill.count == 1 || o->fill.count == COLOURS || o->fill.count == channels, BAD_INPUT,
          "data.fill has %d numbers; right would be one, or one each of red, green and blue", o->fill.count);
done:
    return result;
}

/* Where colours are given for images of other channels, the mean of them. */
static int fill_of(const integers *fill, int channels, int channel)
{
    int sum = 0;
    if (fill->count == channels) return fill->value[channel];
    for (int k = 0; k < fill->count; k++) sum += fill->value[k];
    return sum / fill->count;
}

/* Mean and deviation of each channel over the training images. Bytes are counted, so that the order of the images is of no
 * matter. A channel that is the same everywhere keeps its scale. */
static void measure(const image_set *set, const chosen_images *chosen, pixel_scale *s)
{
    int64_t occurs[CHANNELS_MAX][BYTE_VALUES] = { { 0 } };
    const int64_t plane = (int64_t)set->size.height * set->size.width;
    const uint8_t *pixels = set->train_pixels;
    for (int64_t i = 0; i < chosen->train; i++)
        for (int c = 0; c < set->size.channels; c++) {
            const uint8_t *from = pixels + (chosen->train_image[i] * (int64_t)set->size.channels + c) * plane;
            for (int64_t p = 0; p < plane; p++) occurs[c][from[p]]++;
        }
    const double count = (double)(chosen->train * plane);
    for (int c = 0; c < set->size.channels; c++) {
        double sum = 0, squares = 0;
        for (int v = 0; v < BYTE_VALUES; v++) sum += (double)occurs[c][v] * v / (BYTE_VALUES - 1);
        s->mean[c] = sum / count;
        for (int v = 0; v < BYTE_VALUES; v++)
            squares += (double)occurs[c][v] * pow((double)v / (BYTE_VALUES - 1) - s->mean[c], 2);
        s->deviation[c] = squares > 0 ? sqrt(squares / count) : 1;
    }
}

void pixel_scale_make(const views_options *o, const image_set *set, const chosen_images *chosen,
                      pixel_scale *out)
{
    const bool published = o->normalise == NORMALISE_CIFAR;
    for (int c = 0; c < set->size.channels; c++) {
        out->mean[c] = published ? cifar_mean[c] : 0;
        out->deviation[c] = published ? cifar_deviation[c] : 1;
    }
    if (o->normalise == NORMALISE_DATA) measure(set, chosen, out);
    for (int c = 0; c < set->size.channels; c++) {
        for (int v = 0; v < BYTE_VALUES; v++) out->of_byte[c][v] = pixel_scaled(out, c, v);
        out->of_fill[c] = out->of_byte[c][fill_of(&o->fill, set->size.channels, c)];
    }
}
