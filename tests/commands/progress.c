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

/* A run with all that there is to say. */
static progress eventful(running *slices)
{
    slices[0] = (running){ .count = 3, .left_seconds = 4 };
    slices[1] = (running){ .count = 1, .left_seconds = 12 };
    progress p = toy(412, 2, 960, 13.27, 17.3);
    p.running = slices;
    p.suspects = 2;
    p.limit_seconds = 725;
    return p;
}

static void the_line_tells_of_the_limit_and_of_suspects_where_there_is_room(void)
{
    char text[256];
    running slices[2];
    progress p = eventful(slices);
    progress_text(&p, 120, false, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(
        text, "412/960 done, 2 failed, 546 left, 31.2/s, 17 s left, 2 suspects apart, limit in 12 min 5 s");
    progress_text(&p, 83, false, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(
        text, "412/960 done, 2 failed, 546 left, 17 s left, 2 suspects apart, limit in 12 min 5 s");
    progress_text(&p, 70, false, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "412/960 done, 2 failed, 546 left, 17 s left, limit in 12 min 5 s");
    p.suspects = 1;
    p.limit_seconds = INFINITY;
    progress_text(&p, 120, false, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "412/960 done, 2 failed, 546 left, 31.2/s, 17 s left, 1 suspect apart");
}

static void a_run_that_ends_early_says_why_and_when(void)
{
    char text[256];
    running slices[2];
    progress p = eventful(slices);
    p.suspects = 0;
    p.limit_seconds = INFINITY;
    p.out_of_time = true;
    progress_text(&p, 120, false, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text,
                           "out of time, draining, 412/960 done, 2 failed, 546 left, 31.2/s, ends in 12 s");
    p.asked = WISH_DRAIN;
    progress_text(&p, 120, false, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "draining as asked, 412/960 done, 2 failed, 546 left, 31.2/s, ends in 12 s");
    progress_text(&p, 40, true, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "draining, 412/960 done, 2 failed");
    p.asked = WISH_STOP;
    progress_text(&p, 120, false, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "stopping on a signal, 412/960 done, 2 failed, 546 left, 31.2/s");
    p.running = NULL; /* a schedule that tells nothing of its ranks */
    p.asked = WISH_DRAIN;
    progress_text(&p, 120, false, text, sizeof text);
    CU_ASSERT(strstr(text, "ends in 0.00 s") != NULL);
}

/* Whole words, and what matters first: why a run ends early, how many are done. */
static void every_width_from_20_to_120_shows_the_state_and_whole_words(void)
{
    running slices[2];
    for (int width = 20; width <= 120; width++)
        for (int state = 0; state < 4; state++) {
            char text[256], all[256];
            progress p = eventful(slices);
            p.asked = (wish)(state < 3 ? state : 0);
            p.out_of_time = state == 3;
            if (width % 2) slices[1].note = (task_note){ 11, 40, 1.40234, 1.61, 412.3 };
            progress_text(&p, width, false, text, sizeof text);
            progress_text(&p, 250, false, all, sizeof all);
            CU_ASSERT((int)strlen(text) <= width);
            CU_ASSERT(strncmp(text, all, 8) == 0);
            CU_ASSERT(width < 36 || strstr(text, "412/960 done, 2 failed") != NULL);
            CU_ASSERT(width < 36 || strstr(all, strrchr(text, ',')) != NULL);
        }
}

/* Few long tasks: how the one gets on that will take longest. */
static void long_tasks_tell_how_the_slowest_gets_on(void)
{
    char text[256];
    running slices[2] = {
        { .count = 1, .left_seconds = 40, .note = { 30, 40, 0.5, 2.5, 1000 } },
        { .count = 1, .left_seconds = 723, .note = { 11, 40, 1.40234, 1.61, 412.3 } },
    };
    progress p = toy(0, 0, 6, 182, 723);
    p.running = slices;
    progress_text(&p, 79, true, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "0/6 done, 6 left, 12 min 3 s left, epoch 12/40, loss 1.402, 412 samples/s");
    progress_text(&p, 60, true, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "0/6 done, 6 left, 12 min 3 s left, epoch 12/40, loss 1.402");
    progress_text(&p, 50, false, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "0/6 done, 6 left, 12 min 3 s left");
    slices[1].note = (task_note){ 0, 40, NAN, NAN, 0 };
    progress_text(&p, 79, false, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "0/6 done, 6 left, 12 min 3 s left, epoch 1/40");
    slices[1].count = 0; /* has ended */
    slices[0].note.samples_per_second = 3.14;
    progress_text(&p, 79, false, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "0/6 done, 6 left, 12 min 3 s left, epoch 31/40, loss 0.5, 3.1 samples/s");
}

static void a_note_tells_what_is_known(void)
{
    char text[256];
    const struct {
        task_note note;
        const char *text;
    } notes[] = {
        { { 11, 40, 1.40234, 1.61, 412.3 }, "epoch 12 of 40, loss 1.402 nats, 1.61 bits, 412 samples/s, " },
        { { 0, 1, NAN, -0.004, NAN }, "epoch 1 of 1, 0.00 bits, " },
        { { 5, 0, 1, 1, 1 }, "" },
    };
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        FILE *to = fmemopen(text, sizeof text, "w");
        fputc(' ', to); /* fmemopen leaves the room as it is where nothing is written */
        progress_print_note(&notes[i].note, to);
        fclose(to);
        CU_ASSERT_STRING_EQUAL(text + 1, notes[i].text);
    }
}

static int lines_of(FILE *to)
{
    char line[256];
    int lines = 0;
    rewind(to);
    while (fgets(line, sizeof line, to)) lines++;
    return lines;
}

/* Job logs are read for it. */
static void a_file_is_told_at_once_that_a_run_begins_to_drain(void)
{
    progress_line l;
    FILE *to = tmpfile();
    CU_ASSERT_FATAL(to != NULL);
    progress_line_make(&l, to);
    for (int tenth = 0; tenth < 50; tenth++) {
        progress p = toy(tenth, 0, 1000, 0.1 * tenth, 1000);
        p.out_of_time = tenth >= 20;
        progress_line_show(&l, &p);
    }
    progress_line_end(&l);
    CU_ASSERT_EQUAL(lines_of(to), 1);
    fclose(to);
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
           TEST(a_file_gets_a_line_now_and_then),
           TEST(the_line_tells_of_the_limit_and_of_suspects_where_there_is_room),
           TEST(a_run_that_ends_early_says_why_and_when), TEST(long_tasks_tell_how_the_slowest_gets_on),
           TEST(a_note_tells_what_is_known), TEST(every_width_from_20_to_120_shows_the_state_and_whole_words),
           TEST(a_file_is_told_at_once_that_a_run_begins_to_drain),
           TEST(times_read_as_a_person_would_say_them))
