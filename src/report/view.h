/* A view: a result file as reports see it. Values are read when they are first asked for, so that a report of a large
 * file reads only what it shows; tests hand in a view that they made themselves. */
#ifndef REPORT_VIEW_H
#define REPORT_VIEW_H

#include "estimator.h"
#include "report.h"

typedef struct view {
    const results *results; /* where values and reasons come from */
    const char *path, *title;
    const grid *grid;
    const layout *layout;
    const estimator *const *estimators; /* of the sweep, ended by NULL */
    uint8_t *status;                    /* (cells) enum outcome */
    double **values;                    /* (variables) each (cells, count) row-major, or NULL until read */
    run_record *runs;
    int run_count;
    comparison *published;       /* NULL where the sweep names none … */
    char published_trouble[256]; /* … or where it cannot be read: why */
} view;

status view_make(const results *r, view **out);
void view_free(view *v);

/* All values of a result, borrowed from the view. */
status view_values(view *v, const variable *x, const double **out);
/* Does the estimator of this cell give this result? (With the estimator as an axis, not every one does.) */
bool view_gives(const view *v, int64_t cell, const variable *x);

/* The results that a person looks for first: of each estimator the redundant information, or, where it gives none, the
 * first of its table. Each once, ended by NULL. */
enum { HEADLINES_MAX = 16 };
void view_headlines(const view *v, const variable *headline[HEADLINES_MAX + 1]);
/* The exact counterpart of a result ("exact_" before its name), or NULL. */
const variable *view_exact(const view *v, const variable *x);
/* How a value along an inner axis is called: "1" for the first source. */
void view_inner_label(const view *v, const variable *x, int64_t index, char *label, size_t size);

#endif
