#include "data/packed_file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum {
    BUFFER = 1 << 17,
    PIECE = 1 << 30,    /* of one call of zlib, which counts in int */
    PACKED_MOST = 1032, /* deflate: bytes out for a byte in, at most */
};

struct packed_file {
    gzFile file;
    const char *path;
    uint64_t bytes; /* in the file */
    uint64_t taken; /* unpacked */
};

status packed_file_open(const char *path, packed_file **out)
{
    status result = OK;
    struct stat about;
    packed_file *made = calloc(1, sizeof *made);
    *out = NULL;
    CHECK(made != NULL, NO_MEMORY, "no memory to read %s", path);
    CHECK(stat(path, &about) == 0, BAD_INPUT, "%s: cannot open: %s", path, strerror(errno));
    CHECK(S_ISREG(about.st_mode), BAD_INPUT, "%s: is no regular file", path);
    made->path = path;
    made->bytes = (uint64_t)about.st_size;
    made->file = gzopen(path, "rb");
    CHECK(made->file != NULL, BAD_INPUT, "%s: cannot open: %s", path,
          errno ? strerror(errno) : "no memory to unpack it");
    gzbuffer(made->file, BUFFER);
    *out = made;
    made = NULL;
done:
    packed_file_close(made);
    return result;
}

void packed_file_close(packed_file *f)
{
    if (f == NULL) return;
    if (f->file) gzclose_r(f->file);
    free(f);
}

uint64_t packed_file_most(const packed_file *f)
{
    uint64_t most;
    if (gzdirect(f->file)) return f->bytes;
    return __builtin_mul_overflow(f->bytes, (uint64_t)PACKED_MOST, &most) ? UINT64_MAX : most;
}

status packed_file_read(packed_file *f, void *to, size_t size, size_t *got)
{
    status result = OK;
    unsigned char *next = to;
    for (*got = 0; *got < size;) {
        size_t piece = size - *got < PIECE ? size - *got : PIECE;
        int count = gzread(f->file, next + *got, (unsigned)piece), code = Z_OK;
        if (count > 0) *got += (size_t)count;
        if (count == (int)piece) continue;
        const char *reason = gzerror(f->file, &code); /* an end within what is packed is told here alone */
        CHECK(code != Z_MEM_ERROR, NO_MEMORY, "no memory to unpack %s", f->path);
        CHECK(code != Z_ERRNO, BAD_INPUT, "%s: cannot read: %s", f->path, strerror(errno));
        CHECK(code != Z_BUF_ERROR, BAD_INPUT, "%s: cut off: what is packed has no end", f->path);
        CHECK(code == Z_OK, BAD_INPUT, "%s: damaged: it does not unpack (%s)", f->path, reason);
        break;
    }
    f->taken += *got;
done:
    return result;
}

status packed_file_take(packed_file *f, void *to, size_t size)
{
    status result = OK;
    size_t got;
    uint64_t before = f->taken;
    TRY(packed_file_read(f, to, size, &got));
    CHECK(got == size, BAD_INPUT, "%s: cut off after %llu bytes; right would be %llu at least", f->path,
          (unsigned long long)f->taken, (unsigned long long)(before + size));
done:
    return result;
}

status packed_file_finish(packed_file *f)
{
    status result = OK;
    unsigned char more;
    size_t got;
    uint64_t before = f->taken;
    TRY(packed_file_read(f, &more, 1, &got));
    CHECK(got == 0, BAD_INPUT, "%s: goes on after %llu bytes, where it should end", f->path,
          (unsigned long long)before);
done:
    return result;
}

status packed_file_bytes(const char *path, uint64_t *bytes)
{
    status result = OK;
    packed_file *f = NULL;
    unsigned char *piece = malloc(BUFFER);
    size_t got = BUFFER;
    CHECK(piece != NULL, NO_MEMORY, "no memory to read %s", path);
    TRY(packed_file_open(path, &f));
    *bytes = f->bytes;
    if (gzdirect(f->file)) goto done;
    while (got == BUFFER) TRY(packed_file_read(f, piece, BUFFER, &got));
    *bytes = f->taken;
done:
    packed_file_close(f);
    free(piece);
    return result;
}
