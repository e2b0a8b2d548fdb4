/* FILE.live: what is written is read back, and what is anything else is no live file. */
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "commands/progress_live.h"

static char folder[] = "/tmp/infosweep-live-XXXXXX", path[64], name[80];

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/infosweep-live-XXXXXX");
    CU_ASSERT_FATAL(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/r.h5", folder);
    snprintf(name, sizeof name, "%s.live", path);
}

static void remove_folder(void)
{
    live_remove(path);
    CU_ASSERT(rmdir(folder) == 0); /* nothing else was left behind */
}

/* One of everything. */
static live example(void)
{
    live l;
    progress_live_begin(&l, LIVE_OUT_OF_TIME, 2, 1000000);
    l.done = 123456;
    l.failed = 7;
    l.suspects = 3;
    l.elapsed_seconds = 33.25;
    l.left_seconds = 12.5;
    l.limit_seconds = 600;
    l.margin_seconds = 20;
    l.safe_unix_seconds = 1.75e9;
    l.least = (live_rank){ 0.25, 10 };
    l.mean = (live_rank){ 0.5, 15.5 };
    l.most = (live_rank){ 0.75, 21 };
    l.listed = 2;
    l.rank[0] = l.least;
    l.rank[1] = l.most;
    l.slices = 1;
    l.slice[0] = (live_slice){
        .cell = 17,
        .tasks = 16,
        .ranks = 4,
        .seconds = 3.5,
        .left_seconds = 2.25,
        .note = { .epoch = 11, .epochs = 40, .loss = 1.5, .bits = -0.25, .samples_per_second = 412 },
    };
    return l;
}

static void write_text(const char *text, size_t size)
{
    FILE *to = fopen(name, "w");
    CU_ASSERT_FATAL(to != NULL);
    CU_ASSERT(fwrite(text, 1, size, to) == size);
    CU_ASSERT(fclose(to) == 0);
}

static size_t read_text(char *text, size_t room)
{
    FILE *from = fopen(name, "r");
    CU_ASSERT_FATAL(from != NULL);
    size_t size = fread(text, 1, room - 1, from);
    fclose(from);
    text[size] = '\0';
    return size;
}

static void all_of_it_is_read_back(void)
{
    live in = example(), out;
    make_folder();
    CU_ASSERT(!live_read(path, &out));
    CU_ASSERT(live_write(path, &in) == OK);
    CU_ASSERT_FATAL(live_read(path, &out));
    CU_ASSERT(out.state == LIVE_OUT_OF_TIME && out.ranks == 2 && out.total == 1000000 && out.done == 123456);
    CU_ASSERT(out.failed == 7 && out.suspects == 3 && out.process == getpid());
    CU_ASSERT(out.process_start == in.process_start && strcmp(out.host, in.host) == 0);
    /* all of these are exact in the decimals that are written */
    CU_ASSERT(out.left_seconds == 12.5 && out.limit_seconds == 600 && out.margin_seconds == 20);
    CU_ASSERT(out.safe_unix_seconds == 1.75e9 && out.mean.busy == 0.5 && out.mean.tasks == 15.5);
    CU_ASSERT(out.listed == 2 && out.rank[1].busy == 0.75 && out.rank[1].tasks == 21);
    CU_ASSERT(out.slices == 1 && out.slice[0].cell == 17 && out.slice[0].tasks == 16);
    CU_ASSERT(out.slice[0].seconds == 3.5 && out.slice[0].left_seconds == 2.25);
    const task_note *note = &out.slice[0].note;
    CU_ASSERT(out.slice[0].ranks == 4 && note->epoch == 11 && note->epochs == 40 && note->loss == 1.5);
    CU_ASSERT(note->bits == -0.25 && note->samples_per_second == 412);
    in.left_seconds = in.safe_unix_seconds = in.slice[0].note.loss = in.slice[0].note.bits = NAN;
    in.limit_seconds = INFINITY;
    CU_ASSERT(live_write(path, &in) == OK);
    CU_ASSERT_FATAL(live_read(path, &out));
    CU_ASSERT(isnan(out.left_seconds) && isnan(out.safe_unix_seconds) && isinf(out.limit_seconds));
    CU_ASSERT(isnan(note->loss) && isnan(note->bits) && note->samples_per_second == 412);
    remove_folder();
}

static void a_cut_file_is_none_wherever_it_is_cut(void)
{
    live in = example(), out;
    char text[4096];
    make_folder();
    CU_ASSERT(live_write(path, &in) == OK);
    size_t size = read_text(text, sizeof text);
    for (size_t cut = 0; cut < size; cut++) {
        write_text(text, cut);
        CU_ASSERT(!live_read(path, &out));
    }
    remove_folder();
}

/* Puts other text for one line of the example. */
static void replace_line(const char *key, const char *line)
{
    live in = example();
    char text[4096], other[8192];
    CU_ASSERT(live_write(path, &in) == OK);
    read_text(text, sizeof text);
    char *at = strstr(text, key);
    CU_ASSERT_FATAL(at != NULL && (at == text || at[-1] == '\n'));
    int size = snprintf(other, sizeof other, "%.*s%s%s", (int)(at - text), text, line, strchr(at, '\n') + 1);
    write_text(other, (size_t)size);
}

static void numbers_that_make_no_sense_are_refused(void)
{
    static const char *const lines[][2] = {
        { "unix_seconds", "unix_seconds nan\n" },
        { "unix_seconds", "unix_seconds -1\n" },
        { "unix_seconds", "unix_seconds 1e300\n" },
        { "unix_seconds", "unix_seconds \n" },
        { "unix_seconds", "unix_seconds 1 2\n" },
        { "unix_seconds", "unix_seconds 1x\n" },
        { "unix_seconds", "unix_seconds\n" },
        { "unix_seconds", "" },
        { "ranks ", "ranks 0\n" },
        { "ranks ", "ranks -3\n" },
        { "ranks ", "ranks 99999999999\n" },
        { "ranks ", "ranks 3\n" }, /* two are listed */
        { "done", "done 1000001\n" },
        { "done", "done 999999\n" }, /* with the failed more than all */
        { "done", "done 0.5\n" },
        { "done", "done 99999999999999999999999999\n" },
        { "elapsed_seconds", "elapsed_seconds inf\n" },
        { "elapsed_seconds", "elapsed_seconds -0.001\n" },
        { "left_seconds", "left_seconds -inf\n" },
        { "margin_seconds", "margin_seconds nan\n" },
        { "process ", "process 0\n" },
        { "process ", "process 4294967297\n" },
        { "host", "host \n" },
        { "host", "host a b\n" },
        { "host", "host \033[2J\n" },
        { "host", "host 0123456789012345678901234567890123456789012345678901234567890123\n" },
        { "state", "state asleep\n" },
        { "least", "least 1.1 1\n" },
        { "least", "least 0.5\n" },
        { "slice", "slice -1 1 1 1 1\n" },
        { "slice", "slice 1 0 1 1 1\n" },
        { "slice", "slice 1 1 0 1 1\n" },
        { "slice", "slice 1 1 4294967297 1 1\n" },
        { "slice", "slice 1 1 1 nan 1\n" },
        { "slice", "slice 1 1 1 1 1 1\n" },
        { "slice", "slice 1 1 1 1 1\nslice 1 1 1 1 1\nslice 1 1 1 1 1\nslice 1 1 1 1 1\nslice 1 1 1 1 1\n"
                   "slice 1 1 1 1 1\n" },
        { "slice", "" }, /* a note of nothing */
        { "note", "note 40 40 1 1 1\n" },
        { "note", "note -1 40 1 1 1\n" },
        { "note", "note 0 0 1 1 1\n" },
        { "note", "note 0.5 40 1 1 1\n" },
        { "note", "note nan 40 1 1 1\n" },
        { "note", "note 0 inf 1 1 1\n" },
        { "note", "note 0 40 inf 1 1\n" },
        { "note", "note 0 40 1 -inf 1\n" },
        { "note", "note 0 40 1 1 -1\n" },
        { "note", "note 0 40 1 1 1e300\n" },
        { "note", "note 0 40 1 1\n" },
        { "note", "note 0 40 1 1 1 1\n" },
        { "note", "note 0 40 1 1 1\nnote 0 40 1 1 1\n" },
    };
    live out;
    make_folder();
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        replace_line(lines[i][0], lines[i][1]);
        bool taken = live_read(path, &out);
        if (taken) fprintf(stderr, "taken: %s\n", lines[i][1]);
        CU_ASSERT(!taken);
    }
    replace_line("suspects", "suspects 4\nlater_version says more\n");
    CU_ASSERT(live_read(path, &out) && out.suspects == 4);
    remove_folder();
}

static void garbage_of_any_size_is_no_live_file(void)
{
    enum { HUGE = 1 << 20 };
    static char text[HUGE];
    unsigned state = 1;
    live out;
    make_folder();
    for (int i = 0; i < HUGE; i++) text[i] = (char)((state = state * 1664525u + 1013904223u) >> 24);
    for (int size = 1; size <= HUGE; size *= 2) {
        write_text(text, (size_t)size);
        CU_ASSERT(!live_read(path, &out));
    }
    memset(text, '\n', HUGE);
    write_text(text, HUGE);
    CU_ASSERT(!live_read(path, &out));
    write_text("end\n", 4);
    CU_ASSERT(!live_read(path, &out));
    remove_folder();
}

static void a_pipe_or_a_folder_of_that_name_makes_nobody_wait(void)
{
    live out;
    make_folder();
    CU_ASSERT_FATAL(mkfifo(name, 0600) == 0);
    CU_ASSERT(!live_read(path, &out));
    CU_ASSERT(unlink(name) == 0 && mkdir(name, 0700) == 0);
    CU_ASSERT(!live_read(path, &out));
    CU_ASSERT(rmdir(name) == 0);
    remove_folder();
}

/* ---- what a run writes ---------------------------------------------------------------------------------------------- */

enum { MANY = 10000 };

/* Ten thousand ranks, of which rank r has been busy for r % 100 seconds of 100 and runs a slice of r seconds. */
static void ten_thousand_ranks_take_no_more_room_than_a_hundred(void)
{
    static double busy[MANY];
    static int64_t tasks[MANY], cells[MANY];
    static running slices[MANY];
    struct stat about;
    live l, out;
    make_folder();
    for (int r = 0; r < MANY; r++) {
        busy[r] = 0;
        tasks[r] = r;
        cells[r] = 2 * r;
        slices[r] = (running){ .first = r, .count = r % 2, .seconds = r % 100, .left_seconds = -1 };
    }
    packs all = { .cells = MANY, .cell = cells };
    progress p = { .ranks = MANY,
                   .total = MANY,
                   .elapsed_seconds = 100,
                   .left_seconds = NAN,
                   .rank_busy = busy,
                   .rank_tasks = tasks,
                   .running = slices,
                   .asked = WISH_DRAIN,
                   .limit_seconds = INFINITY };
    progress_live(&p, &all, &l);
    CU_ASSERT(live_write(path, &l) == OK);
    CU_ASSERT(stat(name, &about) == 0 && about.st_size < 8192);
    CU_ASSERT_FATAL(live_read(path, &out));
    CU_ASSERT(out.listed == 0 && out.state == LIVE_DRAINING);
    CU_ASSERT(out.least.tasks == 0 && out.most.tasks == MANY - 1);
    CHECK_NEAR(out.mean.tasks, (MANY - 1) / 2.0, 0.051); /* one decimal is written */
    CHECK_NEAR(out.most.busy, 0.99, 1e-4);               /* as many are written */
    CU_ASSERT(out.slices == LIVE_SLICES);
    for (int i = 0; i < out.slices; i++)
        CU_ASSERT(out.slice[i].seconds == 99 && out.slice[i].left_seconds == 0);
    CU_ASSERT(out.slice[0].cell == 198); /* of rank 99, the first of them */
    remove_folder();
}

/* Four ranks, of which the middle two are a gang: its first rank tells for both. */
static void what_tasks_tell_of_themselves_is_written_as_far_as_it_makes_sense(void)
{
    int64_t cells[] = { 5, 6, 7 };
    running slices[] = {
        { .first = 0, .count = 1, .seconds = 10, .note = { 3, 3, 1, 1, 1 } }, /* there is no epoch 3 of 3 */
        { .first = 1, .count = 1, .ranks = 2, .seconds = 100, .note = { 2, 3, NAN, INFINITY, -1 } },
        { .count = 0 },
        { .count = 0 },
    };
    packs all = { .cells = 3, .cell = cells };
    progress p = { .ranks = 4,
                   .total = 3,
                   .elapsed_seconds = 100,
                   .left_seconds = NAN,
                   .running = slices,
                   .limit_seconds = INFINITY };
    live l, out;
    make_folder();
    progress_live(&p, &all, &l);
    CU_ASSERT(live_write(path, &l) == OK);
    CU_ASSERT_FATAL(live_read(path, &out));
    CU_ASSERT(out.slices == 2 && out.slice[0].cell == 6 && out.slice[0].ranks == 2 &&
              out.slice[1].ranks == 1);
    CU_ASSERT(out.slice[1].note.epochs == 0);
    const task_note *n = &out.slice[0].note;
    CU_ASSERT(n->epoch == 2 && n->epochs == 3 && isnan(n->loss) && isnan(n->bits));
    CU_ASSERT(isnan(n->samples_per_second));
    const double busy[] = { 0.1, 1, 1, 0 };
    for (int i = 0; i < 4; i++)
        CHECK_NEAR(out.rank[i].busy, busy[i], 1e-4); /* as many decimals are written */
    remove_folder();
}

static void a_schedule_that_tells_nothing_of_its_ranks_is_written_all_the_same(void)
{
    packs all = { 0 };
    progress p = { .ranks = 3, .total = 10, .limit_seconds = INFINITY, .left_seconds = NAN };
    live l, out;
    make_folder();
    progress_live(&p, &all, &l);
    CU_ASSERT(live_write(path, &l) == OK && live_read(path, &out));
    CU_ASSERT(out.slices == 0 && out.listed == 3 && out.most.busy == 0 && isnan(out.safe_unix_seconds));
    remove_folder();
}

/* ---- does the process live? ----------------------------------------------------------------------------------------- */

static void a_process_that_is_dead_or_has_the_number_of_a_dead_one_is_gone(void)
{
    live l;
    progress_live_begin(&l, LIVE_RUNNING, 1, 1);
    CU_ASSERT(live_pulse_of(&l) == LIVE_BEATS);
    l.unix_seconds = 0; /* whatever the clock says */
    CU_ASSERT(live_pulse_of(&l) == LIVE_BEATS);
    if (l.process_start > 0) { /* the system tells */
        l.process_start++;
        CU_ASSERT(live_pulse_of(&l) == LIVE_GONE);
        l.process_start = 0;
        CU_ASSERT(live_pulse_of(&l) == LIVE_BEATS);
    }
    pid_t child = fork();
    if (child == 0) _exit(0);
    siginfo_t info;
    CU_ASSERT(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == 0);
    l.process = child;
    if (live_process_start(getpid()) > 0)
        CU_ASSERT(live_pulse_of(&l) == LIVE_GONE); /* dead, not yet buried */
    waitpid(child, NULL, 0);
    CU_ASSERT(live_pulse_of(&l) == LIVE_GONE);
    snprintf(l.host, sizeof l.host, "elsewhere.invalid");
    CU_ASSERT(live_pulse_of(&l) == LIVE_UNKNOWN);
}

CHECK_MAIN("store: the live file", TEST(all_of_it_is_read_back), TEST(a_cut_file_is_none_wherever_it_is_cut),
           TEST(numbers_that_make_no_sense_are_refused), TEST(garbage_of_any_size_is_no_live_file),
           TEST(a_pipe_or_a_folder_of_that_name_makes_nobody_wait),
           TEST(ten_thousand_ranks_take_no_more_room_than_a_hundred),
           TEST(what_tasks_tell_of_themselves_is_written_as_far_as_it_makes_sense),
           TEST(a_schedule_that_tells_nothing_of_its_ranks_is_written_all_the_same),
           TEST(a_process_that_is_dead_or_has_the_number_of_a_dead_one_is_gone))
