#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/import.h"
#include "data/import_parts.h"
#include "sweep/option_words.h"

enum { KEYS_MAX = 64 };

const import_key import_session_keys[] = {
    { "name", "of the session, as axes and tables say it", "chewie-1003", true },
    { "animal", "whose it is: reports make blocks of animals", "chewie", false },
    { "file", "the source: beside the mapping file, or below the folder in INFOSWEEP_DATA",
      "neural/chewie.npz", true },
    { "format", "how to read it, where the ending does not say so", "npz", false },
    { "attributes", "anything worth keeping", "{array: left}", false },
    { .name = NULL },
};

status import_known_keys(const node *map, const char *const *keys, const char *of)
{
    int count = 0;
    char shown[SHOWN_MAX];
    while (keys[count]) count++;
    for (int i = 0; i < map->count; i++) {
        const char *typed = map->key[i].text;
        int k = 0;
        while (k < count && strcmp(typed, keys[k]) != 0) k++;
        if (k < count) continue;
        const char *near = option_suggest(typed, keys, count);
        if (near)
            return node_refuse(&map->key[i], "%s has no key %s; did you mean '%s'?", of,
                               option_shown(typed, shown), near);
        char list[400] = "";
        size_t used = 0;
        for (k = 0; k < count && used < sizeof list; k++)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", k > 0 ? ", " : "", keys[k]);
        return node_refuse(&map->key[i], "%s has no key %s; there are %s", of, option_shown(typed, shown),
                           list);
    }
    return OK;
}

status import_check_keys(const node *mapping, const import_format *format)
{
    const char *names[KEYS_MAX + 1] = { NULL };
    const import_key *const tables[] = { import_session_keys, format->keys };
    int count = 0;
    char of[96];
    for (int t = 0; t < 2; t++)
        for (const import_key *k = tables[t]; k->name && count < KEYS_MAX; k++) names[count++] = k->name;
    snprintf(of, sizeof of, "a session from %s", format->name);
    status result = import_known_keys(mapping, names, of);
    for (int t = 0; t < 2; t++)
        for (const import_key *k = tables[t]; k->name && result == OK; k++)
            if (k->needed && node_find(mapping, k->name) == NULL)
                result = node_refuse(mapping, "%s needs `%s`: %s, such as %s: %s", of, k->name, k->help,
                                     k->name, k->example);
    return result;
}

status import_text(const node *map, const char *key, const char **out)
{
    const node *value = node_find(map, key);
    *out = NULL;
    if (value == NULL || node_is_empty(value)) return OK;
    if (value->kind != NODE_SCALAR) return node_refuse(value, "%s is one text, not a list or a mapping", key);
    if (value->text[0] == '\0') return node_refuse(value, "%s is an empty text", key);
    *out = value->text;
    return OK;
}

status import_number(const node *map, const char *key, double *out)
{
    const char *text;
    char *end, shown[SHOWN_MAX];
    status result = import_text(map, key, &text);
    if (result != OK || text == NULL) return result;
    double number = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(number))
        return node_refuse(node_find(map, key), "%s is %s; right would be a number", key,
                           option_shown(text, shown));
    *out = number;
    return OK;
}
