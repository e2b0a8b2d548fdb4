/* For tests of import formats: a session read from a small file through one format, as a mapping says. */
#ifndef TESTS_READING_H
#define TESTS_READING_H

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "data/import.h"

static char folder[] = "/tmp/infosweep-reading-XXXXXX";

static inline void remove_folder(void)
{
    DIR *d = opendir(folder);
    for (const struct dirent *e; d && (e = readdir(d));) {
        char path[sizeof folder + sizeof e->d_name + 1];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        unlink(path);
    }
    if (d) closedir(d);
    rmdir(folder);
}

/* The path of a file in a folder of this test's own, valid until the next call. */
static inline const char *in_folder(const char *name)
{
    static bool made;
    static char path[256];
    if (!made && (mkdtemp(folder) == NULL || atexit(remove_folder) != 0)) abort();
    made = true;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Writes a file of this name; returns its path. */
static inline const char *file_of(const char *name, const void *what, size_t size)
{
    const char *path = in_folder(name);
    FILE *to = fopen(path, "wb");
    if (to == NULL || fwrite(what, 1, size, to) != size || fclose(to) != 0) abort();
    return path;
}

/* Reads one session, called s, and checks it with `target`; the caller frees *out, which is NULL after a failure. */
static inline status read_session(const import_format *format, const char *path, const char *mapping,
                                  const char *target, recordings **out)
{
    status result = OK;
    node map = { 0 };
    recordings *r = NULL;
    recorded_session *s;
    *out = NULL;
    TRY(node_parse(mapping, "mapping", true, &map));
    TRY(recordings_make(&r));
    free(r->target);
    r->target = strdup(target);
    TRY(recordings_add_session(r, "s", &s));
    TRY(format->read(path, &map, s));
    TRY(recordings_check(r, path));
    *out = r;
    r = NULL;
done:
    recordings_free(r);
    node_free(&map);
    return result;
}

/* The file is refused with a line that holds `part`. */
static inline void check_refused(const import_format *format, const char *path, const char *mapping,
                                 const char *target, const char *part)
{
    recordings *r;
    status result = read_session(format, path, mapping, target, &r);
    bool right = result == BAD_INPUT && strstr(failure_text(), part) && strchr(failure_text(), '\n') == NULL;
    if (!right) fprintf(stderr, "wanted '%s', got status %d: %s\n", part, (int)result, failure_text());
    CU_ASSERT(right);
    recordings_free(r);
}

/* What `describe` prints, which the caller frees. */
static inline char *described(const import_format *format, const char *path)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (to == NULL) abort();
    status result = format->describe(path, to);
    if (result != OK) fprintf(stderr, "%s\n", failure_text());
    CU_ASSERT_EQUAL(result, OK);
    fclose(to);
    return text;
}

#endif
