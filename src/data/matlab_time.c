#include "data/matlab_time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/option_words.h"

/* The operand between two places of a text, without blanks around it. */
static status take_operand(const char *from, const char *to, matlab_time *t)
{
    status result = OK;
    int k = t->operands++;
    char *end, *text;
    while (from < to && *from == ' ') from++;
    while (to > from && to[-1] == ' ') to--;
    text = strndup(from, (size_t)(to - from));
    CHECK(text != NULL, NO_MEMORY, "no memory for a time");
    if (text[0] == '\0')
        TRY(node_refuse(t->from,
                        "a time lacks one of its parts; right would be a column, a number, or a - b"));
    double number = strtod(text, &end);
    t->end[k] = strcmp(text, "end") == 0;
    if (*end == '\0' && isfinite(number)) {
        t->number[k] = number;
    } else if (!t->end[k]) {
        t->column[k] = text;
        text = NULL;
    }
done:
    free(text);
    return result;
}

/* The sign between two operands: a + or - with something before it; NULL where there is none. Names of columns may hold
 * a - of their own, so blanks around it are wanted. */
static const char *find_sign(const char *text)
{
    for (const char *at = text; *at; at++)
        if ((*at == '-' || *at == '+') && at > text && at[-1] == ' ' && (at[1] == ' ' || at[1] == '\0'))
            return at;
    return NULL;
}

status matlab_time_parse(const node *n, double otherwise, matlab_time *out)
{
    status result = OK;
    *out = (matlab_time){ .from = n, .operands = 1, .sign = 1, .number = { otherwise } };
    if (n == NULL || node_is_empty(n)) return OK;
    if (n->kind != NODE_SCALAR) return node_refuse(n, "a time is a column, a number, or `a - b`");
    out->operands = 0;
    const char *sign = find_sign(n->text), *end = n->text + strlen(n->text);
    TRY(take_operand(n->text, sign ? sign : end, out));
    if (sign == NULL) goto done;
    out->sign = *sign == '-' ? -1 : 1;
    TRY(take_operand(sign + 1, end, out));
done:
    if (result != OK) matlab_time_free(out);
    return result;
}

void matlab_time_free(matlab_time *t)
{
    for (int k = 0; k < 2; k++) free(t->column[k]);
    *t = (matlab_time){ 0 };
}

status matlab_time_columns(const matlab_time *t,
                           status (*add)(const char *name, const node *from, void *context), void *context)
{
    status result = OK;
    for (int k = 0; k < t->operands; k++)
        if (t->column[k]) TRY(add(t->column[k], t->from, context));
done:
    return result;
}

double matlab_time_value(const matlab_time *t, const recorded_session *table, int64_t trial, double end_ms)
{
    double sum = 0;
    for (int k = 0; k < t->operands; k++) {
        double value = t->end[k] ? end_ms : t->number[k];
        if (t->column[k]) {
            const column *c = session_column(table, t->column[k]);
            value = c && c->number ? c->number[trial * c->dimensions] : NAN;
        }
        sum += k > 0 && t->sign < 0 ? -value : value;
    }
    return sum;
}

bool matlab_time_is_fixed(const matlab_time *t)
{
    return !t->column[0] && !t->column[1] && !t->end[0] && !t->end[1];
}
