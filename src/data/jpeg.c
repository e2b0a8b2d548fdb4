#include "data/image_codec.h"

#ifdef HAVE_JPEG

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h> /* wants stdio.h before it */

/* A file while it is read. libjpeg ends what it cannot go on with by a jump. */
typedef struct reading {
    struct jpeg_error_mgr errors;
    struct jpeg_decompress_struct jpeg;
    jmp_buf back;
    char said[JMSG_LENGTH_MAX];
    uint8_t *row;
} reading;

static _Noreturn void give_up(j_common_ptr jpeg)
{
    reading *r = jpeg->client_data;
    jpeg->err->format_message(jpeg, r->said);
    longjmp(r->back, 1);
}

/* Levels below 0 are of damage that libjpeg would make up for: by grey, where a file is cut off. */
static void hear(j_common_ptr jpeg, int level)
{
    if (level < 0) give_up(jpeg);
}

static void print_nothing(j_common_ptr jpeg)
{
    (void)jpeg;
}

/* What is asked of libjpeg: the slow integer transform, which is exact and the same everywhere. */
static void set_up(reading *r)
{
    r->jpeg.dct_method = JDCT_ISLOW;
    r->jpeg.out_color_space = r->jpeg.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
}

static status take_size(reading *r, const char *path, image_size *size, bool wanted)
{
    status result = OK;
    const int channels = r->jpeg.num_components;
    CHECK(r->jpeg.image_width <= INT32_MAX && r->jpeg.image_height <= INT32_MAX, BAD_INPUT,
          "%s: is larger than any image", path);
    CHECK(channels == 1 || channels == 3, BAD_INPUT,
          "%s: has %d colours, as print has; right would be grey, or red, green and blue", path, channels);
    TRY(image_file_take_size(
        path, (image_size){ channels, (int)r->jpeg.image_height, (int)r->jpeg.image_width }, size, wanted));
done:
    return result;
}

/* From the start of the file to its last row; jumps where libjpeg gives up. */
static status decode(reading *r, FILE *file, const char *path, image_size *size, uint8_t *to)
{
    status result = OK;
    jpeg_create_decompress(&r->jpeg);
    jpeg_stdio_src(&r->jpeg, file);
    jpeg_read_header(&r->jpeg, TRUE);
    TRY(take_size(r, path, size, to != NULL));
    if (to == NULL) goto done;
    set_up(r);
    r->row = malloc((size_t)size->width * (size_t)size->channels);
    CHECK(r->row != NULL, NO_MEMORY, "%s: no memory for a row", path);
    jpeg_start_decompress(&r->jpeg);
    while (r->jpeg.output_scanline < r->jpeg.output_height) {
        JSAMPROW rows[] = { r->row };
        int y = (int)r->jpeg.output_scanline;
        jpeg_read_scanlines(&r->jpeg, rows, 1);
        image_file_put_row(r->row, size->channels, y, *size, to);
    }
    jpeg_finish_decompress(&r->jpeg);
done:
    return result;
}

static status read_jpeg(const char *path, image_size *size, uint8_t *to)
{
    status result = OK;
    reading *r = calloc(1, sizeof *r);
    FILE *file = fopen(path, "rb");
    CHECK(r != NULL, NO_MEMORY, "%s: no memory to read it", path);
    CHECK(file != NULL, BAD_INPUT, "%s: cannot open: %s", path, strerror(errno));
    r->jpeg.err = jpeg_std_error(&r->errors);
    r->jpeg.client_data = r;
    r->errors.error_exit = give_up;
    r->errors.emit_message = hear;
    r->errors.output_message = print_nothing;
    if (setjmp(r->back) == 0)
        TRY(decode(r, file, path, size, to));
    else
        result = failure(BAD_INPUT, "%s: cut off or damaged: %s", path, r->said);
done:
    if (r) jpeg_destroy_decompress(&r->jpeg);
    if (r) free(r->row);
    free(r);
    if (file) fclose(file);
    return result;
}

#define AVAILABLE ""
#else
#define AVAILABLE "it was made without libjpeg"
#define read_jpeg NULL
#endif

const image_codec jpeg_codec = { "JPEG", AVAILABLE, { 0xff, 0xd8, 0xff }, 3, read_jpeg };
