/* Data kind covariance: what a file's columns become, the distribution of what is drawn, and what is refused. */
#include <math.h>
#include <unistd.h>

#include "data/kinds.h"
#include "data/pairs_of.h"
#include "gaussian_information.h"

static char file_path[] = "/tmp/infosweep-covariance-XXXXXX";

static void write_file(const char *text)
{
    static bool made;
    const int there = made ? 0 : mkstemp(file_path);
    made = true;
    if (there > 0) close(there);
    FILE *file = there < 0 ? NULL : fopen(file_path, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) abort();
    covariance_close(); /* forgets what it held at this path */
}

/* Its variances are 4, 9, 1 and 16. */
static const char four[] = "a,b,c,y\n"
                           "4,1,0.5,2\n"
                           "1,9,0,3\n"
                           "0.5,0,1,1\n"
                           "2,3,1,16\n";

static covariance *covariance_with(test_settings *t)
{
    covariance *c = NULL;
    if (t->s.data->covariance(&t->s, &c) != OK) {
        fprintf(stderr, "%s\n", failure_text());
        abort();
    }
    settings_of_free(t);
    return c;
}

static void columns_stand_as_they_are_named(void)
{
    static const double ordered[] = { 1, 0.5, 0, 1, 0.5, 4, 1, 2, 0, 1, 9, 3, 1, 2, 3, 16 }; /* c, a, b, y */
    write_file(four);
    covariance *each = covariance_with(WITH("covariance", "file", file_path));
    CU_ASSERT(each->sources == 3 && each->target == 1 && each->size[2] == 1);
    CHECK_NEAR(each->value[1], 1, 0);
    covariance *c =
        covariance_with(WITH("covariance", "file", file_path, "sources", "c a| b", "target", "y"));
    CU_ASSERT(c->sources == 2 && c->size[0] == 2 && c->size[1] == 1 && c->target == 1);
    for (int i = 0; i < 16; i++) CHECK_NEAR(c->value[i], ordered[i], 0);
    covariance *two =
        covariance_with(WITH("covariance", "file", file_path, "sources", "b", "target", " y  a "));
    CU_ASSERT(two->sources == 1 && two->target == 2 && covariance_columns(two) == 3);
    CHECK_NEAR(two->value[1], 3, 0); /* b and y */
    CHECK_NEAR(two->value[2], 1, 0); /* b and a */
    covariance_free(each);
    covariance_free(c);
    covariance_free(two);
}

/* 40 000 samples: a covariance of variances u and v has the standard error sqrt(u v + c^2) / 200. */
static void samples_have_the_covariance_of_the_file(void)
{
    enum { N = 40000 };
    static const double value[4][4] = { { 4, 1, 0.5, 2 }, { 1, 9, 0, 3 }, { 0.5, 0, 1, 1 }, { 2, 3, 1, 16 } };
    write_file(four);
    samples *s = SAMPLES("covariance", "file", file_path, "sources", "a b | c", "samples", "40000",
                         "train_samples", "3");
    CU_ASSERT(s->shape.sources == 2 && s->shape.features[0] == 2 && s->shape.features[1] == 1 &&
              s->shape.train == 3);
    for (int i = 0; i < 4; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0;
            for (int64_t r = 3; r < N + 3; r++) {
                const double row[] = { s->x[0][2 * r], s->x[0][2 * r + 1], s->x[1][r], s->value[r] };
                sum += row[i] * row[j] / N;
            }
            CHECK_NEAR(sum, value[i][j],
                       4 * sqrt(value[i][i] * value[j][j] + value[i][j] * value[i][j]) / sqrt(N));
        }
    samples_free(s);
}

static void the_information_of_three_correlations_is_that_of_the_formula(void)
{
    samples *s = SAMPLES("covariance", "correlation_1", "0.5", "correlation_2", "0.75", "between", "0.3",
                         "samples", "5");
    const double a = 0.5, b = 0.75, c = 0.3;
    CHECK_NEAR(s->information_bits, -0.5 * log2(1 - (a * a + b * b - 2 * a * b * c) / (1 - c * c)), 1e-12);
    samples_free(s);
}

static void the_training_part_changes_no_test_sample(void)
{
    samples *alone = SAMPLES("covariance", "samples", "10"),
            *beside = SAMPLES("covariance", "samples", "10", "train_samples", "7");
    CU_ASSERT(memcmp(alone->x[1], beside->x[1] + 7, 10 * sizeof(double)) == 0);
    CU_ASSERT(memcmp(alone->value, beside->value + 7, 10 * sizeof(double)) == 0);
    CU_ASSERT(memcmp(beside->value, beside->value + 7, 7 * sizeof(double)) != 0);
    samples_free(alone);
    samples_free(beside);
}

static bool file_is_refused(const char *text, const char *words)
{
    write_file(text);
    return is_refused(WITH("covariance", "file", file_path), words);
}

static void a_file_that_is_no_covariance_is_refused_by_its_line(void)
{
    CU_ASSERT(file_is_refused("", file_path));
    CU_ASSERT(file_is_refused("a\n1\n", "a source and a target are two"));
    CU_ASSERT(file_is_refused("a,b\n1,0\n", "2 columns and 1 rows"));
    CU_ASSERT(file_is_refused("a,b\n1,0\n0,1\n0,0\n", "2 columns and 3 rows"));
    CU_ASSERT(file_is_refused("a,a\n1,0\n0,1\n", "two columns \"a\", 1 and 2"));
    CU_ASSERT(file_is_refused("a,b c\n1,0\n0,1\n", "column 2 is called \"b c\""));
    CU_ASSERT(file_is_refused("a,b\n1,x\n0,1\n", ":2: the covariance of a and b is \"x\""));
    CU_ASSERT(file_is_refused("a,b\n1,nan\nnan,1\n", ":2: the covariance of a and b is \"nan\""));
    CU_ASSERT(file_is_refused("a,b\n1,0\n0,-1\n", ":3: the variance of b is -1"));
    CU_ASSERT(file_is_refused("a,b\n1,0.5\n0.4,1\n",
                              ":3: the covariance of b and a is 0.4 here and 0.5 in line 2"));
    CU_ASSERT(
        file_is_refused("a,b\n1,1.5\n1.5,1\n", "not positive definite: its leading block of 2 columns"));
    CU_ASSERT(file_is_refused("a,b,y\n1,0.5\n0,1,0\n0,0,1\n", ":2"));
}

static void columns_that_do_not_fit_are_refused(void)
{
    write_file(four);
    CU_ASSERT(is_refused(WITH("covariance", "file", file_path, "target", "z"),
                         "data.target: the file has no column z"));
    CU_ASSERT(is_refused(WITH("covariance", "file", file_path, "sources", "a y"),
                         "data.sources: column y is named twice"));
    CU_ASSERT(is_refused(WITH("covariance", "file", file_path, "sources", "a | | b"),
                         "data.sources names no column"));
    CU_ASSERT(
        is_refused(WITH("covariance", "file", file_path, "sources", "a |"), "data.sources names no column"));
    CU_ASSERT(
        is_refused(WITH("covariance", "file", file_path, "target", "a | b"), "data.target is one vector"));
    CU_ASSERT(is_refused(WITH("covariance", "file", file_path, "target", "a b c y"),
                         "all columns of the file are the target's"));
    CU_ASSERT(is_refused(WITH("covariance", "file", "none.csv"), "none.csv"));
    CU_ASSERT(is_refused(WITH("covariance", "file", file_path, "between", "0.1"),
                         "data.between counts where there is no data.file"));
    CU_ASSERT(is_refused(WITH("covariance", "between", "0.95"), "strictly between -0.197822 and 0.947822"));
    CU_ASSERT(is_refused(WITH("covariance", "correlation_1", "1"), "strictly between"));
    CU_ASSERT(is_refused(WITH("covariance", "train_samples", "5"), "data.samples covariance draws none"));
    write_file("a,b,c,d,e,f,g,h,i,y\n1,0,0,0,0,0,0,0,0,0\n0,1,0,0,0,0,0,0,0,0\n0,0,1,0,0,0,0,0,0,0\n0,0,0,1,"
               "0,0,0,0,0,0\n"
               "0,0,0,0,1,0,0,0,0,0\n0,0,0,0,0,1,0,0,0,0\n0,0,0,0,0,0,1,0,0,0\n0,0,0,0,0,0,0,1,0,0\n0,0,0,0,"
               "0,0,0,0,1,0\n"
               "0,0,0,0,0,0,0,0,0,1\n");
    CU_ASSERT(is_refused(WITH("covariance", "file", file_path), "more than 8 columns beside the target"));
    CU_ASSERT(is_refused(WITH("covariance", "file", file_path, "sources", "a|b|c|d|e|f|g|h|i"),
                         "more than 8 sources"));
    covariance_close();
    unlink(file_path);
}

CHECK_MAIN("covariance", TEST(columns_stand_as_they_are_named), TEST(samples_have_the_covariance_of_the_file),
           TEST(the_information_of_three_correlations_is_that_of_the_formula),
           TEST(the_training_part_changes_no_test_sample),
           TEST(a_file_that_is_no_covariance_is_refused_by_its_line),
           TEST(columns_that_do_not_fit_are_refused))
