#include "arena.h"

#include <stdlib.h>

static size_t aligned(size_t bytes)
{
    return (bytes + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
}

static bool together(const buffer *a, const buffer *b)
{
    return a->first <= b->last && b->first <= a->last;
}

/* Largest first; among equals in the order of their making. */
static int by_size(const void *left, const void *right)
{
    const buffer *a = *(buffer *const *)left, *b = *(buffer *const *)right;
    if (a->bytes != b->bytes) return a->bytes < b->bytes ? 1 : -1;
    return (a > b) - (a < b);
}

/* The lowest gap that holds it between the placed ones (by offset) which live at the same time. */
static size_t lowest_gap(const buffer *b, buffer *const placed[], int count)
{
    size_t at = 0;
    for (int i = 0; i < count; i++) {
        if (!together(b, placed[i])) continue;
        if (placed[i]->offset >= at + aligned(b->bytes)) break;
        size_t end = placed[i]->offset + aligned(placed[i]->bytes);
        if (end > at) at = end;
    }
    return at;
}

static void insert(buffer *b, buffer *placed[], int count)
{
    int at = count;
    for (; at > 0 && placed[at - 1]->offset > b->offset; at--) placed[at] = placed[at - 1];
    placed[at] = b;
}

status arena_place(buffer *b, int count, size_t *bytes)
{
    status result = OK;
    size_t room = (size_t)(count > 0 ? count : 1) * sizeof(buffer *);
    buffer **order = malloc(room), **placed = malloc(room);
    CHECK(order != NULL && placed != NULL, NO_MEMORY, "%d buffers", count);
    for (int i = 0; i < count; i++) order[i] = &b[i];
    qsort(order, (size_t)count, sizeof *order, by_size);

    *bytes = 0;
    for (int i = 0; i < count; i++) {
        order[i]->offset = lowest_gap(order[i], placed, i);
        insert(order[i], placed, i);
        size_t end = order[i]->offset + aligned(order[i]->bytes);
        if (end > *bytes) *bytes = end;
    }
done:
    free(order);
    free(placed);
    return result;
}
