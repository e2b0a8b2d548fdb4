#include "beside.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The folder of a result file, and what the names begin with. */
typedef struct place {
    char folder[PATH_MAX], head[NAME_MAX + 16];
} place;

static bool place_of(const char *path, const char *kind, place *p)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t length = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
    if (length >= sizeof p->folder || strlen(name) > NAME_MAX) return false;
    snprintf(p->folder, sizeof p->folder, "%.*s", length ? (int)length : 1, length ? path : ".");
    return snprintf(p->head, sizeof p->head, "%s.%s.", name, kind) < (int)sizeof p->head;
}

/* A number as this program writes it: digits alone, none too many. */
static bool take_number(const char *text, int64_t *number, const char **ending)
{
    char *end;
    size_t digits = strspn(text, "0123456789");
    errno = 0;
    long long value = strtoll(text, &end, 10);
    *number = value;
    *ending = text + digits;
    return digits > 0 && errno == 0 && end == *ending && (text[0] != '0' || digits == 1);
}

void beside_each(const char *path, const char *kind, beside_visit *visit, void *context)
{
    place p;
    int64_t number;
    const char *ending;
    DIR *folder = place_of(path, kind, &p) ? opendir(p.folder) : NULL;
    if (folder == NULL) return;
    size_t head = strlen(p.head);
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        if (strncmp(entry->d_name, p.head, head) == 0 && take_number(entry->d_name + head, &number, &ending))
            visit(dirfd(folder), entry->d_name, number, ending, context);
    closedir(folder);
}
