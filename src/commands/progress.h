/* How far a run is, on standard error: one line that is rewritten in place where that is a terminal, a plain line now and
 * then, and when a run begins to end early, where it is not. */
#ifndef COMMANDS_PROGRESS_H
#define COMMANDS_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

#include "live.h"
#include "schedule.h"

typedef struct progress_line {
    FILE *to;
    int terminal; /* that shows it; -1: none */
    bool shown;   /* on a terminal: a line stands there which anything else would run into */
    double shown_seconds, shown_part; /* when it was last shown: time, part of the tasks */
    live_state shown_state;
} progress_line;

void progress_line_make(progress_line *l, FILE *to);
/* May be called as often as one likes. */
void progress_line_show(progress_line *l, const progress *p);
/* Takes the line off the terminal for something else, which is to end its own line. */
void progress_line_clear(progress_line *l);
/* Removes the line from the terminal. */
void progress_line_end(progress_line *l);

enum { BAR_MAX = 30 };
/* "[====>     ]" for the part of all, 0 to 1, that is done; `room` (at most BAR_MAX) between the brackets. */
void progress_bar(double part, int room, char text[BAR_MAX + 3]);

/* "epoch 12 of 40, loss 1.402 nats, 1.61 bits, 412 samples/s, " as far as it is known; nothing where a task tells nothing. */
void progress_print_note(const task_note *n, FILE *to);

/* The words alone, with a bar before them where they leave room for one; never more than `width` columns. */
void progress_text(const progress *p, int width, bool bar, char *text, size_t size);

#endif
