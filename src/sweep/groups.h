/* Groups: cells that may share packs (pack.h), found by what their tasks have in common. */
#ifndef SWEEP_GROUPS_H
#define SWEEP_GROUPS_H

#include "sweep/parts.h"

/* What the tasks of a pack have in common. Axes that may differ between lanes, and axes that the cell's kinds do not
 * have, count as value 0. */
typedef struct key {
    const combination *combination;
    bool enveloped;
    int32_t shape;           /* index into the sweep's shapes, or into the envelopes */
    int64_t value[AXES_MAX]; /* by axis: index of the value, of the first among equal ones */
} key;

/* Cells with one key. Those of one shape go into the group of its envelope, if their estimator has envelopes. */
typedef struct group {
    key key;
    int64_t into; /* the group that has its cells: another one, or itself */
    task_manner manner;
    int64_t count; /* cells */
    int64_t next;  /* where its next cell goes */
} group;

/* Groups in order of their first cell, and where each cell belongs. */
typedef struct groups {
    int64_t count, room;
    group *group;
    int64_t *slot; /* (2 * room) hash table of group indices + 1; 0: free */
    int64_t *of;   /* (cells of the grid) group of each wanted cell; -1 */
    int64_t cells; /* wanted */
    shapes envelopes;
} groups;

/* Of the cells that are to be packed: those with wanted[cell] == WANT_PACKED, or, where that is NULL, all that are not absent.
 * To be freed whatever became of it. */
status groups_make(const sweep *s, const uint8_t *wanted, groups *all);
void groups_free(groups *all);

#endif
