/* What the import's own files and the command share beside the readers' contract. */
#ifndef IMPORT_PARTS_H
#define IMPORT_PARTS_H

#include "data/import.h"

const import_format *import_format_find(const char *name);  /* or NULL */
const import_format *import_format_guess(const char *path); /* by its ending, or NULL */
bool import_is_mapping(const char *path);                   /* .yaml or .yml */

/* Keys that every session has; ended by a NULL name. */
extern const import_key import_session_keys[];

/* Refuses a key that is not among `keys` (ended by NULL), with the nearest that is; `of` says what has these keys. */
status import_known_keys(const node *map, const char *const *keys, const char *of);

#endif
