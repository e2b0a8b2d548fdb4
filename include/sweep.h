/* A sweep: what one YAML file (and --set) asks for. Fixed settings, a grid of axes, and what to compare with.
 *
 * An axis is any option, and so are `estimator`, `data.kind` and `model.kind`. Axes that are zipped walk along one
 * dimension of the grid together: it is named after the first of them, whose values all differ, and stands where the file
 * first names one of them. A cell is a place in the grid; its index counts row-major, the last dimension fastest, in the
 * order in which the file names the axes. Excluded cells exist and are absent. `all` stands for what the data has, asked
 * when the sweep is loaded. A --set replaces what the file says: an axis keeps its place, and one value makes it an axis
 * of one value; a fixed option that gets several becomes the last axis. A sweep that loads is one that can run: every
 * cell's settings are within bounds and its data shape is known. */
#ifndef SWEEP_H
#define SWEEP_H

#include "data.h"
#include "settings.h"

enum { AXES_MAX = 16 };
#define GRID_CELLS_MAX 100000000 /* more is a mistake in the sweep file */

typedef struct axis {
    char *option; /* full name: "rine.beta" */
    /* shortest unambiguous tail, if nothing else in the result file is called so: "beta"; the coordinate there */
    char *name;
    option_type type;
    const char *unit, *help;
    int64_t count;
    char **text;    /* (count) canonical text of each value */
    double *number; /* (count) for INTEGER, REAL and FLAG axes; NULL otherwise, and where a value is a word */
    int dimension;  /* along which it walks */
    /* (count) what each value belongs to, by the data kind's `label`: the animal of a session; NULL where there is none. In
     * a result file it is the auxiliary coordinate NAME_group. Unset in a loose sweep: results_groups reads the file's. */
    char **group;
} axis;

typedef struct dimension {
    const char *name; /* of its first axis, borrowed */
    int64_t count;
    int64_t stride; /* of the cell index */
} dimension;

typedef struct grid {
    int axes;
    axis axis[AXES_MAX];
    int dimensions;
    dimension dimension[AXES_MAX];
    int64_t cells;   /* product of the counts; 1 without axes */
    uint8_t *absent; /* (cells) 1 where excluded; NULL where nothing is */
    int64_t tasks;   /* cells that are not absent */
} grid;

typedef struct sweep sweep;

/* Reads and checks a sweep file with `sets` (each "name=value" as typed after --set) on top of it. A failure names file
 * and line (or "--set"), what is wrong and what would be right. */
status sweep_load(const char *path, const char *const *sets, int set_count, sweep **out);

/* The same from a text that is at hand: of a result file, whose sweep this was. `path` names it in messages, and its
 * folder is where relative paths start. `loose` skips what needs the data (shapes, members, groups), so that a result can
 * be reported where its recording is not at hand. */
status sweep_parse(const char *text, const char *path, const char *const *sets, int set_count, bool loose,
                   sweep **out);
void sweep_free(sweep *s);

const char *sweep_path(const sweep *s);
const char *sweep_text(const sweep *s); /* the file as it was read */
const char *sweep_sets(const sweep *s); /* the --set values, one a line; "" without */
/* What `all` stood for where the data was asked, as further --set values, one a line; "" without. With them, a loose sweep
 * has the same axes. */
const char *sweep_members(const sweep *s);
const char *sweep_title(const sweep *s); /* the title; the file's name where there is none */
/* Path of the CSV to compare with, relative to the working directory; or NULL. */
const char *sweep_compare(const sweep *s);
const grid *sweep_grid(const sweep *s);
const run_options *sweep_run(const sweep *s);
const store_options *sweep_store(const sweep *s);

/* Leaves a part of the tasks, number `index` (from 1) of `count`, to this sweep: the others become absent. The parts are
 * disjoint, whole together, and alike in work as far as the grid tells; tasks that pack well stay together. The same on every
 * machine. BAD_INPUT where there are fewer tasks than parts. */
status sweep_take_shard(sweep *s, int64_t index, int64_t count);
/* Reads "2/4". BAD_INPUT says what would be right. */
status sweep_shard_parse(const char *text, int64_t *index, int64_t *count);
/* False where the sweep is whole. */
bool sweep_shard(const sweep *s, int64_t *index, int64_t *count);

/* The value index that a cell has on an axis. */
int64_t grid_value(const grid *g, int64_t cell, int axis_index);
/* Is the dimension along which this axis walks named after it? Then its values all differ. */
bool grid_leads(const grid *g, int axis_index);
/* "gate=unq beta=5 seed=3" */
void grid_print_cell(const grid *g, int64_t cell, FILE *to);

/* Settings of one cell. `*slot` is NULL at first, is reused from call to call, and belongs to the caller, who frees it
 * with settings_free. Never fails for cells of a sweep that loaded, except for want of memory. Not thread-safe. */
status sweep_settings(const sweep *s, int64_t cell, settings **slot);
void settings_free(settings *s);

/* Shape of the data of a cell; zeros where its estimator needs none. */
status sweep_shape(const sweep *s, int64_t cell, data_shape *shape);

/* Every estimator that occurs in the sweep, each once, ended by NULL. */
const struct estimator *const *sweep_estimators(const sweep *s);

/* Does any cell train a network of the tensor engine? The same for every shard. */
bool sweep_uses_tensors(const sweep *s);

/* Do the last bits of any cell depend on run.ranks_per_task? The same for every shard. */
bool sweep_rounds(const sweep *s);

/* Calls `visit` for every option that decides what is computed (run.ranks_per_task where sweep_rounds) and is no axis, in a
 * fixed order, with its full name and canonical text: the identity of the sweep beside its axes. Where an estimator or kind is
 * an axis, the options of each that some cell has are visited; an option that several kinds share once, as "data.samples", if its
 * value is the same in all of them, and otherwise once for each, as "data.gate.samples". `row` and `block` give the typed value. */
typedef void sweep_visit(const char *name, const option *row, const void *block, void *context);
void sweep_constants(const sweep *s, sweep_visit *visit, void *context);

/* Calls `visit` for every data file that any cell reads. */
typedef status sweep_visit_file(const char *path, void *context);
status sweep_files(const sweep *s, sweep_visit_file *visit, void *context);

#endif
