#include "data/image_codec.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "data/images.h"

static const image_codec *const codecs[] = { &jpeg_codec, &png_codec, NULL };

bool image_file_is_named(const char *name)
{
    static const char *const endings[] = { ".jpg", ".jpeg", ".png" };
    size_t size = strlen(name);
    for (int i = 0; i < 3; i++) {
        size_t length = strlen(endings[i]);
        if (size > length && strcasecmp(name + size - length, endings[i]) == 0) return true;
    }
    return false;
}

static status find_codec(const char *path, const image_codec **out)
{
    status result = OK;
    unsigned char head[4] = { 0 };
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL, BAD_INPUT, "%s: cannot open: %s", path, strerror(errno));
    size_t got = fread(head, 1, sizeof head, file);
    CHECK(got > 0, BAD_INPUT, "%s: is empty", path);
    int i = 0;
    while (codecs[i] && memcmp(head, codecs[i]->magic, (size_t)codecs[i]->magic_bytes) != 0) i++;
    CHECK(codecs[i] != NULL, BAD_INPUT, "%s: is neither JPEG nor PNG, whatever its name says", path);
    CHECK(codecs[i]->available[0] == '\0', BAD_INPUT, "%s: cannot be read by this build: %s", path,
          codecs[i]->available);
    *out = codecs[i];
done:
    if (file) fclose(file);
    return result;
}

status image_file_read(const char *path, image_size *size, uint8_t *to)
{
    status result = OK;
    const image_codec *codec = NULL;
    TRY(find_codec(path, &codec));
    TRY(codec->read(path, size, to));
done:
    return result;
}

status image_file_take_size(const char *path, image_size is, image_size *size, bool wanted)
{
    status result = OK;
    char here[SIZE_TEXT], right[SIZE_TEXT];
    CHECK(is.height >= 1 && is.width >= 1 && is.height <= IMAGE_SIDE_MAX && is.width <= IMAGE_SIDE_MAX,
          BAD_INPUT, "%s: is %s; right would be 1 to %d a side", path, image_size_text(is, here),
          IMAGE_SIDE_MAX);
    CHECK(!wanted || image_size_equal(is, *size), BAD_INPUT,
          "%s: is %s; right would be %s, as the images before it", path, image_size_text(is, here),
          image_size_text(*size, right));
    *size = is;
done:
    return result;
}

void image_file_put_row(const uint8_t *row, int stride, int y, image_size size, uint8_t *to)
{
    const int64_t plane = (int64_t)size.height * size.width;
    for (int c = 0; c < size.channels; c++)
        for (int x = 0; x < size.width; x++)
            to[c * plane + (int64_t)y * size.width + x] = row[x * stride + c];
}
