#include "sweep/option_words.h"

#include <ctype.h>
#include <string.h>

size_t words_at(const char *words, int index, const char **start)
{
    *start = words;
    if (!words) return 0;
    for (; index > 0; index--) {
        const char *bar = strchr(*start, '|');
        if (!bar) return 0;
        *start = bar + 1;
    }
    return strcspn(*start, "|");
}

int words_find(const char *words, const char *word)
{
    const char *start;
    size_t length;
    for (int i = 0; (length = words_at(words, i, &start)) > 0; i++)
        if (length == strlen(word) && strncmp(start, word, length) == 0) return i;
    return -1;
}

bool option_has_words(const option *row)
{
    return row->type == OPTION_INTEGER && row->choices && row->choices[0];
}

const char *option_shown(const char *typed, char to[SHOWN_MAX])
{
    static const char ellipsis[] = "…";
    size_t room = SHOWN_MAX - sizeof "''", length = strlen(typed), kept = length;
    if (length > room) {
        kept = room - (sizeof ellipsis - 1);
        while (kept > 0 && ((unsigned char)typed[kept] & 0xC0) == 0x80) kept--; /* not within a character */
    }
    size_t at = 0;
    to[at++] = '\'';
    for (size_t i = 0; i < kept; i++) to[at++] = iscntrl((unsigned char)typed[i]) ? '?' : typed[i];
    snprintf(to + at, SHOWN_MAX - at, "%s'", kept < length ? ellipsis : "");
    return to;
}

/* Edit distance with swaps of neighbours (optimal string alignment), letter case aside. Both below WORD_MAX long. */
enum { WORD_MAX = 64 };
static int edit_distance(const char *a, const char *b)
{
    int rows[3][WORD_MAX + 1]; /* two before the last, the last, this one */
    int *before = rows[0], *last = rows[1], *now = rows[2];
    int length_a = (int)strlen(a), length_b = (int)strlen(b);
    for (int j = 0; j <= length_b; j++) before[j] = last[j] = j;
    for (int i = 1; i <= length_a; i++) {
        now[0] = i;
        for (int j = 1; j <= length_b; j++) {
            int x = tolower((unsigned char)a[i - 1]), y = tolower((unsigned char)b[j - 1]);
            int best = last[j - 1] + (x != y);
            if (last[j] + 1 < best) best = last[j] + 1;
            if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
            bool swapped = i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) &&
                           tolower((unsigned char)a[i - 2]) == y;
            if (swapped && before[j - 2] + 1 < best) best = before[j - 2] + 1;
            now[j] = best;
        }
        int *free_row = before;
        before = last;
        last = now;
        now = free_row;
    }
    return last[length_b];
}

const char *option_suggest(const char *typed, const char *const *words, int count)
{
    const char *nearest = NULL;
    size_t length = strlen(typed);
    int nearest_distance = WORD_MAX;
    if (length >= WORD_MAX) return NULL;
    for (int i = 0; i < count; i++) {
        size_t other = strlen(words[i]);
        if (other >= WORD_MAX) continue;
        /* one slip in a short word, one more for every four letters */
        int allowed = 1 + (int)(length > other ? length : other) / 4;
        int distance = edit_distance(typed, words[i]);
        if (distance > allowed || distance >= (int)other) continue;
        if (distance < nearest_distance) {
            nearest = words[i];
            nearest_distance = distance;
        }
    }
    return nearest;
}
