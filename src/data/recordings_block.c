#include "data/recordings_block.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* All that is done with a block is one walk over everything that recordings hold, always in the same order, so that the
 * place of each thing need not be written down. */
typedef enum errand {
    MEASURE,
    MOVE,  /* copy into the block; what lies in the large part is freed, and found there from then on */
    OPEN,  /* of a copy of the small part: replace the pointers of who wrote it */
    LEAVE, /* forget what lies in the large part */
} errand;

typedef enum part { SMALL, LARGE, PARTS } part;

typedef struct walk {
    errand errand;
    unsigned char *base[PARTS]; /* in the block, or of a copy of its small part; NULL: MEASURE, LEAVE */
    size_t bytes[PARTS];        /* walked so far */
    bool overflow;
} walk;

/* At the start of a block. */
typedef struct block_header {
    uint64_t bytes[PARTS];
} block_header;

/* Passes by `count` items of `size` bytes and returns where they start in their part. */
static size_t pass(walk *w, part p, size_t alignment, size_t count, size_t size)
{
    size_t start, bytes;
    w->overflow |= __builtin_add_overflow(w->bytes[p], alignment - 1, &start);
    start -= start % alignment;
    w->overflow |= __builtin_mul_overflow(count, size, &bytes);
    w->overflow |= __builtin_add_overflow(start, bytes, &w->bytes[p]);
    return start;
}

/* Each of the following is given where something lies, NULL if it is not there, and returns where it lies afterwards. A
 * pointer in a block tells only whether there was something. */

/* A list of structs or of pointers. */
static void *list(walk *w, void *own, size_t count, size_t size)
{
    if (own == NULL) return NULL;
    size_t at = pass(w, SMALL, BLOCK_ALIGNMENT, count, size);
    if (w->errand == MOVE) memcpy(w->base[SMALL] + at, own, count * size);
    return w->errand == OPEN ? w->base[SMALL] + at : own;
}

static void *large(walk *w, void *own, size_t alignment, size_t bytes)
{
    size_t at = pass(w, LARGE, alignment, bytes, 1);
    switch (w->errand) {
    case MEASURE:
        return own;
    case MOVE:
        memcpy(w->base[LARGE] + at, own, bytes);
        free(own);
        return w->base[LARGE] + at;
    case OPEN:
        return w->base[LARGE] + at;
    case LEAVE:
        break;
    }
    return NULL;
}

static void *array(walk *w, void *own, size_t count, size_t size)
{
    return own ? large(w, own, BLOCK_ALIGNMENT, count * size) : NULL; /* fits: it lies in memory */
}

/* A text of a column. */
static char *text(walk *w, char *own)
{
    if (own == NULL) return NULL;
    const char *said = w->errand == OPEN ? (const char *)w->base[LARGE] + w->bytes[LARGE] : own;
    return large(w, own, 1, w->errand == LEAVE ? 0 : strlen(said) + 1);
}

/* A name, or another text of which there are few: others may have borrowed it, so it stays where it is. */
static char *word(walk *w, char *own)
{
    if (w->errand == LEAVE) return own;
    if (w->errand != MOVE || own == NULL) return text(w, own);
    size_t bytes = strlen(own) + 1, at = pass(w, LARGE, 1, bytes, 1);
    memcpy(w->base[LARGE] + at, own, bytes);
    return own;
}

static column *walk_columns(walk *w, column *columns, int count, int64_t rows)
{
    columns = list(w, columns, (size_t)count, sizeof *columns);
    for (int i = 0; i < count; i++) {
        column *c = &columns[i];
        c->name = word(w, c->name);
        c->unit = word(w, c->unit);
        c->number = array(w, c->number, (size_t)rows * (size_t)c->dimensions, sizeof *c->number);
        c->text = list(w, c->text, (size_t)rows, sizeof *c->text);
        for (int64_t r = 0; c->text && r < rows; r++) c->text[r] = text(w, c->text[r]);
    }
    return columns;
}

static attribute *walk_attributes(walk *w, attribute *attributes, int count)
{
    attributes = list(w, attributes, (size_t)count, sizeof *attributes);
    for (int i = 0; i < count; i++) {
        attributes[i].name = word(w, attributes[i].name);
        attributes[i].value = word(w, attributes[i].value);
    }
    return attributes;
}

static void walk_area(walk *w, area *a, int64_t trials)
{
    size_t values = (size_t)trials * (size_t)a->units * (size_t)a->bins;
    a->name = word(w, a->name);
    a->aligned_to = word(w, a->aligned_to);
    a->count = array(w, a->count, values, sizeof *a->count);
    a->feature = array(w, a->feature, values, sizeof *a->feature);
    a->column = walk_columns(w, a->column, a->columns, a->units);
}

static void walk_session(walk *w, recorded_session *s)
{
    s->name = word(w, s->name);
    s->animal = word(w, s->animal);
    s->source = word(w, s->source);
    s->sha256 = word(w, s->sha256);
    s->column = walk_columns(w, s->column, s->columns, s->trials);
    s->valid_from = array(w, s->valid_from, (size_t)s->trials, sizeof *s->valid_from);
    s->valid_to = array(w, s->valid_to, (size_t)s->trials, sizeof *s->valid_to);
    s->area = list(w, s->area, (size_t)s->areas, sizeof *s->area);
    for (int a = 0; a < s->areas; a++) walk_area(w, &s->area[a], s->trials);
    s->attribute = walk_attributes(w, s->attribute, s->attributes);
}

static void walk_recordings(walk *w, recordings *r)
{
    list(w, r, 1, sizeof *r);
    r->title = word(w, r->title);
    r->target = word(w, r->target);
    r->mapping = word(w, r->mapping);
    r->attribute = walk_attributes(w, r->attribute, r->attributes);
    r->session = list(w, r->session, (size_t)r->sessions, sizeof *r->session);
    for (int s = 0; s < r->sessions; s++) walk_session(w, &r->session[s]);
}

/* Where the parts of a block start, and where it ends. */
static status place_parts(const size_t bytes[PARTS], size_t start[PARTS], size_t *end)
{
    status result = OK;
    walk w = { .overflow = false };
    pass(&w, SMALL, BLOCK_ALIGNMENT, 1, sizeof(block_header));
    for (part p = 0; p < PARTS; p++) start[p] = pass(&w, SMALL, BLOCK_ALIGNMENT, bytes[p], 1);
    *end = w.bytes[SMALL];
    CHECK(!w.overflow, NO_MEMORY, "recordings are too large to share");
done:
    return result;
}

status recordings_block_bytes(recordings *r, size_t *bytes)
{
    status result = OK;
    size_t start[PARTS];
    walk w = { .errand = MEASURE };
    walk_recordings(&w, r);
    CHECK(!w.overflow, NO_MEMORY, "recordings are too large to share");
    TRY(place_parts(w.bytes, start, bytes));
done:
    return result;
}

void recordings_block_move(recordings *r, void *to)
{
    size_t start[PARTS], end;
    walk measured = { .errand = MEASURE };
    assert(r->place == PLACE_OWN && (uintptr_t)to % BLOCK_ALIGNMENT == 0);
    walk_recordings(&measured, r);
    status placed = place_parts(measured.bytes, start, &end);
    assert(placed == OK);
    (void)placed;
    block_header *header = to;
    for (part p = 0; p < PARTS; p++) header->bytes[p] = measured.bytes[p];

    walk w = { .errand = MOVE };
    for (part p = 0; p < PARTS; p++) w.base[p] = (unsigned char *)to + start[p];
    walk_recordings(&w, r);
    assert(w.bytes[SMALL] == measured.bytes[SMALL] && w.bytes[LARGE] == measured.bytes[LARGE]);
    r->place = PLACE_MOVED;
}

status recordings_block_open(const void *block, size_t bytes, recordings **out)
{
    status result = OK;
    const block_header *header = block;
    size_t start[PARTS], end;
    recordings *opened = NULL;
    walk w = { .errand = OPEN };
    const size_t sizes[PARTS] = { header->bytes[SMALL], header->bytes[LARGE] };
    TRY(place_parts(sizes, start, &end));
    CHECK(end == bytes, BROKEN, "a block of recordings has %zu bytes and tells of %zu", bytes, end);
    opened = malloc(sizes[SMALL]);
    CHECK(opened != NULL, NO_MEMORY, "no memory for the structure of recordings");
    memcpy(opened, (const unsigned char *)block + start[SMALL], sizes[SMALL]);
    w.base[SMALL] = (unsigned char *)opened; /* the recordings come first */
    w.base[LARGE] = (unsigned char *)block + start[LARGE];
    walk_recordings(&w, opened);
    assert(w.bytes[SMALL] == sizes[SMALL] && w.bytes[LARGE] == sizes[LARGE]);
    opened->place = PLACE_OPENED;
    *out = opened;
done:
    return result;
}

void recordings_block_leave(recordings *r)
{
    walk w = { .errand = LEAVE };
    walk_recordings(&w, r);
    r->place = PLACE_OWN;
}
