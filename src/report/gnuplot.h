/* gnuplot: the parts of a script that all figures share, and running it. */
#ifndef REPORT_GNUPLOT_H
#define REPORT_GNUPLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "row.h"
#include "sweep.h"

/* Opens FOLDER/NAME.ENDING for writing. */
status gnuplot_create(const char *folder, const char *name, const char *ending, FILE **out);
/* Closes it; IO_FAILED when not everything could be written. */
status gnuplot_close(FILE *file, const char *name);

/* Of a letter and of a line in the font of the figures, on average, in units of a canvas: what room words need. */
enum { GNUPLOT_LETTER = 7, GNUPLOT_LINE = 16 };

/* In units of 1/96 inch. */
typedef struct canvas {
    int width, height;
} canvas;

/* What the figure is, how to draw it again, and the SVG that is drawn first. */
void gnuplot_head(const char *name, const char *about, const canvas *c, FILE *to);
/* A line below the figure: what its bars are. */
void gnuplot_caption(const char *text, FILE *to);
/* From here on into a PNG. */
void gnuplot_dots(const char *name, FILE *to);
/* Draws what the last `plot` drew into a PNG, too. */
void gnuplot_tail(const char *name, FILE *to);
/* A text as gnuplot reads it back: 'it''s'. */
void gnuplot_text(const char *text, FILE *to);
/* "window 1 (ms)", quoted. */
void gnuplot_axis_name(const axis *a, FILE *to);
/* Letters in it. */
int gnuplot_axis_width(const axis *a);
/* "redundant information (bits)", quoted. */
void gnuplot_quantity_name(const quantity *q, FILE *to);

/* Turns the labels of a horizontal axis where, side by side, they would run into each other. */
void gnuplot_turn_labels(const axis *a, FILE *to);

/* The viridis colours, perceptually uniform and legible without colour vision: at 0 … 1, as 0xRRGGBB. */
unsigned gnuplot_viridis(double at);
/* Of curve j: colours that differ for every kind of colour vision, or, for numbers, a scale. */
unsigned gnuplot_curve_colour(bool numbers, int64_t j, int64_t curves);
/* Colours for `palette`: viridis, or, where both signs matter, blue to red with white in the middle. */
void gnuplot_palette(bool both_signs, FILE *to);

typedef enum gnuplot_outcome { GNUPLOT_DREW, GNUPLOT_ABSENT, GNUPLOT_FAILED } gnuplot_outcome;
/* Runs gnuplot on NAME.gp in the folder. */
gnuplot_outcome gnuplot_run(const char *folder, const char *name);

#endif
