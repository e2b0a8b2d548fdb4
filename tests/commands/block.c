/* Lines that fit a terminal. */
#include "commands/block.h"

#include <stdlib.h>

#include "check.h"

static char *folded(const char *text, int width, int lines)
{
    char *out = NULL;
    size_t size;
    FILE *to = open_memstream(&out, &size);
    block_fold(text, width, lines, to);
    fclose(to);
    return out;
}

#define CHECK_FOLDED(text, width, lines, expected) \
    do {                                           \
        char *out_ = folded(text, width, lines);   \
        CU_ASSERT_STRING_EQUAL(out_, expected);    \
        free(out_);                                \
    } while (0)

static void what_fits_stays_as_it_is(void)
{
    CHECK_FOLDED("", 10, 5, "");
    CHECK_FOLDED("one\ntwo\n", 10, 5, "one\ntwo\n");
    CHECK_FOLDED("0123456789\n", 10, 5, "0123456789\n");
    CHECK_FOLDED("\n\na\n", 10, 5, "\n\na\n");
}

static void long_lines_are_broken_between_words(void)
{
    CHECK_FOLDED("one two three four\n", 13, 5, "one two three\n    four\n");
    CHECK_FOLDED("  one two three four\n", 14, 5, "  one two\n    three four\n");
    CHECK_FOLDED("abcdefghijklmnopqrst\n", 14, 5, "abcdefghijklmn\n    opqrst\n"); /* one long word */
}

static void characters_are_counted_and_not_bytes(void)
{
    CHECK_FOLDED("äöüäöüäöüä\n", 10, 5, "äöüäöüäöüä\n");
    CHECK_FOLDED("äöü äöü\n", 5, 5, "äöü\näöü\n");
}

static void what_is_too_much_is_cut_and_says_so(void)
{
    CHECK_FOLDED("1\n2\n3\n4\n", 10, 3, "1\n2\n…\n");
    CHECK_FOLDED("1\n2\n3\n", 10, 3, "1\n2\n3\n");
    CHECK_FOLDED("1\n", 10, 0, "");
}

static void no_line_is_longer_than_any_width(void)
{
    for (int width = -1; width <= 40; width++)
        for (int lines = 0; lines <= 12; lines++) {
            char *out = folded("results/a.h5: A title of some length\n  gate=unq beta=5: for 3 s, 2 s left\n",
                               width, lines);
            int count = 0;
            for (char *line = strtok(out, "\n"); line; line = strtok(NULL, "\n")) {
                CU_ASSERT((int)strlen(line) <= (width < 1 ? 1 : width) || strcmp(line, "…") == 0);
                count++;
            }
            CU_ASSERT(count <= lines);
            free(out);
        }
}

CHECK_MAIN("block", TEST(what_fits_stays_as_it_is), TEST(long_lines_are_broken_between_words),
           TEST(characters_are_counted_and_not_bytes), TEST(what_is_too_much_is_cut_and_says_so),
           TEST(no_line_is_longer_than_any_width))
