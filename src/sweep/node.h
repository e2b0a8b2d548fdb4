/* A sweep file as a tree: scalars, lists and mappings that remember where they stand, so that every refusal can say it.
 *
 * This is the part of YAML that settings need. Anchors, tags, several documents and deep nesting are refused, and so is
 * a key that stands twice in one mapping; what a scalar means is left to the option that it is for. */
#ifndef SWEEP_NODE_H
#define SWEEP_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "status.h"

typedef enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP } node_kind;

typedef struct node {
    node_kind kind;
    bool quoted;       /* a scalar in quotes is a text, whatever it looks like */
    int line;          /* counted from 1; 0 where there are no lines */
    const char *place; /* the file's path, or "--set NAME=VALUE"; borrowed */
    char *text;        /* of a scalar, owned */
    int count;         /* of items */
    struct node *item; /* (count) of a list or mapping, owned */
    struct node *key;  /* (count) scalars: the keys of a mapping, owned */
} node;

/* Reads a whole file as text. BAD_INPUT for what is no plain text. The caller frees *text. */
status node_read_file(const char *path, char **text);

/* Parses one YAML document; `place` is borrowed by every node, and lines are kept where `lines` is true. */
status node_parse(const char *text, const char *place, bool lines, node *out);
/* The value of --set: YAML where it starts like a list, mapping or quoted text; a plain word otherwise. */
status node_parse_value(const char *text, const char *place, node *out);
void node_free(node *n); /* what it owns, not the node itself */

/* The value behind a key of a mapping, or NULL. */
const node *node_find(const node *map, const char *key);
/* Nothing stands there: an empty value, ~ or null. */
bool node_is_empty(const node *n);
bool node_is_word(const node *n, const char *word); /* unquoted */

/* Records "FILE:LINE: …" or "--set NAME=VALUE: …" and returns BAD_INPUT. */
status node_refuse(const node *n, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Puts the same place before what is recorded, and returns `code`. */
status node_failed_at(const node *n, status code);

#endif
