#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "digest.h"

enum { DEPTH_MAX = 16 }; /* of folders in folders; links can make circles */

/* Paths of files below a folder, as seen from there. */
typedef struct path_list {
    int count, room;
    char **path;
} path_list;

static status add_path(path_list *l, char *path)
{
    status result = OK;
    if (l->count == l->room) {
        int room = l->room ? 2 * l->room : 256;
        char **larger = realloc(l->path, (size_t)room * sizeof *larger);
        CHECK(larger != NULL, NO_MEMORY, "no memory for %d paths", room);
        l->path = larger;
        l->room = room;
    }
    l->path[l->count++] = path;
    path = NULL;
done:
    free(path);
    return result;
}

/* "BEFORE/NAME", or NAME where nothing is before; the caller frees it. */
static char *join(const char *before, const char *name)
{
    size_t size = strlen(before) + strlen(name) + 2;
    char *joined = malloc(size);
    if (joined) snprintf(joined, size, "%s%s%s", before, before[0] ? "/" : "", name);
    return joined;
}

static status list_below(const char *root, const char *at, int depth, path_list *out);

static status list_entry(const char *root, const char *at, const char *name, int depth, path_list *out)
{
    status result = OK;
    struct stat about;
    char *path = join(at, name), *whole = path ? join(root, path) : NULL;
    CHECK(path && whole, NO_MEMORY, "no memory for a path");
    CHECK(stat(whole, &about) == 0, BAD_INPUT, "%s: cannot open: %s", whole, strerror(errno));
    if (S_ISDIR(about.st_mode)) TRY(list_below(root, path, depth + 1, out));
    if (!S_ISREG(about.st_mode)) goto done;
    result = add_path(out, path);
    path = NULL;
done:
    free(whole);
    free(path);
    return result;
}

static status list_below(const char *root, const char *at, int depth, path_list *out)
{
    status result = OK;
    char *folder = at[0] ? join(root, at) : strdup(root);
    DIR *d = folder ? opendir(folder) : NULL;
    CHECK(folder != NULL, NO_MEMORY, "no memory for a path");
    CHECK(d != NULL, BAD_INPUT, "%s: cannot open: %s", folder, strerror(errno));
    CHECK(depth <= DEPTH_MAX, BAD_INPUT, "%s: folders in folders, deeper than %d", folder, DEPTH_MAX);
    for (const struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.') TRY(list_entry(root, at, e->d_name, depth, out));
done:
    if (d) closedir(d);
    free(folder);
    return result;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void digest_add_line(digest_state *d, const char *digest, const char *name)
{
    digest_add(d, digest, strlen(digest));
    digest_add(d, "  ", 2);
    digest_add(d, name, strlen(name));
    digest_add(d, "\n", 1);
}

static status digest_folder(const char *path, char text[DIGEST_TEXT])
{
    status result = OK;
    path_list list = { 0 };
    char *whole = NULL;
    digest_state d;
    TRY(list_below(path, "", 0, &list));
    if (list.count > 0) qsort(list.path, (size_t)list.count, sizeof *list.path, by_bytes);
    digest_start(&d);
    for (int i = 0; i < list.count; i++) {
        CHECK((whole = join(path, list.path[i])) != NULL, NO_MEMORY, "no memory for a path");
        TRY(digest_file(whole, text));
        digest_add_line(&d, text, list.path[i]);
        free(whole);
        whole = NULL;
    }
    digest_end(&d, text);
done:
    free(whole);
    for (int i = 0; i < list.count; i++) free(list.path[i]);
    free(list.path);
    return result;
}

status digest_path(const char *path, char text[DIGEST_TEXT])
{
    struct stat about;
    bool folder = stat(path, &about) == 0 && S_ISDIR(about.st_mode);
    return folder ? digest_folder(path, text) : digest_file(path, text);
}
