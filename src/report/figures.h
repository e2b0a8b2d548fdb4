/* Figures: one PNG with the gnuplot script that drew it and the numbers that it drew. */
#ifndef REPORT_FIGURES_H
#define REPORT_FIGURES_H

#include "summary.h"
#include "view.h"

/* What one figure shows: a result over one or two axes, all others held. */
typedef struct figure {
    view *view;
    const summary *summary;
    const variable *variable;
    int x;     /* axis that goes to the right */
    int other; /* heat map: axis that goes down; curves: axis whose values are the curves, or -1 for one curve */
    int64_t corner; /* group at the first value of both axes */
    const char *folder;
    char name[320]; /* of its files, without ending */
    char held[256]; /* what is held: "beta=50"; "" where nothing is */
} figure;

/* Draws all figures of a view into a folder that exists or can be made. */
status figures_draw(view *v, const char *folder, FILE *to);

/* Write NAME.dat and NAME.gp. */
status curves_write(const figure *f);
status heat_map_write(const figure *f);

/* The group of the i-th value of x and the j-th of the other axis. */
int64_t figure_group(const figure *f, int64_t i, int64_t j);

#endif
