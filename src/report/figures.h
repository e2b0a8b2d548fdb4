/* Figures: a vector graphic and its dots (SVG, PNG), the gnuplot script that drew them, the numbers that it drew, and a CSV
 * with all that is known of them. */
#ifndef REPORT_FIGURES_H
#define REPORT_FIGURES_H

#include "matrix.h"
#include "means.h"
#include "summary.h"
#include "view.h"

/* What one figure shows: a result over one or two axes, all others held. */
typedef struct figure {
    view *view;
    const summary *summary;
    const means *means; /* of the result that is shown */
    int x;              /* axis that goes to the right; -1: … */
    const char *inner;  /* … one inside the result does: "epoch", "class" */
    int other; /* heat map: axis that goes down; curves: axis whose values are the curves, or -1 for one curve */
    int row, column; /* parts: axes of the matrices; -1 otherwise */
    bool all;        /* the curves are all groups */
    int64_t corner;  /* group at the first value of all these axes */
    const char *folder;
    char name[320]; /* of its files, without ending */
    char held[256]; /* what is held: "beta=50"; "" where nothing is */
} figure;

enum { FIGURE_CURVES_MAX = 12 };

/* Draws all figures of a view into a folder that exists or can be made. */
status figures_draw(view *v, const char *folder, FILE *to);

/* Write NAME.dat, NAME.csv and NAME.gp. */
status curves_write(const figure *f);
status heat_map_write(const figure *f);
/* What the matrices of a pair of axes come to (matrix_parts.h), over a third axis, x. */
status part_curves_write(const figure *f);
/* The history: information, distance and its weight over epochs. */
status history_write(const figure *f);
/* A result for every class: classes to the right, the values of the other axis down. */
status class_map_write(const figure *f);

/* NAME.csv: the means of the groups that the figure shows. */
status figure_write_csv(const figure *f);
/* Where a value's bar ends: of its interval, or, where no group has one, of mean ± deviation; NaN where there is neither. */
interval figure_bar(const figure *f, const group_mean *x);
/* What that is, for a caption: "95 % interval (bootstrap of recorded trials)"; "" where there are no bars. */
enum { BARS_MAX = 160 };
void figure_name_bars(const figure *f, char text[BARS_MAX]);

/* The group of the i-th value of x and the j-th of the other axis. */
int64_t figure_group(const figure *f, int64_t i, int64_t j);
/* Has a group a number of the result, among all its values? */
bool figure_has_value(const figure *f, int64_t group, const double *values);

#endif
