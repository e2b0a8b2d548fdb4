/* Options from text: every value that a person types goes through option_parse. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/option_words.h"

static const double whole_max =
    9007199254740992.0; /* 2^53: above it a double no longer holds every integer */

const option *option_find(const option *table, const char *name)
{
    for (const option *row = table; row->name; row++)
        if (strcmp(row->name, name) == 0) return row;
    return NULL;
}

/* "epochs: '1.5' is not a whole number; it takes a whole number, 1 to 100" */
static status refuse(const option *row, const char *text, const char *what)
{
    char typed[SHOWN_MAX], *takes = NULL;
    size_t size;
    FILE *to = open_memstream(&takes, &size);
    if (!to) return failure(NO_MEMORY, "%s: no memory for a message", row->name);
    option_accepts(row, to);
    fclose(to);
    if (!takes) return failure(NO_MEMORY, "%s: no memory for a message", row->name);
    failure(BAD_INPUT, "%s: %s %s; it takes %.400s", row->name, option_shown(text, typed), what, takes);
    free(takes);
    return BAD_INPUT;
}

static bool within(const option *row, double value)
{
    return (row->low == 0 && row->high == 0) || (value >= row->low && value <= row->high);
}

/* Decimal numbers only: no hexadecimal, no nan, no inf. */
static bool is_decimal(const char *text, double *value)
{
    char *end;
    if (!*text || text[strspn(text, "0123456789+-.eE")]) return false;
    errno = 0;
    *value = strtod(text, &end);
    return *end == '\0';
}

static bool is_not_finite(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    return end != text && *end == '\0' && !isfinite(value);
}

static status parse_real(const option *row, const char *text, double *out)
{
    double value;
    if (is_not_finite(text)) return refuse(row, text, "is no finite number");
    if (!is_decimal(text, &value)) return refuse(row, text, "is not a number");
    if (errno == ERANGE && value == 0) return refuse(row, text, "is too small to be told from 0");
    if (!within(row, value)) return refuse(row, text, "is out of bounds");
    *out = value == 0 ? 0 : value; /* -0 is 0 */
    return OK;
}

/* 5, +5, 5.0 and 5e3 are whole; 1.5 is not. */
static status parse_whole(const option *row, const char *text, int64_t *out)
{
    double value;
    size_t sign = *text == '+' || *text == '-';
    if (is_not_finite(text)) return refuse(row, text, "is no finite number");
    if (!is_decimal(text, &value)) return refuse(row, text, "is not a whole number");
    if (text[sign + strspn(text + sign, "0123456789")] == '\0') {
        errno = 0;
        long long whole = strtoll(text, NULL, 10);
        if (errno == ERANGE) return refuse(row, text, "is too large");
        *out = whole;
    } else {
        if (value != floor(value)) return refuse(row, text, "is not a whole number");
        if (fabs(value) > whole_max) return refuse(row, text, "is too large");
        *out = (int64_t)value;
    }
    return within(row, (double)*out) ? OK : refuse(row, text, "is out of bounds");
}

static status parse_integer(const option *row, const char *text, int64_t *out)
{
    int64_t value = 0;
    int word = words_find(row->choices, text);
    if (word >= 0) {
        *out = -1 - word;
        return OK;
    }
    status result = parse_whole(row, text, &value);
    if (result != OK) return result;
    if (option_has_words(row) && value < 0)
        return refuse(row, text, "is out of bounds"); /* those stand for the words */
    *out = value;
    return OK;
}

static status parse_choice(const option *row, const char *text, int *out)
{
    enum { WORDS_MAX = 64, LETTERS_MAX = 2048 };
    char letters[LETTERS_MAX], typed[SHOWN_MAX], *rest = NULL;
    const char *words[WORDS_MAX];
    int count = 0, index = words_find(row->choices, text);
    if (index >= 0) {
        *out = index;
        return OK;
    }
    snprintf(letters, sizeof letters, "%s", row->choices);
    for (char *word = strtok_r(letters, "|", &rest); word && count < WORDS_MAX;
         word = strtok_r(NULL, "|", &rest))
        words[count++] = word;
    const char *nearest = option_suggest(text, words, count);
    if (!nearest) return refuse(row, text, "is not known");
    snprintf(typed, sizeof typed, "is not known (did you mean '%.40s'?)", nearest);
    return refuse(row, text, typed);
}

static status parse_text(const option *row, const char *text, const char **out)
{
    for (const char *at = text; *at; at++)
        if (iscntrl((unsigned char)*at)) return refuse(row, text, "holds a line break or control character");
    *out = text;
    return OK;
}

static status parse_integers(const option *row, const char *text, integers *out)
{
    integers list = { .count = 0 };
    const char *at = text;
    if (*at++ != '[') return refuse(row, text, "is not a list");
    at += strspn(at, " ");
    while (*at != ']') {
        char item[32];
        int64_t value;
        size_t length = strcspn(at, ",] ");
        if (list.count == INTEGERS_MAX) return refuse(row, text, "has too many items (at most 16)");
        snprintf(item, sizeof item, "%.*s", (int)(length < sizeof item ? length : sizeof item - 1), at);
        status result = parse_whole(row, item, &value);
        if (result != OK) return result;
        if (value < INT_MIN || value > INT_MAX) return refuse(row, item, "is too large");
        list.value[list.count++] = (int)value;
        at += length;
        at += strspn(at, " ");
        if (*at == ',') {
            at++;
            at += strspn(at, " ");
            if (*at == ']') return refuse(row, text, "ends with a comma");
        } else if (*at != ']') {
            return refuse(row, text, "is not a list");
        }
    }
    if (at[1]) return refuse(row, text, "goes on behind the list");
    *out = list;
    return OK;
}

static status parse_flag(const option *row, const char *text, bool *out)
{
    bool on = strcmp(text, "true") == 0;
    if (!on && strcmp(text, "false") != 0) return refuse(row, text, "is not a flag");
    *out = on;
    return OK;
}

status option_parse(const option *row, const char *text, void *block)
{
    void *field = (char *)block + row->field;
    switch (row->type) {
    case OPTION_FLAG:
        return parse_flag(row, text, field);
    case OPTION_INTEGER:
        return parse_integer(row, text, field);
    case OPTION_REAL:
        return parse_real(row, text, field);
    case OPTION_CHOICE:
        return parse_choice(row, text, field);
    case OPTION_TEXT:
        return parse_text(row, text, field);
    case OPTION_INTEGERS:
        return parse_integers(row, text, field);
    }
    return failure(BROKEN, "%s: an option of unknown type", row->name);
}

void option_defaults(const option *table, void *block)
{
    for (const option *row = table; row->name; row++) {
        status result = option_parse(row, row->initial, block);
        (void)result; /* tables are ours: a test parses every default of every table */
    }
}
