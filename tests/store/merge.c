/* Merging the result files of shards. */
#include "store/merge.h"
#include "fixture.h"

enum { SHARDS = 3 };

/* A fixture whose sweep is a shard; its file lies in a folder of its own. */
static fixture shard_make(const char *text, const char *set, int64_t index, int64_t count)
{
    fixture f = fixture_make(text, set);
    CHECK_OK(sweep_take_shard(f.sweep, index, count));
    return f;
}

static bool has(const fixture *f, int64_t cell)
{
    const grid *g = sweep_grid(f->sweep);
    return !(g->absent && g->absent[cell]);
}

/* Runs the tasks that the fixture has, but for `left`; every seventh cell fails. */
static void run_tasks(fixture *f, int64_t left)
{
    store *st;
    CHECK_OK(fixture_prepare(f, STORE_NEW));
    CHECK_OK(store_open(MPI_COMM_WORLD, f->path, f->sweep, f->layout, &st));
    for (int64_t c = 0; c < f->cells; c++)
        if (has(f, c) && c != left)
            CHECK_OK(fixture_write(f, st, &c, 1, c % 7 == 0 ? OUTCOME_FAILED : OUTCOME_DONE));
    CHECK_OK(store_close(st, "done"));
}

/* All shards of a sweep, run, and the path of what they make. */
typedef struct shards {
    fixture of[SHARDS];
    const char *path[SHARDS];
    char out[160];
} shards;

static shards shards_make(void)
{
    shards s;
    for (int i = 0; i < SHARDS; i++) s.of[i] = shard_make(gates_text, NULL, i + 1, SHARDS);
    return s;
}

static void shards_run(shards *s)
{
    for (int i = 0; i < SHARDS; i++) {
        run_tasks(&s->of[i], -1);
        s->path[i] = s->of[i].path;
    }
    snprintf(s->out, sizeof s->out, "%s/whole.h5", s->of[0].folder);
}

static void shards_free(shards *s)
{
    unlink(s->out);
    for (int i = 0; i < SHARDS; i++) fixture_free(&s->of[i]);
}

/* Are all variables of two files that hold numbers the same bits, but those that tell who worked when? */
static void check_same(const char *one, const char *other, const layout *l)
{
    static const char *const bookkeeping[] = { "status", "attempts", "checksum",   "wall_seconds",
                                               "rank",   "crashes",  "suspicions", "sole_suspicions" };
    enum { BOOKKEEPING = sizeof bookkeeping / sizeof bookkeeping[0] };
    results *a, *b;
    CHECK_OK(results_open(one, &a));
    CHECK_OK(results_open(other, &b));
    int64_t cells = sweep_grid(results_sweep(a))->cells;
    for (int i = 0; i < l->variables + BOOKKEEPING; i++) {
        const variable *v = i < l->variables ? &l->variable[i] : NULL;
        const char *name = v ? v->quantity->name : bookkeeping[i - l->variables];
        double *left, *right;
        CHECK_OK(results_values(a, name, &left));
        CHECK_OK(results_values(b, name, &right));
        CU_ASSERT(memcmp(left, right, (size_t)(cells * (v ? v->count : 1)) * sizeof *left) == 0);
        free(left);
        free(right);
    }
    for (int64_t c = 0; c < cells; c++) {
        char left[REASON_MAX], right[REASON_MAX];
        CHECK_OK(results_reason(a, c, left));
        CHECK_OK(results_reason(b, c, right));
        CU_ASSERT_STRING_EQUAL(left, right);
    }
    results_close(a);
    results_close(b);
}

static void shards_make_what_one_run_makes(void)
{
    fixture whole = fixture_make(gates_text, NULL);
    shards s = shards_make();
    int64_t tasks[OUTCOMES], index, count;
    results *r;
    run_record *runs;
    int run_count;
    run_tasks(&whole, -1);
    shards_run(&s);
    CHECK_OK(merge_shards(s.path, SHARDS, s.out, false, tasks));
    CU_ASSERT(tasks[OUTCOME_FAILED] == 5 && tasks[OUTCOME_DONE] == 25); /* cells 0, 7, 14, 21, 28 of 30 */
    check_same(whole.path, s.out, whole.layout);

    CHECK_OK(results_open(s.out, &r));
    CU_ASSERT(!sweep_shard(results_sweep(r), &index, &count));
    CHECK_OK(results_runs(r, &runs, &run_count));
    CU_ASSERT(run_count == SHARDS);
    for (int i = 0; i < run_count; i++) CU_ASSERT_STRING_EQUAL(runs[i].ending, "done");
    free(runs);
    results_close(r);

    store_request q = fixture_request(&whole, STORE_RESUME); /* a run of the whole sweep goes on with it */
    q.path = s.out;
    CHECK_OK(store_prepare(&q, whole.sweep, whole.layout, whole.wanted, &whole.found));
    shards_free(&s);
    fixture_free(&whole);
}

static void the_order_of_the_files_does_not_matter(void)
{
    fixture whole = fixture_make(gates_text, NULL);
    shards s = shards_make();
    int64_t tasks[OUTCOMES];
    run_tasks(&whole, -1);
    shards_run(&s);
    const char *turned[SHARDS] = { s.path[2], s.path[0], s.path[1] };
    CHECK_OK(merge_shards(turned, SHARDS, s.out, false, tasks));
    check_same(whole.path, s.out, whole.layout);
    shards_free(&s);
    fixture_free(&whole);
}

static void a_missing_or_doubled_shard_is_named(void)
{
    shards s = shards_make();
    int64_t tasks[OUTCOMES];
    shards_run(&s);
    CHECK_REFUSED(merge_shards(s.path, 2, s.out, false, tasks), "shard 3 of 3 is missing");
    CHECK_REFUSED(merge_shards(s.path + 2, 1, s.out, false, tasks), "shards 1, 2 of 3 are missing");
    const char *twice[] = { s.path[0], s.path[1], s.path[0] };
    CHECK_REFUSED(merge_shards(twice, 3, s.out, false, tasks), "is shard 1/3, and so is");
    CU_ASSERT(access(s.out, F_OK) != 0);
    shards_free(&s);
}

static void what_does_not_belong_together_is_told(void)
{
    shards s = shards_make();
    int64_t tasks[OUTCOMES];
    fixture other = shard_make(gates_text, "train.epochs=7", 2, SHARDS),
            whole = fixture_make(gates_text, NULL);
    fixture of_four = shard_make(gates_text, NULL, 2, 4);
    shards_run(&s);
    run_tasks(&other, -1);
    run_tasks(&whole, -1);
    run_tasks(&of_four, -1);
    const char *mixed[] = { s.path[0], other.path, s.path[2] };
    CHECK_REFUSED(merge_shards(mixed, 3, s.out, false, tasks),
                  "train.epochs is 7 in the file and 6 in the sweep");
    mixed[1] = whole.path;
    CHECK_REFUSED(merge_shards(mixed, 3, s.out, false, tasks), "is no shard but the result of a whole sweep");
    mixed[1] = of_four.path;
    CHECK_REFUSED(merge_shards(mixed, 3, s.out, false, tasks), "is shard 2/4, but");
    mixed[1] = "/tmp/no/such/file.h5";
    CHECK_REFUSED(merge_shards(mixed, 3, s.out, false, tasks), "/tmp/no/such/file.h5: cannot open");
    fixture_free(&of_four);
    fixture_free(&whole);
    fixture_free(&other);
    shards_free(&s);
}

static void other_kernels_are_refused(void)
{
    shards s = shards_make();
    int64_t tasks[OUTCOMES];
    shards_run(&s);
    store_request q = fixture_request(&s.of[1], STORE_FORCE);
    q.kernels = "baseline";
    CHECK_OK(store_prepare(&q, s.of[1].sweep, s.of[1].layout, s.of[1].wanted, &s.of[1].found));
    CHECK_REFUSED(merge_shards(s.path, SHARDS, s.out, false, tasks), "kernels baseline, not reference");
    shards_free(&s);
}

static void tasks_that_have_not_run_are_counted(void)
{
    shards s = shards_make();
    int64_t tasks[OUTCOMES], cell = 0;
    shards_run(&s);
    while (!has(&s.of[1], cell)) cell++;
    unlink(s.of[1].path);
    run_tasks(&s.of[1], cell);
    CHECK_REFUSED(merge_shards(s.path, SHARDS, s.out, false, tasks),
                  ": 1 of the 15 tasks of shard 2/3 are left");
    CU_ASSERT(strstr(failure_text(), s.path[1]) && strstr(failure_text(), "--resume goes on"));
    shards_free(&s);
}

static void a_file_that_exists_is_replaced_by_force_alone(void)
{
    shards s = shards_make();
    int64_t tasks[OUTCOMES];
    shards_run(&s);
    CHECK_OK(merge_shards(s.path, SHARDS, s.out, false, tasks));
    CHECK_REFUSED(merge_shards(s.path, SHARDS, s.out, false, tasks), "exists; --force replaces it");
    CHECK_OK(merge_shards(s.path, SHARDS, s.out, true, tasks));
    CHECK_REFUSED(merge_shards(s.path, SHARDS, s.path[1], true, tasks), "is one of the shards");
    shards_free(&s);
}

static void a_run_of_another_part_does_not_go_on_with_a_shard(void)
{
    fixture f = shard_make(gates_text, NULL, 1, 3), other = shard_make(gates_text, NULL, 2, 3),
            whole = fixture_make(gates_text, NULL);
    run_tasks(&f, -1);
    store_request q = fixture_request(&f, STORE_RESUME);
    CHECK_REFUSED(store_prepare(&q, other.sweep, other.layout, other.wanted, &other.found),
                  "holds shard 1/3, not shard 2/3");
    CHECK_REFUSED(store_prepare(&q, whole.sweep, whole.layout, whole.wanted, &whole.found),
                  "holds shard 1/3, not the whole sweep");
    fixture_free(&whole);
    fixture_free(&other);
    fixture_free(&f);
}

static void counts_come_from_the_status_alone(void)
{
    fixture f = shard_make(gates_text, NULL, 1, 3);
    int64_t count[OUTCOMES], failed = 0;
    results *r;
    run_tasks(&f, -1);
    for (int64_t c = 0; c < f.cells; c += 7) failed += has(&f, c);
    CHECK_OK(results_open(f.path, &r));
    CHECK_OK(results_count(r, count));
    int64_t tasks = sweep_grid(f.sweep)->tasks;
    CU_ASSERT(count[OUTCOME_ABSENT] == f.cells - tasks && count[OUTCOME_FAILED] == failed && failed > 0);
    CU_ASSERT(count[OUTCOME_DONE] == tasks - failed && count[OUTCOME_PENDING] == 0);
    results_close(r);
    fixture_free(&f);
}

static void the_name_of_the_whole_follows_from_those_of_the_shards(void)
{
    const char *good[] = { "r/a.b.shard-1-of-2.h5", "r/a.b.shard-2-of-2.h5" };
    const char *bad[][2] = { { "r/a.shard-1-of-2.h5", "r/b.shard-2-of-2.h5" },
                             { "r/a.shard-1-of-2.h5", "r/a.h5" },
                             { "r/a.shard-1.h5", "r/a.shard-2.h5" },
                             { "r/a.shard-1-of-2.h5.bak", "r/a.shard-2-of-2.h5.bak" } };
    char *path = NULL;
    CHECK_OK(merge_default_path(good, 2, &path));
    CU_ASSERT_STRING_EQUAL(path, "r/a.b.h5");
    free(path);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_REFUSED(merge_default_path(bad[i], 2, &path), "-o FILE");
}

FIXTURE_MAIN("store: merging shards", TEST(shards_make_what_one_run_makes),
             TEST(the_order_of_the_files_does_not_matter), TEST(a_missing_or_doubled_shard_is_named),
             TEST(what_does_not_belong_together_is_told), TEST(other_kernels_are_refused),
             TEST(tasks_that_have_not_run_are_counted), TEST(a_file_that_exists_is_replaced_by_force_alone),
             TEST(a_run_of_another_part_does_not_go_on_with_a_shard), TEST(counts_come_from_the_status_alone),
             TEST(the_name_of_the_whole_follows_from_those_of_the_shards))
