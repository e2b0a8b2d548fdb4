/* Small NPZ files for tests: a zip writer for arrays in memory. */
#ifndef TESTS_NPZ_FILES_H
#define TESTS_NPZ_FILES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

typedef struct bytes {
    unsigned char at[1 << 16];
    size_t size;
} bytes;

static inline void put(bytes *b, const void *what, size_t size)
{
    if (b->size + size > sizeof b->at) abort();
    memcpy(b->at + b->size, what, size);
    b->size += size;
}

static inline void put_number(bytes *b, uint64_t number, int width)
{
    for (int i = 0; i < width; i++)
        put(b, &(unsigned char){ (unsigned char)(i < 8 ? number >> (8 * i) : 0) }, 1);
}

/* An array in the NPY format, version 1: `header` is what stands in the braces. */
static inline bytes npy_of(const char *header, const void *data, size_t size)
{
    bytes b = { .size = 0 };
    char text[512];
    int length = snprintf(text, sizeof text, "{%s}", header);
    put(&b, "\x93NUMPY\x01\x00", 8);
    put_number(&b, (uint64_t)length + 1, 2);
    put(&b, text, (size_t)length);
    put(&b, "\n", 1);
    put(&b, data, size);
    return b;
}

typedef struct archive {
    bytes file, directory;
    int members;
} archive;

/* Adds a member, deflated or stored; with `zip64`, its sizes and its offset stand in the Zip64 field. */
static inline void archive_add(archive *a, const char *name, const bytes *member, bool deflated, bool zip64)
{
    static unsigned char packed[1 << 16];
    size_t offset = a->file.size, size = member->size, length = strlen(name);
    const unsigned char *data = member->at;
    uLong crc = crc32(crc32(0, NULL, 0), member->at, (uInt)member->size);
    if (deflated) {
        z_stream z = { .next_in = (Bytef *)(uintptr_t)member->at,
                       .avail_in = (uInt)member->size,
                       .next_out = packed,
                       .avail_out = sizeof packed };
        if (deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK ||
            deflate(&z, Z_FINISH) != Z_STREAM_END)
            abort();
        size = z.total_out;
        data = packed;
        deflateEnd(&z);
    }
    for (int central = 0; central < 2; central++) {
        bytes *to = central ? &a->directory : &a->file;
        bool extra = central && zip64;
        put_number(to, central ? 0x02014b50 : 0x04034b50, 4);
        if (central) put_number(to, 20, 2);
        put_number(to, 20, 2); /* version */
        put_number(to, 0, 2);  /* flags */
        put_number(to, deflated ? 8 : 0, 2);
        put_number(to, 0, 4); /* time */
        put_number(to, crc, 4);
        put_number(to, extra ? 0xffffffff : size, 4);
        put_number(to, extra ? 0xffffffff : member->size, 4);
        put_number(to, length, 2);
        put_number(to, extra ? 28 : 0, 2);
        if (central) put_number(to, 0, 10); /* comment, disk, attributes */
        if (central) put_number(to, extra ? 0xffffffff : offset, 4);
        put(to, name, length);
        if (!extra) continue;
        put_number(to, 1, 2);
        put_number(to, 24, 2);
        put_number(to, member->size, 8);
        put_number(to, size, 8);
        put_number(to, offset, 8);
    }
    put(&a->file, data, size);
    a->members++;
}

/* The whole file: members, directory, and the record at the end. */
static inline bytes archive_end(const archive *a, bool zip64)
{
    bytes b = a->file;
    uint64_t start = b.size, size = a->directory.size, members = (uint64_t)a->members;
    put(&b, a->directory.at, a->directory.size);
    if (zip64) {
        uint64_t end64 = b.size;
        put_number(&b, 0x06064b50, 4);
        put_number(&b, 44, 8);
        put_number(&b, 45 | 45 << 16, 4);
        put_number(&b, 0, 8); /* disks */
        put_number(&b, members, 8);
        put_number(&b, members, 8);
        put_number(&b, size, 8);
        put_number(&b, start, 8);
        put_number(&b, 0x07064b50, 4);
        put_number(&b, 0, 4);
        put_number(&b, end64, 8);
        put_number(&b, 1, 4);
    }
    put_number(&b, 0x06054b50, 4);
    put_number(&b, 0, 4);
    put_number(&b, zip64 ? 0xffff : members, 2);
    put_number(&b, zip64 ? 0xffff : members, 2);
    put_number(&b, zip64 ? 0xffffffff : size, 4);
    put_number(&b, zip64 ? 0xffffffff : start, 4);
    put_number(&b, 0, 2);
    return b;
}

#endif
