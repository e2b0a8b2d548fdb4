/* What an engine does for RINE: which tasks it can train, how they run, what they cost, and the training itself. One file of
 * each engine ends in such a table; rine.c asks the one that the task's model runs on, and knows no more of engines. */
#ifndef RINE_ENGINE_H
#define RINE_ENGINE_H

#include "estimator.h"
#include "rine_decomposition.h"
#include "rine_results.h"

typedef struct rine_engine {
    /* As in the estimator's table. `check` sees tasks that are right but for what the engine cannot do. */
    status (*check)(const settings *s, const data_shape *shape);
    void (*envelope)(const settings *s, const data_shape *shape, data_shape *out);
    void (*manner)(const settings *s, const data_shape *shape, task_manner *out);
    double (*flops)(const settings *s, const data_shape *shape);
    double (*seconds)(const settings *s, const data_shape *shape, int count);
    size_t (*bytes)(const settings *s, const data_shape *shape, int count);
    /* Makes fresh data ready to be trained on. */
    status (*prepare)(dataset *d);
    /* Trains a group of as many tasks at most as the manner says lanes, and fills their rows. Collective over the pack's
     * gang. WORK_LEFT when a tick said stop. */
    status (*train)(rine_group *g, rine_progress *progress);
} rine_engine;

extern const rine_engine rine_lanes_engine, rine_tensors_engine;

#endif
