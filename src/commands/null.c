#include "null.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "option.h"

status null_add(null_axis *n, strings *sets)
{
    static const option row = { "--null", OPTION_INTEGER, 0, "", 1, 1e6, "shuffles", "", NULL, 0 };
    status result = OK;
    int64_t count;
    if (n->typed == NULL) return OK;
    TRY(option_parse(&row, n->typed, &count));
    CHECK(sets->count < STRINGS_MAX, BAD_INPUT, "--null: more than %d --set", STRINGS_MAX - 1);
    snprintf(n->set, sizeof n->set, "data.shuffle=0..%" PRId64, count);
    sets->item[sets->count++] = n->set;
done:
    return result;
}

status null_explain(const null_axis *n, status code)
{
    char place[64];
    if (n->typed == NULL) return code;
    int length = snprintf(place, sizeof place, "--set %s: ", n->set);
    if (strncmp(failure_text(), place, (size_t)length) != 0) return code;
    return failure(code, "--null %s: %s", n->typed, failure_text() + length);
}
