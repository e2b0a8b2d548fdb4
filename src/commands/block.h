/* A block of lines on a terminal that is redrawn in place: folded to its width, cut to its height, written in one piece so
 * that it does not flicker. What stood above it stays. */
#ifndef COMMANDS_BLOCK_H
#define COMMANDS_BLOCK_H

#include <stdio.h>

enum { BLOCK_LINES = 100 };
typedef struct block {
    int terminal;
    int lines;              /* that stand there, the cursor below the last */
    int width[BLOCK_LINES]; /* their characters: a terminal that was made narrower breaks them */
} block;

/* Redraws it with other lines. */
void block_show(block *b, const char *text);
/* Removes it. */
void block_remove(block *b);

/* Text as lines of at most `width` characters and at most `lines` of them, broken between words, the rest of a line
 * indented; the last one says "…" where there would be more. */
void block_fold(const char *text, int width, int lines, FILE *to);

#endif
