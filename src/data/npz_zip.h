/* Zip archives for reading: members stored or deflated, Zip64 or not, found through the central directory. What a directory
 * claims is believed only as far as the file's own size allows: a member is at most 1032 times what it takes when packed,
 * which is the most that deflate can do. */
#ifndef NPZ_ZIP_H
#define NPZ_ZIP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "status.h"

typedef struct zip_member {
    char *name;
    uint64_t offset;       /* of its local header */
    uint64_t packed, size; /* bytes in the file and unpacked */
    uint32_t crc;
    bool deflated, encrypted;
    int method; /* as the directory says */
} zip_member;

typedef struct zip {
    char *path;
    FILE *file;
    uint64_t bytes; /* of the file */
    int members;
    zip_member *member;
} zip;

/* BAD_INPUT: no zip archive, cut off, split over disks, or a directory that does not fit the file. */
status zip_open(const char *path, zip **out);
void zip_close(zip *z);

/* Unpacks the first `most` bytes of a member (all of it where it is shorter) into memory that the caller frees. The checksum
 * is tested where the whole member was read. */
status zip_read(zip *z, const zip_member *m, uint64_t most, unsigned char **bytes, uint64_t *size);

#endif
