#include "data/npz_zip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

/* The records of the format (APPNOTE 6.3): signatures and sizes of their fixed parts. */
enum { LOCAL_SIZE = 30, ENTRY_SIZE = 46, END_SIZE = 22, LOCATOR_SIZE = 20, END64_SIZE = 56 };
enum { LOCAL = 0x04034b50, ENTRY = 0x02014b50, END = 0x06054b50, LOCATOR = 0x07064b50, END64 = 0x06064b50 };
enum {
    COMMENT_MAX = 65535,
    MEMBERS_MAX = 4096, /* arrays of a session are few */
    DIRECTORY_MAX = 16 << 20,
    PACKED_MOST = 1032, /* deflate: bytes out for a byte in, at most */
    STORED = 0,
    DEFLATED = 8,
};
static const uint32_t IN_EXTRA = 0xffffffff; /* a 32-bit field whose value stands in the Zip64 field */

static uint64_t number_at(const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = bytes; i-- > 0;) value = value << 8 | at[i];
    return value;
}

static uint32_t u32(const unsigned char *at)
{
    return (uint32_t)number_at(at, 4);
}

static unsigned u16(const unsigned char *at)
{
    return (unsigned)number_at(at, 2);
}

static status read_at(const zip *z, uint64_t offset, void *to, size_t size)
{
    status result = OK;
    CHECK(offset <= z->bytes && size <= z->bytes - offset, BAD_INPUT,
          "%s: cut off or damaged: it ends before byte %llu, where the archive goes on", z->path,
          (unsigned long long)(offset + size));
    CHECK(fseeko(z->file, (off_t)offset, SEEK_SET) == 0, BAD_INPUT, "%s: cannot read: %s", z->path,
          strerror(errno));
    CHECK(fread(to, 1, size, z->file) == size, BAD_INPUT, "%s: cannot read %zu bytes at byte %llu", z->path,
          size, (unsigned long long)offset);
done:
    return result;
}

/* ---- the central directory ----------------------------------------------------------------------------- */

typedef struct directory {
    uint64_t members, size, offset;
} directory;

/* The record at the end of the archive, behind which only a comment may stand. */
static status find_end(const zip *z, uint64_t *offset, unsigned char end[END_SIZE])
{
    status result = OK;
    unsigned char *tail = NULL;
    uint64_t size = z->bytes < END_SIZE + COMMENT_MAX ? z->bytes : END_SIZE + COMMENT_MAX;
    tail = malloc((size_t)size + 1);
    CHECK(tail != NULL, NO_MEMORY, "no memory for %s", z->path);
    TRY(read_at(z, z->bytes - size, tail, (size_t)size));
    for (uint64_t i = size < END_SIZE ? 0 : size - END_SIZE + 1; i-- > 0;) {
        if (u32(tail + i) != END || i + END_SIZE + u16(tail + i + 20) > size) continue;
        memcpy(end, tail + i, END_SIZE);
        *offset = z->bytes - size + i;
        goto done;
    }
    bool begins = size >= 4 && z->bytes == size && u32(tail) == LOCAL;
    result = failure(BAD_INPUT,
                     begins ? "%s: cut off: an archive whose directory, at its end, is missing"
                            : "%s: no zip archive, or cut off: it has no directory at its end",
                     z->path);
done:
    free(tail);
    return result;
}

/* Where the directory is; in the Zip64 record where the plain one has no room for it. */
static status find_directory(const zip *z, directory *d)
{
    status result = OK;
    unsigned char end[END_SIZE] = { 0 }, locator[LOCATOR_SIZE], end64[END64_SIZE];
    uint64_t offset = 0;
    TRY(find_end(z, &offset, end));
    *d = (directory){ .members = u16(end + 10), .size = u32(end + 12), .offset = u32(end + 16) };
    bool large = d->members == 0xffff || d->size == IN_EXTRA || d->offset == IN_EXTRA;
    if (large) {
        CHECK(offset >= LOCATOR_SIZE, BAD_INPUT, "%s: damaged: its Zip64 directory is missing", z->path);
        TRY(read_at(z, offset - LOCATOR_SIZE, locator, LOCATOR_SIZE));
        CHECK(u32(locator) == LOCATOR, BAD_INPUT, "%s: damaged: its Zip64 directory is missing", z->path);
        TRY(read_at(z, number_at(locator + 8, 8), end64, END64_SIZE));
        CHECK(u32(end64) == END64, BAD_INPUT, "%s: damaged: its Zip64 directory is missing", z->path);
        *d = (directory){ .members = number_at(end64 + 32, 8),
                          .size = number_at(end64 + 40, 8),
                          .offset = number_at(end64 + 48, 8) };
    }
    CHECK(d->members <= MEMBERS_MAX && d->size <= DIRECTORY_MAX, BAD_INPUT,
          "%s: its directory names %llu members; more than %d are not read", z->path,
          (unsigned long long)d->members, MEMBERS_MAX);
done:
    return result;
}

/* Takes what an entry left to its Zip64 field: sizes and offset in this order, those that are IN_EXTRA. */
static status read_extra(const zip *z, const unsigned char *extra, size_t size, zip_member *m)
{
    status result = OK;
    uint64_t *const wanted[] = { &m->size, &m->packed, &m->offset };
    while (size >= 4) {
        unsigned id = u16(extra), length = u16(extra + 2);
        CHECK(length <= size - 4, BAD_INPUT, "%s: damaged: an entry of its directory is cut off", z->path);
        const unsigned char *at = extra + 4, *end = at + length;
        for (int i = 0; id == 1 && i < 3; i++) {
            if (*wanted[i] != IN_EXTRA) continue;
            CHECK(end - at >= 8, BAD_INPUT, "%s: damaged: a Zip64 entry is cut off", z->path);
            *wanted[i] = number_at(at, 8);
            at += 8;
        }
        extra += 4 + length;
        size -= 4 + length;
    }
done:
    return result;
}

/* Reads the entry at *at and moves *at behind it. */
static status read_entry(const zip *z, const unsigned char **at, const unsigned char *end, zip_member *m)
{
    status result = OK;
    const unsigned char *e = *at;
    CHECK(end - e >= ENTRY_SIZE && u32(e) == ENTRY, BAD_INPUT, "%s: damaged: its directory ends too early",
          z->path);
    unsigned name = u16(e + 28), extra = u16(e + 30), comment = u16(e + 32);
    CHECK((size_t)(end - e) >= (size_t)ENTRY_SIZE + name + extra + comment, BAD_INPUT,
          "%s: damaged: an entry of its directory is cut off", z->path);
    m->encrypted = u16(e + 8) & 1;
    m->method = (int)u16(e + 10);
    m->deflated = m->method == DEFLATED;
    m->crc = u32(e + 16);
    m->packed = u32(e + 20);
    m->size = u32(e + 24);
    m->offset = u32(e + 42);
    TRY(read_extra(z, e + ENTRY_SIZE + name, extra, m));
    CHECK(memchr(e + ENTRY_SIZE, '\0', name) == NULL, BAD_INPUT, "%s: damaged: a name with a zero byte",
          z->path);
    m->name = strndup((const char *)e + ENTRY_SIZE, name);
    CHECK(m->name != NULL, NO_MEMORY, "no memory for %s", z->path);
    *at = e + ENTRY_SIZE + name + extra + comment;
done:
    return result;
}

static status read_directory(zip *z)
{
    status result = OK;
    directory d;
    unsigned char *bytes = NULL;
    TRY(find_directory(z, &d));
    bytes = malloc((size_t)d.size + 1);
    z->member = calloc((size_t)d.members + 1, sizeof *z->member);
    CHECK(bytes != NULL && z->member != NULL, NO_MEMORY, "no memory for %s", z->path);
    TRY(read_at(z, d.offset, bytes, (size_t)d.size));
    const unsigned char *at = bytes;
    while (z->members < (int)d.members) TRY(read_entry(z, &at, bytes + d.size, &z->member[z->members++]));
done:
    free(bytes);
    return result;
}

status zip_open(const char *path, zip **out)
{
    status result = OK;
    struct stat about;
    zip *z = calloc(1, sizeof *z);
    CHECK(z != NULL, NO_MEMORY, "no memory for %s", path);
    z->path = strdup(path);
    CHECK(z->path != NULL, NO_MEMORY, "no memory for %s", path);
    z->file = fopen(path, "rb");
    CHECK(z->file != NULL, BAD_INPUT, "%s: cannot open: %s", path, strerror(errno));
    CHECK(fstat(fileno(z->file), &about) == 0, BAD_INPUT, "%s: cannot read: %s", path, strerror(errno));
    CHECK(S_ISREG(about.st_mode), BAD_INPUT, "%s: no regular file", path);
    z->bytes = (uint64_t)about.st_size;
    TRY(read_directory(z));
    *out = z;
    z = NULL;
done:
    zip_close(z);
    return result;
}

void zip_close(zip *z)
{
    if (z == NULL) return;
    for (int i = 0; i < z->members; i++) free(z->member[i].name);
    free(z->member);
    if (z->file) fclose(z->file);
    free(z->path);
    free(z);
}

/* ---- members ------------------------------------------------------------------------------------------- */

/* Unpacks raw deflate, without the header of zlib, from where the file stands. */
static status inflate_into(const zip *z, const zip_member *m, unsigned char *to, uint64_t size)
{
    status result = OK;
    enum { AT_ONCE = 1 << 16, OUT_AT_ONCE = 1 << 30 };
    unsigned char *packed = malloc(AT_ONCE);
    z_stream s = { .next_out = to };
    bool started = false;
    int said = Z_OK;
    uint64_t left = m->packed, room = size;
    CHECK(packed != NULL, NO_MEMORY, "no memory for %s", z->path);
    CHECK(inflateInit2(&s, -MAX_WBITS) == Z_OK, NO_MEMORY, "no memory for %s", z->path);
    started = true;
    while (room > 0 && said == Z_OK) {
        if (s.avail_in == 0 && left > 0) {
            s.next_in = packed;
            s.avail_in = (uInt)fread(packed, 1, left < AT_ONCE ? (size_t)left : AT_ONCE, z->file);
            left -= s.avail_in;
        }
        uInt offered = room < OUT_AT_ONCE ? (uInt)room : OUT_AT_ONCE;
        s.avail_out = offered;
        said = inflate(&s, Z_NO_FLUSH);
        room -= offered - s.avail_out;
    }
    CHECK(room == 0, BAD_INPUT, "%s: %s: damaged: it does not unpack to the %llu bytes that it should have",
          z->path, m->name, (unsigned long long)m->size);
done:
    if (started) inflateEnd(&s);
    free(packed);
    return result;
}

/* Can this member be what the directory says? Leaves the file where its bytes begin. */
static status find_member(const zip *z, const zip_member *m)
{
    status result = OK;
    unsigned char local[LOCAL_SIZE];
    CHECK(!m->encrypted, BAD_INPUT, "%s: %s: encrypted; write it without a password", z->path, m->name);
    CHECK(m->deflated || m->method == STORED, BAD_INPUT,
          "%s: %s: packed by method %d; stored and deflated members are read", z->path, m->name, m->method);
    CHECK(m->deflated ? m->size / PACKED_MOST <= m->packed : m->size == m->packed, BAD_INPUT,
          "%s: %s: damaged: %llu bytes cannot unpack to %llu", z->path, m->name,
          (unsigned long long)m->packed, (unsigned long long)m->size);
    TRY(read_at(z, m->offset, local, sizeof local));
    CHECK(u32(local) == LOCAL, BAD_INPUT, "%s: %s: damaged: it is not where the directory says", z->path,
          m->name);
    uint64_t start = m->offset + LOCAL_SIZE + u16(local + 26) + u16(local + 28);
    CHECK(start <= z->bytes && m->packed <= z->bytes - start, BAD_INPUT,
          "%s: %s: cut off: its %llu bytes go beyond the end of the file", z->path, m->name,
          (unsigned long long)m->packed);
    CHECK(fseeko(z->file, (off_t)start, SEEK_SET) == 0, BAD_INPUT, "%s: cannot read: %s", z->path,
          strerror(errno));
done:
    return result;
}

static uint32_t checksum(const unsigned char *bytes, uint64_t size)
{
    enum { AT_ONCE = 1 << 30 };
    uLong crc = crc32(0, NULL, 0);
    for (uint64_t i = 0; i < size; i += AT_ONCE)
        crc = crc32(crc, bytes + i, size - i < AT_ONCE ? (uInt)(size - i) : AT_ONCE);
    return (uint32_t)crc;
}

status zip_read(zip *z, const zip_member *m, uint64_t most, unsigned char **bytes, uint64_t *size)
{
    status result = OK;
    unsigned char *made = NULL;
    TRY(find_member(z, m));
    uint64_t wanted = m->size < most ? m->size : most;
    made = wanted < SIZE_MAX ? malloc((size_t)wanted + 1) : NULL;
    CHECK(made != NULL, NO_MEMORY, "no memory for %s of %s", m->name, z->path);
    if (m->deflated)
        TRY(inflate_into(z, m, made, wanted));
    else
        CHECK(fread(made, 1, (size_t)wanted, z->file) == wanted, BAD_INPUT, "%s: cannot read %s", z->path,
              m->name);
    CHECK(wanted < m->size || checksum(made, wanted) == m->crc, BAD_INPUT,
          "%s: %s: damaged: its checksum is wrong", z->path, m->name);
    *bytes = made;
    *size = wanted;
    made = NULL;
done:
    free(made);
    return result;
}
