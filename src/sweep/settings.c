#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "sweep.h"

#define FIELD(f) offsetof(task_options, f)
static const option task_table[] = {
    { "seed", OPTION_INTEGER, FIELD(seed), "0", 0, 9007199254740992.0, "", "of everything random in a task",
      NULL, OPTION_LANE },
    { .name = NULL },
};
#undef FIELD

#define FIELD(f) offsetof(run_options, f)
static const option run_table[] = {
    { "pack", OPTION_INTEGER, FIELD(pack), "16", 1, 64, "tasks",
      "most tasks that train in lock-step, a network in each lane", NULL, OPTION_EXECUTION },
    { "sync_seconds", OPTION_REAL, FIELD(sync_seconds), "30", 0, 1e6, "s",
      "between two times that a rank puts its rows on disk", NULL, OPTION_EXECUTION },
    { "tick_seconds", OPTION_REAL, FIELD(tick_seconds), "0.1", 1e-4, 60, "s",
      "between two looks at messages while a task runs", NULL, OPTION_EXECUTION },
    { "margin_seconds", OPTION_REAL, FIELD(margin_seconds), "20", 0, 1e6, "s",
      "kept free before the end of an allocation: nothing is begun that would end in it", NULL,
      OPTION_EXECUTION },
    { "crash_limit", OPTION_INTEGER, FIELD(crash_limit), "5", 0, 100, "deaths",
      "unexplained deaths of a run with one task as the sole suspect that quarantine it; 0: never", NULL,
      OPTION_EXECUTION },
    { "ranks_per_task", OPTION_INTEGER, FIELD(ranks_per_task), "1", 1, 1024, "ranks",
      "that work on one long task together: 1, 2, 4, ...; a network of every source has its own, and more "
      "than "
      "that take parts of a batch (train.micro_batches); compress takes any",
      NULL, OPTION_EXECUTION | OPTION_ROUNDS },
    { "checkpoint_seconds", OPTION_REAL, FIELD(checkpoint_seconds), "300", 0, 1e6, "s",
      "between two checkpoints of a long task, from which it goes on after a kill; 0: none", NULL,
      OPTION_EXECUTION },
    { .name = NULL },
};
#undef FIELD

#define FIELD(f) offsetof(store_options, f)
static const option store_table[] = {
    { "writer", OPTION_CHOICE, FIELD(writer), "all", 0, 0, "",
      "who writes rows: every rank its own, or rank 0 those of all (for NFS)", "all|rank0",
      OPTION_EXECUTION },
    { .name = NULL },
};
#undef FIELD

const section task_section = { "task", task_table, sizeof(task_options) };
const section run_section = { "run", run_table, sizeof(run_options) };
const section store_section = { "store", store_table, sizeof(store_options) };

void settings_copy(settings *to, const settings *from)
{
    for (int i = 0; i < SECTIONS; i++)
        if (from->section[i]) memcpy(to->block[i], from->block[i], from->section[i]->size);
    to->folder = from->folder;
}

void settings_free(settings *s)
{
    if (!s) return;
    for (int i = 0; i < SECTIONS; i++) free(s->block[i]);
    free(s);
}

bool settings_equal(const settings *a, const settings *b, section_id id)
{
    for (const option *row = a->section[id]->options; row->name; row++)
        if (!option_equal(row, a->block[id], b->block[id])) return false;
    return true;
}
