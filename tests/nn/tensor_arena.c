/* Memory shared by buffers: those that live at the same time never overlap, and the others share. */
#include "nn/tensors/arena.h"

#include <limits.h>

#include "check.h"

static bool overlap(const buffer *a, const buffer *b)
{
    bool together = a->first <= b->last && b->first <= a->last;
    return together && a->offset < b->offset + b->bytes && b->offset < a->offset + a->bytes;
}

static void buffers_that_live_together_lie_apart(void)
{
    enum { COUNT = 200, STEPS = 60 };
    buffer b[COUNT];
    uint64_t drawn = 1;
    for (int round = 0; round < 50; round++) {
        size_t bytes, all = 0;
        for (int i = 0; i < COUNT; i++) {
            drawn = drawn * 6364136223846793005u + 1442695040888963407u;
            int first = (int)(drawn >> 33) % STEPS;
            b[i] = (buffer){ .bytes = 1 + (size_t)(drawn >> 50), .first = first };
            b[i].last = i % 20 == 0 ? INT_MAX : first + (int)(drawn >> 43 & 7); /* some are kept */
            all += b[i].bytes;
        }
        CU_ASSERT(arena_place(b, COUNT, &bytes) == OK);
        for (int i = 0; i < COUNT; i++) {
            CU_ASSERT(b[i].offset % ARENA_ALIGNMENT == 0);
            CU_ASSERT(b[i].offset + b[i].bytes <= bytes);
            for (int k = 0; k < i; k++) CU_ASSERT(!overlap(&b[i], &b[k]));
        }
        CU_ASSERT(bytes < all / 2); /* most live for a few steps of sixty */
    }
}

static void a_chain_takes_its_two_largest_neighbours(void)
{
    buffer b[10];
    size_t bytes;
    for (int i = 0; i < 10; i++) b[i] = (buffer){ .bytes = 640 * (size_t)(i + 1), .first = i, .last = i + 1 };
    CU_ASSERT(arena_place(b, 10, &bytes) == OK);
    CU_ASSERT_EQUAL(bytes, 640 * 10 + 640 * 9);
    CU_ASSERT(arena_place(b, 0, &bytes) == OK);
    CU_ASSERT_EQUAL(bytes, 0);
}

CHECK_MAIN("memory of the tensor engine", TEST(buffers_that_live_together_lie_apart),
           TEST(a_chain_takes_its_two_largest_neighbours))
