#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double units_nats_per_bit(void)
{
    return log(2);
}

/* What units_in_nats makes; the layout comes first. */
typedef struct converted {
    layout layout;
    variable *variable;
    quantity *quantity;
} converted;

status units_in_nats(const layout *bits, layout **out)
{
    status result = OK;
    const size_t count = (size_t)bits->variables + 1;
    converted *c = calloc(1, sizeof *c);
    CHECK(c != NULL, NO_MEMORY, "a report");
    *out = &c->layout;
    c->layout = *bits;
    c->variable = calloc(count, sizeof *c->variable);
    c->quantity = calloc(count, sizeof *c->quantity);
    CHECK(c->variable && c->quantity, NO_MEMORY, "a report");
    for (int i = 0; i < bits->variables; i++) {
        c->variable[i] = bits->variable[i];
        c->quantity[i] = *bits->variable[i].quantity;
        if (strcmp(c->quantity[i].unit, "bits") == 0) c->quantity[i].unit = "nats";
        c->variable[i].quantity = &c->quantity[i];
    }
    c->layout.variable = c->variable;
done:
    return result;
}

void units_free(layout *in_nats)
{
    converted *c = (converted *)in_nats; /* its first member */
    if (c == NULL) return;
    free(c->variable);
    free(c->quantity);
    free(c);
}
