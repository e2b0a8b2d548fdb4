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

/* How a long task is getting on, for a person; epochs 0: it does not say. */
typedef struct task_note {
    int64_t epoch, epochs; /* the one that runs, from 0; how many there will be */
    double loss;           /* nats per sample, of the last steps; NaN while unknown */
    double bits;           /* of the last evaluation; NaN while unknown */
    double samples_per_second;
} task_note;

/* Called by an estimator at least every run.tick_seconds while it works: the coordinator answers messages in it.
 * Returns false when the run must stop at once; the pack is then abandoned and its rows are not written. */
typedef struct ticker {
    bool (*tick)(struct ticker *self, double fraction_done);
    void *context;
    double interval_seconds;
    task_note note; /* written by the estimator, before a tick */
} ticker;

/* Where a long task keeps its state, so that a run that was killed goes on from there. The state is the estimator's own bytes;
 * a task with other settings, other kernels or other data never gets to see it. */
typedef struct checkpoint {
    /* The state that was kept last; *state is NULL where there is none, or none that is whole, which a line on stderr says. The
     * caller frees it. */
    status (*load)(struct checkpoint *self, void **state, size_t *bytes);
    /* Is it time to keep the state again? Alike for nobody: in a gang, rank 0 of it decides for all. */
    bool (*due)(struct checkpoint *self);
    /* Keeps a state in the place of the one before: the old one stays until the new one is whole and on disk. */
    status (*save)(struct checkpoint *self, const void *state, size_t bytes);
    void *context;
} checkpoint;

typedef struct task_pack {
    int count;
    const settings *const *task; /* (count) all alike but for OPTION_LANE options */
    data_shape shape;       /* of every task, or, where they differ, the estimator's envelope of them all */
    struct gang *gang;      /* the ranks that work on this pack together (gang.h); NULL: this one alone */
    checkpoint *checkpoint; /* NULL: none are kept, or count > 1 */
} task_pack;

/* In what ways a task can run. */
typedef struct task_manner {
    int lanes; /* tasks that run at once in one pack (lanes of a register); 1 where they run one after the other */
    int ranks;  /* most ranks that a gang may have for it; only powers of two up to this are asked for */
    bool keeps; /* it may take long, says how it gets on and keeps checkpoints: it is a pack of its own */
} task_manner;

typedef struct estimator {
    const char *name;
    const char *summary; /* one line */
    const char *source;  /* paper and equation */
    const char
        *when; /* for what data it is the one to take, and where another is better; NULL: nothing to say */
    section section;         /* named like the estimator */
    const quantity *results; /* ended by a NULL name */
    unsigned needs;
    /* What this build leaves out of it, and why, in words ("gh and prec, built without GLPK"); NULL, or NULL from it: nothing. */
    const char *(*lacks)(void);

    /* Can this task run? BAD_INPUT says why not (default: estimator_accepts_all). This and `extents` do not look at the
     * seed, so that cells that differ in nothing else are asked once. */
    status (*check)(const settings *s, const data_shape *shape);
    /* Extents of the inner axes of a task's results. */
    void (*extents)(const settings *s, const data_shape *shape, result_extents *out);
    /* Tasks whose shapes have equal envelopes may share a pack; the smaller ones are padded, which changes no bit of what
     * they compute. NULL: the shape itself. An envelope's envelope is itself. */
    void (*envelope)(const settings *s, const data_shape *shape, data_shape *out);
    /* How a task runs; NULL: one lane, one rank, no checkpoints. */
    void (*manner)(const settings *s, const data_shape *shape, task_manner *out);
    /* Do the last bits of a task's row depend on how many ranks it has? Then run.ranks_per_task is part of what the sweep computes.
     * NULL: they do not. */
    bool (*rounds)(const settings *s);
    /* Floating-point operations of one task, all that is needed and no more. */
    double (*flops)(const settings *s, const data_shape *shape);
    /* Predicted seconds of `count` such tasks run as one pack on one core of this machine. */
    double (*seconds)(const settings *s, const data_shape *shape, int count);
    /* Bytes that `count` such tasks need together while they run. */
    size_t (*bytes)(const settings *s, const data_shape *shape, int count);
    /* Runs the pack and fills rows[0 … count-1] (made for the sweep's layout, outcome and values unset). Returns
     * WORK_LEFT when a tick said stop. Collective over the pack's gang, whose rank 0 alone need fill the rows. */
    status (*run)(const task_pack *pack, ticker *t, task_row *const *rows);
} estimator;

/* The way of a task by its estimator, whether that says or not. */
static inline task_manner estimator_manner(const settings *s, const data_shape *shape)
{
    task_manner m = { .lanes = 1, .ranks = 1 };
    if (s->estimator->manner) s->estimator->manner(s, shape, &m);
    return m;
}

status estimator_accepts_all(const settings *s, const data_shape *shape);

extern const estimator *const estimators[]; /* ended by NULL */
const estimator *estimator_find(const char *name);

#endif
