#include "data/session_names.h"

#include <stdlib.h>
#include <string.h>

static bool is_side_of(const char *option_name, const char *what)
{
    size_t length = strlen(what);
    return strncmp(option_name, what, length) == 0 &&
           (strcmp(option_name + length, "_1") == 0 || strcmp(option_name + length, "_2") == 0);
}

static void add_area(session_names *n, const char *name)
{
    for (int a = 0; a < n->areas; a++)
        if (strcmp(n->area[a], name) == 0) return;
    n->area[n->areas++] = name;
}

status session_names_make(const recordings *r, session_names *out)
{
    status result = OK;
    session_names made = { 0 };
    size_t areas = 0;
    for (int s = 0; s < r->sessions; s++) areas += (size_t)r->session[s].areas;
    made.session = malloc((size_t)r->sessions * sizeof *made.session);
    made.area = malloc(areas * sizeof *made.area);
    CHECK(made.session != NULL && made.area != NULL, NO_MEMORY, "no memory for the names of %d sessions",
          r->sessions);
    for (int s = 0; s < r->sessions; s++) {
        made.session[made.sessions++] = r->session[s].name;
        for (int a = 0; a < r->session[s].areas; a++) add_area(&made, r->session[s].area[a].name);
    }
    *out = made;
    made = (session_names){ 0 };
done:
    session_names_free(&made);
    return result;
}

void session_names_free(session_names *n)
{
    free(n->session);
    free(n->area);
}

void session_names_of(const session_names *n, const char *option_name, const char *const **member, int *count)
{
    *count = 0;
    if (is_side_of(option_name, "session")) {
        *member = n->session;
        *count = n->sessions;
    }
    if (is_side_of(option_name, "area")) {
        *member = n->area;
        *count = n->areas;
    }
}

const char *session_animal(const recordings *r, const char *option_name, const char *value)
{
    if (!is_side_of(option_name, "session")) return NULL;
    const recorded_session *s = recordings_find(r, value);
    if (value[0] == '\0' && r->sessions == 1) s = &r->session[0];
    return s && s->animal && s->animal[0] ? s->animal : NULL;
}
