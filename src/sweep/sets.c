/* --set NAME=VALUE: reading them, and placing them over what the sweep file says. */
#include <stdlib.h>
#include <string.h>

#include "sweep/option_words.h"
#include "sweep/parts.h"

static status set_read(set *to, const char *typed)
{
    status result = OK;
    char word[SHOWN_MAX];
    size_t length = strlen(typed);
    for (const char *at = typed; *at; at++)
        CHECK((unsigned char)*at >= ' ', BAD_INPUT, "--set %s: holds a line break or control character",
              option_shown(typed, word));
    const char *equals = strchr(typed, '=');
    CHECK(equals != NULL && equals != typed, BAD_INPUT, "--set %s: is not of the form NAME=VALUE",
          option_shown(typed, word));
    size_t name_length = (size_t)(equals - typed);
    while (name_length > 1 && typed[name_length - 1] == ' ') name_length--;
    to->name = strndup(typed, name_length);
    to->place = malloc(length + sizeof "--set ");
    CHECK(to->name && to->place, NO_MEMORY, "--set of %zu bytes", length);
    snprintf(to->place, length + sizeof "--set ", "--set %s", typed);
    if (strlen(to->place) > 160) to->place[160] = '\0'; /* messages have one line */
    TRY(node_parse_value(equals + 1, to->place, &to->value));
done:
    return result;
}

status sets_read(sweep *s, const char *const *typed, int count)
{
    status result = OK;
    size_t size;
    FILE *text = open_memstream(&s->sets_text, &size);
    CHECK(text != NULL, NO_MEMORY, "%d --set values", count);
    s->set = calloc((size_t)count + 1, sizeof *s->set);
    CHECK(s->set != NULL, NO_MEMORY, "%d --set values", count);
    for (int i = 0; i < count; i++) {
        s->sets = i + 1;
        TRY(set_read(&s->set[i], typed[i]));
        fprintf(text, "%s%s", i ? "\n" : "", typed[i]);
    }
done:
    if (text && fclose(text) != 0 && result == OK) result = failure(NO_MEMORY, "%d --set values", count);
    return result;
}

const node *key_value(const sweep *s, const char *key)
{
    for (int i = s->sets - 1; i >= 0; i--)
        if (strcmp(s->set[i].name, key) == 0) return &s->set[i].value;
    return node_find(&s->file, key);
}

static status place_set(sweep *s, const set *from)
{
    status result = OK;
    option_name *of;
    node typed = { .place = from->place, .text = from->name };
    if (key_is_directive(from->name)) return OK;
    if (key_is_top(from->name) && names_find(&s->names, &typed, &of) != OK)
        return node_refuse(&typed, "%s is a section; set each of its options, like %s.NAME=VALUE", from->name,
                           strcmp(from->name, "grid") == 0 ? "train" : from->name);
    TRY(names_find(&s->names, &typed, &of));
    if (of->axis >= 0) {
        s->axis_node[of->axis] = &from->value;
        s->axis_by_set[of->axis] = true;
    } else if (span_is_axis(of->row[0].row, &from->value)) {
        TRY(place_axis(s, &typed, &from->value, of));
        s->axis_by_set[of->axis] = true;
    } else {
        TRY(place_fixed(&from->value, of));
    }
done:
    return result;
}

status place_sets(sweep *s)
{
    status result = OK;
    for (int i = 0; i < s->sets; i++) TRY(place_set(s, &s->set[i]));
done:
    return result;
}
