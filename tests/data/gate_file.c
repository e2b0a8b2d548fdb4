#include <unistd.h>

#include "data/settings_of.h"
#include "exact.h"

static char path[] = "/tmp/infosweep-gate-XXXXXX";
static char gate[64];

static void write_bytes(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL) abort();
    fwrite(bytes, 1, size, file);
    fclose(file);
}

/* Settings of a gate that is read from `text`; tables of earlier files are forgotten. */
static test_settings *settings_of_text(const char *text)
{
    data_close();
    if (strstr(path, "XXXXXX")) {
        int file = mkstemp(path);
        if (file < 0) abort();
        close(file);
        snprintf(gate, sizeof gate, "file:%s", path);
    }
    write_bytes(text, strlen(text));
    test_settings *t = settings_of("gate");
    settings_set(t, "gate", gate);
    return t;
}

static table *read_text(const char *text)
{
    test_settings *t = settings_of_text(text);
    table *made = table_of(t);
    if (made == NULL) abort();
    settings_of_free(t);
    return made;
}

static void columns_may_come_in_any_order(void)
{
    table *t = read_text("p,y,x2,x1\n0.25,0,0,0\n0.25,1,0,1\n0.25,1,1,0\n0.25,0,1,1\n");
    CU_ASSERT_EQUAL(t->sources, 2);
    CHECK_NEAR(table_information_bits(t, 3), 1, 1e-12); /* it is XOR */
    CHECK_NEAR(table_information_bits(t, 1), 0, 1e-12);
    table_free(t);
}

static void windows_line_ends_marks_quotes_and_blanks_are_understood(void)
{
    table *t = read_text(
        "\xEF\xBB\xBF\r\n x1 ,\"x2\", y ,p\r\n\"a,\"\"b\", left ,0,0.5\r\n\r\nc,\"two\nlines\",1,0.5");
    CU_ASSERT_EQUAL(t->rows, 2);
    CHECK_NEAR(table_information_bits(t, 1), 1, 1e-12);
    table_free(t);
}

static void words_are_numbered_as_they_appear(void)
{
    table *t = read_text("x1,x2,y,p\nred,7,no,0.5\nblue,7,yes,0.25\nred,8,no,0.25\n");
    CU_ASSERT_EQUAL(t->symbol[0], 0);
    CU_ASSERT_EQUAL(t->symbol[2], 1);
    CU_ASSERT_EQUAL(t->symbol[4], 0);
    CHECK_NEAR(t->value[0][1], 1, 0);
    CU_ASSERT_EQUAL(t->y[1], 1);
    table_free(t);
}

static void numbers_keep_their_value_and_are_in_order(void)
{
    table *t = read_text("x1,x2,y,p\n2.5,1,9,0.5\n-1,1.0,3,0.25\n1e1,0,9,0.25\n");
    CU_ASSERT_EQUAL(t->symbols[0], 3);
    CHECK_NEAR(t->value[0][0], -1, 0);
    CHECK_NEAR(t->value[0][1], 2.5, 0);
    CHECK_NEAR(t->value[0][2], 10, 0);
    CU_ASSERT_EQUAL(t->symbols[1], 2); /* 1 and 1.0 are one symbol */
    CU_ASSERT_EQUAL(t->symbol[1], t->symbol[3]);
    CU_ASSERT_EQUAL(t->y[0], 1); /* classes by number, too: 3, 9 */
    table_free(t);
}

static void lines_that_begin_with_a_hash_are_comments(void)
{
    table *t = read_text("# a copied bit\nx1,x2,y,p\n  # the two\n\"#0\",a,0,0.5\nb#,a,1,0.5\n# end");
    CU_ASSERT_EQUAL(t->rows, 2);
    CU_ASSERT_EQUAL(t->symbols[0], 2);
    table_free(t);
}

static void three_sources_are_read(void)
{
    table *t = read_text("x1,x2,x3,y,p\n0,0,0,0,0.5\n1,1,1,1,0.5\n");
    CU_ASSERT_EQUAL(t->sources, 3);
    CHECK_NEAR(table_wedge_bits(t), 1, 1e-12);
    table_free(t);
}

static void outcomes_that_never_happen_are_left_out(void)
{
    table *t = read_text("x1,x2,y,p\n0,0,0,0.5\n1,1,1,0.5\n2,1,2,0\n");
    CU_ASSERT_EQUAL(t->rows, 2);
    CU_ASSERT_EQUAL(t->symbols[0], 2);
    CU_ASSERT_EQUAL(t->classes, 2);
    table_free(t);
}

static void probabilities_that_nearly_sum_to_one_are_made_to(void)
{
    table *t = read_text("x1,x2,y,p\n0,0,0,0.3333333\n1,1,1,0.3333333\n2,2,2,0.3333333\n");
    CHECK_NEAR(t->p[0] + t->p[1] + t->p[2], 1, 1e-15);
    table_free(t);
}

static void what_is_wrong_is_said_with_its_line(void)
{
    static const struct {
        const char *text, *said;
    } wrong[] = {
        { "", "empty" },
        { " \n\t\n", "nothing but blanks" },
        { "x1,x2,y,p\n", "no rows" },
        { "x1,y,p\n0,0,1\n", "x2 is missing" },
        { "x2,y,p\n0,0,1\n", "x1 is missing" },
        { "x1,x3,y,p\n0,0,0,1\n", "x2 is missing" },
        { "x1,x2,p\n0,0,1\n", "y is missing" },
        { "x1,x2,y\n0,0,1\n", "p is missing" },
        { "x1,x2,y,p,q\n0,0,0,1,1\n", "unknown column \"q\"" },
        { "x1,x2,x2,y,p\n0,0,0,0,1\n", "two columns" },
        { "x1,x2,x9,y,p\n0,0,0,0,1\n", "at most 8" },
        { "x1,x2,x99999999999999999999,y,p\n0,0,0,0,1\n", "at most 8" },
        { "x0,x1,x2,y,p\n0,0,0,0,1\n", "unknown column" },
        { "x1,x2,y,p\n0,0,0,1\n0,0\n", ":3: 2 fields" },
        { "x1,x2,y,p\n0,0,0,1,\n", ":2: 5 fields" },
        { "x1,x2,y,p\n0,0,0,1.5\n1,1,0,-0.5\n", ":2: p is" },
        { "x1,x2,y,p\n0,0,0,0.5\n1,1,0,-0.5\n", ":3: p is" },
        { "x1,x2,y,p\n0,0,0,nan\n", ":2: p is" },
        { "x1,x2,y,p\n0,0,0,inf\n", ":2: p is" },
        { "x1,x2,y,p\n0,0,0,half\n", ":2: p is" },
        { "x1,x2,y,p\n0,0,0,\n", ":2: nothing in column p" },
        { "x1,x2,y,p\n0,,0,1\n", ":2: nothing in column x2" },
        { "x1,x2,y,p\n0,0,0,0.5\n1,1,0,0.499\n", "sum to 0.999" },
        { "x1,x2,y,p\n0,0,0,0.500002\n1,1,0,0.5\n", "sum to 1.000002" },
        { "x1,x2,y,p\n0,0,0,0\n", "sum to 0" },
        { "x1,x2,y,p\n0,0,0,0.5\n1,1,1,0.25\n0,0,0,0.25\n", ":4: the same outcome as in line 2" },
        { "x1,x2,y,p\n0,1,0,0.5\n0,1.0,0,0.5\n", ":3: the same outcome" },
        { "x1,x2,y,p\n\"0,0,0,1\n", ":2: a quote is not closed" },
        { "x1,x2,y,p\n\"0\"0,0,0,1\n", ":2: text after a closing quote" },
        { "x1,x2,y,p\n0,0\r,0,1\n", ":2: a stray carriage return" },
    };
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        test_settings *t = settings_of_text(wrong[k].text);
        table *made = NULL;
        failure_clear();
        CU_ASSERT_EQUAL(t->s.data->table(&t->s, &made), BAD_INPUT);
        bool said = strstr(failure_text(), wrong[k].said) && strstr(failure_text(), path) &&
                    !strchr(failure_text(), '\n');
        if (!said)
            fprintf(stderr, "'%s' is not said of '%s' but '%s'\n", wrong[k].said, wrong[k].text,
                    failure_text());
        CU_ASSERT(said);
        CU_ASSERT_PTR_NULL(made);
        settings_of_free(t);
    }
}

static void what_is_no_text_is_refused(void)
{
    test_settings *t = settings_of_text("x");
    data_shape shape;
    write_bytes("x1,x2,y,p\n0,0,\0,1\n", 18);
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "zero bytes"));
    settings_set(t, "gate", "file:/tmp");
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    settings_set(t, "gate", "file:/nowhere/gate.csv");
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    settings_set(t, "gate", "file:");
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), BAD_INPUT);
    settings_of_free(t);
}

/* Every prefix of a good file is either a table or refused; nothing else happens. */
static void a_file_cut_anywhere_is_a_table_or_refused(void)
{
    static const char whole[] = "x1,\"x2\",y,p\r\n\"a\"\"\",0,0,0.5\r\nb,1,1,0.5\r\n";
    char part[sizeof whole];
    for (size_t size = 0; size < sizeof whole; size++) {
        memcpy(part, whole, size);
        part[size] = '\0';
        test_settings *t = settings_of_text(part);
        table *made = NULL;
        status result = t->s.data->table(&t->s, &made);
        CU_ASSERT(result == BAD_INPUT || (result == OK && made->rows == 2));
        table_free(made);
        settings_of_free(t);
    }
}

static void a_file_is_read_once(void)
{
    test_settings *t = settings_of_text("x1,x2,y,p\n0,0,0,0.5\n1,1,1,0.5\n");
    data_shape shape;
    dataset *d = NULL;
    CU_ASSERT_EQUAL(t->s.data->shape(&t->s, &shape), OK);
    write_bytes("nonsense", 8);
    CU_ASSERT_EQUAL(t->s.data->make(&t->s, &d), OK);
    dataset_free(d);
    data_close();
    d = NULL;
    CU_ASSERT_EQUAL(t->s.data->make(&t->s, &d), BAD_INPUT);
    settings_of_free(t);
    unlink(path);
}

static status note_path(const char *visited, void *context)
{
    snprintf(context, 64, "%s", visited);
    return OK;
}

static void the_file_is_named_to_who_asks(void)
{
    char visited[64] = "";
    test_settings *t = settings_of_text("x1,x2,y,p\n0,0,0,1\n");
    CU_ASSERT_EQUAL(t->s.data->files(&t->s, note_path, visited), OK);
    CU_ASSERT_STRING_EQUAL(visited, path);
    settings_set(t, "gate", "xor");
    visited[0] = '\0';
    CU_ASSERT_EQUAL(t->s.data->files(&t->s, note_path, visited), OK);
    CU_ASSERT_STRING_EQUAL(visited, "");
    settings_of_free(t);
    data_close();
}

CHECK_MAIN("gate_file", TEST(columns_may_come_in_any_order),
           TEST(windows_line_ends_marks_quotes_and_blanks_are_understood),
           TEST(words_are_numbered_as_they_appear), TEST(numbers_keep_their_value_and_are_in_order),
           TEST(lines_that_begin_with_a_hash_are_comments), TEST(three_sources_are_read),
           TEST(outcomes_that_never_happen_are_left_out),
           TEST(probabilities_that_nearly_sum_to_one_are_made_to), TEST(what_is_wrong_is_said_with_its_line),
           TEST(what_is_no_text_is_refused), TEST(a_file_cut_anywhere_is_a_table_or_refused),
           TEST(the_file_is_named_to_who_asks), TEST(a_file_is_read_once))
