/* Reading the marks of crashes: files that anybody may have written. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beside.h"
#include "crash.h"

enum { MARK_MAX = 1 << 17 };

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

/* What is being read. */
typedef struct reading {
    int64_t cells;
    uint8_t *signal_of;
    char *text;
    int marks;
} reading;

static void read_mark(int folder, const char *name, int64_t number, const char *ending, void *context)
{
    reading *r = context;
    (void)number;
    if (ending[0] == '\0' && read_text(folder, name, r->text) && take_mark(r->text, r->cells, r->signal_of))
        r->marks++;
}

status crash_marks_read(const char *path, int64_t cells, uint8_t *signal_of, int *marks)
{
    status result = OK;
    reading r = { .cells = cells, .signal_of = signal_of, .text = malloc(MARK_MAX + 1) };
    memset(signal_of, 0, (size_t)cells);
    CHECK(r.text != NULL, NO_MEMORY, "no memory for the marks of crashes");
    beside_each(path, "crash", read_mark, &r);
done:
    *marks = r.marks;
    free(r.text);
    return result;
}

static void remove_mark(int folder, const char *name, int64_t number, const char *ending, void *context)
{
    (void)number;
    (void)context;
    if (ending[0] == '\0') unlinkat(folder, name, 0);
}

void crash_marks_clear(const char *path)
{
    beside_each(path, "crash", remove_mark, NULL);
}
