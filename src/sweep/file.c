/* Reading a sweep file whole, whatever a person points at. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sweep/node.h"

enum { FILE_MAX = 32 << 20 }; /* bytes; an axis of a million typed values stays below */

/* Reads to the end, doubling the room; pipes have no size to ask for. */
static status read_all(FILE *file, const char *path, char **text, size_t *length)
{
    status result = OK;
    size_t room = 0;
    *length = 0;
    do {
        room = room ? 2 * room : 1 << 16;
        char *larger = realloc(*text, room + 1);
        CHECK(larger != NULL, NO_MEMORY, "%s: %zu bytes", path, room);
        *text = larger;
        *length += fread(*text + *length, 1, room - *length, file);
        CHECK(!ferror(file), BAD_INPUT, "%s: cannot be read: %s", path, strerror(errno));
        CHECK(*length <= FILE_MAX, BAD_INPUT, "%s: larger than %d MiB; that is no sweep file", path,
              FILE_MAX >> 20);
    } while (*length == room);
    (*text)[*length] = '\0';
done:
    return result;
}

status node_read_file(const char *path, char **text)
{
    status result = OK;
    struct stat about;
    size_t length;
    FILE *file = fopen(path, "r");
    *text = NULL;
    CHECK(file != NULL, BAD_INPUT, "%s: cannot be opened: %s", path, strerror(errno));
    CHECK(fstat(fileno(file), &about) == 0, IO_FAILED, "%s: %s", path, strerror(errno));
    CHECK(!S_ISDIR(about.st_mode), BAD_INPUT, "%s: is a directory; right would be a YAML file", path);
    TRY(read_all(file, path, text, &length));
    CHECK(strlen(*text) == length, BAD_INPUT, "%s: is a binary file; right would be a YAML file", path);
done:
    if (file) fclose(file);
    if (result != OK) {
        free(*text);
        *text = NULL;
    }
    return result;
}
