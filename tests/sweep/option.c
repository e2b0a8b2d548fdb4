/* Options from text and back. */
#include "option.h"

#include <stdlib.h>

#include "check.h"

typedef struct block {
    bool flag;
    int64_t whole, words, free;
    double real, any;
    int choice;
    const char *text;
    integers list;
} block;

#define FIELD(f) offsetof(block, f)
static const option table[] = {
    { "flag", OPTION_FLAG, FIELD(flag), "false", 0, 0, "", "a flag", NULL, 0 },
    { "whole", OPTION_INTEGER, FIELD(whole), "3", 1, 100, "epochs", "a number", NULL, 0 },
    { "words", OPTION_INTEGER, FIELD(words), "table", 2, 1e8, "", "or a word", "table|all", 0 },
    { "free", OPTION_INTEGER, FIELD(free), "0", 0, 0, "", "without bounds", "", 0 },
    { "real", OPTION_REAL, FIELD(real), "0.5", 0, 1, "", "a share", NULL, 0 },
    { "any", OPTION_REAL, FIELD(any), "1", 0, 0, "", "without bounds", NULL, 0 },
    { "choice", OPTION_CHOICE, FIELD(choice), "l2", 0, 0, "", "a word", "l1|l2|js", 0 },
    { "text", OPTION_TEXT, FIELD(text), "", 0, 0, "", "any text", "a|b", 0 },
    { "list", OPTION_INTEGERS, FIELD(list), "[25, 15]", 1, 4096, "units", "layers", NULL, 0 },
    { .name = NULL },
};

/* Canonical text of what `typed` is read as; "" when it is refused. The result is valid until the next call. */
static const char *canonical(const char *name, const char *typed)
{
    static char text[512];
    block b = { .text = "" };
    const option *row = option_find(table, name);
    text[0] = '\0';
    failure_clear();
    if (option_parse(row, typed, &b) != OK) return text;
    FILE *to = fmemopen(text, sizeof text, "w");
    option_print(row, &b, to);
    fclose(to);
    return text;
}

static void good_texts_become_canonical(void)
{
    static const struct {
        const char *name, *typed, *text;
    } good[] = {
        { "flag", "true", "true" },
        { "flag", "false", "false" },
        { "whole", "7", "7" },
        { "whole", "+7", "7" },
        { "whole", "007", "7" },
        { "whole", "7.0", "7" },
        { "whole", "1e2", "100" },
        { "words", "table", "table" },
        { "words", "all", "all" },
        { "words", "1e4", "10000" },
        { "free", "-5", "-5" },
        { "free", "9007199254740993", "9007199254740993" }, /* 2^53 + 1 */
        { "free", "-9223372036854775808", "-9223372036854775808" },
        { "real", "0.50", "0.5" },
        { "real", "1", "1" },
        { "real", ".25", "0.25" },
        { "real", "-0", "0" },
        { "any", "0.1", "0.1" },
        { "any", "1e9", "1000000000" },
        { "any", "1E20", "1e20" },
        { "any", "1e-7", "1e-7" },
        { "any", "0.30000000000000004", "0.30000000000000004" },
        { "any", "123456789012345678", "1.2345678901234568e17" },
        { "any", "1.7976931348623157e308", "1.7976931348623157e308" },
        { "any", "5e-324", "5e-324" }, /* the smallest there is */
        { "choice", "js", "js" },
        { "text", "anything: at all", "anything: at all" },
        { "text", "", "" },
        { "list", "[25, 15]", "[25, 15]" },
        { "list", "[]", "[]" },
        { "list", "[ 8 ]", "[8]" },
        { "list", "[8,8 , 8]", "[8, 8, 8]" },
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char once[512];
        snprintf(once, sizeof once, "%s", canonical(good[i].name, good[i].typed));
        if (strcmp(once, good[i].text) != 0)
            fprintf(stderr, "%s: %s gave '%s' (%s)\n", good[i].name, good[i].typed, once, failure_text());
        CU_ASSERT_STRING_EQUAL(once, good[i].text);
        CU_ASSERT_STRING_EQUAL(canonical(good[i].name, once), once); /* reads back to the same */
    }
}

static void bad_texts_are_refused_with_what_would_be_right(void)
{
    static const struct {
        const char *name, *typed, *message;
    } bad[] = {
        { "flag", "yes", "flag: 'yes' is not a flag; it takes true or false" },
        { "flag", "", "flag: '' is not a flag" },
        { "whole", "1.5", "whole: '1.5' is not a whole number; it takes a whole number, 1 to 100" },
        { "whole", "abc", "is not a whole number" },
        { "whole", "", "is not a whole number" },
        { "whole", "0", "'0' is out of bounds; it takes a whole number, 1 to 100" },
        { "whole", "101", "is out of bounds" },
        { "whole", "0x10", "is not a whole number" },
        { "whole", "nan", "is no finite number" },
        { "whole", "1..4", "is not a whole number" },
        { "whole", "7 ", "is not a whole number" },
        { "words", "tables", "is not a whole number; it takes a whole number, 2 to 1e8, or table, all" },
        { "words", "-1", "is out of bounds" },
        { "words", "-2", "is out of bounds" },
        { "free", "9223372036854775808", "is too large" },
        { "free", "1e300", "is too large" },
        { "real", "1.01", "is out of bounds; it takes a number, 0 to 1" },
        { "real", "-1e-9", "is out of bounds" },
        { "any", "nan", "is no finite number" },
        { "any", "inf", "is no finite number" },
        { "any", "-Infinity", "is no finite number" },
        { "any", "1e400", "is no finite number" },
        { "any", "1e-400", "is too small" },
        { "any", "1,5", "is not a number" },
        { "any", "0x1p3", "is not a number" },
        { "any", "1e", "is not a number" },
        { "any", ".", "is not a number" },
        { "any", "--1", "is not a number" },
        { "choice", "l3", "is not known (did you mean 'l1'?)" },
        { "choice", "cosine", "choice: 'cosine' is not known; it takes one of l1, l2, js" },
        { "choice", "", "is not known" },
        { "choice", "l1|l2", "is not known" },
        { "text", "two\nlines", "'two?lines' holds a line break" },
        { "text", "tab\there", "holds a line break or control character" },
        { "list", "25", "is not a list" },
        { "list", "[25", "is not a list" },
        { "list", "[25, ]", "ends with a comma" },
        { "list", "[25 15]", "is not a list" },
        { "list", "[, 2]", "is not a whole number" },
        { "list", "[1] 2", "goes on behind the list" },
        { "list", "[0]", "'0' is out of bounds" },
        { "list", "[1.5]", "is not a whole number" },
        { "list", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "has too many items (at most 16)" },
        { "list", "", "is not a list" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CU_ASSERT_STRING_EQUAL(canonical(bad[i].name, bad[i].typed), "");
        if (!strstr(failure_text(), bad[i].message))
            fprintf(stderr, "%s: '%s' was refused with: %s\n", bad[i].name, bad[i].typed, failure_text());
        CU_ASSERT(strstr(failure_text(), bad[i].message) != NULL);
        CU_ASSERT(strchr(failure_text(), '\n') == NULL);
    }
}

static void a_refused_value_leaves_the_block_alone(void)
{
    block b = { .whole = 42 };
    CU_ASSERT_EQUAL(option_parse(option_find(table, "whole"), "101", &b), BAD_INPUT);
    CU_ASSERT_EQUAL(b.whole, 42);
}

/* The fewest digits that read back to the value. */
static int least_digits(double value)
{
    char text[64];
    for (int digits = 1; digits < 17; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, value);
        if (strtod(text, NULL) == value) return digits;
    }
    return 17;
}

/* Digits of a text up to its exponent, but for zeros at either end. */
static int significant_digits(const char *text)
{
    int digits = 0, zeros = 0;
    for (; *text && *text != 'e'; text++) {
        if (*text < '0' || *text > '9' || (*text == '0' && digits == 0)) continue;
        zeros = *text == '0' ? zeros + 1 : 0;
        digits++;
    }
    return digits - zeros;
}

static void random_reals_survive_their_shortest_text(void)
{
    uint64_t state = 88172645463325252u; /* xorshift (Marsaglia 2003): any numbers will do */
    for (int i = 0; i < 20000; i++) {
        char typed[64];
        block b = { .any = 0 };
        double value;
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        memcpy(&value, &state, sizeof value);
        if (!isfinite(value)) continue;
        snprintf(typed, sizeof typed, "%.17g", value);
        const char *text = canonical("any", typed);
        CU_ASSERT(strtod(text, NULL) == value);
        CU_ASSERT_EQUAL(significant_digits(text), least_digits(value));
        CU_ASSERT_EQUAL(option_parse(option_find(table, "any"), text, &b), OK);
        CU_ASSERT(b.any == value);
    }
}

static void defaults_fill_the_block(void)
{
    block b;
    option_defaults(table, &b);
    CU_ASSERT_EQUAL(b.flag, false);
    CU_ASSERT_EQUAL(b.whole, 3);
    CU_ASSERT_EQUAL(b.words, -1);
    CU_ASSERT_EQUAL(b.real, 0.5);
    CU_ASSERT_EQUAL(b.choice, 1);
    CU_ASSERT_STRING_EQUAL(b.text, "");
    CU_ASSERT_EQUAL(b.list.count, 2);
    CU_ASSERT_EQUAL(b.list.value[1], 15);
}

static void numbers_of_values_that_are_numbers(void)
{
    block b;
    option_defaults(table, &b);
    b.flag = true;
    CU_ASSERT_EQUAL(option_number(option_find(table, "flag"), &b), 1);
    CU_ASSERT_EQUAL(option_number(option_find(table, "whole"), &b), 3);
    CU_ASSERT_EQUAL(option_number(option_find(table, "real"), &b), 0.5);
    CU_ASSERT(isnan(option_number(option_find(table, "choice"), &b)));
    CU_ASSERT(isnan(option_number(option_find(table, "list"), &b)));
}

static void equal_values_are_equal_in_every_type(void)
{
    static const char *const other[] = { "true", "4", "5", "6", "0.25", "2", "js", "x", "[25]" };
    block a, b;
    option_defaults(table, &a);
    for (int i = 0; table[i].name; i++) {
        option_defaults(table, &b);
        CU_ASSERT(option_equal(&table[i], &a, &b));
        CU_ASSERT_EQUAL(option_parse(&table[i], other[i], &b), OK);
        CU_ASSERT(!option_equal(&table[i], &a, &b));
    }
}

static void a_slip_gets_a_suggestion_and_nonsense_does_not(void)
{
    static const char *const words[] = { "beta",       "beta_schedule", "epochs", "rate",
                                         "rate_decay", "distance",      "l1" };
    static const struct {
        const char *typed, *word;
    } slips[] = {
        { "bta", "beta" },
        { "baet", "beta" },
        { "Beta", "beta" },
        { "epoch", "epochs" },
        { "epcohs", "epochs" },
        { "distnace", "distance" },
        { "rte", "rate" },
        { "beta_shedule", "beta_schedule" },
        { "ratedecay", "rate_decay" },
        { "zebra", NULL },
        { "x", NULL },
        { "", NULL },
        { "learning", NULL },
    };
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        const char *got = option_suggest(slips[i].typed, words, 7);
        CU_ASSERT_STRING_EQUAL(got ? got : "(none)", slips[i].word ? slips[i].word : "(none)");
    }
    char endless[500];
    memset(endless, 'b', sizeof endless);
    endless[sizeof endless - 1] = '\0';
    CU_ASSERT_PTR_NULL(option_suggest(endless, words, 7));
}

static void an_option_describes_itself_in_one_line(void)
{
    char text[512];
    FILE *to = fmemopen(text, sizeof text, "w");
    option_describe(option_find(table, "whole"), to);
    option_describe(option_find(table, "choice"), to);
    option_describe(option_find(table, "words"), to);
    option_describe(option_find(table, "text"), to);
    fclose(to);
    CU_ASSERT_STRING_EQUAL(
        text, "  whole            a whole number, 1 to 100, epochs, default 3: a number\n"
              "  choice           one of l1, l2, js, default l2: a word\n"
              "  words            a whole number, 2 to 1e8, or table, all, default table: or a word\n"
              "  text             a text: any text (a, b)\n");
}

CHECK_MAIN("options", TEST(good_texts_become_canonical), TEST(bad_texts_are_refused_with_what_would_be_right),
           TEST(a_refused_value_leaves_the_block_alone), TEST(random_reals_survive_their_shortest_text),
           TEST(defaults_fill_the_block), TEST(numbers_of_values_that_are_numbers),
           TEST(equal_values_are_equal_in_every_type), TEST(a_slip_gets_a_suggestion_and_nonsense_does_not),
           TEST(an_option_describes_itself_in_one_line))
