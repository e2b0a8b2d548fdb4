/* Numbers as a person reads them. */
#ifndef COMMANDS_WORDS_H
#define COMMANDS_WORDS_H

enum { WORDS_MAX = 32 };
/* "0.03 s", "1.4 s", "17 s", "3 min 20 s", "2 h 5 min", "4 d 3 h"; "?" for what is not a number. */
const char *duration_text(double seconds, char text[WORDS_MAX]);
/* "0.25/s", "31.2/s", "120482/s" */
const char *rate_text(double per_second, char text[WORDS_MAX]);

#endif
