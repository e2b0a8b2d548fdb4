/* Checkpoints: a state comes back to the task that gave it, whole, or not at all; and none outlives its use. */
#include <signal.h>
#include <sys/resource.h>

#include "estimator.h"
#include "fixture.h"
#include "store/checkpoint.h"

enum { STATE = 5000, HEADER = 296, CELL = 12 };

typedef struct bench {
    fixture file;
    settings *task;
    keeper keeper;
    char said[1024]; /* since it was looked at last */
    int lines;
} bench;

static void hear(void *context, const char *line)
{
    bench *b = context;
    b->lines++;
    snprintf(b->said, sizeof b->said, "%s", line);
}

static bench *bench_make(void)
{
    bench *b = calloc(1, sizeof *b);
    b->file = fixture_make(gates_text, NULL);
    CHECK_OK(sweep_settings(b->file.sweep, CELL, &b->task));
    b->keeper = (keeper){ .path = b->file.path,
                          .kernels = "avx512; oneDNN 2.6.3 avx512_core",
                          .data = "0123",
                          .interval_seconds = 1e-9,
                          .say = hear,
                          .context = b };
    CHECK_OK(keeper_begin(&b->keeper, CELL, b->task));
    return b;
}

static void bench_free(bench *b)
{
    checkpoints_clear(b->file.path);
    settings_free(b->task);
    fixture_free(&b->file);
    free(b);
}

static void fill(unsigned char state[STATE], int with)
{
    for (int i = 0; i < STATE; i++) state[i] = (unsigned char)(i * with);
}

static void save(bench *b, int with)
{
    unsigned char state[STATE];
    fill(state, with);
    CHECK_OK(keeper_save(&b->keeper, state, STATE));
}

/* Is the state that lies there the one that was saved `with`? */
static bool comes_back(bench *b, int with)
{
    unsigned char wanted[STATE];
    void *state;
    size_t bytes;
    fill(wanted, with);
    CHECK_OK(keeper_load(&b->keeper, &state, &bytes));
    bool same = state && bytes == STATE && memcmp(state, wanted, STATE) == 0;
    free(state);
    return same;
}

/* Does no state come, and one line that names the file and says `words`? NULL: no line. */
static bool is_refused(bench *b, const char *words)
{
    void *state;
    size_t bytes;
    b->lines = 0;
    CHECK_OK(keeper_load(&b->keeper, &state, &bytes));
    bool refused = state == NULL && b->lines == (words != NULL);
    if (words)
        refused = refused && strstr(b->said, words) && strstr(b->said, "result.h5.checkpoint.12: ") &&
                  strstr(b->said, "; its task begins anew") && !strchr(b->said, '\n');
    if (!refused) fprintf(stderr, "%d lines, \"%s\"\n", b->lines, b->said);
    free(state);
    return refused;
}

static void name_of(const bench *b, const char *ending, char name[256])
{
    snprintf(name, 256, "%s.checkpoint.%d%s", b->file.path, CELL, ending);
}

static bool exists(const bench *b, const char *ending)
{
    char name[256];
    struct stat about;
    name_of(b, ending, name);
    return lstat(name, &about) == 0;
}

/* Changes the byte at `at`. */
static void damage(const bench *b, long at)
{
    char name[256];
    name_of(b, "", name);
    FILE *file = fopen(name, "r+b");
    fseek(file, at, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, at, SEEK_SET);
    fputc(byte ^ 1, file);
    fclose(file);
}

static void cut(const bench *b, off_t bytes)
{
    char name[256];
    name_of(b, "", name);
    CU_ASSERT(truncate(name, bytes) == 0);
}

static void a_state_comes_back_as_it_was_saved_last(void)
{
    bench *b = bench_make();
    CU_ASSERT(is_refused(b, NULL)); /* none is there, which is nothing to speak of */
    save(b, 3);
    CU_ASSERT(comes_back(b, 3));
    save(b, 7);
    CU_ASSERT(comes_back(b, 7) && comes_back(b, 7)); /* loading takes nothing away */
    CU_ASSERT(!exists(b, ".new"));
    CU_ASSERT(b->keeper.cost.saved == 2 && b->keeper.cost.largest_bytes == STATE);
    CU_ASSERT(b->keeper.cost.loaded == 3); /* there was none the first time */
    CU_ASSERT(b->keeper.cost.seconds > 0 && b->lines == 0);
    bench_free(b);
}

static void every_byte_that_is_changed_or_lost_is_noticed(void)
{
    bench *b = bench_make();
    for (long at = 0; at < HEADER + 40; at++) {
        save(b, 3);
        damage(b, at);
        CU_ASSERT(is_refused(b, ": "));
    }
    for (int bytes = 0; bytes < HEADER + STATE; bytes += bytes < HEADER + 2 ? 1 : 997) {
        save(b, 3);
        cut(b, bytes);
        CU_ASSERT(is_refused(b, "is truncated"));
    }
    save(b, 3);
    cut(b, HEADER + STATE + 1);
    CU_ASSERT(is_refused(b, "is too long"));
    save(b, 3);
    damage(b, HEADER + STATE - 1);
    CU_ASSERT(is_refused(b, "its checksum is another"));
    bench_free(b);
}

static void files_of_other_programs_and_formats_are_told_apart(void)
{
    bench *b = bench_make();
    save(b, 3);
    damage(b, 0);
    CU_ASSERT(is_refused(b, "is no checkpoint"));
    save(b, 3);
    damage(b, 16);
    CU_ASSERT(is_refused(b, "has format 0 of checkpoints; this version reads 1"));
    save(b, 3);
    damage(b, 20);
    CU_ASSERT(is_refused(b, "another byte order"));
    save(b, 3);
    damage(b, 30);
    CU_ASSERT(is_refused(b, "is damaged in its first bytes"));
    bench_free(b);
}

static void the_state_of_another_task_is_not_this_ones(void)
{
    bench *b = bench_make();
    char name[256], other[256];
    save(b, 3);
    name_of(b, "", name);
    snprintf(other, sizeof other, "%s.checkpoint.%d", b->file.path, CELL + 1);
    CU_ASSERT(rename(name, other) == 0);

    settings *neighbour = NULL;
    CHECK_OK(sweep_settings(b->file.sweep, CELL + 1, &neighbour));
    CHECK_OK(keeper_begin(&b->keeper, CELL, neighbour));
    save(b, 5); /* that of cell 13, under the name of cell 12 */
    CHECK_OK(keeper_begin(&b->keeper, CELL, b->task));
    CU_ASSERT(is_refused(b, "is of a task with other settings"));

    CU_ASSERT(rename(other, name) == 0);
    CU_ASSERT(comes_back(b, 3));
    settings_free(neighbour);
    bench_free(b);
}

static void settings_that_say_how_and_not_what_do_not_matter(void)
{
    bench *b = bench_make();
    settings *same = NULL;
    sweep *s;
    const char *sets[] = { "run.checkpoint_seconds=7", "run.pack=3", "store.writer=rank0",
                           "seed=0,1,2,3,4,5" };
    const char *other[] = { "train.epochs=7" };
    save(b, 3);
    CHECK_OK(sweep_parse(gates_text, "test.yaml", sets, 3, false, &s));
    CHECK_OK(sweep_settings(s, CELL, &same));
    CHECK_OK(keeper_begin(&b->keeper, CELL, same));
    CU_ASSERT(comes_back(b, 3));
    sweep_free(s);
    settings_free(same);
    same = NULL;

    CHECK_OK(sweep_parse(gates_text, "test.yaml", other, 1, false, &s));
    CHECK_OK(sweep_settings(s, CELL, &same));
    CHECK_OK(keeper_begin(&b->keeper, CELL, same));
    CU_ASSERT(is_refused(b, "other settings"));
    sweep_free(s);
    settings_free(same);
    bench_free(b);
}

static void other_kernels_and_other_data_begin_anew(void)
{
    bench *b = bench_make();
    save(b, 3);
    b->keeper.kernels = "avx512; oneDNN 2.6.3 avx2";
    CU_ASSERT(is_refused(b, "was made with the kernels avx512; oneDNN 2.6.3 avx512_core, not avx512; oneDNN "
                            "2.6.3 avx2"));
    b->keeper.kernels = "baseline; oneDNN 2.6.3 avx512_core";
    CU_ASSERT(is_refused(b, "was made with the kernels"));
    b->keeper.kernels = "avx2; oneDNN 2.6.3 avx512_core"; /* lanes give the same bits with avx2 */
    CU_ASSERT(comes_back(b, 3));
    b->keeper.data = "0124";
    CU_ASSERT(is_refused(b, "was made with other data files"));
    bench_free(b);
}

static void what_is_no_file_is_not_read(void)
{
    bench *b = bench_make();
    char name[256];
    name_of(b, "", name);
    CU_ASSERT(mkdir(name, 0777) == 0);
    CU_ASSERT(is_refused(b, "is not a file"));
    save(b, 3); /* cannot take its place */
    CU_ASSERT(b->lines == 2 && strstr(b->said, "no checkpoint: ") && strstr(b->said, "; the task goes on"));
    CU_ASSERT(rmdir(name) == 0);
    CU_ASSERT(symlink(name, name) == 0);
    CU_ASSERT(is_refused(b, "is a link"));
    save(b, 3); /* does */
    CU_ASSERT(comes_back(b, 3));
    unlink(name);
    CU_ASSERT(mkfifo(name, 0666) == 0);
    CU_ASSERT(is_refused(b, "is not a file")); /* and nobody waits for a writer */
    bench_free(b);
}

static void a_save_that_was_cut_short_leaves_the_one_before(void)
{
    bench *b = bench_make();
    char name[256];
    save(b, 3);
    name_of(b, ".new", name); /* as a kill between writing and renaming leaves it */
    FILE *half = fopen(name, "wb");
    fputs("infosweep state", half);
    fclose(half);
    CU_ASSERT(comes_back(b, 3));
    save(b, 5);
    CU_ASSERT(comes_back(b, 5) && !exists(b, ".new"));
    bench_free(b);
}

/* The system refuses to write more than half of it, as on a full disk. */
static void a_full_disk_costs_a_line_and_the_old_state_stays(void)
{
    bench *b = bench_make();
    struct rlimit before, half;
    save(b, 3);
    getrlimit(RLIMIT_FSIZE, &before);
    half = (struct rlimit){ .rlim_cur = (HEADER + STATE) / 2, .rlim_max = before.rlim_max };
    signal(SIGXFSZ, SIG_IGN);
    CU_ASSERT(setrlimit(RLIMIT_FSIZE, &half) == 0);
    save(b, 5);
    save(b, 5);
    CU_ASSERT(setrlimit(RLIMIT_FSIZE, &before) == 0);
    CU_ASSERT(b->lines == 1 && strstr(b->said, "no checkpoint: ") && strstr(b->said, "cannot write: "));
    CU_ASSERT(comes_back(b, 3) && !exists(b, ".new")); /* nor is room wasted */
    save(b, 5);
    CU_ASSERT(comes_back(b, 5));
    bench_free(b);
}

static void a_link_in_the_way_is_not_followed(void)
{
    bench *b = bench_make();
    char fresh[256];
    save(b, 3);
    name_of(b, ".new", fresh);
    CU_ASSERT(symlink("/dev/full", fresh) == 0);
    save(b, 5);
    CU_ASSERT(b->lines == 1 && comes_back(b, 3));
    save(b, 5); /* the link is gone */
    CU_ASSERT(b->lines == 1 && comes_back(b, 5));
    bench_free(b);
}

static void what_cannot_be_saved_is_told_once(void)
{
    bench *b = bench_make();
    char fresh[256];
    save(b, 3);
    name_of(b, ".new", fresh);
    CU_ASSERT(mkdir(fresh, 0777) == 0);
    failure(BAD_INPUT, "what was wrong before");
    for (int i = 0; i < 3; i++) save(b, 5);
    CU_ASSERT(b->lines == 1 && strstr(b->said, ".checkpoint.12.new: cannot create: "));
    CU_ASSERT_STRING_EQUAL(failure_text(), "what was wrong before");
    CU_ASSERT(b->keeper.cost.saved == 1 && comes_back(b, 3));
    rmdir(fresh);
    bench_free(b);
}

static void states_are_kept_as_often_as_asked(void)
{
    bench *b = bench_make();
    b->keeper.interval_seconds = 3600;
    CHECK_OK(keeper_begin(&b->keeper, CELL, b->task));
    CU_ASSERT(!keeper_due(&b->keeper));
    b->keeper.since -= 3601;
    CU_ASSERT(keeper_due(&b->keeper));
    save(b, 3);
    CU_ASSERT(!keeper_due(&b->keeper));

    b->keeper.interval_seconds = 0; /* none are saved, but there is one */
    b->keeper.since -= 1e9;
    CU_ASSERT(!keeper_due(&b->keeper));
    save(b, 5);
    CU_ASSERT(comes_back(b, 3));
    bench_free(b);
}

/* An empty file under the name of a checkpoint of `cell`. */
static void put(const bench *b, const char *cell)
{
    char name[256];
    snprintf(name, sizeof name, "%s.checkpoint.%s", b->file.path, cell);
    FILE *file = fopen(name, "w");
    fputs("0123456789", file);
    fclose(file);
}

static bool take(const bench *b, const char *cell)
{
    char name[256];
    snprintf(name, sizeof name, "%s.checkpoint.%s", b->file.path, cell);
    return unlink(name) == 0;
}

static void resuming_leaves_the_states_of_tasks_that_are_to_go_on(void)
{
    bench *b = bench_make();
    store *st;
    const int64_t done[] = { 1 }, failed[] = { 2 }, running[] = { 3 };
    int64_t count, bytes;
    put(b, "5"); /* of a file that is no more */
    CHECK_OK(fixture_prepare(&b->file, STORE_NEW));
    CU_ASSERT(!take(b, "5"));

    CHECK_OK(store_open(MPI_COMM_WORLD, b->file.path, b->file.sweep, b->file.layout, &st));
    CHECK_OK(fixture_write(&b->file, st, done, 1, OUTCOME_DONE));
    CHECK_OK(fixture_write(&b->file, st, failed, 1, OUTCOME_FAILED));
    CHECK_OK(store_begin(st, running, 1));
    const char *const all[] = { "0", "1", "2", "3", "3.new", "30", "99999999999", "x", "4.old", "007" };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) put(b, all[i]);
    checkpoints_count(b->file.path, &count, &bytes);
    CU_ASSERT(count == 6 && bytes == 60);
    CHECK_OK(store_close(st, "stopped"));

    CHECK_OK(fixture_prepare(&b->file, STORE_RESUME));
    CU_ASSERT(take(b, "0") && take(b, "3"));                        /* pending */
    CU_ASSERT(!take(b, "1") && !take(b, "2") && !take(b, "3.new")); /* over */
    CU_ASSERT(!take(b, "30") && !take(b, "99999999999"));           /* no cells: there are 30 */
    CU_ASSERT(take(b, "x") && take(b, "4.old") && take(b, "007"));  /* not ours */
    bench_free(b);
}

static void a_new_file_has_no_use_for_old_states(void)
{
    bench *b = bench_make();
    CHECK_OK(fixture_prepare(&b->file, STORE_NEW));
    save(b, 3);
    CHECK_OK(fixture_prepare(&b->file, STORE_FORCE));
    CU_ASSERT(!exists(b, ""));
    save(b, 3);
    checkpoint_remove(b->file.path, CELL + 1);
    CU_ASSERT(exists(b, ""));
    checkpoint_remove(b->file.path, CELL);
    CU_ASSERT(!exists(b, ""));
    bench_free(b);
}

FIXTURE_MAIN("checkpoint", TEST(a_state_comes_back_as_it_was_saved_last),
             TEST(every_byte_that_is_changed_or_lost_is_noticed),
             TEST(files_of_other_programs_and_formats_are_told_apart),
             TEST(the_state_of_another_task_is_not_this_ones),
             TEST(settings_that_say_how_and_not_what_do_not_matter),
             TEST(other_kernels_and_other_data_begin_anew), TEST(what_is_no_file_is_not_read),
             TEST(a_save_that_was_cut_short_leaves_the_one_before),
             TEST(a_full_disk_costs_a_line_and_the_old_state_stays), TEST(a_link_in_the_way_is_not_followed),
             TEST(what_cannot_be_saved_is_told_once), TEST(states_are_kept_as_often_as_asked),
             TEST(resuming_leaves_the_states_of_tasks_that_are_to_go_on),
             TEST(a_new_file_has_no_use_for_old_states))
