/* What a sweep is made of, for the files of this folder.
 *
 * The tree of the file and the --set values stay for the sweep's life, because texts are borrowed from them. Loading
 * goes through the stages below in this order; each leaves the sweep so that sweep_free can take it. */
#ifndef SWEEP_PARTS_H
#define SWEEP_PARTS_H

#include "estimator.h"
#include "sweep.h"
#include "sweep/names.h"
#include "sweep/values.h"

/* One estimator with one data kind and one model kind: everything that is the same in all of its cells. */
typedef struct combination {
    settings base;               /* defaults and fixed values; its blocks are owned */
    bool present;                /* some cell that is not absent has it */
    const option *row[AXES_MAX]; /* what an axis sets in these cells; NULL where they have no such option */
    section_id section[AXES_MAX];
    const char *value[AXES_MAX]; /* the axis' values as that row reads them; borrowed */
} combination;

/* Some dimensions of the grid: cells that differ in the others only share a place. */
typedef struct projection {
    int64_t weight[AXES_MAX]; /* by dimension; 0: left out */
    int64_t places;
} projection;

/* Data shapes, each kept once. */
typedef struct shapes {
    int32_t count, room;
    data_shape *shape;
    int32_t *slot; /* (2 * room) hash table of indices + 1; 0: free */
} shapes;

struct sweep {
    char *path, *folder, *text, *sets_text, *members_text, *title, *compare;
    bool loose; /* the data is not asked */
    node file;
    set *set;
    int sets;
    names names;

    option_name *axis_name[AXES_MAX];
    const node *axis_node[AXES_MAX];
    bool axis_by_set[AXES_MAX];
    values values[AXES_MAX];
    grid grid;

    int choice_axis[CHOICES]; /* -1: fixed */
    choices fixed_choice;     /* -1: no estimator needs one */
    int combinations;
    combination *combination;
    const estimator **estimators; /* ended by NULL */

    projection shape_places;
    int32_t *shape_at; /* (places) index into `shapes` */
    shapes shapes;
    run_options run;
    store_options store;
    bool rounds; /* some task rounds by the number of ranks that it has */

    int64_t shard, shards; /* 2, 4: the second of four; 0 where the sweep is whole */
    uint8_t *excluded;     /* of a shard: what grid.absent is in the whole sweep */
};

/* ---- the stages ---------------------------------------------------------------------------------------- */

status sets_read(sweep *s, const char *const *typed, int count);
status file_check_keys(const sweep *s); /* all are known, sections are mappings */
status place_file(sweep *s);            /* what the file says, onto names and axes */
status place_sets(sweep *s);            /* and what --set says */
status grid_make(sweep *s);             /* dimensions and values of the axes */
status grid_exclude(sweep *s);          /* absent cells */
status combinations_make(sweep *s);
status shapes_make(sweep *s); /* data shapes of all cells; estimators accept them */
status groups_find(sweep *s); /* what the values of axes belong to */

/* Makes a value fixed, or an axis; `typed` is the name as it was written. */
status place_fixed(const node *value, option_name *of);
status place_axis(sweep *s, const node *typed, const node *value, option_name *of);
bool key_is_top(const char *word);
/* title, compare, zip, exclude: top-level keys that are no option and no section. */
bool key_is_directive(const char *key);
/* The value of a top-level key that is no option: from the last --set that names it, or the file; or NULL. */
const node *key_value(const sweep *s, const char *key);
/* The axis that is named, refused with the place of `typed` if it is none. */
status axis_find(const sweep *s, const node *typed, int *axis_index);
/* Is the axis `all`, so that the data is to be asked for its values? */
bool members_are_asked(const sweep *s, int a);
/* Asks; a count of 0 where the data does not know. */
status members_find(const sweep *s, int a, span *out);
/* Keeps the answers as --set values that stand for them. */
status members_note(sweep *s, const span *spans);
void groups_drop(axis *of);
/* What a --set or the file gives for one option, into `block`; texts are borrowed from the node. */
status value_put(const option *row, const node *n, void *block);

/* ---- cells --------------------------------------------------------------------------------------------- */

const combination *combination_of(const sweep *s, int64_t cell);

projection projection_make(const grid *g, const bool *keep); /* keep (dimensions) */
int64_t projection_place(const grid *g, const projection *p, int64_t cell);
/* Calls `visit` with the first present cell of every place that has one, in grid order. Present in the whole sweep: shards
 * have the same results, shapes and data files. */
typedef status cell_visit(const sweep *s, int64_t cell, int64_t place, const settings *t, void *context);
status cells_visit(const sweep *s, const projection *p, cell_visit *visit, void *context);
/* The dimensions from which data kind and data follow, but for its random numbers. */
projection projection_of_data(const sweep *s);
/* The dimensions that matter for everything but random numbers: all but one of the seed alone. */
projection projection_without_seed(const sweep *s);

/* The shape's place among those that differ, or the place of a new one. */
status shapes_intern(shapes *all, const data_shape *shape, int32_t *index);
void shapes_free(shapes *all);
/* Place of the shape of a cell among the sweep's; 0 in a loose sweep. */
int32_t shape_index(const sweep *s, int64_t cell);

/* Names the cell in front of what is recorded, and returns `code`. */
status cell_failed(const sweep *s, int64_t cell, status code);

/* Mixes one more number into a hash value. */
static inline uint64_t hash_mix(uint64_t hash, uint64_t with)
{
    /* multiplications, and shifts that carry high bits down: the finaliser of SplitMix64 (Steele, Lea, Flood 2014) */
    hash += with + 0x9e3779b97f4a7c15u;
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
    return hash ^ (hash >> 31);
}

#endif
