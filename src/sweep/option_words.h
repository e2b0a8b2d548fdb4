/* What the option files share: words separated by '|', and texts that are safe to show in a message. */
#ifndef SWEEP_OPTION_WORDS_H
#define SWEEP_OPTION_WORDS_H

#include "option.h"

/* Start and length of word `index` of "a|b|c"; length 0 beyond the last. `words` may be NULL. */
size_t words_at(const char *words, int index, const char **start);
/* Place of `word` in `words`, or -1. */
int words_find(const char *words, const char *word);

/* May a word stand where this INTEGER option takes a number? */
bool option_has_words(const option *row);

enum { SHOWN_MAX = 72 };
/* What a person typed, fit to stand in a message: quoted, shortened, control characters replaced. Returns `to`. */
const char *option_shown(const char *typed, char to[SHOWN_MAX]);

/* "a whole number, 1 to 100, or table": what a row takes. */
void option_accepts(const option *row, FILE *to);

/* The shortest text that reads back to `value`; `size` of at least 32. */
void option_real_text(double value, char *to, size_t size);

#endif
