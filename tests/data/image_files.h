/* Small files of images for tests, in a folder of the test's own, and what is read of them. */
#ifndef IMAGE_FILES_H
#define IMAGE_FILES_H

#include <dirent.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "check.h"
#include "data/images.h"

static char root[] = "/tmp/infosweep-images-XXXXXX";

static inline void remove_all(const char *path)
{
    DIR *d = opendir(path);
    for (const struct dirent *e; d && (e = readdir(d));) {
        char *below = path_below(path, e->d_name);
        if (below && strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) remove_all(below);
        free(below);
    }
    if (d) closedir(d);
    remove(path);
}

static inline void remove_root(void)
{
    remove_all(root);
}

/* "FOLDER/NAME", whose folders are made; valid until three further calls. */
__attribute__((format(printf, 1, 2))) static inline const char *at(const char *format, ...)
{
    static char path[4][512];
    static int turn;
    static bool made;
    char *to = path[turn++ % 4];
    va_list arguments;
    if (!made && (mkdtemp(root) == NULL || atexit(remove_root) != 0)) abort();
    made = true;
    int used = snprintf(to, sizeof path[0], "%s/", root);
    va_start(arguments, format);
    vsnprintf(to + used, sizeof path[0] - (size_t)used, format, arguments);
    va_end(arguments);
    for (char *slash = to + used; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = '\0';
        mkdir(to, 0700);
    }
    return to;
}

/* Removes everything in the folder, for a test that begins. */
static inline void start_anew(void)
{
    if (at("x")[0]) remove_all(root);
    mkdir(root, 0700);
}

/* ---- bytes ------------------------------------------------------------------------------------------------------------ */

typedef struct bytes {
    uint8_t *at;
    size_t count, room;
} bytes;

static inline void add_bytes(bytes *b, const void *what, size_t count)
{
    if (b->count + count >= b->room) {
        b->room = 2 * (b->count + count) + 1; /* doubling: files of thousands of records are made piece by piece */
        b->at = realloc(b->at, b->room);
        if (b->at == NULL) abort();
    }
    memcpy(b->at + b->count, what, count);
    b->count += count;
}

static inline void add_byte(bytes *b, int value)
{
    add_bytes(b, &(uint8_t){ (uint8_t)value }, 1);
}

/* Writes them, packed where the name ends in .gz, and forgets them. */
static inline void write_bytes(const char *path, bytes *b)
{
    const char *ending = strrchr(path, '.');
    add_bytes(b, "", 0); /* an empty file has an address, too */
    if (ending && strcmp(ending, ".gz") == 0) {
        gzFile to = gzopen(path, "wb");
        if (to == NULL || gzwrite(to, b->at, (unsigned)b->count) != (int)b->count || gzclose(to) != Z_OK)
            abort();
    } else {
        FILE *to = fopen(path, "wb");
        if (to == NULL || fwrite(b->at, 1, b->count, to) != b->count || fclose(to) != 0) abort();
    }
    free(b->at);
    *b = (bytes){ 0 };
}

/* A value of image `image` at place `place`, without a pattern. */
static inline uint8_t value_of(int image, int64_t place)
{
    uint32_t x = (uint32_t)image * 2654435761u + (uint32_t)place * 40503u + 12345u;
    x ^= x >> 15;
    x *= 2246822519u;
    return (uint8_t)(x >> 24);
}

/* ---- reading ------------------------------------------------------------------------------------------------------------ */

/* Reads a source, with another as test part unless NULL; NULL where it is refused. */
static inline images *read_of(const char *path, const char *test, const char *labels)
{
    images *m = NULL;
    const image_source train = { &path, 1, labels }, other = { &test, test ? 1 : 0, NULL };
    if (images_read(&train, &other, &m) != OK) CU_ASSERT_PTR_NULL(m);
    return m;
}

/* The same for what must be read. */
static inline images *images_of(const char *path, const char *test, const char *labels)
{
    images *m = read_of(path, test, labels);
    if (m == NULL) {
        fprintf(stderr, "%s: %s\n", path, failure_text());
        abort();
    }
    return m;
}

/* Is it refused with one line that says this? */
static inline bool refuses(const char *path, const char *test, const char *labels, const char *says)
{
    failure_clear();
    images *m = read_of(path, test, labels);
    const char *text = failure_text();
    bool as_said = m == NULL && strstr(text, says) && strchr(text, '\n') == NULL;
    if (!as_said) fprintf(stderr, "%s: \"%s\" does not say \"%s\"\n", path, m ? "read" : text, says);
    images_free(m);
    return as_said;
}

/* Are images first … first+count-1 of a part images 0 … of value_of, from number `number` on? */
static inline bool holds_values(const images *m, data_part part, int64_t first, int count, int number)
{
    const int64_t size = image_bytes(m->size);
    if (first + count > m->part[part].count) return false;
    for (int i = 0; i < count; i++)
        for (int64_t k = 0; k < size; k++)
            if (m->part[part].pixels[(first + i) * size + k] != value_of(number + i, k)) return false;
    return true;
}

#endif
