/* Example mappings that `data import` prints for a file without one: YAML that the import reads, with remarks. */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <stdio.h>

/* Title, target, and the one session that is read from `path`. A NULL target is left for the person to fill in. */
void example_start(FILE *to, const char *path, const char *format, const char *target);
/* One key of that session; the value is quoted where YAML needs it. A NULL value is left to fill in; `remark` may be "". */
void example_key(FILE *to, const char *key, const char *value, const char *remark);
/* A word as it is, anything else in double quotes: as YAML reads it back. */
void example_word(FILE *to, const char *text);
/* A text from a file within a remark: at most `most` bytes, control characters replaced. */
void example_text(FILE *to, const char *text, int most);

#endif
