/* Settings of a task as a sweep file would give them, for tests of data kinds and of estimators without a network. */
#ifndef SETTINGS_OF_H
#define SETTINGS_OF_H

#include <stdlib.h>

#include "check.h"
#include "data.h"

typedef struct test_settings {
    settings s;
    task_options task;
} test_settings;

/* Defaults of a data kind with seed 1; ends the program where memory is short. */
static inline test_settings *settings_of(const char *kind)
{
    test_settings *made = calloc(1, sizeof *made);
    const data_kind *k = data_kind_find(kind);
    if (made == NULL || k == NULL) abort();
    made->task.seed = 1;
    made->s = (settings){ .data = k, .folder = "." };
    made->s.section[SECTION_DATA] = &k->section;
    made->s.block[SECTION_TASK] = &made->task;
    made->s.block[SECTION_DATA] = calloc(1, k->section.size);
    if (made->s.block[SECTION_DATA] == NULL) abort();
    option_defaults(k->section.options, made->s.block[SECTION_DATA]);
    return made;
}

/* Sets a data option as a person would type it; `text` must outlive the settings. */
static inline void settings_set(test_settings *t, const char *name, const char *text)
{
    const option *row = option_find(t->s.section[SECTION_DATA]->options, name);
    if (row == NULL || option_parse(row, text, t->s.block[SECTION_DATA]) != OK) {
        fprintf(stderr, "%s=%s: %s\n", name, text, failure_text());
        abort();
    }
}

static inline void settings_of_free(test_settings *t)
{
    free(t->s.block[SECTION_DATA]);
    free(t->s.block[SECTION_ESTIMATOR]);
    free(t);
}

static inline table *table_of(const test_settings *t)
{
    table *made = NULL;
    if (t->s.data->table(&t->s, &made) != OK) fprintf(stderr, "table: %s\n", failure_text());
    return made;
}

#endif
