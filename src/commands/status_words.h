/* What `status` says of a look. */
#ifndef COMMANDS_STATUS_WORDS_H
#define COMMANDS_STATUS_WORDS_H

#include "status_look.h"

/* All that there is to say, and how to go on. */
status status_say(const look *l, FILE *to);
/* What changes while a run is on: for a block on a terminal of this many columns. */
status status_say_now(const look *l, int columns, FILE *to);
/* The same in one line, without its end. */
void status_say_line(const look *l, char *text, size_t size);

#endif
