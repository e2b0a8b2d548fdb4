#include "data/csv.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A table that a person writes is small; what is larger than this is the wrong file. */
enum { BYTES_MAX = 256 << 20, FIELDS_AT_FIRST = 256 };

/* Where the reader stands, and the fields of all records so far, header included. */
typedef struct reader {
    const char *path;
    char *at;
    int line;
    char separator;       /* ',' or a tab */
    const char *blanks;   /* those that are no part of an unquoted field */
    const char *closings; /* what ends a field */
    char **field;
    int fields, room;
    bool record_ends; /* the field just read was the last of its line */
} reader;

static status text_read(const char *path, char **out)
{
    status result = OK;
    char *text = NULL;
    size_t size = 0, room = 1 << 16;
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL, BAD_INPUT, "%s: cannot open: %s", path, strerror(errno));
    for (;;) {
        char *larger = realloc(text, room + 1);
        CHECK(larger != NULL, NO_MEMORY, "no memory for %s", path);
        text = larger;
        size += fread(text + size, 1, room - size, file);
        CHECK(!ferror(file), BAD_INPUT, "%s: cannot read: %s", path, strerror(errno));
        if (size < room) break;
        CHECK(room < BYTES_MAX, BAD_INPUT, "%s: larger than %d MiB, which is no table", path,
              BYTES_MAX >> 20);
        room *= 2;
    }
    text[size] = '\0';
    CHECK(size > 0, BAD_INPUT, "%s: the file is empty", path);
    CHECK(strlen(text) == size, BAD_INPUT, "%s: holds zero bytes, so it is no text", path);
    *out = text;
    text = NULL;
done:
    free(text);
    if (file) fclose(file);
    return result;
}

static void set_separator(reader *r, char separator)
{
    r->separator = separator;
    r->blanks = separator == '\t' ? " " : " \t";
    r->closings = separator == '\t' ? "\t\r\n" : ",\r\n";
}

static void skip_blanks(reader *r)
{
    r->at += strspn(r->at, r->blanks);
}

/* Reads a quoted field in place; `at` stands on the opening quote and is left behind the closing one. */
static status read_quoted(reader *r, char **field)
{
    status result = OK;
    int opened = r->line;
    char *to = ++r->at;
    *field = to;
    for (;; r->at++) {
        CHECK(*r->at != '\0', BAD_INPUT, "%s:%d: a quote is not closed", r->path, opened);
        if (*r->at == '\n') r->line++;
        if (*r->at == '"' && *++r->at != '"') break;
        *to++ = *r->at;
    }
    skip_blanks(r);
    CHECK(strchr(r->closings, *r->at) != NULL, BAD_INPUT, "%s:%d: text after a closing quote", r->path,
          r->line);
    *to = '\0';
done:
    return result;
}

static void read_plain(reader *r, char **field, char **end)
{
    *field = r->at;
    r->at += strcspn(r->at, r->closings);
    *end = r->at;
    while (*end > *field && strchr(r->blanks, (*end)[-1])) --*end;
}

static status add_field(reader *r, char *field)
{
    status result = OK;
    if (r->fields == r->room) {
        CHECK(r->room <= INT_MAX / 2, BAD_INPUT, "%s: too many fields", r->path);
        int room = r->room ? 2 * r->room : FIELDS_AT_FIRST;
        char **larger = realloc(r->field, (size_t)room * sizeof *larger);
        CHECK(larger != NULL, NO_MEMORY, "no memory for the fields of %s", r->path);
        r->field = larger;
        r->room = room;
    }
    r->field[r->fields++] = field;
done:
    return result;
}

static status read_field(reader *r)
{
    status result = OK;
    char *field, *end = NULL;
    skip_blanks(r);
    if (*r->at == '"')
        TRY(read_quoted(r, &field));
    else
        read_plain(r, &field, &end);

    char closing = *r->at;
    if (closing == '\r') {
        CHECK(r->at[1] == '\n' || r->at[1] == '\0', BAD_INPUT, "%s:%d: a stray carriage return", r->path,
              r->line);
        if (r->at[1] == '\n') *r->at++ = '\0';
    }
    r->record_ends = closing != r->separator;
    if (*r->at == '\n') r->line++;
    if (*r->at != '\0') *r->at++ = '\0';
    if (end) *end = '\0';
    TRY(add_field(r, field));
done:
    return result;
}

/* Passes over blank lines and comments. */
static void skip_lines(reader *r)
{
    for (;;) {
        size_t blanks = strspn(r->at, " \t\r");
        size_t length = r->at[blanks] == '#' ? strcspn(r->at, "\n") : blanks;
        if (r->at[length] != '\n') {
            if (r->at[length] == '\0') r->at += length;
            return;
        }
        r->at += length + 1;
        r->line++;
    }
}

/* Reads one record; *columns 0 takes its width from this one, else it must be that wide. */
static status read_record(reader *r, int *columns)
{
    status result = OK;
    int line = r->line, first = r->fields;
    do {
        TRY(read_field(r));
    } while (!r->record_ends);
    int width = r->fields - first;
    if (*columns == 0) *columns = width;
    CHECK(width == *columns, BAD_INPUT, "%s:%d: %d fields, but the header has %d", r->path, line, width,
          *columns);
done:
    return result;
}

static status add_line(csv *c, int line, int *room)
{
    status result = OK;
    if (c->rows == *room) {
        *room = *room ? 2 * *room : FIELDS_AT_FIRST;
        int *larger = realloc(c->line, (size_t)*room * sizeof *larger);
        CHECK(larger != NULL, NO_MEMORY, "no memory for %d lines", *room);
        c->line = larger;
    }
    c->line[c->rows++] = line;
done:
    return result;
}

/* Does the line at `header` hold a tab and no comma? */
static bool has_tabs(const char *header)
{
    size_t comma = strcspn(header, ",\n"), tab = strcspn(header, "\t\n");
    return header[tab] == '\t' && header[comma] != ',';
}

/* Columns are asked for by name. */
static status check_names(const csv *c, const char *path)
{
    for (int k = 1; k < c->columns; k++)
        for (int j = 0; j < k; j++)
            if (strcmp(c->name[j], c->name[k]) == 0)
                return failure(BAD_INPUT, "%s: two columns \"%.80s\", %d and %d; give one another name", path,
                               c->name[k], j + 1, k + 1);
    return OK;
}

static status read_all(const char *path, bool tabs, csv **out)
{
    status result = OK;
    reader r = { .path = path, .line = 1 };
    int lines = 0;
    csv *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for %s", path);
    TRY(text_read(path, &made->text));
    bool marked = strncmp(made->text, "\xEF\xBB\xBF", 3) == 0;
    r.at = made->text + (marked ? 3 : 0);

    skip_lines(&r);
    set_separator(&r, tabs && has_tabs(r.at) ? '\t' : ',');
    CHECK(*r.at != '\0', BAD_INPUT, "%s: there is nothing but blanks and comments in it", path);
    TRY(read_record(&r, &made->columns));
    for (skip_lines(&r); *r.at != '\0'; skip_lines(&r)) {
        TRY(add_line(made, r.line, &lines));
        TRY(read_record(&r, &made->columns));
    }
    made->name = r.field;
    made->cell = r.field + made->columns;
    r.field = NULL;
    TRY(check_names(made, path));
    *out = made;
    made = NULL;
done:
    free(r.field);
    csv_free(made);
    return result;
}

status csv_read(const char *path, csv **out)
{
    return read_all(path, false, out);
}

status csv_read_either(const char *path, csv **out)
{
    return read_all(path, true, out);
}

void csv_free(csv *c)
{
    if (c == NULL) return;
    free(c->name);
    free(c->line);
    free(c->text);
    free(c);
}
