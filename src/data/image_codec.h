/* Files of one image each: JPEG and PNG. Both libraries are optional when infosweep is built. */
#ifndef IMAGE_CODEC_H
#define IMAGE_CODEC_H

#include "data.h"

typedef struct image_codec {
    const char *name;
    const char *available; /* "" or why this build lacks it */
    /* How the files begin. */
    unsigned char magic[4];
    int magic_bytes;
    /* Its size; where `to` is not NULL the image must be of this size, and goes there as (channels, height, width). */
    status (*read)(const char *path, image_size *size, uint8_t *to);
} image_codec;

extern const image_codec jpeg_codec, png_codec;

/* Does the name end as those of images do? */
bool image_file_is_named(const char *name);
status image_file_read(const char *path, image_size *size, uint8_t *to);

/* For codecs: takes the size that a file says, or, where an image is wanted, holds it against the size that is right. */
status image_file_take_size(const char *path, image_size is, image_size *size, bool wanted);
/* Puts row `y`, whose pixels stand one behind the other with `stride` bytes each, into the planes of an image. */
void image_file_put_row(const uint8_t *row, int stride, int y, image_size size, uint8_t *to);

#endif
