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
    { .name = NULL },
};
#undef FIELD

const section task_section = { "task", task_table, sizeof(task_options) };
const section run_section = { "run", run_table, sizeof(run_options) };

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
