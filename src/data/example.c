#include "data/example.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Can YAML mistake it for nothing else than a word? */
static bool is_plain(const char *text)
{
    if (!isalpha((unsigned char)text[0]) && text[0] != '/' && text[0] != '_') return false;
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && strchr("_-./", *c) == NULL) return false;
    return true;
}

/* A word as it is, anything else in double quotes. */
static void print_word(FILE *to, const char *text)
{
    if (is_plain(text)) {
        fputs(text, to);
        return;
    }
    fputc('"', to);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(to, "\\%c", *c);
        else if (*c < 0x20 || *c == 0x7f)
            fprintf(to, "\\x%02x", *c);
        else
            fputc(*c, to);
    }
    fputc('"', to);
}

static void print_value(FILE *to, const char *value, const char *remark)
{
    if (value)
        print_word(to, value);
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
    for (int i = 0; text[i] && i < most; i++)
        fputc((unsigned char)text[i] < 0x20 || text[i] == 0x7f ? ' ' : text[i], to);
    if (strlen(text) > (size_t)most) fputs("...", to);
}
