/* gnuplot: the parts of a script that all figures share, and running it. */
#ifndef REPORT_GNUPLOT_H
#define REPORT_GNUPLOT_H

#include <stdio.h>

#include "row.h"
#include "sweep.h"

/* Opens FOLDER/NAME.ENDING for writing. */
status gnuplot_create(const char *folder, const char *name, const char *ending, FILE **out);
/* Closes it; IO_FAILED when not everything could be written. */
status gnuplot_close(FILE *file, const char *name);

/* What the figure is, how to draw it again, terminal and output. */
void gnuplot_head(const char *name, const char *about, FILE *to);
/* A text as gnuplot reads it back: 'it''s'. */
void gnuplot_text(const char *text, FILE *to);
/* "window_1 (ms)", quoted. */
void gnuplot_axis_name(const axis *a, FILE *to);
/* "redundant information (bits)", quoted. */
void gnuplot_quantity_name(const quantity *q, FILE *to);

/* Turns the labels of a horizontal axis where, side by side, they would run into each other. */
void gnuplot_turn_labels(const axis *a, FILE *to);

/* The viridis colours, perceptually uniform and legible without colour vision: at 0 … 1, as 0xRRGGBB. */
unsigned gnuplot_viridis(double at);
void gnuplot_palette(FILE *to);

typedef enum gnuplot_outcome { GNUPLOT_DREW, GNUPLOT_ABSENT, GNUPLOT_FAILED } gnuplot_outcome;
/* Runs gnuplot on NAME.gp in the folder. */
gnuplot_outcome gnuplot_run(const char *folder, const char *name);

#endif
