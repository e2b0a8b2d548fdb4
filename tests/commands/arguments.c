/* Reading a command line: GNU habits, and refusals that say what would be right. */
#include <stdbool.h>

#include "check.h"
#include "commands.h"

static const command toy = { .name = "toy" };

typedef struct typed {
    bool quiet, force;
    const char *output;
    strings sets, words;
} typed;

/* The words end with NULL. */
static status read_words(typed *t, int least, int most, const char *const *words)
{
    char *argv[STRINGS_MAX + 8] = { (char *)"toy" };
    int argc = 1;
    *t = (typed){ .quiet = false };
    while (*words) argv[argc++] = (char *)*words++;
    const argument options[] = {
        { .name = "quiet", .letter = 'q', .given = &t->quiet },
        { .name = "force", .letter = 'f', .given = &t->force },
        { .name = "output", .letter = 'o', .value = "FILE", .text = &t->output },
        { .name = "set", .value = "NAME=VALUE", .list = &t->sets },
        { .name = NULL },
    };
    return arguments_read(&toy, argc, argv, options, least, most, &t->words);
}

#define READ(t, ...) read_words(&(t), 1, 1, (const char *const[]){ __VA_ARGS__, NULL })

/* Refuses with a text that says `says`. */
#define REFUSES(says, ...)                                                     \
    do {                                                                       \
        typed t_;                                                              \
        CU_ASSERT_EQUAL(READ(t_, __VA_ARGS__), BAD_INPUT);                     \
        if (!strstr(failure_text(), says))                                     \
            fprintf(stderr, "'%s' does not say '%s'\n", failure_text(), says); \
        CU_ASSERT(strstr(failure_text(), says) != NULL);                       \
    } while (0)

static void options_may_stand_anywhere(void)
{
    typed t;
    CU_ASSERT_EQUAL(READ(t, "--quiet", "a.yaml", "-o", "b.h5"), OK);
    CU_ASSERT(t.quiet && !t.force);
    CU_ASSERT_STRING_EQUAL(t.output, "b.h5");
    CU_ASSERT_EQUAL(t.words.count, 1);
    CU_ASSERT_STRING_EQUAL(t.words.item[0], "a.yaml");
}

static void a_value_may_be_glued_or_in_the_next_word(void)
{
    typed t;
    const char *const ways[][3] = {
        { "--output=b.h5" }, { "--output", "b.h5" }, { "-ob.h5" }, { "-o", "b.h5" }
    };
    for (int i = 0; i < 4; i++) {
        const char *words[4] = { "a.yaml", ways[i][0], ways[i][1] };
        CU_ASSERT_EQUAL(read_words(&t, 1, 1, words), OK);
        CU_ASSERT_STRING_EQUAL(t.output, "b.h5");
    }
}

static void letters_may_be_clustered(void)
{
    typed t;
    CU_ASSERT_EQUAL(READ(t, "-qfob.h5", "a.yaml"), OK);
    CU_ASSERT(t.quiet && t.force);
    CU_ASSERT_STRING_EQUAL(t.output, "b.h5");
}

static void values_may_hold_equal_signs_and_dashes(void)
{
    typed t;
    CU_ASSERT_EQUAL(READ(t, "--set", "beta=5", "--set=rate=-1", "a.yaml", "-o", "-"), OK);
    CU_ASSERT_EQUAL(t.sets.count, 2);
    CU_ASSERT_STRING_EQUAL(t.sets.item[0], "beta=5");
    CU_ASSERT_STRING_EQUAL(t.sets.item[1], "rate=-1");
    CU_ASSERT_STRING_EQUAL(t.output, "-");
}

static void the_last_value_of_an_option_wins(void)
{
    typed t;
    CU_ASSERT_EQUAL(READ(t, "-o", "b.h5", "a.yaml", "-o", "c.h5"), OK);
    CU_ASSERT_STRING_EQUAL(t.output, "c.h5");
}

static void words_behind_two_dashes_are_no_options(void)
{
    typed t;
    CU_ASSERT_EQUAL(READ(t, "--", "--quiet"), OK);
    CU_ASSERT(!t.quiet);
    CU_ASSERT_STRING_EQUAL(t.words.item[0], "--quiet");
}

static void what_is_unknown_is_refused_with_a_suggestion(void)
{
    REFUSES("did you mean --quiet?", "--qiet", "a.yaml");
    REFUSES("did you mean --output?", "--outptu=b.h5", "a.yaml");
    REFUSES("no option --nothing-like-it", "--nothing-like-it", "a.yaml");
    REFUSES("no option -x", "-qx", "a.yaml");
}

static void what_is_missing_or_too_much_is_refused(void)
{
    REFUSES("--output wants a FILE", "a.yaml", "--output");
    REFUSES("-o wants a FILE", "a.yaml", "-o");
    REFUSES("--output wants a FILE", "a.yaml", "--output=");
    REFUSES("--output wants a FILE", "a.yaml", "-o", "");
    REFUSES("--quiet takes no value", "--quiet=yes", "a.yaml");
    REFUSES("missing", "--quiet");
    REFUSES("what is 'b.yaml' for", "a.yaml", "b.yaml");
}

static void more_values_than_there_is_room_for_are_refused(void)
{
    typed t;
    const char *words[STRINGS_MAX + 3] = { "a.yaml" };
    for (int i = 1; i <= STRINGS_MAX; i++) words[i] = "--set=a=1";
    CU_ASSERT_EQUAL(read_words(&t, 1, 1, words), OK);
    words[STRINGS_MAX + 1] = "--set=a=2";
    CU_ASSERT_EQUAL(read_words(&t, 1, 1, words), BAD_INPUT);
}

CHECK_MAIN("arguments", TEST(options_may_stand_anywhere), TEST(a_value_may_be_glued_or_in_the_next_word),
           TEST(letters_may_be_clustered), TEST(values_may_hold_equal_signs_and_dashes),
           TEST(the_last_value_of_an_option_wins), TEST(words_behind_two_dashes_are_no_options),
           TEST(what_is_unknown_is_refused_with_a_suggestion), TEST(what_is_missing_or_too_much_is_refused),
           TEST(more_values_than_there_is_room_for_are_refused))
