#include "data/target_values.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The number at *at, behind blanks, commas and brackets, which it moves past; false where something else stands. */
static bool next_number(const char **at, double *number)
{
    char *end;
    const char *first = *at + strspn(*at, " ,()");
    *number = strtod(first, &end);
    if (end == first || !isfinite(*number) || strchr(" ,()", *end) == NULL) return false; /* or its '\0' */
    *at = end + strspn(end, " ,()");
    return true;
}

static bool is_numbers(const char *text)
{
    double number;
    const char *at = text;
    if (!next_number(&at, &number)) return false;
    while (next_number(&at, &number)) continue;
    return *at == '\0';
}

int target_value_compare(const char *a, const char *b)
{
    bool numbers_a = is_numbers(a), numbers_b = is_numbers(b);
    if (numbers_a != numbers_b) return numbers_a ? -1 : 1;
    const char *at_a = a, *at_b = b;
    while (numbers_a) {
        double x = 0, y = 0;
        bool more_a = next_number(&at_a, &x), more_b = next_number(&at_b, &y);
        if (more_a != more_b) return more_a ? 1 : -1;
        if (!more_a) return 0;
        if (x != y) return x < y ? -1 : 1;
    }
    return strcmp(a, b);
}

bool target_list_next(const char **at, char *value, size_t room)
{
    int depth = 0;
    *at += strspn(*at, " ,");
    const char *first = *at;
    if (*first == '\0') return false;
    for (; **at && (depth > 0 || **at != ','); ++*at) depth += (**at == '(') - (**at == ')');
    size_t length = (size_t)(*at - first);
    while (length > 0 && isspace((unsigned char)first[length - 1])) length--;
    if (length >= room) length = room - 1;
    memcpy(value, first, length);
    value[length] = '\0';
    return true;
}

bool target_list_has(const char *list, const char *value)
{
    char listed[TARGET_VALUE_MAX];
    for (const char *at = list; target_list_next(&at, listed, sizeof listed);)
        if (target_value_compare(listed, value) == 0) return true;
    return false;
}
