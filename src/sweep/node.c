#include "sweep/node.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "sweep/option_words.h"

enum {
    DEPTH_MAX = 8,   /* the deepest thing that means anything is a list of lists in a rule of `exclude`: 6 */
    KEYS_MAX = 1024, /* of one mapping: finding a key twice is a search through all */
};

status node_refuse(const node *n, const char *format, ...)
{
    char text[768];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (n->line > 0) return failure(BAD_INPUT, "%s:%d: %s", n->place, n->line, text);
    return failure(BAD_INPUT, "%s: %s", n->place, text);
}

status node_failed_at(const node *n, status code)
{
    if (n->line > 0) return failure_at(code, "%s:%d", n->place, n->line);
    return failure_at(code, "%s", n->place);
}

void node_free(node *n)
{
    for (int i = 0; i < n->count; i++) {
        node_free(&n->item[i]);
        if (n->key) node_free(&n->key[i]);
    }
    free(n->text);
    free(n->item);
    free(n->key);
    *n = (node){ .kind = n->kind, .line = n->line, .place = n->place };
}

const node *node_find(const node *map, const char *key)
{
    for (int i = 0; map->key && i < map->count; i++)
        if (strcmp(map->key[i].text, key) == 0) return &map->item[i];
    return NULL;
}

bool node_is_word(const node *n, const char *word)
{
    return n->kind == NODE_SCALAR && !n->quoted && strcmp(n->text, word) == 0;
}

bool node_is_empty(const node *n)
{
    return node_is_word(n, "") || node_is_word(n, "~") || node_is_word(n, "null");
}

/* ---- from YAML events to the tree ---------------------------------------------------------------------- */

typedef struct reader {
    yaml_parser_t parser;
    const char *text, *place;
    bool lines;
} reader;

static node node_at(const reader *r, const yaml_event_t *e)
{
    return (node){ .place = r->place, .line = r->lines ? (int)e->start_mark.line + 1 : 0 };
}

/* Does this line (counted from 1) begin with blanks among which there is a tab? */
static bool line_has_tab(const char *text, int line)
{
    for (; line > 1 && text; line--) {
        text = strchr(text, '\n');
        if (text) text++;
    }
    return text && memchr(text, '\t', strspn(text, " \t")) != NULL;
}

/* What the YAML library could not read, in one line. */
static status refuse_yaml(const reader *r)
{
    const yaml_parser_t *p = &r->parser;
    if (p->error == YAML_MEMORY_ERROR)
        return failure(NO_MEMORY, "%s: not enough memory to read it", r->place);
    int line = (int)p->problem_mark.line + 1;
    if (p->error == YAML_READER_ERROR) { /* has no mark, but an offset */
        line = 1;
        for (size_t i = 0; i < p->problem_offset && r->text[i]; i++) line += r->text[i] == '\n';
    }
    node here = { .place = r->place, .line = r->lines ? line : 0 };
    if (line_has_tab(r->text, line))
        return node_refuse(&here, "a tab in the indentation; YAML is indented with spaces");
    const char *problem = p->problem ? p->problem : "cannot be read";
    if (r->lines && p->context)
        return node_refuse(&here, "not YAML: %s, %s that starts in line %d", problem, p->context,
                           (int)p->context_mark.line + 1);
    return node_refuse(&here, "not YAML: %s", problem);
}

static status next_event(reader *r, yaml_event_t *e)
{
    return yaml_parser_parse(&r->parser, e) ? OK : refuse_yaml(r);
}

static status read_scalar(const reader *r, const yaml_event_t *e, node *out)
{
    status result = OK;
    const char *value = (const char *)e->data.scalar.value;
    *out = node_at(r, e);
    out->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (strlen(value) != e->data.scalar.length) return node_refuse(out, "a text with a zero byte in it");
    out->text = strdup(value);
    CHECK(out->text != NULL, NO_MEMORY, "%s: a text of %zu bytes", r->place, e->data.scalar.length);
done:
    return result;
}

/* Makes room for one more item (and key), zeroed. Room doubles: counts that are powers of two are full. */
static status grow(node *n)
{
    status result = OK;
    if ((n->count & (n->count - 1)) == 0) {
        size_t room = n->count ? 2 * (size_t)n->count : 1;
        node *item = realloc(n->item, room * sizeof *item);
        CHECK(item != NULL, NO_MEMORY, "%s: %zu values", n->place, room);
        n->item = item;
        if (n->kind == NODE_MAP) {
            node *key = realloc(n->key, room * sizeof *key);
            CHECK(key != NULL, NO_MEMORY, "%s: %zu keys", n->place, room);
            n->key = key;
        }
    }
    n->item[n->count] = (node){ .place = n->place };
    if (n->kind == NODE_MAP) n->key[n->count] = (node){ .place = n->place };
    n->count++;
done:
    return result;
}

static status read_node(reader *r, const yaml_event_t *e, int depth, node *out);

static status read_key(reader *r, const yaml_event_t *e, node *map)
{
    char typed[SHOWN_MAX];
    node here = node_at(r, e);
    if (e->type != YAML_SCALAR_EVENT) return node_refuse(&here, "a key must be a word");
    if (e->data.scalar.tag || e->data.scalar.anchor)
        return node_refuse(&here, "tags and anchors are not used here");
    const char *name = (const char *)e->data.scalar.value;
    const node *before = node_find(map, name);
    if (before && !r->lines) return node_refuse(&here, "%s stands twice", option_shown(name, typed));
    if (before)
        return node_refuse(&here, "%s stands twice, first in line %d", option_shown(name, typed),
                           before->line);
    if (map->count == KEYS_MAX) return node_refuse(&here, "more than %d keys", KEYS_MAX);
    status result = grow(map);
    return result == OK ? read_scalar(r, e, &map->key[map->count - 1]) : result;
}

/* Items until the list or mapping ends. */
static status read_items(reader *r, yaml_event_type_t end, int depth, node *out)
{
    status result = OK;
    yaml_event_t e = { .type = YAML_NO_EVENT };
    for (;;) {
        TRY(next_event(r, &e));
        if (e.type == end) break;
        if (out->kind == NODE_MAP) {
            TRY(read_key(r, &e, out));
            yaml_event_delete(&e);
            TRY(next_event(r, &e));
        } else {
            TRY(grow(out));
        }
        TRY(read_node(r, &e, depth + 1, &out->item[out->count - 1]));
        yaml_event_delete(&e);
    }
done:
    yaml_event_delete(&e);
    return result;
}

static status read_node(reader *r, const yaml_event_t *e, int depth, node *out)
{
    const yaml_char_t *tag = NULL, *anchor = NULL;
    *out = node_at(r, e);
    if (e->type == YAML_ALIAS_EVENT)
        return node_refuse(out, "aliases (*name) are not used here; repeat the value");
    if (e->type == YAML_SCALAR_EVENT) {
        tag = e->data.scalar.tag;
        anchor = e->data.scalar.anchor;
    } else if (e->type == YAML_SEQUENCE_START_EVENT) {
        tag = e->data.sequence_start.tag;
        anchor = e->data.sequence_start.anchor;
    } else {
        tag = e->data.mapping_start.tag;
        anchor = e->data.mapping_start.anchor;
    }
    if (anchor) return node_refuse(out, "anchors (&name) are not used here; repeat the value");
    if (tag) return node_refuse(out, "tags (!name) are not used here; leave it out");
    if (depth > DEPTH_MAX) return node_refuse(out, "lists and mappings are nested too deep");
    if (e->type == YAML_SCALAR_EVENT) return read_scalar(r, e, out);
    out->kind = e->type == YAML_SEQUENCE_START_EVENT ? NODE_LIST : NODE_MAP;
    return read_items(r, out->kind == NODE_LIST ? YAML_SEQUENCE_END_EVENT : YAML_MAPPING_END_EVENT, depth,
                      out);
}

/* The document's node; nothing but the end may follow. */
static status read_document(reader *r, node *out)
{
    status result = OK;
    yaml_event_t e = { .type = YAML_NO_EVENT };
    TRY(next_event(r, &e)); /* stream start */
    yaml_event_delete(&e);
    TRY(next_event(r, &e));
    CHECK(e.type == YAML_DOCUMENT_START_EVENT, BAD_INPUT,
          "%s: is empty; a sweep names at least its estimator or its data", r->place);
    yaml_event_delete(&e);
    TRY(next_event(r, &e));
    TRY(read_node(r, &e, 1, out));
    yaml_event_delete(&e);
    TRY(next_event(r, &e)); /* document end */
    yaml_event_delete(&e);
    TRY(next_event(r, &e));
    if (e.type != YAML_STREAM_END_EVENT) {
        node here = node_at(r, &e);
        TRY(node_refuse(&here, "a second document; one file is one sweep"));
    }
done:
    yaml_event_delete(&e);
    return result;
}

status node_parse(const char *text, const char *place, bool lines, node *out)
{
    status result = OK;
    reader r = { .text = text, .place = place, .lines = lines };
    *out = (node){ .place = place };
    if (!yaml_parser_initialize(&r.parser))
        return failure(NO_MEMORY, "%s: not enough memory to read it", place);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, strlen(text));
    TRY(read_document(&r, out));
done:
    yaml_parser_delete(&r.parser);
    if (result != OK) node_free(out);
    return result;
}

status node_parse_value(const char *text, const char *place, node *out)
{
    status result = OK;
    text += strspn(text, " ");
    if (*text && strchr("[{\"'", *text)) return node_parse(text, place, false, out);
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == ' ') length--;
    *out = (node){ .place = place, .text = strndup(text, length) };
    CHECK(out->text != NULL, NO_MEMORY, "%s: a text of %zu bytes", place, length);
done:
    return result;
}
