#include "sheet.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2, COLUMNS_MAX = 1024, INDENT = 2 };

struct sheet {
    int columns;
    sheet_side side[COLUMNS_MAX];
    int width[COLUMNS_MAX];
    bool joined[COLUMNS_MAX]; /* to the column before */
    char **cell;              /* (1 + rows, columns): the head, then the rows */
    size_t cells, room;
    bool starved; /* memory ran out while it was filled */
};

status sheet_make(sheet **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? OK : failure(NO_MEMORY, "a table of a report");
}

void sheet_free(sheet *s)
{
    if (s == NULL) return;
    for (size_t i = 0; i < s->cells; i++) free(s->cell[i]);
    free(s->cell);
    free(s);
}

/* Code points in the first `length` bytes. */
static int width_of(const char *text, size_t length)
{
    int width = 0;
    for (size_t i = 0; i < length; i++)
        width += ((unsigned char)text[i] & 0xC0U) != 0x80U; /* no continuation byte */
    return width;
}

int sheet_text_width(const char *text)
{
    return width_of(text, strlen(text));
}

void sheet_wrap(const char *text, int at, int indent, FILE *to)
{
    const char *before = "";
    for (text += strspn(text, " \n"); *text; text += strspn(text, " \n")) {
        size_t length = strcspn(text, " \n");
        int width = width_of(text, length);
        if (*before && at + 1 + width > REPORT_WIDTH) {
            fprintf(to, "\n%*s", indent, "");
            at = indent;
            before = "";
        }
        fprintf(to, "%s%.*s", before, (int)length, text);
        at += (*before != '\0') + width;
        before = " ";
        text += length;
    }
    fputc('\n', to);
}

static char *print_text(const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = length < 0 ? NULL : malloc((size_t)length + 1);
    if (text) vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

static void add_cell(sheet *s, const char *format, va_list arguments)
{
    if (s->starved || s->columns == 0) return;
    if (s->cells == s->room) {
        size_t room = s->room ? 2 * s->room : 256;
        char **cell = realloc(s->cell, room * sizeof *cell);
        s->starved = cell == NULL;
        if (s->starved) return;
        s->cell = cell;
        s->room = room;
    }
    char *text = print_text(format, arguments);
    s->starved = text == NULL;
    if (s->starved) return;

    int column = (int)(s->cells % (size_t)s->columns), width = sheet_text_width(text);
    if (width > s->width[column]) s->width[column] = width;
    s->cell[s->cells++] = text;
}

void sheet_column(sheet *s, sheet_side side, const char *format, ...)
{
    if (s->columns == COLUMNS_MAX) return; /* no report is that wide; what follows is left out */
    s->side[s->columns++] = side;
    va_list arguments;
    va_start(arguments, format);
    add_cell(s, format, arguments);
    va_end(arguments);
}

void sheet_join(sheet *s)
{
    if (s->columns > 0) s->joined[s->columns - 1] = true;
}

void sheet_put(sheet *s, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_cell(s, format, arguments);
    va_end(arguments);
}

/* Spaces are written before text rather than after it, so that no line ends in blanks. */
static void print_cell(const sheet *s, size_t row, int column, int *owed, FILE *to)
{
    const char *text = s->cell[row * (size_t)s->columns + (size_t)column];
    int slack = s->width[column] - sheet_text_width(text);
    if (s->side[column] == SHEET_RIGHT) *owed += slack;
    if (*text) {
        fprintf(to, "%*s%s", *owed, "", text);
        *owed = 0;
    }
    if (s->side[column] == SHEET_LEFT || *text == '\0') *owed += s->side[column] == SHEET_LEFT ? slack : 0;
    *owed += GAP;
}

static void print_block(const sheet *s, int keys, int first, int last, FILE *to)
{
    for (size_t row = 0; row < s->cells / (size_t)s->columns; row++) {
        int owed = INDENT;
        for (int c = 0; c < keys; c++) print_cell(s, row, c, &owed, to);
        for (int c = first; c < last; c++) print_cell(s, row, c, &owed, to);
        fputc('\n', to);
    }
}

status sheet_print(const sheet *s, int keys, FILE *to)
{
    if (s->starved) return failure(NO_MEMORY, "a table of a report");
    int taken = INDENT;
    for (int c = 0; c < keys; c++) taken += s->width[c] + GAP;

    for (int first = keys, last; first < s->columns || first == keys; first = last) {
        int width = taken;
        for (last = first; last < s->columns; last++) {
            width += s->width[last] + GAP;
            if (width - GAP > REPORT_WIDTH && last > first) break;
        }
        while (last < s->columns && s->joined[last] && last > first + 1) last--;
        if (first > keys) fputc('\n', to);
        print_block(s, keys, first, last, to);
        if (last == first) break; /* key columns only */
    }
    return OK;
}
