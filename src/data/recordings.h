/* Recordings: sessions of trials with a target, and in each session areas of units, as spike counts in fine bins or as
 * features per trial. What `infosweep data import` makes of a laboratory's files, what infosweep's data files hold, and what
 * data kind `sessions` learns from.
 *
 * Layout of a data file (HDF5; every array compressed):
 *   /                          attributes infosweep_format = "recordings", infosweep_version (int) = 1, title, target (name
 *                              of the column that is the target unless a sweep says otherwise), mapping (text), free others
 *   /sessions/NAME             attributes animal, source (path), source_sha256, order (int, from 0), free others
 *   /sessions/NAME/trials/COL  (trials) or (trials, dimensions) doubles, or (trials) UTF-8 texts; attribute units
 *   /sessions/NAME/trials/valid_from, valid_to
 *                              (trials) ms: where a trial's bins hold data, when not everywhere
 *   /sessions/NAME/areas/AREA/counts    (trials, units, bins) uint8: spikes; attributes bin_ms, start_ms (of the first bin,
 *                              after the event that trials are aligned to), aligned_to (text), order (int, from 0), or
 *   /sessions/NAME/areas/AREA/features  (trials, units, bins) float: anything else, as given; bins is 1 and bin_ms 0 where
 *                              there is one value per trial
 *   /sessions/NAME/areas/AREA/units/COL (units) doubles or texts
 * `order` may be missing everywhere (then names decide), and so may animal, source, title and mapping: a few lines of Python
 * make a data file too. Columns have `order` as well. Texts are of fixed length where they are short, which packs well.
 * Names of sessions, areas and columns hold no '/' and no control characters and are not "." or "..". */
#ifndef RECORDINGS_H
#define RECORDINGS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "status.h"

/* A column of a trial table or a unit table: numbers or texts, never both. */
typedef struct column {
    char *name, *unit; /* unit: "" where there is none */
    int dimensions;    /* 1; more for positions and the like. Texts have 1. */
    double *number;    /* (rows, dimensions), or NULL; NaN where nothing was given */
    char **text;       /* (rows), or NULL; each owned */
} column;

typedef struct attribute {
    char *name, *value;
} attribute;

typedef struct area {
    char *name;
    int units, bins;
    double bin_ms,
        start_ms; /* of a bin; of the first one, after the event that trials are aligned to; 0: no bins in time */
    char *aligned_to; /* name of that event, "" where it is not known */
    uint8_t *count;   /* (trials, units, bins) spikes, or NULL … */
    float *feature;   /* … (trials, units, bins) of anything else; finite where a trial is valid */
    int columns;
    column *column; /* (columns) of the units */
} area;

/* Called `recorded_session` because a local variable may well be a session. */
typedef struct recorded_session {
    char *name, *animal;   /* animal: "" where it is not known */
    char *source, *sha256; /* of the file that it was imported from */
    int64_t trials;
    int columns;
    column *column;                /* (columns) of the trials */
    double *valid_from, *valid_to; /* (trials) ms, where a trial's bins hold data; NULL: everywhere */
    int areas;
    area *area;
    int attributes;
    attribute *attribute;
} recorded_session;

/* Where arrays and texts lie (recordings_block.h). */
typedef enum recordings_place {
    PLACE_OWN,   /* each in memory of its own */
    PLACE_MOVED, /* arrays and the texts of columns in a block that outlives the recordings */
    PLACE_OPENED /* everything in a block and in one piece of memory with the recordings themselves */
} recordings_place;

typedef struct recordings {
    char *title, *target; /* target: the column that is the target by default */
    char *mapping;        /* text of the mapping file; "" where there was none */
    int attributes;
    attribute *attribute;
    int sessions;
    recorded_session *session;
    recordings_place place;
} recordings;

void recordings_free(recordings *r);

/* ---- building a session: for readers and simulations ------------------------------------------------------------------ *
 * `s->trials` is set first. What comes back in *out is valid until the next one of its kind is added. Names that stand
 * already, or that a file could not hold, are refused. */

status session_add_column(recorded_session *s, const char *name, const char *unit, int dimensions,
                          column **out); /* (trials, dimensions) numbers as NaN */
status session_add_text_column(recorded_session *s, const char *name,
                               column **out); /* (trials) texts, NULL until set, which is as good as "" */
status session_add_area(recorded_session *s, const char *name, int units, int bins, bool counts,
                        area **out); /* zeros; bin_ms and start_ms 0, aligned_to "" */
/* The same for the table of an area's units: (units) rows. */
status area_add_column(area *a, const char *name, const char *unit, int dimensions, column **out);
status area_add_text_column(area *a, const char *name, column **out);
/* NaN, to be set: valid_from and valid_to (trials). */
status session_add_valid(recorded_session *s);
/* Empty recordings; all texts are "". */
status recordings_make(recordings **out);
status recordings_add_session(recordings *r, const char *name, recorded_session **out);
/* Replaces a text that is owned by a copy; NULL becomes "". */
status text_set(char **at, const char *value);
/* A free attribute, at the end of either list. */
status attribute_add(attribute **list, int *count, const char *name, const char *value);

/* Is everything as the layout says? Unique and usable names, at least one session with a trial and an area with a unit, the
 * target in every session, no NaN or infinity where a trial is valid. BAD_INPUT names the session, the area or column, and
 * the trial. Every import and every read ends with it. */
status recordings_check(const recordings *r, const char *path);

/* infosweep's own data file. Writing goes to a temporary name and renames; an existing file is refused unless `replace`. */
status recordings_read(const char *path, recordings **out);
status recordings_write(const recordings *r, const char *path, bool replace);

/* Imports what a mapping file describes (import.h). Relative paths of sources are looked up beside the mapping file, then
 * below the folder in INFOSWEEP_DATA (data_find). */
status recordings_import(const char *mapping_path, recordings **out);

/* A data file, or a mapping file (ends in .yaml or .yml), which is then imported in memory. */
status recordings_load(const char *path, recordings **out);

/* Calls visit for the file itself and, of a mapping, for every source that it names. */
status recordings_files(const char *path, status (*visit)(const char *path, void *context), void *context);

/* Sessions, animals, areas, units, bins, trials per target value: what `data show` and `data import` print. */
status recordings_print(const recordings *r, const char *path, FILE *to);

const recorded_session *recordings_find(const recordings *r, const char *name); /* or NULL */
const area *session_area(const recorded_session *s, const char *name);
const column *session_column(const recorded_session *s, const char *name);
const column *area_column(const area *a, const char *name);

/* Does bin `bin` of a trial lie wholly in the time where the trial holds data? Always, where no such time is given. */
bool session_bin_is_valid(const recorded_session *s, const area *a, int64_t trial, int bin);

/* The value of a row of a column as a text, by which sessions' targets are matched: texts as they are, numbers in the
 * shortest form that is read back to the same, several dimensions in brackets "(0, 120)". Empty text or NaN: no target;
 * such trials are left out. The caller frees it; NULL for want of memory. */
char *column_value_text(const column *c, int64_t row);

#endif
