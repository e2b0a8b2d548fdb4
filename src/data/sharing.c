/* What all data kinds hold as one block: items one after the other, each a header, its key and its own block, and a header of
 * no kind at the end. */
#include <assert.h>
#include <string.h>

#include "data.h"

enum { ALIGNMENT = 64 };

typedef struct item_header {
    uint64_t kind;  /* its place in data_kinds, from 1; 0: there are no more items */
    uint64_t bytes; /* of its block */
} item_header;

/* An item of a kind, and where it lies in the block of all. */
typedef struct item {
    int kind, index;
    const char *key;
    size_t bytes;                 /* of its block; 0: it is not to be moved */
    size_t key_at, block_at, end; /* offsets */
} item;

/* Where things lie that come after `begin`. */
static status place(item *i, size_t begin)
{
    status result = OK;
    size_t key_end;
    bool overflow = __builtin_add_overflow(begin, sizeof(item_header), &i->key_at);
    overflow |= __builtin_add_overflow(i->key_at, strlen(i->key) + 1 + ALIGNMENT - 1, &key_end);
    i->block_at = key_end - key_end % ALIGNMENT;
    overflow |= __builtin_add_overflow(i->block_at, i->bytes, &i->end);
    overflow |= __builtin_add_overflow(i->end, ALIGNMENT - 1, &i->end);
    i->end -= i->end % ALIGNMENT;
    CHECK(!overflow, NO_MEMORY, "%s is too large to share", i->key);
done:
    return result;
}

/* Calls visit for every item that is to be moved; *end: where the last header belongs. */
static status each_item(void (*visit)(const item *i, void *to), void *to, size_t *end)
{
    status result = OK;
    *end = 0;
    for (int k = 0; data_kinds[k]; k++) {
        const data_sharing *sharing = data_kinds[k]->sharing;
        if (sharing == NULL) continue;
        for (item i = { .kind = k };; i.index++) {
            TRY(sharing->held(i.index, &i.key, &i.bytes));
            if (i.key == NULL) break;
            if (i.bytes == 0) continue;
            TRY(place(&i, *end));
            if (visit) visit(&i, to);
            *end = i.end;
        }
    }
done:
    return result;
}

status data_shared_bytes(size_t *bytes)
{
    status result = OK;
    size_t end;
    *bytes = 0;
    TRY(each_item(NULL, NULL, &end));
    if (end == 0) goto done;
    CHECK(!__builtin_add_overflow(end, sizeof(item_header), bytes), NO_MEMORY,
          "the data is too large to share");
done:
    return result;
}

static void move_item(const item *i, void *to)
{
    unsigned char *block = to;
    item_header header = { .kind = (uint64_t)i->kind + 1, .bytes = i->bytes };
    memcpy(block + i->key_at - sizeof header, &header, sizeof header);
    strcpy((char *)block + i->key_at, i->key);
    data_kinds[i->kind]->sharing->move(i->index, block + i->block_at);
}

status data_move(void *to)
{
    size_t end;
    assert((uintptr_t)to % ALIGNMENT == 0);
    status result = each_item(move_item, to, &end);
    memset((unsigned char *)to + end, 0, sizeof(item_header));
    return result;
}

status data_adopt(const void *block)
{
    status result = OK;
    const unsigned char *from = block;
    for (size_t at = 0;;) {
        item_header header;
        memcpy(&header, from + at, sizeof header);
        if (header.kind == 0) break;
        item i = { .key = (const char *)from + at + sizeof header, .bytes = header.bytes };
        TRY(place(&i, at));
        TRY(data_kinds[header.kind - 1]->sharing->adopt(i.key, from + i.block_at, i.bytes));
        at = i.end;
    }
done:
    return result;
}
