/* What the sweep file and --set say, placed onto the names of the sweep: fixed values and axes. */
#include <stdlib.h>
#include <string.h>

#include "sweep/option_words.h"
#include "sweep/parts.h"

/* Top-level keys beside the estimators' sections. */
static const char *const top_keys[] = { "title", "compare", "estimator", "seed", "data", "compress", "model",
                                        "train", "run",     "store",     "grid", "zip",  "exclude" };
enum { TOP_KEYS = sizeof top_keys / sizeof top_keys[0] };

static bool is_estimator(const char *word)
{
    for (int i = 0; estimators[i]; i++)
        if (strcmp(word, estimators[i]->name) == 0) return true;
    return false;
}

bool key_is_top(const char *word)
{
    for (int i = 0; i < TOP_KEYS; i++)
        if (strcmp(word, top_keys[i]) == 0) return true;
    return is_estimator(word);
}

bool key_is_directive(const char *key)
{
    return strcmp(key, "title") == 0 || strcmp(key, "compare") == 0 || strcmp(key, "zip") == 0 ||
           strcmp(key, "exclude") == 0;
}

/* ---- fixed values -------------------------------------------------------------------------------------- */

status value_put(const option *row, const node *n, void *block)
{
    char *list = NULL;
    status result = OK;
    if (row->type == OPTION_INTEGERS) {
        TRY(value_text(row, n, &list));
        TRY(option_parse(row, list, block));
    } else {
        TRY(option_parse(row, n->text, block));
    }
done:
    free(list);
    return result;
}

/* A fixed value must be right for every kind that has the option. */
static status check_fixed(const option_name *of, const node *n)
{
    status result = OK;
    char *text = NULL;
    void *scratch = NULL;
    if (span_is_axis(of->row[0].row, n))
        return node_refuse(n, "%s: takes one value here; several values go into grid:", of->full);
    TRY(value_text(of->row[0].row, n, &text));
    for (int r = 0; r < of->rows; r++) {
        free(scratch);
        scratch = calloc(1, of->row[r].section->size);
        CHECK(scratch != NULL, NO_MEMORY, "%s", of->full);
        result = option_parse(of->row[r].row, text, scratch);
        if (result != OK) {
            node_failed_at(n, result);
            goto done;
        }
    }
done:
    free(scratch);
    free(text);
    return result;
}

status place_fixed(const node *value, option_name *of)
{
    status result = check_fixed(of, value);
    if (result == OK) of->fixed = value;
    return result;
}

/* ---- axes ---------------------------------------------------------------------------------------------- */

status place_axis(sweep *s, const node *typed, const node *value, option_name *of)
{
    if (of->row[0].row->traits & OPTION_EXECUTION)
        return node_refuse(typed, "%s says how the sweep is run, not what it computes; it cannot be an axis",
                           of->full);
    if (of->axis >= 0) return node_refuse(typed, "%s is an axis twice", of->full);
    if (of->fixed && of->fixed->line > 0 && typed->line > 0)
        return node_refuse(typed, "%s is given twice: fixed in line %d, and as an axis here; keep one",
                           of->full, of->fixed->line);
    int index = s->grid.axes;
    if (index == AXES_MAX) return node_refuse(typed, "more than %d axes", AXES_MAX);
    of->fixed = NULL;
    of->axis = index;
    s->axis_name[index] = of;
    s->axis_node[index] = value;
    s->grid.axes++;
    return OK;
}

static status place_grid(sweep *s, const node *grid_node)
{
    status result = OK;
    option_name *of;
    if (node_is_empty(grid_node) || (grid_node->kind == NODE_MAP && grid_node->count == 0))
        return node_refuse(grid_node,
                           "an empty grid; leave it out for a single cell, or name axes: grid: {seed: 0..4}");
    for (int i = 0; i < grid_node->count; i++) {
        TRY(names_find(&s->names, &grid_node->key[i], &of));
        TRY(place_axis(s, &grid_node->key[i], &grid_node->item[i], of));
    }
done:
    return result;
}

/* ---- sections ------------------------------------------------------------------------------------------ */

/* The options that the sweep's cells have in this section, for hints. The caller frees the list, not the words. */
static const char **section_words(const sweep *s, const char *section_name, int *count)
{
    size_t length = strlen(section_name);
    const char **words = malloc(((size_t)s->names.count + 1) * sizeof *words);
    *count = 0;
    for (int i = 0; words && i < s->names.count; i++) {
        const option_name *of = &s->names.name[i];
        if (of->tail == of->full + length + 1 && strncmp(of->full, section_name, length) == 0)
            words[(*count)++] = of->tail;
    }
    return words;
}

/* Which section of this sweep has the key that was written into another one? NULL: none. */
static const option_name *misplaced(const sweep *s, const char *key)
{
    for (int i = 0; i < s->names.count; i++)
        if (strcmp(s->names.name[i].tail, key) == 0) return &s->names.name[i];
    return NULL;
}

static status refuse_key(const sweep *s, const char *section_name, const node *key)
{
    char typed[SHOWN_MAX], hint[HINT_MAX], full[128];
    int count;
    snprintf(full, sizeof full, "%s.%.60s", section_name, key->text);
    const option_name *other = misplaced(s, key->text);
    if (other)
        return node_refuse(key, "%s: unknown key '%s'; it is %s", section_name, key->text, other->full);
    if (names_elsewhere(full, hint))
        return node_refuse(key, "%s: no cell of this sweep has the option %s; it is one of %s", section_name,
                           option_shown(key->text, typed), hint);
    const char **words = section_words(s, section_name, &count);
    if (!words) return failure(NO_MEMORY, "the options of %s", section_name);
    names_hint(key->text, words, count, hint);
    free(words);
    return node_refuse(key, "%s: unknown key %s%s", section_name, option_shown(key->text, typed), hint);
}

/* Has the program an option of this full name that only a changed choice made useless? */
static bool is_left_over(const sweep *s, const char *full)
{
    char where[HINT_MAX];
    bool kind = strcmp(full, "data.kind") == 0 || strcmp(full, "model.kind") == 0;
    return s->names.changed && (kind || names_elsewhere(full, where));
}

/* Sections that only cells with data have. */
static bool section_is_of_data(const char *key)
{
    return strcmp(key, "data") == 0 || strcmp(key, "compress") == 0;
}

static bool section_is_used(const sweep *s, const char *key)
{
    unsigned needs = names_needs(&s->names);
    if (section_is_of_data(key)) return needs & (NEEDS_DATA | NEEDS_TABLE);
    if (strcmp(key, "model") == 0 || strcmp(key, "train") == 0) return needs & NEEDS_MODEL;
    for (int i = 0; estimators[i]; i++)
        if (strcmp(key, estimators[i]->name) == 0) return s->names.chosen[CHOICE_ESTIMATOR][i];
    return true;
}

static status refuse_section(const node *key)
{
    if (is_estimator(key->text))
        return node_refuse(key, "no cell of this sweep uses the estimator %s; leave its section out",
                           key->text);
    return node_refuse(key, "no estimator of this sweep %s; leave %s out",
                       section_is_of_data(key->text) ? "learns from data" : "trains a network", key->text);
}

static status place_section(sweep *s, const node *key, const node *map)
{
    status result = OK;
    if (node_is_empty(map)) return OK;
    if (map->count > 0 && !section_is_used(s, key->text) && !s->names.changed) return refuse_section(key);
    for (int i = 0; i < map->count; i++) {
        char full[128];
        snprintf(full, sizeof full, "%s.%.60s", key->text, map->key[i].text);
        option_name *of = names_find_full(&s->names, full);
        if (!of && is_left_over(s, full)) continue;
        if (!of) return refuse_key(s, key->text, &map->key[i]);
        TRY(place_fixed(&map->item[i], of));
    }
done:
    return result;
}

static status refuse_top_key(const node *key)
{
    char typed[SHOWN_MAX], hint[HINT_MAX];
    const char *words[TOP_KEYS + KINDS_MAX];
    int count = 0;
    if (names_elsewhere(key->text, hint))
        return node_refuse(
            key, "%s cannot stand here; it is an option of %s: write it into that section or into grid:",
            option_shown(key->text, typed), hint);
    for (; count < TOP_KEYS; count++) words[count] = top_keys[count];
    for (int i = 0; estimators[i]; i++) words[count++] = estimators[i]->name;
    names_hint(key->text, words, count, hint);
    return node_refuse(key, "unknown key %s%s", option_shown(key->text, typed), hint);
}

/* ---- all of it ----------------------------------------------------------------------------------------- */

status file_check_keys(const sweep *s)
{
    const node *file = &s->file;
    if (file->kind != NODE_MAP)
        return node_refuse(file, "is no mapping; a sweep has keys like data: and grid:");
    for (int i = 0; i < file->count; i++) {
        const node *key = &file->key[i], *value = &file->item[i];
        bool one_value = strcmp(key->text, "estimator") == 0 || strcmp(key->text, "seed") == 0;
        if (!key_is_top(key->text)) return refuse_top_key(key);
        if (value->kind != NODE_MAP && !node_is_empty(value) && !one_value && !key_is_directive(key->text))
            return node_refuse(value, "%s: takes options, like %s: {name: value}", key->text, key->text);
    }
    return OK;
}

status place_file(sweep *s)
{
    status result = OK;
    const node *file = &s->file, *grid_node = node_find(file, "grid");
    for (int i = 0; i < file->count; i++) {
        const node *key = &file->key[i], *value = &file->item[i];
        option_name *of = names_find_full(&s->names, key->text);
        if (of)
            TRY(place_fixed(value, of)); /* estimator, seed */
        else if (value != grid_node && !key_is_directive(key->text))
            TRY(place_section(s, key, value));
    }
    if (grid_node) TRY(place_grid(s, grid_node)); /* after what is fixed, wherever it stands */
done:
    return result;
}
