/* Recorded trials of a group: what the cells of a group say about each trial of each session, put together. A trial is
 * tested in one fold, by the networks of every seed (and, with random surrogate pairs, not in every seed); its values are
 * weighted so that the sum over all trials is the group's mean over cells, to which every cell contributes alike however many
 * trials it tests. */
#ifndef REPORT_TRIALS_H
#define REPORT_TRIALS_H

#include "summary.h"
#include "view.h"

typedef struct trial {
    int64_t number; /* in its session */
    int64_t target, block;
    double weight[SOURCES_MAX]; /* by source: its part in the group's mean, … */
    double sum[SOURCES_MAX]; /* … and weight × cross-entropy, bits; both 0 where the source never met it */
} trial;

/* The trials of one session. Sources that were recorded in the same session share them. */
typedef struct session_trials {
    const char *session; /* borrowed from the view */
    int sources;
    int source[SOURCES_MAX]; /* which, from 0 */
    int64_t count;
    trial *trial; /* (count) in no order that a caller may rely on */
} session_trials;

typedef struct group_trials {
    int sources, sessions;
    session_trials session[SOURCES_MAX];
} group_trials;

/* Does the result file have values per trial? */
bool trials_kept(const view *v);
/* *out is NULL where the group has none. */
status trials_make(view *v, const summary *s, int64_t group, group_trials **out);
void trials_free(group_trials *t); /* NULL is fine */

#endif
