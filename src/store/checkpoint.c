#include "checkpoint.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "beside.h"
#include "estimator.h"
#include "kernels.h"
#include "prepare.h"
#include "row.h"

/* What a checkpoint begins with. Numbers are as the machine has them. */
typedef struct header {
    char magic[16];
    uint32_t version;
    uint32_t byte_order;
    char kernels[112];
    char data[DIGEST_TEXT + 7], settings[DIGEST_TEXT + 7];
    uint64_t bytes;           /* of the state, which follows and ends the file */
    uint32_t checksum;        /* of the state: CRC-32 */
    uint32_t header_checksum; /* of all before it */
} header;
_Static_assert(sizeof(header) == 296, "a header has no gaps");

static const char magic[16] = "infosweep state";
enum { VERSION = 1, BYTE_ORDER_MARK = 0x01020304, REASON_ROOM = 256 };

static uint32_t sum_of(const void *bytes, size_t count)
{
    return (uint32_t)crc32_z(crc32_z(0, NULL, 0), bytes, count);
}

static uint32_t header_sum(const header *h)
{
    return sum_of(h, offsetof(header, header_checksum));
}

static bool name_of(const char *path, int64_t cell, const char *ending, char out[PATH_MAX])
{
    int length = snprintf(out, PATH_MAX, "%s.checkpoint.%" PRId64 "%s", path, cell, ending);
    return length > 0 && length < PATH_MAX;
}

static void say(const keeper *k, const char *line)
{
    if (k->say)
        k->say(k->context, line);
    else
        fprintf(stderr, "%s\n", line);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- the task ---------------------------------------------------------------------------------------------------------- */

/* "rine gate mlp", then "rine.beta: 5" for every option that decides what is computed. */
static status print_settings(const settings *s, char **text, size_t *size)
{
    FILE *to = open_memstream(text, size);
    if (to == NULL) return failure(NO_MEMORY, "no memory for the settings of a task");
    fprintf(to, "%s %s %s\n", s->estimator->name, s->data ? s->data->name : "-",
            s->model ? s->model->name : "-");
    for (int i = 0; i < SECTIONS; i++) {
        if (s->section[i] == NULL) continue;
        for (const option *row = s->section[i]->options; row->name; row++) {
            if (row->traits & OPTION_EXECUTION) continue;
            fprintf(to, "%s.%s: ", s->section[i]->name, row->name);
            option_print(row, s->block[i], to);
            fputc('\n', to);
        }
    }
    return fclose(to) == 0 ? OK : failure(NO_MEMORY, "no memory for the settings of a task");
}

status keeper_begin(keeper *k, int64_t cell, const settings *s)
{
    status result = OK;
    char *text = NULL;
    size_t size = 0;
    digest_state d;
    TRY(print_settings(s, &text, &size));
    digest_start(&d);
    digest_add(&d, text, size);
    digest_end(&d, k->settings);
    k->cell = cell;
    k->since = now();
done:
    free(text);
    return result;
}

/* ---- loading: whatever lies there, its state is either this task's or nobody's --------------------------------------------- */

static bool read_all(int file, void *to, size_t bytes)
{
    char *at = to;
    while (bytes > 0) {
        ssize_t some = read(file, at, bytes);
        if (some < 0 && errno == EINTR) continue;
        if (some <= 0) return false;
        at += some;
        bytes -= (size_t)some;
    }
    return true;
}

static bool is_text(const char *text, size_t room)
{
    const char *end = memchr(text, '\0', room);
    for (const char *c = text; end && c < end; c++)
        if (!isprint((unsigned char)*c)) return false;
    return end != NULL;
}

/* Is it of this program, and whole? */
static bool header_is_whole(const header *h, char why[REASON_ROOM])
{
    if (memcmp(h->magic, magic, sizeof magic) != 0)
        snprintf(why, REASON_ROOM, "is no checkpoint");
    else if (h->byte_order != BYTE_ORDER_MARK)
        snprintf(why, REASON_ROOM, "was made on a machine with another byte order");
    else if (h->version != VERSION)
        snprintf(why, REASON_ROOM, "has format %" PRIu32 " of checkpoints; this version reads %d", h->version,
                 VERSION);
    else if (h->header_checksum != header_sum(h) || !is_text(h->kernels, sizeof h->kernels) ||
             !is_text(h->data, sizeof h->data) || !is_text(h->settings, sizeof h->settings))
        snprintf(why, REASON_ROOM, "is damaged in its first bytes");
    else
        return true;
    return false;
}

static bool header_is_ours(const keeper *k, const header *h, char why[REASON_ROOM])
{
    if (!kernels_alike(h->kernels, k->kernels))
        snprintf(why, REASON_ROOM, "was made with the kernels %s, not %s", h->kernels, k->kernels);
    else if (strcmp(h->data, k->data) != 0)
        snprintf(why, REASON_ROOM, "was made with other data files");
    else if (strcmp(h->settings, k->settings) != 0)
        snprintf(why, REASON_ROOM, "is of a task with other settings");
    else
        return true;
    return false;
}

static bool read_state(const keeper *k, int file, off_t size, void **state, size_t *bytes,
                       char why[REASON_ROOM])
{
    header h;
    if (size < (off_t)sizeof h || !read_all(file, &h, sizeof h)) {
        snprintf(why, REASON_ROOM, "is truncated: it has %lld bytes", (long long)size);
        return false;
    }
    if (!header_is_whole(&h, why) || !header_is_ours(k, &h, why)) return false;
    uint64_t there = (uint64_t)size - sizeof h;
    if (h.bytes != there || there == 0 || there > SIZE_MAX) {
        snprintf(why, REASON_ROOM, "%s: it has %" PRIu64 " bytes of state, not %" PRIu64,
                 h.bytes > there ? "is truncated" : "is too long", there, h.bytes);
        return false;
    }
    void *read = malloc((size_t)there);
    if (read == NULL)
        snprintf(why, REASON_ROOM, "no memory for its %" PRIu64 " bytes", there);
    else if (!read_all(file, read, (size_t)there))
        snprintf(why, REASON_ROOM, "cannot be read to its end");
    else if (sum_of(read, (size_t)there) != h.checksum)
        snprintf(why, REASON_ROOM, "is damaged: its checksum is another");
    else {
        *state = read;
        *bytes = (size_t)there;
        return true;
    }
    free(read);
    return false;
}

/* True also where there is none. A pipe of that name must not make anybody wait, and a link is not what was left here. */
static bool load(const keeper *k, const char *name, void **state, size_t *bytes, char why[REASON_ROOM])
{
    struct stat about;
    bool loaded = false;
    int file = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0 && errno == ENOENT) return true;
    if (file < 0 && errno == ELOOP)
        snprintf(why, REASON_ROOM, "is a link");
    else if (file < 0)
        snprintf(why, REASON_ROOM, "cannot be opened: %s", strerror(errno));
    else if (fstat(file, &about) != 0)
        snprintf(why, REASON_ROOM, "cannot be read: %s", strerror(errno));
    else if (!S_ISREG(about.st_mode))
        snprintf(why, REASON_ROOM, "is not a file");
    else
        loaded = read_state(k, file, about.st_size, state, bytes, why);
    if (file >= 0) close(file);
    return loaded;
}

status keeper_load(keeper *k, void **state, size_t *bytes)
{
    char name[PATH_MAX], why[REASON_ROOM], line[PATH_MAX + REASON_ROOM + 32];
    *state = NULL;
    *bytes = 0;
    if (!name_of(k->path, k->cell, "", name) || load(k, name, state, bytes, why)) {
        k->cost.loaded += *state != NULL;
        return OK;
    }
    snprintf(line, sizeof line, "%s: %s; its task begins anew", name, why);
    say(k, line);
    return OK;
}

/* ---- saving ------------------------------------------------------------------------------------------------------------ */

bool keeper_due(const keeper *k)
{
    return k->interval_seconds > 0 && now() - k->since >= k->interval_seconds;
}

static bool write_all(int file, const void *from, size_t bytes)
{
    const char *at = from;
    while (bytes > 0) {
        ssize_t some = write(file, at, bytes);
        if (some < 0 && errno == EINTR) continue;
        if (some <= 0) return false;
        at += some;
        bytes -= (size_t)some;
    }
    return true;
}

static header header_make(const keeper *k, const void *state, size_t bytes)
{
    header h = { .version = VERSION, .byte_order = BYTE_ORDER_MARK, .bytes = bytes };
    memcpy(h.magic, magic, sizeof magic);
    snprintf(h.kernels, sizeof h.kernels, "%s", k->kernels);
    snprintf(h.data, sizeof h.data, "%s", k->data);
    snprintf(h.settings, sizeof h.settings, "%s", k->settings);
    h.checksum = sum_of(state, bytes);
    h.header_checksum = header_sum(&h);
    return h;
}

static status write_fresh(const keeper *k, const char *name, const void *state, size_t bytes)
{
    status result = OK;
    const header h = header_make(k, state, bytes);
    int file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    CHECK(file >= 0, IO_FAILED, "%s: cannot create: %s", name, strerror(errno));
    CHECK(write_all(file, &h, sizeof h) && write_all(file, state, bytes), IO_FAILED, "%s: cannot write: %s",
          name, strerror(errno));
done:
    if (file >= 0 && close(file) != 0 && result == OK)
        result = failure(IO_FAILED, "%s: cannot write: %s", name, strerror(errno));
    return result;
}

static status save(const keeper *k, const void *state, size_t bytes)
{
    status result = OK;
    char name[PATH_MAX], fresh[PATH_MAX];
    CHECK(name_of(k->path, k->cell, "", name) && name_of(k->path, k->cell, ".new", fresh), BAD_INPUT,
          "%s: is too long a path", k->path);
    result = write_fresh(k, fresh, state, bytes);
    if (result == OK) result = prepare_put_in_place(fresh, name);
    if (result != OK) unlink(fresh); /* its room is wanted */
done:
    return result;
}

/* What went wrong is told once: it will go wrong again, and the task does not need it. */
static void complain(keeper *k)
{
    char line[FAILURE_TEXT_MAX + 64];
    if (k->complained) return;
    k->complained = true;
    snprintf(line, sizeof line, "no checkpoint: %s; the task goes on", failure_text());
    say(k, line);
}

status keeper_save(keeper *k, const void *state, size_t bytes)
{
    char before[FAILURE_TEXT_MAX];
    double began = now();
    if (!(k->interval_seconds > 0)) return OK;
    failure_keep(before);
    if (save(k, state, bytes) == OK) {
        k->cost.saved++;
        k->cost.seconds += now() - began;
        if ((int64_t)bytes > k->cost.largest_bytes) k->cost.largest_bytes = (int64_t)bytes;
    } else {
        complain(k);
        failure_put_back(before);
    }
    k->since = now();
    return OK;
}

/* ---- removing and counting --------------------------------------------------------------------------------------------- */

void checkpoint_remove(const char *path, int64_t cell)
{
    char name[PATH_MAX];
    if (name_of(path, cell, "", name)) unlink(name);
}

static bool is_whole_name(const char *ending)
{
    return ending[0] == '\0';
}

static bool is_ours(const char *ending)
{
    return is_whole_name(ending) || strcmp(ending, ".new") == 0;
}

typedef struct tidying {
    const uint8_t *status_of;
    int64_t cells;
} tidying;

static bool is_needed(const tidying *t, int64_t cell)
{
    return cell < t->cells &&
           (t->status_of[cell] == OUTCOME_PENDING || t->status_of[cell] == OUTCOME_RUNNING);
}

static void tidy(int folder, const char *name, int64_t cell, const char *ending, void *context)
{
    if (!is_ours(ending) || (is_whole_name(ending) && is_needed(context, cell))) return;
    unlinkat(folder, name, 0);
}

void checkpoints_tidy(const char *path, const uint8_t *status_of, int64_t cells)
{
    tidying t = { status_of, cells };
    beside_each(path, "checkpoint", tidy, &t);
}

void checkpoints_clear(const char *path)
{
    checkpoints_tidy(path, NULL, 0);
}

typedef struct counting {
    int64_t count, bytes;
} counting;

static void count(int folder, const char *name, int64_t cell, const char *ending, void *context)
{
    counting *c = context;
    struct stat about;
    (void)cell;
    if (!is_whole_name(ending) || fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(about.st_mode))
        return;
    c->count++;
    c->bytes += about.st_size;
}

void checkpoints_count(const char *path, int64_t *many, int64_t *bytes)
{
    counting c = { 0, 0 };
    beside_each(path, "checkpoint", count, &c);
    *many = c.count;
    *bytes = c.bytes;
}
