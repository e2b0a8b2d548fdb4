#include "check.h"

#include <unistd.h>

#include "views.h"

static char path[] = "/tmp/infosweep-comparison-XXXXXX";

static status read_text(const char *text, comparison **out)
{
    grid g;
    hand_grid(&g);
    strcpy(path + strlen(path) - 6, "XXXXXX");
    int descriptor = mkstemp(path);
    FILE *file = fdopen(descriptor, "w");
    fputs(text, file);
    fclose(file);
    status result = comparison_read(path, &g, NULL, out);
    unlink(path);
    return result;
}

static void refused(const char *text, const char *because)
{
    comparison *c = NULL;
    CU_ASSERT_EQUAL(read_text(text, &c), BAD_INPUT);
    CU_ASSERT_PTR_NULL(c);
    CU_ASSERT(strstr(failure_text(), because) != NULL);
    if (strstr(failure_text(), because) == NULL) fprintf(stderr, "%s\n", failure_text());
}

static void values_are_found_by_the_axes_that_the_file_names(void)
{
    comparison *c = NULL;
    grid g;
    hand_grid(&g);
    CU_ASSERT_EQUAL_FATAL(read_text("# published\ngate,beta,value,source\nunq,0,0.981,\"Table 5, left\"\n"
                                    "and,5.0,0.008,later\nunq,5,1,later\nxor,5,7,elsewhere\n",
                                    &c),
                          OK);
    CHECK_NEAR(comparison_value(c, &g, 0), 0.981, 0); /* the text's own double */
    CHECK_NEAR(comparison_value(c, &g, 2), 0.981, 0); /* another seed */
    CHECK_NEAR(comparison_value(c, &g, 9), 0.008, 0); /* 5.0 is the axis's 5 */
    CU_ASSERT(isnan(comparison_value(c, &g, 6)));
    CU_ASSERT_STRING_EQUAL(comparison_source(c), "Table 5, left; later"); /* of this grid, each once */
    comparison_free(c);
}

static void an_empty_value_is_none(void)
{
    comparison *c = NULL;
    grid g;
    hand_grid(&g);
    CU_ASSERT_EQUAL_FATAL(read_text("gate,value\r\nunq,\r\nand,1\r\n", &c), OK);
    CU_ASSERT(isnan(comparison_value(c, &g, 0)));
    CHECK_NEAR(comparison_value(c, &g, 11), 1, 0);
    comparison_free(c);
}

static void a_wrong_file_is_refused_with_its_line(void)
{
    refused("", "the file is empty");
    refused("gate,value\nunq\n", ":2: 1 fields, but the header has 2");
    refused("gate,value\nunq,much\n", ":2: value much is not a number");
    refused("gate,weather,value\n", ": column weather is neither");
    refused("gate,source\n", ": 0 columns are called value");
    refused("value,value\n", ": two columns \"value\"");
}

static void a_missing_file_is_named(void)
{
    comparison *c = NULL;
    grid g;
    hand_grid(&g);
    CU_ASSERT_EQUAL(comparison_read("/nowhere/x.csv", &g, NULL, &c), BAD_INPUT);
    CU_ASSERT(strstr(failure_text(), "/nowhere/x.csv: cannot open") != NULL);
}

CHECK_MAIN("comparison", TEST(values_are_found_by_the_axes_that_the_file_names), TEST(an_empty_value_is_none),
           TEST(a_wrong_file_is_refused_with_its_line), TEST(a_missing_file_is_named))
