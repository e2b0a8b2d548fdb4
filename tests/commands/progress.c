/* The line that says how far a run is. */
#include "commands/progress.h"

#include "check.h"
#include "commands/words.h"

static progress toy(int64_t done, int64_t failed, int64_t total, double elapsed, double left)
{
    return (progress){ .ranks = 2,
                       .total = total,
                       .tasks = { .done = done, .failed = failed },
                       .elapsed_seconds = elapsed,
                       .left_seconds = left };
}

static void the_line_counts_what_is_done_failed_and_left(void)
{
    char text[256];
    progress p = toy(412, 2, 960, 13.27, 17.3);
    progress_text(&p, 79, false, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "412/960 done, 2 failed, 546 left, 31.2/s, 17 s left");
    progress_text(&p, 64, true, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "[====>     ] 412/960 done, 2 failed, 546 left, 31.2/s, 17 s left");
}

static void what_is_not_known_is_not_said(void)
{
    char text[256];
    progress p = toy(0, 0, 10, 0.5, NAN);
    progress_text(&p, 79, false, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "0/10 done, 10 left");
}

static void the_line_fits_terminals_of_every_width(void)
{
    for (int width = 0; width <= 250; width++)
        for (int64_t done = 0; done <= 1000; done += 125) {
            char text[256];
            progress p = toy(done, 0, 1000, 1, 1);
            progress_text(&p, width, true, text, sizeof text);
            CU_ASSERT((int)strlen(text) <= width);
        }
}

static void a_narrow_terminal_gets_whole_words(void)
{
    char text[256];
    progress p = toy(412, 2, 960, 13.27, 17.3);
    progress_text(&p, 50, true, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "412/960 done, 2 failed, 546 left, 17 s left");
    progress_text(&p, 40, true, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "412/960 done, 2 failed, 17 s left");
    progress_text(&p, 30, true, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "412/960 done, 2 failed");
}

static void the_bar_is_empty_at_first_and_full_at_the_end(void)
{
    char text[256];
    progress p = toy(0, 0, 10, 1, NAN);
    progress_text(&p, 79, true, text, sizeof text);
    CU_ASSERT(strncmp(text, "[>  ", 4) == 0);
    p = toy(9, 1, 10, 1, 0);
    progress_text(&p, 120, true, text, sizeof text);
    CU_ASSERT(strncmp(text, "[==============================] ", 33) == 0);
}

/* Where standard error is a file: the first line after ten seconds, then one every thirty or for every tenth. */
static void a_file_gets_a_line_now_and_then(void)
{
    char line[256];
    int lines = 0;
    progress_line l;
    FILE *to = tmpfile();
    CU_ASSERT_FATAL(to != NULL);
    progress_line_make(&l, to);
    for (int tenth = 0; tenth < 1000; tenth++) { /* 100 seconds, in which 1 % gets done */
        progress p = toy(tenth / 100, 0, 1000, 0.1 * tenth, 1000);
        progress_line_show(&l, &p);
    }
    progress_line_end(&l);
    rewind(to);
    while (fgets(line, sizeof line, to)) {
        CU_ASSERT(strpbrk(line, "\r\033") == NULL);
        lines++;
    }
    CU_ASSERT_EQUAL(lines, 3); /* at 10, 40 and 70 seconds */
    fclose(to);
}

static void times_read_as_a_person_would_say_them(void)
{
    char text[WORDS_MAX];
    const double seconds[] = { 0, 0.034, 0.999, 1.44, 9.97, 17.3, 59.6, 200, 7500, 270000, -1, NAN };
    const char *said[] = { "0.00 s",    "0.03 s",     "1.0 s",     "1.4 s",   "10 s",   "17 s",
                           "1 min 0 s", "3 min 20 s", "2 h 5 min", "3 d 3 h", "0.00 s", "?" };
    for (int i = 0; i < 12; i++) CU_ASSERT_STRING_EQUAL(duration_text(seconds[i], text), said[i]);
    CU_ASSERT_STRING_EQUAL(rate_text(120482.4, text), "120482/s");
    CU_ASSERT_STRING_EQUAL(rate_text(31.24, text), "31.2/s");
    CU_ASSERT_STRING_EQUAL(rate_text(0.0123, text), "0.012/s");
}

CHECK_MAIN("progress", TEST(the_line_counts_what_is_done_failed_and_left),
           TEST(what_is_not_known_is_not_said), TEST(the_line_fits_terminals_of_every_width),
           TEST(a_narrow_terminal_gets_whole_words), TEST(the_bar_is_empty_at_first_and_full_at_the_end),
           TEST(a_file_gets_a_line_now_and_then), TEST(times_read_as_a_person_would_say_them))
