/* Reading the marks of crashes: files that anybody may have written. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crash.h"

enum { MARK_MAX = 1 << 17 };

/* The folder of a result file, and what the names of its marks begin with. */
typedef struct place {
    char folder[PATH_MAX], head[NAME_MAX + 16];
} place;

static bool place_of(const char *path, place *p)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t length = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
    if (length >= sizeof p->folder || strlen(name) > NAME_MAX) return false;
    snprintf(p->folder, sizeof p->folder, "%.*s", length ? (int)length : 1, length ? path : ".");
    snprintf(p->head, sizeof p->head, "%s.crash.", name);
    return true;
}

static bool is_mark(const place *p, const char *name)
{
    size_t head = strlen(p->head),
           digits = strspn(name + (strncmp(name, p->head, head) == 0 ? head : 0), "0123456789");
    return strncmp(name, p->head, head) == 0 && digits > 0 && name[head + digits] == '\0';
}

/* The text of a plain file that is not too long; false otherwise. */
static bool read_text(int folder, const char *name, char text[MARK_MAX + 1])
{
    struct stat about;
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) return false;
    ssize_t length = -1;
    if (fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size <= MARK_MAX)
        length = read(file, text, MARK_MAX);
    close(file);
    if (length <= 0 || text[length - 1] != '\n') return false;
    text[length - 1] = '\0';
    return memchr(text, '\0', (size_t)length - 1) == NULL;
}

/* "SIGNAL HOST PROCESS CELL CELL …": false where it begins otherwise. */
static bool take_mark(char *text, int64_t cells, uint8_t *signal_of)
{
    enum { SIGNAL_MAX = 64 };
    char *rest, *end, *word = strtok_r(text, " ", &rest);
    long number = word ? strtol(word, &end, 10) : 0;
    if (number < 1 || number > SIGNAL_MAX || *end != '\0') return false;
    if (strtok_r(NULL, " ", &rest) == NULL || strtok_r(NULL, " ", &rest) == NULL) return false;
    while ((word = strtok_r(NULL, " ", &rest)) != NULL) {
        errno = 0;
        long long cell = strtoll(word, &end, 10);
        if (errno == 0 && *end == '\0' && cell >= 0 && cell < cells) signal_of[cell] = (uint8_t)number;
    }
    return true;
}

status crash_marks_read(const char *path, int64_t cells, uint8_t *signal_of, int *marks)
{
    status result = OK;
    place p;
    DIR *folder = NULL;
    char *text = malloc(MARK_MAX + 1);
    memset(signal_of, 0, (size_t)cells);
    *marks = 0;
    CHECK(text != NULL, NO_MEMORY, "no memory for the marks of crashes");
    if (!place_of(path, &p) || (folder = opendir(p.folder)) == NULL) goto done; /* then there are none */
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        if (is_mark(&p, entry->d_name) && read_text(dirfd(folder), entry->d_name, text) &&
            take_mark(text, cells, signal_of))
            ++*marks;
done:
    if (folder) closedir(folder);
    free(text);
    return result;
}

void crash_marks_clear(const char *path)
{
    place p;
    DIR *folder = place_of(path, &p) ? opendir(p.folder) : NULL;
    if (folder == NULL) return;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        if (is_mark(&p, entry->d_name)) unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
}
