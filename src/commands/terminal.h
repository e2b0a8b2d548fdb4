/* Which terminal, if any, shows what is written. */
#ifndef COMMANDS_TERMINAL_H
#define COMMANDS_TERMINAL_H

#include <stdio.h>

/* A descriptor of the terminal that shows `to`, or -1. terminal_close closes it. */
int terminal_of(FILE *to);
void terminal_close(int terminal);
/* Its columns and rows: to be asked each time, because people resize it. */
int terminal_width(int terminal);
int terminal_height(int terminal);

#endif
