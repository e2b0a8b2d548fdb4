#include "data/image_set_block.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

typedef struct header {
    image_size size;
    int classes;
    int named; /* 1: names of the classes follow the path */
    int64_t train, test;
    uint64_t texts; /* bytes */
} header;

/* Where the parts of a block start. */
typedef struct places {
    size_t train_pixels, test_pixels, train_label, test_label, texts, end;
} places;

static header header_of(const image_set *s)
{
    header h = { s->size, s->classes, s->class_name != NULL, s->train, s->test, strlen(s->path) + 1 };
    for (int c = 0; s->class_name && c < s->classes; c++) h.texts += strlen(s->class_name[c]) + 1;
    return h;
}

/* Passes by `count` items of `size` bytes; where they start. */
static size_t pass(size_t *at, bool *overflow, int64_t count, size_t size)
{
    size_t start = *at, bytes;
    *overflow |= __builtin_mul_overflow((size_t)count, size, &bytes);
    *overflow |= __builtin_add_overflow(start, bytes, at);
    *overflow |= __builtin_add_overflow(*at, ALIGNMENT - 1, at);
    *at -= *at % ALIGNMENT;
    return start;
}

static status place(const header *h, places *p)
{
    status result = OK;
    size_t at = 0, image = (size_t)h->size.channels * (size_t)h->size.height * (size_t)h->size.width;
    bool overflow = false;
    pass(&at, &overflow, 1, sizeof *h);
    p->train_pixels = pass(&at, &overflow, h->train, image);
    p->test_pixels = pass(&at, &overflow, h->test, image);
    p->train_label = pass(&at, &overflow, h->train, sizeof(uint16_t));
    p->test_label = pass(&at, &overflow, h->test, sizeof(uint16_t));
    p->texts = pass(&at, &overflow, (int64_t)h->texts, 1);
    p->end = at;
    CHECK(!overflow, NO_MEMORY, "images are too large to share");
done:
    return result;
}

status image_set_block_bytes(const image_set *s, size_t *bytes)
{
    status result = OK;
    places p;
    header h = header_of(s);
    TRY(place(&h, &p));
    *bytes = p.end;
done:
    return result;
}

/* Pixels and labels of the set lie in the block. */
static void point(image_set *s, const unsigned char *block, const places *p)
{
    s->train_pixels = block + p->train_pixels;
    s->test_pixels = s->test > 0 ? block + p->test_pixels : NULL;
    s->train_label = (const uint16_t *)(const void *)(block + p->train_label);
    s->test_label = s->test > 0 ? (const uint16_t *)(const void *)(block + p->test_label) : NULL;
}

void image_set_block_move(image_set *s, void *to)
{
    places p;
    unsigned char *block = to;
    const header h = header_of(s);
    const size_t image = (size_t)s->size.channels * (size_t)s->size.height * (size_t)s->size.width;
    assert((uintptr_t)to % ALIGNMENT == 0);
    status placed = place(&h, &p);
    assert(placed == OK);
    (void)placed;
    memcpy(block, &h, sizeof h);
    memcpy(block + p.train_pixels, s->train_pixels, (size_t)s->train * image);
    memcpy(block + p.train_label, s->train_label, (size_t)s->train * sizeof *s->train_label);
    if (s->test > 0) {
        memcpy(block + p.test_pixels, s->test_pixels, (size_t)s->test * image);
        memcpy(block + p.test_label, s->test_label, (size_t)s->test * sizeof *s->test_label);
    }
    char *text = stpcpy((char *)block + p.texts, s->path) + 1;
    for (int c = 0; s->class_name && c < s->classes; c++) text = stpcpy(text, s->class_name[c]) + 1;
    point(s, block, &p);
}

status image_set_block_open(const void *block, size_t bytes, image_set *out, const char ***name)
{
    status result = OK;
    places p;
    header h;
    *name = NULL;
    memcpy(&h, block, sizeof h);
    TRY(place(&h, &p));
    CHECK(p.end == bytes, BROKEN, "a block of images has %zu bytes and tells of %zu", bytes, p.end);
    *out = (image_set){ .size = h.size, .classes = h.classes, .train = h.train, .test = h.test };
    point(out, block, &p);
    out->path = (const char *)block + p.texts;
    if (h.named == 0) goto done;
    *name = malloc((size_t)h.classes * sizeof **name);
    CHECK(*name != NULL, NO_MEMORY, "no memory for names of classes");
    const char *text = out->path;
    for (int c = 0; c < h.classes; c++) (*name)[c] = text += strlen(text) + 1;
    out->class_name = *name;
done:
    return result;
}
