/* Packs whose predicted time is by the cost model of a made-up sweep. */
#ifndef TESTS_SCHEDULE_TOY_H
#define TESTS_SCHEDULE_TOY_H

#include "schedule/pool.h"

enum { PACKS_MAX = 400 };

typedef struct toy {
    packs packs;
    pack pack[PACKS_MAX];
    double task_seconds; /* of a task that runs alone */
    int lanes;           /* so many run as fast as one of them; 1: one after the other */
    schedule schedule;
} toy;

static double toy_seconds(void *context, int64_t first, int count)
{
    const toy *y = context;
    (void)first;
    return y->task_seconds * ((count + y->lanes - 1) / y->lanes);
}

static inline void toy_make(toy *y, int count, int size, double task_seconds, int lanes)
{
    *y = (toy){ .task_seconds = task_seconds, .lanes = lanes };
    for (int i = 0; i < count; i++)
        y->pack[i] = (pack){ .first = (int64_t)i * size, .count = size, .seconds = toy_seconds(y, 0, size) };
    y->packs = (packs){ .cells = (int64_t)count * size, .count = count, .pack = y->pack };
    y->schedule = (schedule){ .packs = &y->packs, .tick_seconds = 0.1, .seconds = toy_seconds, .context = y };
}

/* Of so many tasks, growing shorter; every one costs `task_seconds`. */
static inline void toy_make_uneven(toy *y, int count, double task_seconds)
{
    int64_t first = 0;
    toy_make(y, count, 1, task_seconds, 1);
    for (int i = 0; i < count; i++) {
        int size = 1 + 15 * (count - i) / count;
        y->pack[i] = (pack){ .first = first, .count = size, .seconds = task_seconds * size };
        first += size;
    }
    y->packs.cells = first;
}

#endif
