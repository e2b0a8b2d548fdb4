/* Settings: every option of one task, resolved. Which sections there are follows from the estimator, the data kind and
 * the model kind of that task; each section's values lie in the plain struct that its module declares. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "option.h"

struct estimator;
struct data_kind;
struct model_kind;

typedef enum section_id {
    SECTION_TASK,      /* task_options: what stands at the top level of a sweep file */
    SECTION_ESTIMATOR, /* rine:, exact:, … as the estimator declares */
    SECTION_DATA,      /* data: as the data kind declares */
    SECTION_COMPRESS,  /* compress_options (compress.h): what comes between the data and the estimator */
    SECTION_MODEL,     /* model: as the model kind declares; absent where the estimator trains nothing */
    SECTION_TRAIN,     /* train_options (train.h); absent where the estimator trains nothing */
    SECTION_RUN,       /* run_options: how, not what */
    SECTION_STORE,     /* store_options: how, not what */
    SECTIONS
} section_id;

typedef struct task_options {
    int64_t seed; /* of everything random in the task */
} task_options;

typedef struct run_options {
    int64_t pack;              /* most tasks in a pack */
    double sync_seconds;       /* between two syncs of a rank's rows to disk */
    double tick_seconds;       /* between two ticks of an estimator */
    double margin_seconds;     /* kept free before the end of an allocation, to close the file in */
    int64_t crash_limit;       /* unexplained deaths as the sole suspect that quarantine a task; 0: none do */
    int64_t ranks_per_task;    /* of a gang, for tasks that can use one: a power of two */
    double checkpoint_seconds; /* between two checkpoints of a long task; 0: none */
} run_options;

typedef enum store_writer {
    WRITER_ALL,   /* every rank writes its own rows */
    WRITER_RANK0, /* rank 0 writes the rows of all */
} store_writer;

typedef struct store_options {
    int writer; /* store_writer */
} store_options;

extern const section task_section, run_section, store_section;

typedef struct settings {
    const struct estimator *estimator;
    const struct data_kind *data;   /* NULL where the estimator needs none */
    const struct model_kind *model; /* NULL where the estimator trains nothing */
    const section *section[SECTIONS];
    void *block[SECTIONS]; /* one struct each, owned; NULL where the section is absent */
    const char *folder;    /* of the sweep file, borrowed: where relative paths start */
} settings;

static inline const task_options *settings_task(const settings *s)
{
    return s->block[SECTION_TASK];
}

/* Have two tasks, made for the same estimator and kinds, equal values of all options of a section? */
bool settings_equal(const settings *a, const settings *b, section_id id);

/* Copies everything into `to`, which must have been made for the same estimator and kinds. */
void settings_copy(settings *to, const settings *from);

#endif
