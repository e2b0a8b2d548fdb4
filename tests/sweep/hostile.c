/* Damaged and random sweep files: whatever comes, a sweep or one line that says what is wrong. */
#include "check.h"
#include "sweep/fakes.h"

static const char good[] = "# a sweep that has a little of everything\n"
                           "title: \"All of it\"\n"
                           "compare: a.csv\n"
                           "seed: 3\n"
                           "data: {samples: 100, train_fraction: 0.8}\n"
                           "model: {kind: mlp, norm: none}\n"
                           "rine:\n"
                           "  average_last: 2\n"
                           "train: {optimizer: adam, momentum: 0.9}\n"
                           "run: {pack: 4}\n"
                           "grid:\n"
                           "  data.kind: [gate, windows]\n"
                           "  gate: all\n"
                           "  beta: {from: 1, to: 100, count: 3, scale: log}\n"
                           "  hidden: [[25, 15], [8], []]\n"
                           "  epochs: 3..4\n"
                           "  rate: [0.1, 0.2]\n"
                           "  batch: [10, 20]\n"
                           "zip: [[rate, batch]]\n"
                           "exclude: [{beta: 1, epochs: 3..4}, {gate: [and, xor], data.kind: windows}]\n";

/* Numbers that are the same in every run. */
static uint64_t state = 88172645463325252u; /* xorshift (Marsaglia 2003) */
static unsigned below(unsigned bound)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (unsigned)(state >> 33) % bound;
}

/* Parses; asserts that a refusal has one line. Returns whether it was a sweep. */
static bool survives(const char *text, const char *const *sets)
{
    sweep *s = parse_sets(text, sets);
    bool is_sweep = s != NULL;
    if (!s) {
        CU_ASSERT(failure_text()[0] != '\0');
        CU_ASSERT(strchr(failure_text(), '\n') == NULL);
    }
    sweep_free(s);
    return is_sweep;
}

static void the_good_file_is_good(void)
{
    sweep *s = parse(good);
    if (!s) fprintf(stderr, "%s\n", failure_text());
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_EQUAL(sweep_grid(s)->cells, 2 * 3 * 3 * 3 * 2 * 2);
    CU_ASSERT_EQUAL(sweep_grid(s)->tasks, (3 + 1) * 2 * 3 * 2 * 2);
    sweep_free(s);
}

static void every_truncation_is_a_sweep_or_a_refusal(void)
{
    char text[sizeof good];
    int sweeps = 0;
    for (size_t length = 0; length < sizeof good; length++) {
        memcpy(text, good, length);
        text[length] = '\0';
        sweeps += survives(text, NULL);
    }
    CU_ASSERT(sweeps > 0 && sweeps < (int)sizeof good / 2);
}

static void changed_bytes_are_a_sweep_or_a_refusal(void)
{
    static const char bytes[] = "0123456789.-+e:,[]{}&*!|>'\"#%@`~? \n\tabcxyz_\x01\x7f\xc3\xa4\xff";
    char text[sizeof good];
    int sweeps = 0;
    for (int i = 0; i < 3000; i++) {
        memcpy(text, good, sizeof good);
        for (unsigned k = 1 + below(4); k > 0; k--)
            text[below(sizeof good - 1)] = bytes[below(sizeof bytes - 1)];
        sweeps += survives(text, NULL);
    }
    CU_ASSERT(sweeps > 0); /* changes in the comment, say */
}

/* Takes lines out, doubles them and swaps them: valid YAML that may make no sense. */
static void shuffled_lines_are_a_sweep_or_a_refusal(void)
{
    enum { LINES = 20 };
    const char *line[LINES];
    int count = 0;
    for (const char *at = good; *at; at = strchr(at, '\n') + 1) line[count++] = at;
    CU_ASSERT_EQUAL_FATAL(count, LINES);
    for (int i = 0; i < 2000; i++) {
        char text[4 * sizeof good] = "";
        for (int k = 0; k < LINES; k++) {
            const char *from = line[below(8) ? (unsigned)k : below(LINES)];
            if (below(16) == 0) continue;
            strncat(text, from, (size_t)(strchr(from, '\n') - from) + 1);
        }
        survives(text, NULL);
    }
}

static void random_bytes_are_refused(void)
{
    for (int i = 0; i < 2000; i++) {
        char text[200];
        unsigned length = below(sizeof text);
        for (unsigned k = 0; k < length; k++) text[k] = (char)(1 + below(255));
        text[length] = '\0';
        CU_ASSERT(!survives(text, NULL));
    }
}

static void random_sets_are_a_sweep_or_a_refusal(void)
{
    static const char *const pieces[] = { "beta",  "data.",   "kind",  "=",    "=",     "=",   "5",  "[",
                                          "]",     ",",       "1..3",  "..",   "{from", ": 1", ", ", "to: 2",
                                          "count", "}",       "all",   "gate", "\"",    "'",   "-",  "epochs",
                                          "zip",   "exclude", "title", "seed", "1e9",   "nan", " ",  "#" };
    for (int i = 0; i < 5000; i++) {
        char set[256] = "";
        for (unsigned k = 1 + below(10); k > 0; k--)
            strcat(set, pieces[below(sizeof pieces / sizeof pieces[0])]);
        survives(good, SETS(set));
    }
}

static void long_texts_are_cut_in_messages(void)
{
    enum { LONG = 100000 };
    char *text = malloc(LONG + 100);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    static const char *const forms[] = { "%s: 1\n",
                                         "data: {kind: %s}\n",
                                         "data: {kind: gate, %s: 1}\n",
                                         "data: {kind: gate}\ngrid: {%s: 1}\n",
                                         "data: {kind: gate}\ntrain: {epochs: %s}\n",
                                         "data: {kind: gate}\ngrid: {beta: [1]}\nexclude: [{beta: %s}]\n",
                                         "data: {kind: gate}\ngrid: {beta: [1]}\nzip: [[beta, %s]]\n" };
    char *word = malloc(LONG);
    CU_ASSERT_PTR_NOT_NULL_FATAL(word);
    memset(word, 'x', LONG - 1);
    word[LONG - 1] = '\0';
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        snprintf(text, LONG + 100, forms[i], word);
        CU_ASSERT(!survives(text, NULL));
        CU_ASSERT(strlen(failure_text()) < 600);
    }
    free(word);
    free(text);
}

static void a_nest_of_brackets_does_not_overflow_the_stack(void)
{
    enum { DEEP = 200000 };
    char *text = malloc(DEEP + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    for (int i = 0; i < 2; i++) {
        memset(text, "[{"[i], DEEP);
        text[DEEP] = '\0';
        CU_ASSERT(!survives(text, NULL));
    }
    free(text);
}

CHECK_MAIN("hostile sweep files", TEST(the_good_file_is_good), TEST(every_truncation_is_a_sweep_or_a_refusal),
           TEST(changed_bytes_are_a_sweep_or_a_refusal), TEST(shuffled_lines_are_a_sweep_or_a_refusal),
           TEST(random_bytes_are_refused), TEST(random_sets_are_a_sweep_or_a_refusal),
           TEST(long_texts_are_cut_in_messages), TEST(a_nest_of_brackets_does_not_overflow_the_stack))
