#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "option.h"

enum { TABLE_MAX = 32 };

static const argument *find_name(const argument *table, const char *name, size_t length)
{
    for (const argument *a = table; a->name; a++)
        if (strlen(a->name) == length && memcmp(a->name, name, length) == 0) return a;
    return NULL;
}

static const argument *find_letter(const argument *table, char letter)
{
    for (const argument *a = table; a->name; a++)
        if (a->letter == letter) return a;
    return NULL;
}

/* `typed` is without its dashes and value. */
static status unknown(const command *c, const argument *table, const char *typed)
{
    const char *names[TABLE_MAX + 1];
    int count = 0;
    for (const argument *a = table; a->name && count < TABLE_MAX; a++) names[count++] = a->name;
    names[count++] = "help";
    const char *nearest = strlen(typed) > 1 ? option_suggest(typed, names, count) : NULL;
    const char *dashes = strlen(typed) > 1 ? "--" : "-";
    if (nearest == NULL)
        return failure(BAD_INPUT, "%s: no option %s%s (infosweep %s --help lists them)", c->name, dashes,
                       typed, c->name);
    return failure(BAD_INPUT, "%s: no option %s%s; did you mean --%s?", c->name, dashes, typed, nearest);
}

static status add(const command *c, const char *what, strings *list, const char *text)
{
    if (list->count == STRINGS_MAX)
        return failure(BAD_INPUT, "%s: more than %d %s", c->name, STRINGS_MAX, what);
    list->item[list->count++] = text;
    return OK;
}

static status take(const command *c, const argument *a, const char *value)
{
    if (value && *value == '\0')
        return failure(BAD_INPUT, "%s: --%s wants a %s, and got an empty text", c->name, a->name, a->value);
    if (a->given) *a->given = true;
    if (a->text) *a->text = value;
    if (a->list) {
        char what[64];
        snprintf(what, sizeof what, "--%s", a->name);
        return add(c, what, a->list, value);
    }
    return OK;
}

/* argv[*at] is "--name", "--name=value", or "--name" with the value in the next word. */
static status read_long(const command *c, char **argv, int argc, int *at, const argument *table)
{
    const char *name = argv[*at] + 2, *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const argument *a = find_name(table, name, length);
    if (a == NULL) {
        char typed[64];
        snprintf(typed, sizeof typed, "%.*s", (int)(length < 60 ? length : 60), name);
        return unknown(c, table, typed);
    }
    if (a->value == NULL && equals) return failure(BAD_INPUT, "%s: --%s takes no value", c->name, a->name);
    if (a->value == NULL) return take(c, a, NULL);
    if (equals) return take(c, a, equals + 1);
    if (*at + 1 == argc)
        return failure(BAD_INPUT, "%s: --%s wants a %s behind it", c->name, a->name, a->value);
    return take(c, a, argv[++*at]);
}

/* argv[*at] is a cluster of letters, "-qf"; the last may have a value: "-oFILE", or "-o" with the value in the next
 * word. */
static status read_letters(const command *c, char **argv, int argc, int *at, const argument *table)
{
    for (const char *letter = argv[*at] + 1; *letter; letter++) {
        status result = OK;
        const argument *a = find_letter(table, *letter);
        if (a == NULL) {
            char typed[2] = { *letter, '\0' };
            return unknown(c, table, typed);
        }
        if (a->value == NULL) {
            result = take(c, a, NULL);
            if (result != OK) return result;
            continue;
        }
        if (letter[1] != '\0') return take(c, a, letter + 1);
        if (*at + 1 == argc)
            return failure(BAD_INPUT, "%s: -%c wants a %s behind it", c->name, *letter, a->value);
        return take(c, a, argv[++*at]);
    }
    return OK;
}

status arguments_read(const command *c, int argc, char **argv, const argument *table, int least, int most,
                      strings *words)
{
    status result = OK;
    bool options = true; /* until "--" */
    words->count = 0;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (options && strcmp(word, "--") == 0)
            options = false;
        else if (options && strncmp(word, "--", 2) == 0)
            TRY(read_long(c, argv, argc, &i, table));
        else if (options && word[0] == '-' && word[1] != '\0')
            TRY(read_letters(c, argv, argc, &i, table));
        else
            TRY(add(c, "words", words, word));
    }
    CHECK(words->count >= least, BAD_INPUT,
          "%s: something is missing (infosweep %s --help shows what it takes)", c->name, c->name);
    CHECK(words->count <= most, BAD_INPUT, "%s: what is '%s' for? (infosweep %s --help shows what it takes)",
          c->name, words->item[most], c->name);
done:
    return result;
}
