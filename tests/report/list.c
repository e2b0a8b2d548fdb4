#include "check.h"

#include <stdlib.h>
#include <unistd.h>

#include "commands.h"
#include "estimator.h"
#include "tensor.h"

/* What `infosweep list WORD …` prints to standard output; the caller frees. */
static char *listed(int argc, char **argv, status expected)
{
    enum { LARGEST = 1 << 18 };
    char *text = calloc(1, LARGEST);
    FILE *file = tmpfile();
    fflush(stdout);
    int terminal = dup(STDOUT_FILENO);
    dup2(fileno(file), STDOUT_FILENO);
    status result = list_command.run(argc, argv);
    fflush(stdout);
    dup2(terminal, STDOUT_FILENO);
    close(terminal);
    rewind(file);
    if (fread(text, 1, LARGEST - 1, file) == 0) text[0] = '\0';
    fclose(file);
    CU_ASSERT_EQUAL(result, expected);
    return text;
}

/* How many rows of the table stand in the text, each on a line of its own with name, default and the start of its help. */
static int rows_in(const char *text, const option *options)
{
    int found = 0;
    for (const option *row = options; row->name; row++) {
        char start[64], help[24];
        snprintf(start, sizeof start, "\n  %-18s  ", row->name);
        snprintf(help, sizeof help, "%.*s", (int)strcspn(row->help, " "), row->help);
        const char *at = strstr(text, start), *said = at ? strstr(at, help) : NULL;
        if (said)
            found++;
        else
            fprintf(stderr, "no line for %s\n", row->name);
    }
    return found;
}

static int rows_of(const option *options)
{
    int rows = 0;
    for (const option *row = options; row->name; row++) rows++;
    return rows;
}

/* Lines that look like an option: two spaces, a word, and the kind of its value. */
static int option_lines(const char *text)
{
    static const char *const kinds[] = { "a number", "a whole number", "true or false",
                                         "one of ",  "a text",         "a list" };
    int lines = 0;
    for (const char *at = text; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
        if (strncmp(at, "  ", 2) != 0 || at[2] == ' ' || strcspn(at, "\n") < 22) continue;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
            lines += strncmp(at + 22, kinds[i], strlen(kinds[i])) == 0;
    }
    return lines;
}

static void every_option_of_every_estimator_is_listed_once(void)
{
    char *text = listed(2, (char *[]){ "list", "estimators" }, OK);
    int rows = 0, found = 0;
    for (const estimator *const *e = estimators; *e; e++) {
        rows += rows_of((*e)->section.options);
        found += rows_in(text, (*e)->section.options);
        CU_ASSERT(strstr(text, (*e)->name) != NULL);
    }
    CU_ASSERT(rows > 0);
    CU_ASSERT_EQUAL(found, rows);
    CU_ASSERT_EQUAL(option_lines(text), rows);
    free(text);
}

static void every_option_of_every_data_kind_is_listed_once(void)
{
    char *text = listed(2, (char *[]){ "list", "data" }, OK);
    int rows = 0, found = 0;
    for (const data_kind *const *k = data_kinds; *k; k++) {
        rows += rows_of((*k)->section.options);
        found += rows_in(text, (*k)->section.options);
    }
    CU_ASSERT_EQUAL(found, rows);
    CU_ASSERT_EQUAL(option_lines(text), rows);
    free(text);
}

static void models_and_sections_are_listed(void)
{
    char *models = listed(2, (char *[]){ "list", "models" }, OK);
    for (const model_kind *const *k = model_kinds; *k; k++)
        CU_ASSERT_EQUAL(rows_in(models, (*k)->section.options), rows_of((*k)->section.options));
    CU_ASSERT(strstr(models, "engine  lanes: ") != NULL);
    const char *tensors = tensor_available() ? tensor_library() : "off, because this infosweep was built";
    CU_ASSERT(strstr(models, tensors) != NULL);
    free(models);
    static const section *const sections[] = { &train_section, &task_section, &run_section };
    for (int i = 0; i < 3; i++) {
        char *text = listed(2, (char *[]){ "list", (char *)sections[i]->name }, OK);
        CU_ASSERT_EQUAL(rows_in(text, sections[i]->options), rows_of(sections[i]->options));
        free(text);
    }
}

static void a_name_narrows_the_list(void)
{
    char *text = listed(3, (char *[]){ "list", "estimators", "idle" }, OK);
    CU_ASSERT_EQUAL(option_lines(text), rows_of(estimator_find("idle")->section.options));
    CU_ASSERT(strstr(text, "rine") == NULL);
    free(text);
}

static void a_name_alone_is_enough(void)
{
    static const char *const topics[][2] = { { "estimators", "rine" },
                                             { "data", "gate" },
                                             { "models", "mlp" } };
    for (int i = 0; i < 3; i++) {
        char *narrowed = listed(3, (char *[]){ "list", (char *)topics[i][0], (char *)topics[i][1] }, OK);
        char *alone = listed(2, (char *[]){ "list", (char *)topics[i][1] }, OK);
        CU_ASSERT(strlen(alone) > 0);
        CU_ASSERT_STRING_EQUAL(alone, narrowed);
        free(narrowed);
        free(alone);
    }
}

static void the_overview_names_everything(void)
{
    char *text = listed(1, (char *[]){ "list" }, OK);
    for (const estimator *const *e = estimators; *e; e++) CU_ASSERT(strstr(text, (*e)->name) != NULL);
    for (const data_kind *const *k = data_kinds; *k; k++) CU_ASSERT(strstr(text, (*k)->name) != NULL);
    for (const model_kind *const *k = model_kinds; *k; k++) CU_ASSERT(strstr(text, (*k)->name) != NULL);
    free(text);
}

static void no_line_is_wider_than_the_page(void)
{
    char *text = listed(2, (char *[]){ "list", "estimators" }, OK);
    for (char *at = strtok(text, "\n"); at; at = strtok(NULL, "\n")) {
        CU_ASSERT(strlen(at) <= 100);
        CU_ASSERT(at[strlen(at) - 1] != ' ');
    }
    free(text);
}

static void what_there_is_not_is_refused_with_a_suggestion(void)
{
    free(listed(2, (char *[]){ "list", "estimator" }, BAD_INPUT));
    CU_ASSERT(strstr(failure_text(), "did you mean estimators?") != NULL);
    free(listed(3, (char *[]){ "list", "estimators", "rin" }, BAD_INPUT));
    CU_ASSERT(strstr(failure_text(), "did you mean rine?") != NULL);
    free(listed(2, (char *[]){ "list", "overlp" }, BAD_INPUT));
    CU_ASSERT(strstr(failure_text(), "did you mean overlap?") != NULL);
    free(listed(3, (char *[]){ "list", "train", "batch" }, BAD_INPUT));
}

CHECK_MAIN("list", TEST(every_option_of_every_estimator_is_listed_once),
           TEST(every_option_of_every_data_kind_is_listed_once), TEST(models_and_sections_are_listed),
           TEST(a_name_narrows_the_list), TEST(a_name_alone_is_enough), TEST(the_overview_names_everything),
           TEST(no_line_is_wider_than_the_page), TEST(what_there_is_not_is_refused_with_a_suggestion))
