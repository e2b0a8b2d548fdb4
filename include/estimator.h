/* Estimators: what turns a task's settings into a row of results.
 *
 * An estimator is one file under src/estimators/ that ends in one `const` table; adding one means that file and one line
 * of the registry. `run` gets a whole pack. A task that fails or diverges is a row with a reason; only want of memory and
 * the like fail the pack. Estimators know nothing of ranks, files or other packs. */
#ifndef ESTIMATOR_H
#define ESTIMATOR_H

#include "data.h"
#include "model.h"
#include "row.h"
#include "settings.h"
#include "train.h"

enum {
    NEEDS_DATA = 1,  /* a dataset (data section) */
    NEEDS_MODEL = 2, /* a network and its training (model and train sections) */
    NEEDS_TABLE = 4, /* the finite table of the data; cells without one are refused */
};

/* Called by an estimator at least every run.tick_seconds while it works: the coordinator answers messages in it.
 * Returns false when the run must stop at once; the pack is then abandoned and its rows are not written. */
typedef struct ticker {
    bool (*tick)(struct ticker *self, double fraction_done);
    void *context;
    double interval_seconds;
} ticker;

typedef struct task_pack {
    int count;
    const settings *const *task; /* (count) all alike but for OPTION_LANE options */
    data_shape shape; /* of every task, or, where they differ, the estimator's envelope of them all */
} task_pack;

typedef struct estimator {
    const char *name;
    const char *summary;     /* one line */
    const char *source;      /* paper and equation */
    section section;         /* named like the estimator */
    const quantity *results; /* ended by a NULL name */
    unsigned needs;

    /* Can this task run? BAD_INPUT says why not (default: estimator_accepts_all). This and `extents` do not look at the
     * seed, so that cells that differ in nothing else are asked once. */
    status (*check)(const settings *s, const data_shape *shape);
    /* Extents of the inner axes of a task's results. */
    void (*extents)(const settings *s, const data_shape *shape, result_extents *out);
    /* Tasks whose shapes have equal envelopes may share a pack; the smaller ones are padded, which changes no bit of what
     * they compute. NULL: the shape itself. An envelope's envelope is itself. */
    void (*envelope)(const settings *s, const data_shape *shape, data_shape *out);
    /* Tasks that run at once in one pack (lanes of a register); NULL: 1. For lane occupancy in `plan` and `run`. */
    int (*lanes)(void);
    /* Floating-point operations of one task, all that is needed and no more. */
    double (*flops)(const settings *s, const data_shape *shape);
    /* Predicted seconds of `count` such tasks run as one pack on one core of this machine. */
    double (*seconds)(const settings *s, const data_shape *shape, int count);
    /* Bytes that `count` such tasks need together while they run. */
    size_t (*bytes)(const settings *s, const data_shape *shape, int count);
    /* Runs the pack and fills rows[0 … count-1] (made for the sweep's layout, outcome and values unset). Returns
     * WORK_LEFT when a tick said stop. */
    status (*run)(const task_pack *pack, ticker *t, task_row *const *rows);
} estimator;

status estimator_accepts_all(const settings *s, const data_shape *shape);

extern const estimator *const estimators[]; /* ended by NULL */
const estimator *estimator_find(const char *name);

#endif
