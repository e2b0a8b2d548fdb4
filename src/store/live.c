/* FILE.live: how a run is getting on, for `status` in another terminal. */
#include "live.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PATH_ROOM = 4096,
    TEXT_ROOM = 16384 /* twice what the longest file takes */
};
/* Nothing that a run counts or times is larger. */
#define COUNT_MAX   1e12
#define SECONDS_MAX 1e12

typedef enum field_kind { INTEGER, COUNT, REAL, WORD, STATE, RANK } field_kind;

/* Lines that a live file must have. `low` bounds numbers from below. Numbers that may be unknown or endless say so. */
/* clang-format off */
#define AT(name) #name, offsetof(live, name)
static const struct field {
    const char *name;
    size_t offset;
    field_kind kind;
    double low;
    bool may_be_nan, may_be_infinite;
} fields[] = {
    { AT(unix_seconds), REAL, 0, false, false },
    { AT(host), WORD, 0, false, false },
    { AT(process), COUNT, 1, false, false },
    { AT(process_start), COUNT, 0, false, false },
    { AT(ranks), INTEGER, 1, false, false },
    { AT(state), STATE, 0, false, false },
    { AT(total), COUNT, 0, false, false },
    { AT(done), COUNT, 0, false, false },
    { AT(failed), COUNT, 0, false, false },
    { AT(suspects), COUNT, 0, false, false },
    { AT(elapsed_seconds), REAL, 0, false, false },
    { AT(left_seconds), REAL, 0, true, true },
    { AT(limit_seconds), REAL, -SECONDS_MAX, false, true }, /* a run may outstay it */
    { AT(margin_seconds), REAL, 0, false, false },
    { AT(safe_unix_seconds), REAL, 0, true, false },
    { AT(least), RANK, 0, false, false },
    { AT(mean), RANK, 0, false, false },
    { AT(most), RANK, 0, false, false },
};
#undef AT
/* clang-format on */
enum { FIELDS = sizeof fields / sizeof fields[0] };

#define LIVE_STATE_WORD(name, word, text) word,
static const char *const state_words[] = { LIVE_STATE_LIST(LIVE_STATE_WORD) };
#undef LIVE_STATE_WORD
#define LIVE_STATE_TEXT(name, word, text) text,
static const char *const state_texts[] = { LIVE_STATE_LIST(LIVE_STATE_TEXT) };
#undef LIVE_STATE_TEXT

const char *live_state_text(live_state s)
{
    return state_texts[s];
}

static bool live_path(const char *path, const char *ending, char out[PATH_ROOM])
{
    int length = snprintf(out, PATH_ROOM, "%s.live%s", path, ending);
    return length > 0 && length < PATH_ROOM;
}

/* ---- writing -------------------------------------------------------------------------------------------------------- */

static void print_field(const struct field *f, const live *l, FILE *to)
{
    const void *at = (const char *)l + f->offset;
    const live_rank *rank = at;
    fprintf(to, "%s ", f->name);
    switch (f->kind) {
    case INTEGER:
        fprintf(to, "%d\n", *(const int *)at);
        break;
    case COUNT:
        fprintf(to, "%" PRId64 "\n", *(const int64_t *)at);
        break;
    case REAL:
        fprintf(to, "%.3f\n", *(const double *)at);
        break;
    case WORD:
        fprintf(to, "%.*s\n", (int)sizeof l->host - 1, (const char *)at);
        break;
    case STATE:
        fprintf(to, "%s\n", state_words[*(const live_state *)at]);
        break;
    case RANK:
        fprintf(to, "%.4f %.1f\n", rank->busy, rank->tasks);
        break;
    }
}

/* Of the slice in the line before. */
static void print_note(const task_note *n, FILE *to)
{
    if (n->epochs > 0)
        fprintf(to, "note %" PRId64 " %" PRId64 " %.6g %.6g %.6g\n", n->epoch, n->epochs, n->loss, n->bits,
                n->samples_per_second);
}

static void print_live(const live *l, FILE *to)
{
    for (int i = 0; i < FIELDS; i++) print_field(&fields[i], l, to);
    for (int i = 0; i < l->listed; i++) fprintf(to, "rank %.4f %.1f\n", l->rank[i].busy, l->rank[i].tasks);
    for (int i = 0; i < l->slices; i++) {
        const live_slice *s = &l->slice[i];
        fprintf(to, "slice %" PRId64 " %" PRId64 " %d %.3f %.3f\n", s->cell, s->tasks, s->ranks, s->seconds,
                s->left_seconds);
        print_note(&s->note, to);
    }
    fprintf(to, "end\n"); /* what has no end was cut */
}

status live_write(const char *path, const live *l)
{
    status result = OK;
    char name[PATH_ROOM], fresh[PATH_ROOM];
    FILE *to = NULL;
    CHECK(live_path(path, "", name) && live_path(path, ".new", fresh), BAD_INPUT, "%s: is too long a path",
          path);
    to = fopen(fresh, "w");
    CHECK(to != NULL, IO_FAILED, "%s: cannot write: %s", fresh, strerror(errno));
    print_live(l, to);
    bool failed = ferror(to) != 0;
    failed = fclose(to) != 0 || failed;
    to = NULL;
    CHECK(!failed && rename(fresh, name) == 0, IO_FAILED, "%s: cannot write: %s", name, strerror(errno));
done:
    if (to) fclose(to);
    return result;
}

void live_remove(const char *path)
{
    char name[PATH_ROOM];
    if (live_path(path, ".new", name)) unlink(name);
    if (live_path(path, "", name)) unlink(name);
}

/* ---- reading -------------------------------------------------------------------------------------------------------- */

/* The whole of a small regular file; a pipe of that name must not make anybody wait. */
static bool read_text(const char *name, char text[TEXT_ROOM])
{
    struct stat about;
    ssize_t size = -1;
    int file = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return false;
    if (fstat(file, &about) == 0 && S_ISREG(about.st_mode)) size = read(file, text, TEXT_ROOM);
    close(file);
    if (size <= 0 || size >= TEXT_ROOM || memchr(text, '\0', (size_t)size) != NULL) return false;
    text[size] = '\0';
    return true;
}

/* A number and what ends it, a blank or the end of the line; moves *at behind both. */
static bool take_number(char **at, double *value)
{
    char *end;
    if (isspace((unsigned char)**at)) return false;
    *value = strtod(*at, &end);
    if (end == *at || (*end != ' ' && *end != '\0')) return false;
    *at = *end ? end + 1 : end;
    return true;
}

static bool take_real(char **at, double low, double high, double *value)
{
    return take_number(at, value) && *value >= low && *value <= high;
}

static bool take_count(char **at, double low, double high, int64_t *value)
{
    double v;
    if (!take_real(at, low, high, &v) || v != floor(v)) return false;
    *value = (int64_t)v;
    return true;
}

static bool take_rank(char **at, live_rank *r)
{
    return take_real(at, 0, 1, &r->busy) && take_real(at, 0, COUNT_MAX, &r->tasks) && **at == '\0';
}

static bool take_seconds(char *at, const struct field *f, double *value)
{
    if (!take_number(&at, value) || *at != '\0') return false;
    if (isnan(*value)) return f->may_be_nan;
    if (isinf(*value)) return f->may_be_infinite && *value > 0;
    return *value >= f->low && *value <= SECONDS_MAX;
}

/* It is shown on terminals. */
static bool take_host(const char *at, char host[sizeof((live *)0)->host])
{
    size_t length = strlen(at);
    if (length == 0 || length >= sizeof((live *)0)->host) return false;
    for (size_t i = 0; i < length; i++)
        if (!isgraph((unsigned char)at[i])) return false;
    memcpy(host, at, length + 1);
    return true;
}

static bool take_state(const char *at, live_state *state)
{
    int s = 0;
    while (s < LIVE_STATES && strcmp(state_words[s], at) != 0) s++;
    *state = (live_state)s;
    return s < LIVE_STATES;
}

static bool take_field(const struct field *f, char *at, live *l)
{
    void *to = (char *)l + f->offset;
    int64_t count;
    switch (f->kind) {
    case INTEGER:
        if (!take_count(&at, f->low, 1e9, &count) || *at != '\0') return false;
        *(int *)to = (int)count;
        return true;
    case COUNT:
        return take_count(&at, f->low, COUNT_MAX, to) && *at == '\0';
    case REAL:
        return take_seconds(at, f, to);
    case WORD:
        return take_host(at, to);
    case STATE:
        return take_state(at, to);
    case RANK:
        return take_rank(&at, to);
    }
    return false;
}

static bool take_slice(char *at, live *l)
{
    int64_t ranks = 1;
    if (l->slices == LIVE_SLICES) return false;
    live_slice *s = &l->slice[l->slices++];
    if (!take_count(&at, 0, COUNT_MAX, &s->cell) || !take_count(&at, 1, COUNT_MAX, &s->tasks) ||
        !take_count(&at, 1, 1e9, &ranks))
        return false;
    s->ranks = (int)ranks;
    return take_real(&at, 0, SECONDS_MAX, &s->seconds) && take_real(&at, 0, SECONDS_MAX, &s->left_seconds) &&
           *at == '\0';
}

/* A loss, bits or a rate: may be unknown, but not endless. */
static bool take_known(char **at, double low, double *value)
{
    return take_number(at, value) && (isnan(*value) || (*value >= low && *value <= LIVE_REAL_MAX));
}

static bool take_note(char *at, live *l)
{
    if (l->slices == 0) return false;
    task_note *n = &l->slice[l->slices - 1].note;
    return n->epochs == 0 && take_count(&at, 0, COUNT_MAX, &n->epoch) &&
           take_count(&at, (double)n->epoch + 1, COUNT_MAX, &n->epochs) &&
           take_known(&at, -LIVE_REAL_MAX, &n->loss) && take_known(&at, -LIVE_REAL_MAX, &n->bits) &&
           take_known(&at, 0, &n->samples_per_second) && *at == '\0';
}

/* One line, cut in two at its first blank. A line of a later version is passed over. */
static bool take_line(char *line, live *l, unsigned *seen)
{
    char *values = strchr(line, ' ');
    if (values == NULL) return false;
    *values++ = '\0';
    if (strcmp(line, "rank") == 0) return l->listed < LIVE_RANKS && take_rank(&values, &l->rank[l->listed++]);
    if (strcmp(line, "slice") == 0) return take_slice(values, l);
    if (strcmp(line, "note") == 0) return take_note(values, l);
    for (int i = 0; i < FIELDS; i++) {
        if (strcmp(line, fields[i].name) != 0) continue;
        *seen |= 1u << i;
        return take_field(&fields[i], values, l);
    }
    return true;
}

static bool makes_sense(const live *l)
{
    return l->process <= INT32_MAX && l->done <= l->total && l->failed <= l->total - l->done &&
           (l->listed == 0 || l->listed == l->ranks);
}

bool live_read(const char *path, live *out)
{
    char name[PATH_ROOM], text[TEXT_ROOM], *line = text;
    unsigned seen = 0;
    live l = { 0 };
    if (!live_path(path, "", name) || !read_text(name, text)) return false;
    for (char *end; strcmp(line, "end\n") != 0; line = end + 1) {
        end = strchr(line, '\n');
        if (end == NULL) return false;
        *end = '\0';
        if (!take_line(line, &l, &seen)) return false;
    }
    if (seen != (1u << FIELDS) - 1 || !makes_sense(&l)) return false;
    *out = l;
    return true;
}
