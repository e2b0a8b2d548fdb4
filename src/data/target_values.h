/* Values of targets as texts: their order, and lists of them as a person types them. */
#ifndef TARGET_VALUES_H
#define TARGET_VALUES_H

#include <stdbool.h>
#include <stddef.h>

enum { TARGET_VALUE_MAX = 120 }; /* bytes of a value in a list */

/* Like strcmp: numbers ascend, several in brackets by the first that differs, and stand before texts. */
int target_value_compare(const char *a, const char *b);

/* The next of the values between commas outside of brackets, without blanks around it; false at the end. */
bool target_list_next(const char **at, char *value, size_t room);
bool target_list_has(const char *list, const char *value);

#endif
