#include "status.h"

#include <stdarg.h>
#include <stdio.h>

static char recorded[FAILURE_TEXT_MAX];

/* Texts from files may stand in a message, which stays one line and moves no terminal's cursor. */
static void record(const char *text)
{
    snprintf(recorded, sizeof recorded, "%s", text);
    for (char *c = recorded; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = ' ';
}

status failure(status code, const char *format, ...)
{
    char text[FAILURE_TEXT_MAX]; /* the arguments may point into what is recorded */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    record(text);
    return code;
}

status failure_at(status code, const char *format, ...)
{
    char text[FAILURE_TEXT_MAX], place[FAILURE_TEXT_MAX / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(place, sizeof place, format, arguments);
    va_end(arguments);
    snprintf(text, sizeof text, "%s: %.*s", place, FAILURE_TEXT_MAX / 2 - 3, recorded);
    record(text);
    return code;
}

const char *failure_text(void)
{
    return recorded;
}

void failure_clear(void)
{
    recorded[0] = '\0';
}

void failure_keep(char text[FAILURE_TEXT_MAX])
{
    snprintf(text, FAILURE_TEXT_MAX, "%s", recorded);
}

void failure_put_back(const char text[FAILURE_TEXT_MAX])
{
    snprintf(recorded, sizeof recorded, "%s", text);
}

int status_exit(status code)
{
#define STATUS_EXIT(name, exit_status, text) exit_status,
    static const int exits[] = { STATUS_LIST(STATUS_EXIT) };
    return exits[code];
}

const char *status_text(status code)
{
#define STATUS_WORDS(name, exit_status, text) text,
    static const char *const texts[] = { STATUS_LIST(STATUS_WORDS) };
    return texts[code];
}
