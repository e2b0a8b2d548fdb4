#include "block.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "terminal.h"

enum { INDENT = 4 };

/* Is it the first byte of a character in UTF-8? */
static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

static int characters(const char *text, size_t length)
{
    int count = 0;
    for (size_t i = 0; i < length; i++)
        if (begins_character(text[i])) count++;
    return count;
}

/* Bytes of `text` that fit `width` characters: all, or up to a blank, or, where a word is too long, as many as there is
 * room for. */
static size_t fitting(const char *text, size_t length, int width)
{
    size_t cut = 0;
    int count = 0;
    while (cut < length && (!begins_character(text[cut]) || count < width))
        if (begins_character(text[cut++])) count++;
    if (cut == length) return length;
    for (size_t blank = cut; blank > 0; blank--)
        if (text[blank] == ' ' && strspn(text, " ") < blank) return blank;
    return cut;
}

/* One line as several; returns how many, at most `lines`. */
static int fold_line(const char *line, size_t length, int width, int lines, FILE *to)
{
    int count = 0, indent = 0;
    do {
        size_t take = fitting(line, length, width - indent);
        fprintf(to, "%*s%.*s\n", indent, "", (int)take, line);
        line += take;
        length -= take;
        while (length > 0 && *line == ' ') line++, length--;
        indent = width > 3 * INDENT ? INDENT : 0;
        count++;
    } while (length > 0 && count < lines);
    return count;
}

void block_fold(const char *text, int width, int lines, FILE *to)
{
    if (width < 1) width = 1;
    while (*text && lines > 0) {
        size_t length = strcspn(text, "\n");
        const char *next = text + length + (text[length] == '\n');
        if (lines == 1 && (*next || characters(text, length) > width)) {
            fputs("…\n", to);
            return;
        }
        lines -= fold_line(text, length, width, lines, to);
        text = next;
    }
}

/* Rows that the block takes on a terminal of this width. */
static int rows_of(const block *b, int columns)
{
    int rows = 0;
    for (int i = 0; i < b->lines; i++) rows += b->width[i] > columns ? (b->width[i] - 1) / columns + 1 : 1;
    return rows;
}

/* Titles and reasons come from a file: they must not steer the terminal. */
static void print_harmless(const char *text, size_t length, FILE *to)
{
    for (size_t i = 0; i < length; i++) fputc(iscntrl((unsigned char)text[i]) ? '?' : text[i], to);
}

static void print_lines(block *b, const char *folded, FILE *to)
{
    int up = rows_of(b, terminal_width(b->terminal));
    b->lines = 0;
    if (up > 0) fprintf(to, "\033[%dA", up);
    fputc('\r', to);
    while (*folded && b->lines < BLOCK_LINES) {
        size_t length = strcspn(folded, "\n");
        print_harmless(folded, length, to);
        fputs("\033[K\n", to);
        b->width[b->lines++] = characters(folded, length);
        folded += length + (folded[length] == '\n');
    }
    fputs("\033[J", to); /* what is left of a longer one */
}

static void write_all(int file, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t written = write(file, text, size);
        if (written <= 0) return; /* a terminal that is gone */
        text += written;
        size -= (size_t)written;
    }
}

/* Want of memory leaves the block as it is. */
void block_show(block *b, const char *text)
{
    char *folded = NULL, *drawn = NULL;
    size_t size;
    int height = terminal_height(b->terminal) - 1; /* the cursor stands below */
    FILE *to = open_memstream(&folded, &size);
    if (to == NULL) return;
    /* the last column stays free: some terminals wrap when it is written */
    block_fold(text, terminal_width(b->terminal) - 1, height < BLOCK_LINES ? height : BLOCK_LINES, to);
    bool made = fclose(to) == 0;
    to = made ? open_memstream(&drawn, &size) : NULL;
    if (to) {
        print_lines(b, folded, to);
        if (fclose(to) == 0) write_all(b->terminal, drawn, size);
    }
    free(folded);
    free(drawn);
}

void block_remove(block *b)
{
    block_show(b, "");
}
