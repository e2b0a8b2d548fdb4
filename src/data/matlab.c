#include "data/matlab.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

enum {
    HEADER_BYTES = 128,
    VERSION_AT = 124, /* two bytes of version, then "MI" as the writing machine stores it */
    TAG_BYTES = 8,    /* type and size of what follows, 32 bits each */
    ELEMENT_MATRIX = 14,
    ELEMENT_COMPRESSED = 15,
    CHUNK = 1 << 16,
};

static const unsigned VERSION_5 = 0x0100;

typedef struct matlab_file {
    const char *path;
    FILE *file;
    bool big_endian;
    long size;
} matlab_file;

static uint32_t word_at(const matlab_file *m, const unsigned char *bytes)
{
    uint32_t word = 0;
    for (int i = 0; i < 4; i++) word = word << 8 | bytes[m->big_endian ? i : 3 - i];
    return word;
}

static status check_header(matlab_file *m)
{
    status result = OK;
    unsigned char header[HEADER_BYTES];
    size_t bytes = fread(header, 1, HEADER_BYTES, m->file);
    CHECK(!ferror(m->file), BAD_INPUT, "%s: cannot read: %s", m->path, strerror(errno));
    CHECK(bytes == HEADER_BYTES && memcmp(header, "MATLAB ", 7) == 0, BAD_INPUT, "%s: not a MATLAB file",
          m->path);
    const unsigned char *version = header + VERSION_AT;
    m->big_endian = version[2] == 'M' && version[3] == 'I';
    CHECK(m->big_endian || (version[2] == 'I' && version[3] == 'M'), BAD_INPUT, "%s: not a MATLAB file",
          m->path);
    unsigned number = m->big_endian ? version[0] * 256U + version[1] : version[1] * 256U + version[0];
    CHECK(number == VERSION_5, BAD_INPUT,
          "%s: a MATLAB file of another version than 5; right would be: save -v7", m->path);
done:
    return result;
}

/* Unpacks `size` bytes of the file without keeping them: the stream must end with them, its checksum must be right, and
 * what comes out must be one matrix of the size that its tag states. */
static status check_compressed(const matlab_file *m, uint32_t size)
{
    status result = OK;
    static unsigned char in[CHUNK], out[CHUNK];
    z_stream z = { 0 };
    unsigned char tag[TAG_BYTES] = { 0 };
    int state = Z_OK;
    uint32_t left = size;
    CHECK(inflateInit(&z) == Z_OK, NO_MEMORY, "no memory to unpack %s", m->path);
    while (state == Z_OK) {
        if (z.avail_in == 0 && left > 0) {
            uint32_t step = left < CHUNK ? left : CHUNK;
            CHECK(fread(in, 1, step, m->file) == step, BAD_INPUT, "%s: truncated", m->path);
            z.next_in = in;
            z.avail_in = step;
            left -= step;
        }
        size_t before = z.total_out;
        z.next_out = out;
        z.avail_out = CHUNK;
        state = inflate(&z, Z_NO_FLUSH);
        for (size_t i = before; i < TAG_BYTES && i < z.total_out; i++) tag[i] = out[i - before];
    }
    bool whole = state == Z_STREAM_END && z.avail_in == 0 && left == 0 && z.total_out >= TAG_BYTES &&
                 word_at(m, tag) == ELEMENT_MATRIX && word_at(m, tag + 4) == z.total_out - TAG_BYTES;
    CHECK(whole, BAD_INPUT, "%s: damaged: a compressed variable does not unpack", m->path);
done:
    inflateEnd(&z);
    return result;
}

static status check_elements(const matlab_file *m)
{
    status result = OK;
    unsigned char tag[TAG_BYTES];
    long at = HEADER_BYTES;
    CHECK(m->size > at, BAD_INPUT, "%s: holds no variables", m->path);
    while (at < m->size) {
        CHECK(fseek(m->file, at, SEEK_SET) == 0 && fread(tag, 1, TAG_BYTES, m->file) == TAG_BYTES, BAD_INPUT,
              "%s: truncated at byte %ld", m->path, at);
        uint32_t type = word_at(m, tag), size = word_at(m, tag + 4);
        CHECK(type == ELEMENT_MATRIX || type == ELEMENT_COMPRESSED, BAD_INPUT,
              "%s: damaged: no variable starts at byte %ld", m->path, at);
        at += TAG_BYTES;
        CHECK((long)size <= m->size - at, BAD_INPUT, "%s: truncated: a variable of %u bytes has %ld", m->path,
              (unsigned)size, m->size - at);
        if (type == ELEMENT_COMPRESSED) TRY(check_compressed(m, size));
        at += (long)size;
    }
done:
    return result;
}

status matlab_check(const char *path)
{
    status result = OK;
    matlab_file m = { .path = path, .file = fopen(path, "rb") };
    CHECK(m.file != NULL, BAD_INPUT, "%s: cannot open: %s", path, strerror(errno));
    CHECK(fseek(m.file, 0, SEEK_END) == 0, BAD_INPUT, "%s: cannot read: %s", path, strerror(errno));
    m.size = ftell(m.file);
    rewind(m.file);
    TRY(check_header(&m));
    TRY(check_elements(&m));
done:
    if (m.file) fclose(m.file);
    return result;
}
