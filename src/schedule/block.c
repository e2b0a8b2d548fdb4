#include "block.h"

#include <assert.h>
#include <math.h>

block block_soonest(int ranks, int width, double (*left)(const void *context, int rank), const void *context)
{
    block soonest = { .width = 0 };
    assert(ranks >= width);
    for (int first = 0; first + width <= ranks; first += width) {
        double most = 0;
        for (int i = 0; i < width; i++) most = fmax(most, left(context, first + i));
        if (soonest.width == 0 || most < soonest.left_seconds) soonest = (block){ first, width, most };
    }
    return soonest;
}
