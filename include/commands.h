/* Commands: what stands after `infosweep` on the command line. Each is one file under src/commands/. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <stdbool.h>

#include "status.h"

typedef struct command {
    const char *name;
    const char *summary; /* one line for `infosweep --help` */
    const char *help;    /* what `infosweep NAME --help` prints */
    /* argv[0] is the command's name. Results go to standard output, everything else to standard error. */
    status (*run)(int argc, char **argv);
} command;

extern const command run_command, plan_command, status_command, report_command, merge_command, data_command,
    list_command;

/* ---- reading a command line: GNU habits, one table per command ------------------------------------------------- */

typedef struct argument {
    const char *name;     /* "resume": --resume; "output": --output FILE or --output=FILE */
    char letter;          /* 'o' for -o, 0 for none */
    const char *value;    /* NULL for a switch, else what its value is called: "FILE" */
    const char **text;    /* where the value goes (last one wins) … */
    bool *given;          /* … or what a switch sets … */
    struct strings *list; /* … or where every value is added (--set) */
} argument;

enum { STRINGS_MAX = 1024 };
typedef struct strings {
    int count;
    const char *item[STRINGS_MAX];
} strings;

/* Reads options (table ended by a NULL name) in any place and leaves the other words in `words`. BAD_INPUT for what is
 * unknown (with a suggestion), for a missing value, and for fewer or more words than asked. */
status arguments_read(const command *c, int argc, char **argv, const argument *table, int least, int most,
                      strings *words);

#endif
