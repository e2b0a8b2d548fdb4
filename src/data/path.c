#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "data.h"

/* "FOLDER/NAME", which the caller frees; NULL for want of memory. */
static char *join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *joined = malloc(size);
    if (joined) snprintf(joined, size, "%s/%s", folder, name);
    return joined;
}

static bool is_there(const char *path, bool folders)
{
    struct stat about;
    return stat(path, &about) == 0 && (folders || !S_ISDIR(about.st_mode));
}

#define FOLDER_REFUSED "%s: is a folder; right would be a file"

/* A file, or a folder where `folders`. */
static status find(const char *folder, const char *name, bool folders, char **found)
{
    status result = OK;
    const char *what = folders ? "file or folder" : "file";
    const char *shared = getenv("INFOSWEEP_DATA");
    char *beside = NULL, *below = NULL;
    *found = NULL;
    CHECK(name[0] != '\0', BAD_INPUT, "a data file has an empty name");

    if (name[0] == '/') {
        CHECK(folders || !is_there(name, true) || is_there(name, false), BAD_INPUT, FOLDER_REFUSED, name);
        CHECK(is_there(name, folders), BAD_INPUT, "%s: no such %s", name, what);
        *found = strdup(name);
        CHECK(*found != NULL, NO_MEMORY, "no memory for a path");
        goto done;
    }
    beside = join(folder && folder[0] ? folder : ".", name);
    below = join(shared && shared[0] ? shared : "../shared/data", name);
    CHECK(beside != NULL && below != NULL, NO_MEMORY, "no memory for a path");
    char **first = is_there(beside, folders) ? &beside : &below;
    CHECK(is_there(*first, folders) || !is_there(beside, true), BAD_INPUT, FOLDER_REFUSED, beside);
    CHECK(is_there(*first, folders), BAD_INPUT, "%s: no such %s: neither %s nor %s (%s) is there", name, what,
          beside, below, shared && shared[0] ? "INFOSWEEP_DATA" : "the default of INFOSWEEP_DATA");
    *found = *first;
    *first = NULL;
done:
    free(beside);
    free(below);
    return result;
}

status data_find(const char *folder, const char *name, char **found)
{
    return find(folder, name, false, found);
}

status data_path(const settings *s, const char *name, char **found)
{
    return find(s->folder, name, false, found);
}

status data_path_or_folder(const settings *s, const char *name, char **found)
{
    return find(s->folder, name, true, found);
}
