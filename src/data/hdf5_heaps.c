#include "data/hdf5_heaps.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* HDF5 File Format Specification, III.E: signature, version, size of the collection, then objects: index, count of
 * references, size, data filled up to eight bytes. Object 0 is what is left free. */
enum {
    HEAD = 16,
    OBJECT = 16,
    ALIGNMENT = 8,
    COLLECTION_MAX = 64 << 20, /* HDF5 makes them of 4 KiB, or as large as the one object that it holds */
    AT_ONCE = 1 << 20,
};
static const char signature[8] = "GCOL\1\0\0\0"; /* with the version and three zeros */

static uint64_t number_at(const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = bytes; i-- > 0;) value = value << 8 | at[i];
    return value;
}

/* Do the objects of a collection of `size` bytes lead from its head to its end? */
static bool is_sound(const unsigned char *heap, uint64_t size)
{
    uint64_t at = HEAD;
    while (size - at >= OBJECT) {
        uint64_t index = number_at(heap + at, 2), bytes = number_at(heap + at + 8, 8), left = size - at;
        if (bytes > left) return false;
        /* object 0 counts its head, the others do not */
        uint64_t whole = index == 0 ? bytes : OBJECT + (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (whole == 0 || whole > left) return false;
        at += whole;
    }
    return true;
}

/* Reads the collection that begins at byte `start`, and looks at it. */
static status check_heap(FILE *file, const char *path, int64_t start)
{
    status result = OK;
    unsigned char head[HEAD], *heap = NULL;
    uint64_t size = 0;
    bool sound = fseeko(file, (off_t)start, SEEK_SET) == 0 && fread(head, 1, HEAD, file) == HEAD;
    if (sound) size = number_at(head + 8, 8);
    if (sound && size >= HEAD && size <= COLLECTION_MAX) {
        heap = malloc((size_t)size);
        CHECK(heap != NULL, NO_MEMORY, "no memory for %llu bytes of %s", (unsigned long long)size, path);
        memcpy(heap, head, HEAD);
        sound =
            fread(heap + HEAD, 1, (size_t)size - HEAD, file) == (size_t)size - HEAD && is_sound(heap, size);
    } else {
        sound = false;
    }
    CHECK(sound, BAD_INPUT, "%s: damaged: the texts that it keeps at byte %lld have no end", path,
          (long long)start);
done:
    free(heap);
    return result;
}

status hdf5_check_heaps(const char *path)
{
    status result = OK;
    unsigned char *block = NULL;
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL, BAD_INPUT, "%s: cannot open: %s", path, strerror(errno));
    block = malloc(AT_ONCE);
    CHECK(block != NULL, NO_MEMORY, "no memory to read %s", path);
    for (int64_t start = 0;; start += AT_ONCE - (int64_t)sizeof signature + 1) {
        CHECK(fseeko(file, (off_t)start, SEEK_SET) == 0, BAD_INPUT, "%s: cannot read: %s", path,
              strerror(errno));
        size_t size = fread(block, 1, AT_ONCE, file);
        const unsigned char *at = block, *end = block + size;
        while ((size_t)(end - at) >= sizeof signature &&
               (at = memchr(at, signature[0], (size_t)(end - at) - sizeof signature + 1)) != NULL) {
            if (memcmp(at, signature, sizeof signature) == 0)
                TRY(check_heap(file, path, start + (at - block)));
            at++;
        }
        if (size < AT_ONCE) break;
    }
done:
    free(block);
    if (file) fclose(file);
    return result;
}
