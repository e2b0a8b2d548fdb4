#include "rank_heap.h"

#include <stdbool.h>
#include <stdlib.h>

status rank_heap_make(int ranks, rank_heap *h)
{
    status result = OK;
    size_t room = (size_t)ranks;
    *h = (rank_heap){ .rank = malloc(room * sizeof *h->rank),
                      .place = malloc(room * sizeof *h->place),
                      .time = malloc(room * sizeof *h->time) };
    CHECK(h->rank && h->place && h->time, NO_MEMORY, "no memory for %d ranks", ranks);
    for (int i = 0; i < ranks; i++) h->place[i] = -1;
done:
    return result;
}

void rank_heap_free(rank_heap *h)
{
    free(h->rank);
    free(h->place);
    free(h->time);
}

static bool is_before(const rank_heap *h, int a, int b)
{
    return h->time[a] < h->time[b] || (h->time[a] == h->time[b] && a < b);
}

static void settle(rank_heap *h, int at, int rank)
{
    h->rank[at] = rank;
    h->place[rank] = at;
}

static void move_up(rank_heap *h, int rank)
{
    int at = h->place[rank];
    for (int above; at > 0 && is_before(h, rank, h->rank[above = (at - 1) / 2]); at = above)
        settle(h, at, h->rank[above]);
    settle(h, at, rank);
}

static void move_down(rank_heap *h, int rank)
{
    int at = h->place[rank];
    for (int below = 2 * at + 1; below < h->count; below = 2 * at + 1) {
        if (below + 1 < h->count && is_before(h, h->rank[below + 1], h->rank[below])) below++;
        if (is_before(h, rank, h->rank[below])) break;
        settle(h, at, h->rank[below]);
        at = below;
    }
    settle(h, at, rank);
}

void rank_heap_put(rank_heap *h, int rank, double time)
{
    h->time[rank] = time;
    if (h->place[rank] < 0) settle(h, h->count++, rank);
    move_up(h, rank);
    move_down(h, rank);
}

void rank_heap_remove(rank_heap *h, int rank)
{
    int last = h->rank[--h->count];
    if (last != rank) {
        settle(h, h->place[rank], last);
        move_up(h, last);
        move_down(h, last);
    }
    h->place[rank] = -1;
}
