/* The names that a sweep's cells have: every option of the sections of its estimators, data kinds and model kinds.
 *
 * Which sections there are follows from three choices (`estimator`, `data.kind`, `model.kind`), which are fixed or axes
 * like any option; names_make finds them first. An option that several kinds share is one name with a row for each. */
#ifndef SWEEP_NAMES_H
#define SWEEP_NAMES_H

#include "settings.h"
#include "sweep/node.h"

enum { KINDS_MAX = 32 }; /* in any registry */

/* The three choices that decide which sections a cell has. The values index the registries. */
typedef enum choice_id { CHOICE_ESTIMATOR, CHOICE_DATA, CHOICE_MODEL, CHOICES } choice_id;
typedef struct choices {
    int index[CHOICES];
} choices;

typedef struct name_row {
    const option *row;
    const section *section;
} name_row;

typedef struct option_name {
    char *full;         /* "rine.beta", owned */
    const char *tail;   /* "beta", within it */
    section_id section; /* SECTIONS: a choice */
    int rows;           /* one per kind that has it */
    name_row row[KINDS_MAX];
    const node *fixed; /* what it is set to; NULL: the default or an axis */
    int axis;          /* its place among the axes; -1: none */
} option_name;

/* A --set: the words before and behind '='. */
typedef struct set {
    char *place; /* "--set NAME=VALUE", for messages */
    char *name;
    node value;
} set;

typedef struct names {
    int count, room;
    option_name *name;
    const node *file; /* the root of the sweep file */
    const set *set;
    int sets;
    /* the three choices as options, whose words come from the registries */
    option choice[CHOICES + 1];
    section choice_section;
    char *words[CHOICES];
    bool chosen[CHOICES][KINDS_MAX];
    bool changed; /* a --set made one of the choices: settings of the file may then be without use */
} names;

/* Finds every name of the sweep; nothing is set yet. */
status names_make(names *n, const node *file, const set *sets, int set_count);
void names_free(names *n);

/* The name that is written in full, or NULL. */
option_name *names_find_full(const names *n, const char *full);
/* The name with this full name or unambiguous tail. Refuses with the place of `typed`, saying what would be right. */
status names_find(const names *n, const node *typed, option_name **out);
/* Shortest unambiguous tail: what the name's coordinate is called in the result file. */
const char *names_short(const names *n, const option_name *of);

/* "; did you mean 'x'?" and, where they are few, "; allowed here: x, y, z": what to write instead of `typed`. */
enum { HINT_MAX = 320 };
const char *names_hint(const char *typed, const char *const *words, int count, char hint[HINT_MAX]);
/* Does any section of the program have this option, although no cell of this sweep has it? Says where. */
bool names_elsewhere(const char *typed, char where[HINT_MAX]);

/* What the chosen estimators need together: NEEDS_DATA, … */
unsigned names_needs(const names *n);

#endif
