/* Options as text: canonical values, what a row takes, help lines. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/option_words.h"

void option_real_text(double value, char *to, size_t size)
{
    if (value == 0) value = 0; /* no -0 */
    /* 15 digits always come back from a text to itself; numbers below DBL_MIN have fewer that mean anything */
    for (int digits = fabs(value) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        snprintf(to, size, "%.*g", digits, value);
        if (strtod(to, NULL) == value) break;
    }
    /* 1e+09 -> 1e9 */
    char *exponent = strchr(to, 'e');
    if (!exponent) return;
    char *from = exponent + 1, *at = exponent + 1;
    if (*from == '-') *at++ = *from;
    from++;
    while (*from == '0') from++;
    memmove(at, from, strlen(from) + 1);
}

static void print_integers(const integers *list, FILE *to)
{
    fputc('[', to);
    for (int i = 0; i < list->count; i++) fprintf(to, "%s%d", i ? ", " : "", list->value[i]);
    fputc(']', to);
}

static void print_word(const char *words, int index, FILE *to)
{
    const char *start;
    size_t length = words_at(words, index, &start);
    fprintf(to, "%.*s", (int)length, start ? start : "");
}

void option_print(const option *row, const void *block, FILE *to)
{
    const void *field = (const char *)block + row->field;
    switch (row->type) {
    case OPTION_FLAG:
        fputs(*(const bool *)field ? "true" : "false", to);
        break;
    case OPTION_INTEGER: {
        int64_t value = *(const int64_t *)field;
        if (option_has_words(row) && value < 0)
            print_word(row->choices, (int)(-1 - value), to);
        else
            fprintf(to, "%" PRId64, value);
        break;
    }
    case OPTION_REAL: {
        char text[32];
        option_real_text(*(const double *)field, text, sizeof text);
        fputs(text, to);
        break;
    }
    case OPTION_CHOICE:
        print_word(row->choices, *(const int *)field, to);
        break;
    case OPTION_TEXT:
        fputs(*(const char *const *)field, to);
        break;
    case OPTION_INTEGERS:
        print_integers(field, to);
        break;
    }
}

double option_number(const option *row, const void *block)
{
    const void *field = (const char *)block + row->field;
    switch (row->type) {
    case OPTION_FLAG:
        return *(const bool *)field ? 1 : 0;
    case OPTION_INTEGER:
        return (double)*(const int64_t *)field;
    case OPTION_REAL:
        return *(const double *)field;
    default:
        return NAN;
    }
}

bool option_equal(const option *row, const void *a, const void *b)
{
    const void *x = (const char *)a + row->field, *y = (const char *)b + row->field;
    switch (row->type) {
    case OPTION_FLAG:
        return *(const bool *)x == *(const bool *)y;
    case OPTION_INTEGER:
        return *(const int64_t *)x == *(const int64_t *)y;
    case OPTION_REAL:
        return *(const double *)x == *(const double *)y;
    case OPTION_CHOICE:
        return *(const int *)x == *(const int *)y;
    case OPTION_TEXT:
        return strcmp(*(const char *const *)x, *(const char *const *)y) == 0;
    case OPTION_INTEGERS: {
        const integers *p = x, *q = y;
        return p->count == q->count && memcmp(p->value, q->value, (size_t)p->count * sizeof *p->value) == 0;
    }
    }
    return false;
}

/* Bounds in the short form that a person would use: 1e9 rather than 1000000000. */
static void print_bound(double value, FILE *to)
{
    char round[32], text[32];
    snprintf(round, sizeof round, "%.0e", value);
    option_real_text(value, text, sizeof text);
    if (fabs(value) >= 1e6 && strtod(round, NULL) == value)
        fprintf(to, "%s%ce%d", value < 0 ? "-" : "", round[value < 0], atoi(strchr(round, 'e') + 1));
    else
        fputs(text, to);
}

static void print_words(const char *words, FILE *to)
{
    for (const char *at = words; at && *at; at++) {
        if (*at == '|')
            fputs(", ", to);
        else
            fputc(*at, to);
    }
}

void option_accepts(const option *row, FILE *to)
{
    static const char *const names[] = {
        [OPTION_FLAG] = "true or false", [OPTION_INTEGER] = "a whole number",
        [OPTION_REAL] = "a number",      [OPTION_CHOICE] = "one of ",
        [OPTION_TEXT] = "a text",        [OPTION_INTEGERS] = "a list like [25, 15]",
    };
    fputs(names[row->type], to);
    if (row->type == OPTION_CHOICE) print_words(row->choices, to);
    if (row->low != 0 || row->high != 0) {
        fputs(", ", to);
        print_bound(row->low, to);
        fputs(" to ", to);
        print_bound(row->high, to);
    }
    if (option_has_words(row)) {
        fputs(", or ", to);
        print_words(row->choices, to);
    }
}

void option_describe(const option *row, FILE *to)
{
    fprintf(to, "  %-16s ", row->name);
    option_accepts(row, to);
    if (row->unit[0]) fprintf(to, ", %s", row->unit);
    if (row->initial[0]) fprintf(to, ", default %s", row->initial);
    fprintf(to, ": %s", row->help);
    if (row->type == OPTION_TEXT && row->choices && row->choices[0]) {
        fputs(" (", to);
        print_words(row->choices, to);
        fputs(")", to);
    }
    fputc('\n', to);
}
