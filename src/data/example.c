#include "data/example.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "data/recordings_parts.h"

/* Can YAML mistake it for nothing else than a word? */
static bool is_plain(const char *text)
{
    if (!isalpha((unsigned char)text[0]) && text[0] != '/' && text[0] != '_') return false;
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && strchr("_-./", *c) == NULL) return false;
    return true;
}

/* Prints a character of a text as YAML may hold it, and returns how many bytes it takes. What is no UTF-8, as `valid` says of
 * the whole text, controls nothing but terminals, or is no character of YAML becomes '?'. */
static int print_character(FILE *to, const char *at, bool valid)
{
    const unsigned char *c = (const unsigned char *)at;
    int bytes = !valid || *c < 0xc0 ? 1 : *c < 0xe0 ? 2 : *c < 0xf0 ? 3 : 4;
    bool ascii = *c >= 0x20 && *c < 0x7f;
    bool control = *c == 0xc2 && c[1] < 0xa0;
    bool mark = bytes == 3 && (memcmp(c, "\xef\xbb\xbf", 3) == 0 || memcmp(c, "\xef\xbf\xbe", 3) == 0 ||
                               memcmp(c, "\xef\xbf\xbf", 3) == 0);
    if (ascii || (bytes > 1 && !control && !mark))
        fwrite(at, 1, (size_t)bytes, to);
    else
        fputc('?', to);
    return bytes;
}

void example_word(FILE *to, const char *text)
{
    if (is_plain(text)) {
        fputs(text, to);
        return;
    }
    bool valid = text_is_usable(text);
    fputc('"', to);
    while (*text) {
        if (*text == '"' || *text == '\\') fputc('\\', to);
        text += print_character(to, text, valid);
    }
    fputc('"', to);
}

static void print_value(FILE *to, const char *value, const char *remark)
{
    if (value)
        example_word(to, value);
    else
        fputs("FILL-IN", to);
    fprintf(to, "%s%s\n", remark[0] ? " # " : "", remark);
}

void example_start(FILE *to, const char *path, const char *format, const char *target)
{
    fputs("title: what was recorded\ntarget: ", to);
    print_value(to, target, target ? "" : "a column of the trials");
    fputs("sessions:\n  - name: session-1\n    animal: animal-1\n", to);
    example_key(to, "file", path, "");
    example_key(to, "format", format, "");
}

void example_key(FILE *to, const char *key, const char *value, const char *remark)
{
    fprintf(to, "    %s: ", key);
    print_value(to, value, remark);
}

void example_text(FILE *to, const char *text, int most)
{
    bool valid = text_is_usable(text);
    const char *end = text + most;
    while (*text && text < end) text += print_character(to, text, valid);
    if (*text) fputs("...", to);
}
