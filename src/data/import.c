#include "data/import.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "data.h"
#include "data/import_parts.h"
#include "data/recordings_parts.h"
#include "store/digest.h"
#include "sweep/option_words.h"

const import_format *const import_formats[] = { &matlab_format, &nwb_format, &npz_format, &csv_format, NULL };

/* ---- formats ----------------------------------------------------------------------------------------------------- */

const import_format *import_format_find(const char *name)
{
    for (int i = 0; import_formats[i]; i++)
        if (strcmp(import_formats[i]->name, name) == 0) return import_formats[i];
    return NULL;
}

/* Does `path` end in one of "a|b|c", in whatever case? */
static bool ends_in(const char *path, const char *endings)
{
    const char *ending;
    size_t length, size = strlen(path);
    for (int i = 0; (length = words_at(endings, i, &ending)) > 0; i++)
        if (size > length && strncasecmp(path + size - length, ending, length) == 0) return true;
    return false;
}

const import_format *import_format_guess(const char *path)
{
    for (int i = 0; import_formats[i]; i++)
        if (ends_in(path, import_formats[i]->endings)) return import_formats[i];
    return NULL;
}

bool import_is_mapping(const char *path)
{
    return ends_in(path, ".yaml|.yml");
}

/* "matlab, nwb, npz, csv" */
static const char *format_names(char *to, size_t size)
{
    size_t used = 0;
    to[0] = '\0';
    for (int i = 0; import_formats[i] && used < size; i++)
        used += (size_t)snprintf(to + used, size - used, "%s%s", i > 0 ? ", " : "", import_formats[i]->name);
    return to;
}

static status choose_format(const node *session, const node *file, const import_format **out)
{
    status result = OK;
    const char *name;
    char names[256], shown[SHOWN_MAX];
    TRY(import_text(session, "format", &name));
    *out = name ? import_format_find(name) : import_format_guess(file->text);
    format_names(names, sizeof names);
    if (*out == NULL && name)
        TRY(node_refuse(node_find(session, "format"), "no format %s; right would be one of %s",
                        option_shown(name, shown), names));
    if (*out == NULL)
        TRY(node_refuse(file, "the ending of %s says nothing; `format` can: one of %s",
                        option_shown(file->text, shown), names));
    if ((*out)->available[0]) TRY(node_refuse(file, "cannot be read by this build: %s", (*out)->available));
done:
    return result;
}

/* ---- a session's mapping, with what is common to all ------------------------------------------------------------- */

/* A session's own keys, then those of `common` that it has not. The nodes within are borrowed: free_merged frees the lists
 * alone. */
static status merge(const node *own, const node *common, node *out)
{
    status result = OK;
    int most = own->count + (common ? common->count : 0);
    *out = *own;
    out->item = calloc((size_t)most + 1, sizeof *out->item);
    out->key = calloc((size_t)most + 1, sizeof *out->key);
    CHECK(out->item && out->key, NO_MEMORY, "%s: no memory for a session", own->place);
    for (int i = 0; i < own->count; i++) {
        out->item[i] = own->item[i];
        out->key[i] = own->key[i];
    }
    for (int i = 0; common && i < common->count; i++) {
        if (node_find(own, common->key[i].text)) continue;
        out->item[out->count] = common->item[i];
        out->key[out->count++] = common->key[i];
    }
done:
    return result;
}

static void free_merged(node *n)
{
    free(n->item);
    free(n->key);
}

/* ---- sources ------------------------------------------------------------------------------------------------------ */

/* The folder of the mapping file; "" for the current one. The caller frees it; NULL for want of memory. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) return strdup("");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

/* `file` of a session: as it is written, and where it is. The caller frees *path. */
static status find_source(const node *session, const node **file, char **path)
{
    status result = OK;
    const char *name;
    struct stat about;
    char *folder = folder_of(session->place);
    *path = NULL;
    CHECK(folder != NULL, NO_MEMORY, "%s: no memory for a path", session->place);
    TRY(import_text(session, "file", &name));
    if (name == NULL) TRY(node_refuse(session, "a session without `file`: from where is it imported?"));
    *file = node_find(session, "file");
    result = data_find(folder, name, path);
    if (result != OK) TRY(node_failed_at(*file, result));
    /* a device would be read without an end */
    if (stat(*path, &about) != 0 || !S_ISREG(about.st_mode))
        result = node_refuse(*file, "%s is no regular file", *path);
done:
    free(folder);
    return result;
}

/* ---- import ------------------------------------------------------------------------------------------------------- */

static status take_attributes(const node *map, attribute **list, int *count)
{
    status result = OK;
    const node *attributes = node_find(map, "attributes");
    if (attributes == NULL || node_is_empty(attributes)) return OK;
    if (attributes->kind != NODE_MAP)
        return node_refuse(attributes, "attributes are names and texts, {licence: CC-BY-4.0}");
    for (int i = 0; i < attributes->count; i++) {
        const node *value = &attributes->item[i];
        const char *name = attributes->key[i].text;
        if (value->kind != NODE_SCALAR) return node_refuse(value, "attribute %s is no text", name);
        if (!name_is_usable(name)) return node_refuse(value, "no attribute can be called so: " NAME_RULE);
        TRY(attribute_add(list, count, name, value->text));
    }
done:
    return result;
}

static status import_session(const node *session, recordings *r)
{
    status result = OK;
    const node *file;
    const import_format *format;
    const char *name, *animal;
    char *path = NULL, digest[DIGEST_TEXT];
    recorded_session *s;
    TRY(import_text(session, "name", &name));
    if (name == NULL) TRY(node_refuse(session, "a session without a name"));
    TRY(import_text(session, "animal", &animal));
    TRY(find_source(session, &file, &path));
    TRY(choose_format(session, file, &format));
    TRY(import_check_keys(session, format));
    result = recordings_add_session(r, name, &s);
    if (result != OK) TRY(node_failed_at(node_find(session, "name"), result));
    TRY(text_set(&s->animal, animal));
    TRY(text_set(&s->source, file->text));
    TRY(take_attributes(session, &s->attribute, &s->attributes));
    TRY(digest_file(path, digest));
    TRY(text_set(&s->sha256, digest));
    TRY(format->read(path, session, s));
done:
    free(path);
    return result;
}

/* A mapping file while it is read. */
typedef struct mapping {
    char *text;
    node root;
    const node *sessions, *common; /* common: NULL where there is none */
} mapping;

static void mapping_close(mapping *m)
{
    node_free(&m->root);
    free(m->text);
    m->text = NULL;
}

/* Is there nothing but blanks and comments? */
static bool is_blank(const char *text)
{
    while (*text) {
        text += strspn(text, " \t\r\n");
        if (*text == '\0') return true;
        if (*text != '#') return false;
        text += strcspn(text, "\n");
    }
    return true;
}

static status mapping_open(const char *path, mapping *m)
{
    static const char *const keys[] = { "title", "target", "attributes", "common", "sessions", NULL };
    status result = OK;
    *m = (mapping){ .root = { .place = path } };
    TRY(node_read_file(path, &m->text));
    CHECK(!is_blank(m->text), BAD_INPUT,
          "%s: is empty; a mapping file has `sessions` (infosweep data --help shows one)", path);
    TRY(node_parse(m->text, path, true, &m->root));
    if (m->root.kind != NODE_MAP)
        TRY(node_refuse(&m->root, "a mapping file has `sessions:` and what they are made of"));
    TRY(import_known_keys(&m->root, keys, "a mapping file"));
    m->sessions = node_find(&m->root, "sessions");
    m->common = node_find(&m->root, "common");
    if (m->sessions == NULL)
        TRY(node_refuse(&m->root, "no `sessions`: infosweep data --help shows a mapping"));
    if (m->sessions->kind != NODE_LIST || m->sessions->count == 0)
        TRY(node_refuse(m->sessions, "sessions is a list: `- name: …` and the rest below it, for each"));
    for (int i = 0; i < m->sessions->count; i++)
        if (m->sessions->item[i].kind != NODE_MAP)
            TRY(node_refuse(&m->sessions->item[i],
                            "a session has keys: name, file and what its format wants"));
    if (m->common && node_is_empty(m->common)) m->common = NULL;
    if (m->common && m->common->kind != NODE_MAP)
        TRY(node_refuse(m->common, "common has keys, which all sessions have that do not say otherwise"));
done:
    if (result != OK) mapping_close(m);
    return result;
}

/* Everything of the file but its sessions. */
static status import_head(const mapping *m, recordings *r)
{
    status result = OK;
    const char *title, *target;
    TRY(import_text(&m->root, "title", &title));
    TRY(import_text(&m->root, "target", &target));
    TRY(text_set(&r->title, title));
    TRY(text_set(&r->target, target));
    TRY(text_set(&r->mapping, m->text));
    TRY(take_attributes(&m->root, &r->attribute, &r->attributes));
done:
    return result;
}

/* A file that does not say which column is the target means that which its first session takes for it: what that session
 * calls `target`, where there is a column of this name. */
static status default_target(const mapping *m, recordings *r)
{
    status result = OK;
    const char *said = NULL;
    const node *first = &m->sessions->item[0], *own = node_find(first, "target");
    if (r->target[0]) return OK;
    if (own || m->common) TRY(import_text(own ? first : m->common, "target", &said));
    TRY(text_set(&r->target, said && session_column(&r->session[0], said) ? said : "target"));
done:
    return result;
}

status recordings_import(const char *mapping_path, recordings **out)
{
    status result = OK;
    mapping m = { 0 };
    recordings *made = NULL;
    *out = NULL;
    TRY(mapping_open(mapping_path, &m));
    TRY(recordings_make(&made));
    TRY(import_head(&m, made));
    for (int i = 0; i < m.sessions->count; i++) {
        node session = { 0 };
        result = merge(&m.sessions->item[i], m.common, &session);
        if (result == OK) result = import_session(&session, made);
        free_merged(&session);
        if (result != OK) goto done;
    }
    TRY(default_target(&m, made));
    TRY(recordings_check(made, mapping_path));
    *out = made;
    made = NULL;
done:
    recordings_free(made);
    mapping_close(&m);
    return result;
}

status recordings_load(const char *path, recordings **out)
{
    return import_is_mapping(path) ? recordings_import(path, out) : recordings_read(path, out);
}

/* Visits the source of one session. */
static status visit_source(const node *own, const node *common,
                           status (*visit)(const char *path, void *context), void *context)
{
    status result = OK;
    node session = { 0 };
    const node *file;
    char *source = NULL;
    TRY(merge(own, common, &session));
    TRY(find_source(&session, &file, &source));
    TRY(visit(source, context));
done:
    free(source);
    free_merged(&session);
    return result;
}

status recordings_files(const char *path, status (*visit)(const char *path, void *context), void *context)
{
    status result = OK;
    mapping m = { 0 };
    TRY(visit(path, context));
    if (!import_is_mapping(path)) goto done;
    TRY(mapping_open(path, &m));
    for (int i = 0; i < m.sessions->count; i++)
        TRY(visit_source(&m.sessions->item[i], m.common, visit, context));
done:
    mapping_close(&m);
    return result;
}
