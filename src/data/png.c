#include "data/image_codec.h"

#ifdef HAVE_PNG

#include <png.h>
#include <stdlib.h>
#include <string.h>

/* Formats of libpng's simplified interface: bytes, without a colour map, with what the file has of colour and alpha. */
static status choose_format(png_image *image, const char *path, image_size *size, bool wanted)
{
    status result = OK;
    bool colours = image->format & PNG_FORMAT_FLAG_COLOR;
    CHECK(!(image->format & PNG_FORMAT_FLAG_LINEAR), BAD_INPUT,
          "%s: holds values of 16 bits; right would be 8 bits", path);
    CHECK(image->width <= INT32_MAX && image->height <= INT32_MAX, BAD_INPUT, "%s: is larger than any image",
          path);
    TRY(image_file_take_size(path, (image_size){ colours ? 3 : 1, (int)image->height, (int)image->width },
                             size, wanted));
    image->format &= PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA;
done:
    return result;
}

/* What shines through has no colour of its own, so everything must be opaque. */
static status take_pixels(const uint8_t *pixels, int stride, const char *path, image_size size, uint8_t *to)
{
    status result = OK;
    for (int y = 0; y < size.height; y++) {
        const uint8_t *row = pixels + (int64_t)y * size.width * stride;
        for (int x = 0; stride > size.channels && x < size.width; x++)
            CHECK(row[x * stride + size.channels] == 255, BAD_INPUT,
                  "%s: is transparent in places; right would be an opaque image", path);
        image_file_put_row(row, stride, y, size, to);
    }
done:
    return result;
}

static status read_png(const char *path, image_size *size, uint8_t *to)
{
    status result = OK;
    png_image image;
    uint8_t *pixels = NULL;
    memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    CHECK(png_image_begin_read_from_file(&image, path), BAD_INPUT, "%s: cut off or damaged: %s", path,
          image.message);
    TRY(choose_format(&image, path, size, to != NULL));
    if (to == NULL) goto done;
    pixels = malloc(PNG_IMAGE_SIZE(image));
    CHECK(pixels != NULL, NO_MEMORY, "%s: no memory for an image", path);
    CHECK(png_image_finish_read(&image, NULL, pixels, 0, NULL), BAD_INPUT, "%s: cut off or damaged: %s", path,
          image.message);
    TRY(take_pixels(pixels, (int)PNG_IMAGE_PIXEL_CHANNELS(image.format), path, *size, to));
done:
    free(pixels);
    png_image_free(&image);
    return result;
}

#define AVAILABLE ""
#else
#define AVAILABLE "it was made without libpng"
#define read_png  NULL
#endif

const image_codec png_codec = { "PNG", AVAILABLE, { 0x89, 'P', 'N', 'G' }, 4, read_png };
