/* What status says of a run: of its long tasks, and of what they left beside the file. */
#include "commands/block.h"
#include "commands/status_words.h"
#include "store/checkpoint.h"
#include "store/fixture.h"

/* A file of which a run says in its live file that it works on cell 12. */
typedef struct bench {
    fixture file;
    live live;
    char *said;
} bench;

static bench bench_make(void)
{
    bench b = { .file = fixture_make(gates_text, NULL) };
    CHECK_OK(fixture_prepare(&b.file, STORE_NEW));
    b.live = (live){ .unix_seconds = 1e9,
                     .ranks = 2,
                     .total = 30,
                     .elapsed_seconds = 182,
                     .left_seconds = 420,
                     .limit_seconds = INFINITY,
                     .safe_unix_seconds = NAN,
                     .process = getpid(),
                     .process_start = live_process_start(getpid()),
                     .slices = 1 };
    gethostname(b.live.host, sizeof b.live.host - 1);
    b.live.slice[0] = (live_slice){ .cell = 12,
                                    .tasks = 1,
                                    .ranks = 1,
                                    .seconds = 182,
                                    .left_seconds = 420,
                                    .note = { 11, 40, 1.40234, 1.61, 412.3 } };
    return b;
}

static void bench_free(bench *b)
{
    free(b->said);
    checkpoints_clear(b->file.path);
    fixture_free(&b->file);
}

/* In lines of `columns` characters; 0: as long as they are. */
static const char *say(bench *b, int columns)
{
    look l;
    size_t size;
    char *text = NULL;
    CHECK_OK(live_write(b->file.path, &b->live));
    CHECK_OK(look_take(b->file.path, &l));
    CU_ASSERT(l.is_on);
    FILE *to = open_memstream(&text, &size);
    CHECK_OK(status_say_now(&l, columns > 0 ? columns : 200, to));
    fclose(to);
    look_free(&l);
    free(b->said);
    b->said = text;
    if (columns == 0) return b->said;
    to = open_memstream(&b->said, &size);
    block_fold(text, columns, 100, to);
    fclose(to);
    free(text);
    return b->said;
}

static bool says(bench *b, const char *line)
{
    bool found = strstr(say(b, 0), line) != NULL;
    if (!found) fprintf(stderr, "%s", b->said);
    return found;
}

static void a_long_task_says_how_it_gets_on(void)
{
    bench b = bench_make();
    CU_ASSERT(says(&b, "running longest:\n"
                       "  gate=and beta=0 seed=2: epoch 12 of 40, loss 1.402 nats, 1.61 bits, 412 samples/s, "
                       "for 3 min 2 s, 7 min 0 s left\n"));
    b.live.slice[0].ranks = 4;
    b.live.slice[0].note = (task_note){ 0, 40, NAN, NAN, NAN };
    CU_ASSERT(says(&b, "seed=2: epoch 1 of 40, for 3 min 2 s on 4 ranks, 7 min 0 s left\n"));
    b.live.slice[0].note = (task_note){ 0 };
    CU_ASSERT(says(&b, "seed=2: for 3 min 2 s on 4 ranks, 7 min 0 s left\n"));
    bench_free(&b);
}

static void it_says_so_in_narrow_terminals_too(void)
{
    bench b = bench_make();
    for (int columns = 20; columns <= 120; columns++) {
        char *line = NULL, *rest = strdup(say(&b, columns)), *all = rest;
        CU_ASSERT(strstr(rest, "412") && strstr(rest, "1.402"));
        while ((line = strtok_r(rest, "\n", &rest)) != NULL) CU_ASSERT((int)strlen(line) <= columns);
        free(all);
    }
    bench_free(&b);
}

static void the_one_line_of_a_pipe_tells_of_the_slowest(void)
{
    bench b = bench_make();
    look l;
    char line[256];
    b.live.slices = 2;
    b.live.slice[1] = b.live.slice[0];
    b.live.slice[1].left_seconds = 500;
    b.live.slice[1].note.epoch = 5;
    CHECK_OK(live_write(b.file.path, &b.live));
    CHECK_OK(look_take(b.file.path, &l));
    status_say_line(&l, line, sizeof line);
    CU_ASSERT_STRING_EQUAL(line, "0/30 done, 30 left, 7 min 0 s left, epoch 6/40, loss 1.402, 412 samples/s");
    look_free(&l);
    bench_free(&b);
}

static void states_beside_the_file_are_counted(void)
{
    bench b = bench_make();
    char name[160];
    CU_ASSERT(strstr(say(&b, 0), "checkpoint") == NULL);
    snprintf(name, sizeof name, "%s.checkpoint.12", b.file.path);
    fclose(fopen(name, "w"));
    CU_ASSERT(truncate(name, 178000000) == 0);
    CU_ASSERT(says(&b, "checkpoints: 1 task can go on from where it was (178.0 MB)\n"));
    snprintf(name, sizeof name, "%s.checkpoint.3", b.file.path);
    fclose(fopen(name, "w"));
    CU_ASSERT(says(&b, "checkpoints: 2 tasks can go on from where they were (178.0 MB)\n"));
    bench_free(&b);
}

FIXTURE_MAIN("status", TEST(a_long_task_says_how_it_gets_on), TEST(it_says_so_in_narrow_terminals_too),
             TEST(the_one_line_of_a_pipe_tells_of_the_slowest), TEST(states_beside_the_file_are_counted))
