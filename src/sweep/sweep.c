/* Loading a sweep: the stages of parts.h in a row, and what callers ask of the result. */
#include <stdlib.h>
#include <string.h>

#include "sweep/option_words.h"
#include "sweep/parts.h"

/* ---- title, compare, folder ---------------------------------------------------------------------------- */

static status copy_text(char **to, const char *text, size_t length)
{
    *to = strndup(text, length);
    return *to ? OK : failure(NO_MEMORY, "a text of %zu bytes", length);
}

/* One line of text behind a key of the file or a --set; *out is NULL where there is none. */
static status one_line(const sweep *s, const char *key, const char **out)
{
    static const option row = { .type = OPTION_TEXT, .unit = "" };
    option named = row;
    const node *n = key_value(s, key);
    *out = NULL;
    if (!n || node_is_empty(n)) return OK;
    named.name = key;
    if (n->kind != NODE_SCALAR) return node_refuse(n, "%s: takes one line of text", key);
    status result = option_parse(&named, n->text, out);
    return result == OK ? OK : node_failed_at(n, result);
}

static status describe(sweep *s)
{
    status result = OK;
    const char *typed;
    const char *slash = strrchr(s->path, '/'), *last = slash ? slash + 1 : s->path;
    TRY(one_line(s, "title", &typed));
    TRY(copy_text(&s->title, typed ? typed : last, strlen(typed ? typed : last)));
    TRY(one_line(s, "compare", &typed));
    if (!typed) return OK;
    size_t folder = *typed != '/' && slash ? strlen(s->folder) + 1 : 0, length = folder + strlen(typed);
    s->compare = malloc(length + 1);
    CHECK(s->compare != NULL, NO_MEMORY, "a path of %zu bytes", length);
    if (folder)
        snprintf(s->compare, length + 1, "%s/%s", s->folder, typed);
    else
        snprintf(s->compare, length + 1, "%s", typed);
done:
    return result;
}

static status keep_texts(sweep *s, const char *text, const char *path)
{
    status result = OK;
    const char *slash = strrchr(path, '/');
    TRY(copy_text(&s->text, text, strlen(text)));
    TRY(copy_text(&s->path, path, strlen(path)));
    if (!slash)
        TRY(copy_text(&s->folder, ".", 1));
    else
        TRY(copy_text(&s->folder, path, slash == path ? 1 : (size_t)(slash - path)));
done:
    return result;
}

/* ---- loading ------------------------------------------------------------------------------------------- */

status sweep_parse(const char *text, const char *path, const char *const *sets, int set_count, bool loose,
                   sweep **out)
{
    status result = OK;
    sweep *s = calloc(1, sizeof *s);
    CHECK(s != NULL, NO_MEMORY, "a sweep");
    s->loose = loose;
    TRY(keep_texts(s, text, path));
    TRY(node_parse(s->text, s->path, true, &s->file));
    TRY(file_check_keys(s));
    TRY(sets_read(s, sets, set_count));
    TRY(names_make(&s->names, &s->file, s->set, s->sets));
    TRY(place_file(s));
    TRY(place_sets(s));
    TRY(grid_make(s));
    TRY(grid_exclude(s));
    TRY(describe(s));
    TRY(combinations_make(s));
    if (!loose) TRY(shapes_make(s));
    if (!loose) TRY(groups_find(s));
    *out = s;
    s = NULL;
done:
    sweep_free(s);
    return result;
}

status sweep_load(const char *path, const char *const *sets, int set_count, sweep **out)
{
    status result = OK;
    char *text = NULL;
    TRY(node_read_file(path, &text));
    TRY(sweep_parse(text, path, sets, set_count, false, out));
done:
    free(text);
    return result;
}

static void grid_free(sweep *s)
{
    for (int a = 0; a < s->grid.axes; a++) {
        free(s->grid.axis[a].option);
        free(s->grid.axis[a].name);
        groups_drop(&s->grid.axis[a]);
        values_free(&s->values[a]); /* owns the texts and numbers, too */
    }
    free(s->grid.absent);
    free(s->excluded);
}

void sweep_free(sweep *s)
{
    if (!s) return;
    for (int i = 0; i < s->combinations; i++)
        for (int b = 0; b < SECTIONS; b++) free(s->combination[i].base.block[b]);
    free(s->combination);
    free(s->estimators);
    free(s->shape_at);
    shapes_free(&s->shapes);
    grid_free(s);
    names_free(&s->names);
    for (int i = 0; i < s->sets; i++) {
        free(s->set[i].place);
        free(s->set[i].name);
        node_free(&s->set[i].value);
    }
    free(s->set);
    node_free(&s->file);
    free(s->path);
    free(s->folder);
    free(s->text);
    free(s->sets_text);
    free(s->members_text);
    free(s->title);
    free(s->compare);
    free(s);
}

/* ---- queries ------------------------------------------------------------------------------------------- */

const char *sweep_path(const sweep *s)
{
    return s->path;
}

const char *sweep_text(const sweep *s)
{
    return s->text;
}

const char *sweep_sets(const sweep *s)
{
    return s->sets_text;
}

const char *sweep_members(const sweep *s)
{
    return s->members_text;
}

const char *sweep_title(const sweep *s)
{
    return s->title;
}

const char *sweep_compare(const sweep *s)
{
    return s->compare;
}

const grid *sweep_grid(const sweep *s)
{
    return &s->grid;
}

const store_options *sweep_store(const sweep *s)
{
    return &s->store;
}

const run_options *sweep_run(const sweep *s)
{
    return &s->run;
}

bool sweep_uses_tensors(const sweep *s)
{
    for (int i = 0; i < s->combinations; i++) {
        const combination *c = &s->combination[i];
        if (c->present && c->base.model && c->base.model->engine == ENGINE_TENSORS) return true;
    }
    return false;
}

bool sweep_rounds(const sweep *s)
{
    return s->rounds;
}

const struct estimator *const *sweep_estimators(const sweep *s)
{
    return (const struct estimator *const *)s->estimators;
}
