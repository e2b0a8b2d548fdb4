/* A view: a result file as reports see it. Values are read when they are first asked for, so that a report of a large
 * file reads only what it shows; tests hand in a view that they made themselves. */
#ifndef REPORT_VIEW_H
#define REPORT_VIEW_H

#include "estimator.h"
#include "report.h"

/* An option that the sweep holds constant. */
typedef struct view_constant {
    char *name, *text; /* full name, canonical text */
} view_constant;

typedef struct view {
    const results *results; /* where values and reasons come from */
    const char *path, *title;
    const grid *grid;
    const layout *layout;
    layout *in_nats;                    /* the same, where the report is in nats; or NULL */
    const estimator *const *estimators; /* of the sweep, ended by NULL */
    uint8_t *status;                    /* (cells) enum outcome */
    double **values;                    /* (variables) each (cells, count) row-major, or NULL until read */
    run_record *runs;
    int run_count;
    comparison *published;       /* NULL where the sweep names none … */
    char published_trouble[256]; /* … or where it cannot be read: why */
    view_constant *constant;
    int constants;
    const char *const
        *group[AXES_MAX]; /* what each value of an axis belongs to (its animal); NULL where it has none */
    report_options options;
} view;

status view_make(const results *r, const report_options *o, view **out);
void view_free(view *v);

/* All values of a result, borrowed from the view. */
status view_values(view *v, const variable *x, const double **out);
/* The published value of a result in a cell, which is in bits where the result is information; NaN where there is none. */
double view_published(const view *v, const variable *x, int64_t cell);
/* Does the estimator of this cell give this result? (With the estimator as an axis, not every one does.) */
bool view_gives(const view *v, int64_t cell, const variable *x);

/* The value of an option in a cell, by its name without the section ("session_1"); NULL where the sweep has none. */
const char *view_option(const view *v, int64_t cell, const char *name);
/* Are both sources told alike: is every option NAME_2 what NAME_1 is? Then the two may change places. */
bool view_alike(const view *v, int64_t cell);
/* Is the axis called so? By its full name, or without the section. */
bool view_axis_is(const axis *a, const char *name);

/* The results that a person looks for first: of each estimator the redundant information, or, where it gives none, the
 * first of its table. Each once, ended by NULL. */
enum { HEADLINES_MAX = 16 };
void view_headlines(const view *v, const variable *headline[HEADLINES_MAX + 1]);
/* The exact counterpart of a result ("exact_" before its name), or NULL. */
const variable *view_exact(const view *v, const variable *x);
/* Does it have numbers for single test samples? Those enter intervals and are not shown themselves. */
bool view_is_per_sample(const variable *x);
/* How a value along an inner axis is called: "1" for the first source, "cat" for a class that has a name. */
void view_inner_label(const view *v, const variable *x, int64_t index, char *label, size_t size);

#endif
