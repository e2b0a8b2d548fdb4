#include "data/byte_stream.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { CHUNK = 1 << 16 };

struct byte_stream {
    FILE *file;
    const char *path;
    uint64_t left;      /* bytes of the stretch still in the file */
    bool packed, ended; /* ended: the zlib stream, checksum included */
    z_stream z;
    unsigned char in[CHUNK], out[CHUNK];
    size_t at, end; /* what of `out` is not taken yet */
};

status byte_stream_make(FILE *file, const char *path, uint64_t size, bool packed, byte_stream **out)
{
    status result = OK;
    byte_stream *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory to read %s", path);
    made->file = file;
    made->path = path;
    made->left = size;
    CHECK(!packed || inflateInit(&made->z) == Z_OK, NO_MEMORY, "no memory to unpack %s", path);
    made->packed = packed;
    *out = made;
    made = NULL;
done:
    byte_stream_free(made);
    return result;
}

void byte_stream_free(byte_stream *s)
{
    if (s == NULL) return;
    if (s->packed) inflateEnd(&s->z);
    free(s);
}

/* Reads the next piece of the stretch from the file. */
static status read_piece(byte_stream *s, unsigned char *to, size_t *size)
{
    status result = OK;
    *size = s->left < CHUNK ? (size_t)s->left : CHUNK;
    CHECK(fread(to, 1, *size, s->file) == *size, BAD_INPUT, "%s: truncated", s->path);
    s->left -= *size;
done:
    return result;
}

/* Fills `out` anew; it stays empty at the end of the stretch. */
static status refill(byte_stream *s)
{
    status result = OK;
    s->at = s->end = 0;
    if (!s->packed) {
        TRY(read_piece(s, s->out, &s->end));
        goto done;
    }
    s->z.next_out = s->out;
    s->z.avail_out = CHUNK;
    while (!s->ended && s->z.avail_out == CHUNK) {
        if (s->z.avail_in == 0) {
            size_t size;
            TRY(read_piece(s, s->in, &size));
            CHECK(size > 0, BAD_INPUT, "%s: damaged: what is compressed has no end", s->path);
            s->z.next_in = s->in;
            s->z.avail_in = (uInt)size;
        }
        int state = inflate(&s->z, Z_NO_FLUSH);
        CHECK(state == Z_OK || state == Z_STREAM_END, BAD_INPUT, "%s: damaged: it does not unpack", s->path);
        s->ended = state == Z_STREAM_END;
    }
    s->end = CHUNK - s->z.avail_out;
done:
    return result;
}

status byte_stream_take(byte_stream *s, void *to, uint64_t size)
{
    status result = OK;
    unsigned char *next = to;
    while (size > 0) {
        if (s->at == s->end) TRY(refill(s));
        CHECK(s->end > s->at, BAD_INPUT, "%s: damaged: a variable ends before it should", s->path);
        size_t step = s->end - s->at < size ? s->end - s->at : (size_t)size;
        if (next) {
            memcpy(next, s->out + s->at, step);
            next += step;
        }
        s->at += step;
        size -= step;
    }
done:
    return result;
}

status byte_stream_finish(byte_stream *s)
{
    status result = OK;
    if (s->at == s->end) TRY(refill(s)); /* also reads the checksum */
    bool spent = s->at == s->end && s->left == 0 && (!s->packed || (s->ended && s->z.avail_in == 0));
    CHECK(spent, BAD_INPUT, "%s: damaged: a variable is longer than it says", s->path);
done:
    return result;
}
