/* How a run keeps the states of long tasks: what happens when, around the file of results. */
#include "commands/run_keep.h"

#include "store/fixture.h"

enum { CELL = 12 };

typedef struct bench {
    fixture file;
    settings *task;
    store *store;
    keeping keep;
    task_pack pack;
    ticker outer; /* the schedule's */
    bool goes_on;
    uint8_t status_then; /* of the row, when the keeper spoke */
    int lines;
} bench;

static uint8_t status_now(const bench *b)
{
    results *r;
    double *state;
    CHECK_OK(results_open(b->file.path, &r));
    CHECK_OK(results_values(r, "status", &state));
    uint8_t now = (uint8_t)state[CELL];
    free(state);
    results_close(r);
    return now;
}

static void hear(void *context, const char *line)
{
    bench *b = context;
    (void)line;
    b->status_then = status_now(b);
    b->lines++;
}

static bool tick(ticker *self, double fraction_done)
{
    const bench *b = self->context;
    (void)fraction_done;
    return b->goes_on;
}

/* A run that has begun its task. */
static bench *bench_make(void)
{
    bench *b = calloc(1, sizeof *b);
    const int64_t cells[] = { CELL };
    b->file = fixture_make(gates_text, NULL);
    CHECK_OK(fixture_prepare(&b->file, STORE_NEW));
    CHECK_OK(store_open(MPI_COMM_WORLD, b->file.path, b->file.sweep, b->file.layout, &b->store));
    CHECK_OK(sweep_settings(b->file.sweep, CELL, &b->task));
    b->keep.keeper = (keeper){ .path = b->file.path,
                               .kernels = "reference",
                               .data = b->file.found.data,
                               .interval_seconds = 3600,
                               .say = hear,
                               .context = b };
    keep_make(&b->keep, b->store);
    b->goes_on = true;
    b->outer = (ticker){ .tick = tick, .context = b, .interval_seconds = 0.5 };
    b->pack = (task_pack){ .count = 1, .task = (const settings *const *)&b->task };
    CHECK_OK(store_begin(b->store, cells, 1));
    return b;
}

static void bench_free(bench *b)
{
    if (b->store) CHECK_OK(store_close(b->store, "done"));
    checkpoints_clear(b->file.path);
    settings_free(b->task);
    fixture_free(&b->file);
    free(b);
}

static bool is_there(const bench *b)
{
    int64_t count, bytes;
    checkpoints_count(b->file.path, &count, &bytes);
    return count == 1;
}

static void what_an_estimator_notes_reaches_the_schedule(void)
{
    bench *b = bench_make();
    ticker *t = &b->outer;
    CHECK_OK(keep_begin(&b->keep, CELL, &b->pack, &t));
    CU_ASSERT(t != &b->outer && t->interval_seconds == 0.5);
    CU_ASSERT(t->note.epochs == 0); /* nothing of the task before */
    t->note = (task_note){ .epoch = 3, .epochs = 40, .loss = 1.5, .bits = 0.25, .samples_per_second = 412 };
    CU_ASSERT(t->tick(t, 0.1));
    CU_ASSERT(b->outer.note.epoch == 3 && b->outer.note.epochs == 40 && b->outer.note.loss == 1.5);
    bench_free(b);
}

static void a_row_is_given_up_before_a_state_is_written_at_a_stop(void)
{
    bench *b = bench_make();
    char name[256];
    ticker *t = &b->outer;
    snprintf(name, sizeof name, "%s.checkpoint.%d.new", b->file.path, CELL);
    CU_ASSERT(mkdir(name, 0777) == 0); /* so that the keeper speaks where it would have written */
    CHECK_OK(keep_begin(&b->keep, CELL, &b->pack, &t));
    checkpoint *c = b->pack.checkpoint;

    CU_ASSERT(t->tick(t, 0.1));
    CHECK_OK(c->save(c, "state", 5));
    CU_ASSERT(b->lines == 1 && b->status_then == OUTCOME_RUNNING);

    b->keep.keeper.complained = false;
    b->goes_on = false;
    CU_ASSERT(!t->tick(t, 0.2));
    CHECK_OK(c->save(c, "state", 5));
    CU_ASSERT(b->lines == 2 && b->status_then == OUTCOME_PENDING);
    rmdir(name);
    bench_free(b);
}

static void a_state_stays_until_its_row_is_on_disk(void)
{
    bench *b = bench_make();
    const int64_t cells[] = { CELL };
    ticker *t = &b->outer;
    void *state;
    size_t bytes;
    CHECK_OK(keep_begin(&b->keep, CELL, &b->pack, &t));
    checkpoint *c = b->pack.checkpoint;
    CHECK_OK(c->save(c, "state", 5));
    CHECK_OK(c->load(c, &state, &bytes));
    CU_ASSERT(state && bytes == 5 && memcmp(state, "state", 5) == 0);
    free(state);

    CHECK_OK(fixture_write(&b->file, b->store, cells, 1, OUTCOME_DONE));
    keep_written(&b->keep, CELL);
    keep_look(&b->keep);
    CU_ASSERT(is_there(b));
    CHECK_OK(store_look(b->store, 0)); /* puts it there */
    keep_look(&b->keep);
    CU_ASSERT(!is_there(b));
    bench_free(b);
}

static void the_other_ranks_of_a_gang_leave_the_files_alone(void)
{
    bench *b = bench_make();
    ticker *t = &b->outer;
    void *state;
    size_t bytes;
    CHECK_OK(keep_begin(&b->keep, CELL, &b->pack, &t));
    checkpoint *c = b->pack.checkpoint;
    CHECK_OK(c->save(c, "state", 5));
    b->keep.leads = false;
    b->keep.keeper.since -= 7200;
    CU_ASSERT(!c->due(c));
    CHECK_OK(c->load(c, &state, &bytes));
    CU_ASSERT(state == NULL && bytes == 0);
    CHECK_OK(c->save(c, "other", 5));
    CU_ASSERT(b->keep.keeper.cost.saved == 1);
    b->keep.leads = true;
    CU_ASSERT(c->due(c));
    bench_free(b);
}

FIXTURE_MAIN("keep", TEST(what_an_estimator_notes_reaches_the_schedule),
             TEST(a_row_is_given_up_before_a_state_is_written_at_a_stop),
             TEST(a_state_stays_until_its_row_is_on_disk),
             TEST(the_other_ranks_of_a_gang_leave_the_files_alone))
