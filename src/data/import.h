/* Import: from a laboratory's own files to recordings (recordings.h), as a mapping file says. A reader is one file that
 * ends in one table row and takes what stands under one session of the mapping; adding a format touches that file and one
 * line of import.c.
 *
 *     title: Reaches of two monkeys, primary motor cortex
 *     target: target                      # the trial column that is the target by default
 *     attributes: {licence: Apache-2.0}   # free
 *     sessions:
 *       - name: chewie-1003
 *         animal: chewie
 *         file: neural/full-chewie-10032013.npz
 *         format: npz                     # guessed from the ending where it is left out
 *         …                               # what the format wants (each reader documents its keys in `keys`)
 */
#ifndef IMPORT_H
#define IMPORT_H

#include "data/recordings.h"
#include "sweep/node.h"

/* One key that a reader takes below a session, for `data import --help-format NAME`, refusals and the README. */
typedef struct import_key {
    const char *name, *help, *example;
    bool needed;
} import_key;

typedef struct import_format {
    const char *name;       /* "npz" */
    const char *summary;    /* one line */
    const char *endings;    /* ".npz|.npy" */
    const char *available;  /* "" or why this build lacks it */
    const import_key *keys; /* beside name, animal, file, format, attributes; ended by a NULL name */
    /* Fills everything of the session but name, animal, source, sha256 and attributes. `node_refuse(mapping or one of its
     * members, …)` says file and line of the mapping; other refusals name `path` and the place in it. */
    status (*read)(const char *path, const node *mapping, recorded_session *out);
    /* Without a mapping: what the file holds that a mapping could name (tables, columns, arrays with their shapes), and an
     * example mapping that fits it, as YAML with comments. */
    status (*describe)(const char *path, FILE *to);
} import_format;

extern const import_format matlab_format, nwb_format, npz_format, csv_format;
extern const import_format *const import_formats[]; /* ended by NULL */

/* ---- for readers: the members of a session's mapping; all fail with file and line ------------------------------------- */

/* Refuses keys that the format does not know (with a suggestion) and needed ones that are missing. */
status import_check_keys(const node *mapping, const import_format *format);
/* The text of a member; *out is NULL (text) or unchanged (number) where it is absent. Borrowed. */
status import_text(const node *map, const char *key, const char **out);
status import_number(const node *map, const char *key, double *out);

#endif
