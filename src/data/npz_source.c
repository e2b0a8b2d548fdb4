#include "data/npz_source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sweep/names.h"

enum { PLACE_MAX = 512 };

static bool ends_in(const char *text, const char *ending)
{
    size_t length = strlen(text), wanted = strlen(ending);
    return length > wanted && strcmp(text + length - wanted, ending) == 0;
}

/* The first `most` bytes of a plain file. */
static status read_file(const char *path, uint64_t most, unsigned char **bytes, uint64_t *size)
{
    status result = OK;
    unsigned char *made = NULL;
    struct stat about;
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL, BAD_INPUT, "%s: cannot open: %s", path, strerror(errno));
    CHECK(fstat(fileno(file), &about) == 0 && S_ISREG(about.st_mode), BAD_INPUT, "%s: no regular file", path);
    uint64_t wanted = (uint64_t)about.st_size < most ? (uint64_t)about.st_size : most;
    made = malloc((size_t)wanted + 1);
    CHECK(made != NULL, NO_MEMORY, "no memory for %s", path);
    CHECK(fread(made, 1, (size_t)wanted, file) == wanted, BAD_INPUT, "%s: cannot read it all", path);
    *bytes = made;
    *size = wanted;
    made = NULL;
done:
    free(made);
    if (file) fclose(file);
    return result;
}

/* An archive starts with "PK", an array with "\x93NUMPY". */
static status is_single(const char *path, bool *single)
{
    status result = OK;
    unsigned char *bytes = NULL;
    uint64_t size;
    TRY(read_file(path, 6, &bytes, &size));
    CHECK(size > 0, BAD_INPUT, "%s: the file is empty", path);
    *single = size == 6 && memcmp(bytes, "\x93NUMPY", 6) == 0;
done:
    free(bytes);
    return result;
}

status npz_source_open(const char *path, npz_source *out)
{
    status result = OK;
    npz_source s = { .path = path };
    bool single = false;
    TRY(is_single(path, &single));
    if (!single) {
        TRY(zip_open(path, &s.zip));
        s.name = calloc((size_t)s.zip->members + 1, sizeof *s.name);
        CHECK(s.name != NULL, NO_MEMORY, "no memory for %s", path);
        for (; s.names < s.zip->members; s.names++) {
            const char *member = s.zip->member[s.names].name;
            size_t length = strlen(member) - (ends_in(member, ".npy") ? 4 : 0);
            s.name[s.names] = strndup(member, length);
            CHECK(s.name[s.names] != NULL, NO_MEMORY, "no memory for %s", path);
        }
        CHECK(s.names > 0, BAD_INPUT, "%s: an archive without arrays", path);
    }
    *out = s;
    s = (npz_source){ 0 };
done:
    npz_source_close(&s);
    return result;
}

void npz_source_close(npz_source *s)
{
    for (int i = 0; i < s->names; i++) free(s->name[i]);
    free(s->name);
    zip_close(s->zip);
    *s = (npz_source){ 0 };
}

static status read_member(npz_source *s, int index, array *out)
{
    status result = OK;
    unsigned char *bytes = NULL;
    uint64_t size;
    char place[PLACE_MAX];
    snprintf(place, sizeof place, "%s: %s", s->path, s->name[index]);
    TRY(zip_read(s->zip, &s->zip->member[index], UINT64_MAX, &bytes, &size));
    TRY(array_parse(place, bytes, size, out));
done:
    free(bytes);
    return result;
}

static status read_single(const char *path, array *out)
{
    status result = OK;
    unsigned char *bytes = NULL;
    uint64_t size;
    TRY(read_file(path, UINT64_MAX, &bytes, &size));
    TRY(array_parse(path, bytes, size, out));
done:
    free(bytes);
    return result;
}

/* A file in the folder of the source. */
static status read_beside(const npz_source *s, const char *name, array *out)
{
    status result = OK;
    char *path = NULL;
    const char *slash = strrchr(s->path, '/');
    size_t folder = slash && name[0] != '/' ? (size_t)(slash - s->path) + 1 : 0,
           size = folder + strlen(name) + 1;
    path = malloc(size);
    CHECK(path != NULL, NO_MEMORY, "no memory for a path");
    snprintf(path, size, "%.*s%s", (int)folder, s->path, name);
    TRY(read_single(path, out));
done:
    free(path);
    return result;
}

status npz_source_read(npz_source *s, const node *name, array *out)
{
    if (name == NULL) return read_single(s->path, out);
    if (name->kind != NODE_SCALAR) return node_refuse(name, "the name of an array is wanted");
    for (int i = 0; i < s->names; i++)
        if (strcmp(s->name[i], name->text) == 0) return read_member(s, i, out);
    if (ends_in(name->text, ".npy")) {
        status result = read_beside(s, name->text, out);
        return result == OK ? OK : node_failed_at(name, result);
    }
    char hint[HINT_MAX];
    if (s->zip == NULL)
        return node_refuse(name, "%s is a single array; name a file beside it, such as '%s.npy'", s->path,
                           name->text);
    return node_refuse(name, "%s has no array '%s'%s", s->path, name->text,
                       names_hint(name->text, (const char *const *)s->name, s->names, hint));
}

status npz_source_describe(npz_source *s, int index, array *out)
{
    status result = OK;
    unsigned char *bytes = NULL;
    uint64_t size;
    char place[PLACE_MAX];
    if (s->zip) {
        snprintf(place, sizeof place, "%s: %s", s->path, s->name[index]);
        TRY(zip_read(s->zip, &s->zip->member[index], ARRAY_HEADER_MAX, &bytes, &size));
    } else {
        snprintf(place, sizeof place, "%s", s->path);
        TRY(read_file(s->path, ARRAY_HEADER_MAX, &bytes, &size));
    }
    TRY(array_describe(place, bytes, size, out));
done:
    free(bytes);
    return result;
}
