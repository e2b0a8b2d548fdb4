/* What a run that died left behind, and who is to blame: the rules of crash accounting, one by one. */
#include "store/crash.h"

#include "fixture.h"

/* Leaves cells marked as running, as a run that was killed does. */
static void die(fixture *f, const int64_t *cells, int count)
{
    store *st;
    FIXTURE_IGNORE_LEAKS(); /* the store is left behind: a dead process closes nothing */
    CHECK_OK(store_open(MPI_COMM_WORLD, f->path, f->sweep, f->layout, &st));
    CHECK_OK(store_begin(st, cells, count));
    FIXTURE_HEED_LEAKS();
    crash_cells(NULL, 0);
}

static void leave_mark(const fixture *f, int rank, const char *line)
{
    char path[256];
    snprintf(path, sizeof path, "%s.crash.%d", f->path, rank);
    FILE *to = fopen(path, "w");
    if (to == NULL) exit(2);
    fputs(line, to);
    fclose(to);
}

static bool has_mark(const fixture *f, int rank)
{
    char path[256];
    snprintf(path, sizeof path, "%s.crash.%d", f->path, rank);
    return access(path, F_OK) == 0;
}

static void prepare(fixture *f, unsigned retry, int64_t limit)
{
    store_request q = fixture_request(f, access(f->path, F_OK) == 0 ? STORE_RESUME : STORE_NEW);
    q.retry = retry;
    q.crash_limit = limit;
    CHECK_OK(store_prepare(&q, f->sweep, f->layout, f->wanted, &f->found));
}

static void reason_of(const fixture *f, int64_t cell, char reason[REASON_MAX])
{
    results *r;
    CHECK_OK(results_open(f->path, &r));
    CHECK_OK(results_reason(r, cell, reason));
    results_close(r);
}

static outcome outcome_of(const fixture *f, int64_t cell)
{
    results *r;
    uint8_t *of = NULL;
    CHECK_OK(results_open(f->path, &r));
    CHECK_OK(results_status(r, &of));
    outcome found = (outcome)of[cell];
    free(of);
    results_close(r);
    return found;
}

static void a_cell_that_crashes_its_process_twice_is_quarantined(void)
{
    fixture f = fixture_make(gates_text, NULL);
    char reason[REASON_MAX];
    prepare(&f, 0, 5);
    die(&f, (const int64_t[]){ 4, 5, 6, 7 }, 4);
    leave_mark(&f, 0, "11 here 123 4 5\n");
    prepare(&f, 0, 5);
    CU_ASSERT(f.found.crashed == 2 && f.found.suspects == 0 && f.found.quarantined == 0);
    CU_ASSERT(f.wanted[4] == WANT_ALONE && f.wanted[5] == WANT_ALONE);
    CU_ASSERT(f.wanted[6] == WANT_PACKED &&
              f.wanted[7] == WANT_PACKED); /* innocent: another process crashed */
    CU_ASSERT(!has_mark(&f, 0));

    die(&f, (const int64_t[]){ 5 }, 1);
    leave_mark(&f, 2, "6 here 123 5\n");
    prepare(&f, 0, 5);
    CU_ASSERT(f.found.quarantined == 1 && f.wanted[5] == WANT_NOT && f.wanted[4] == WANT_ALONE);
    CU_ASSERT(outcome_of(&f, 5) == OUTCOME_QUARANTINED);
    reason_of(&f, 5, reason);
    CU_ASSERT_STRING_EQUAL(reason, "its process crashed twice: SIGABRT");
    CU_ASSERT(fixture_wanted(&f) == f.cells - 1);
    fixture_free(&f);
}

static void what_is_quarantined_runs_again_when_asked_alone_and_with_a_clean_slate(void)
{
    fixture f = fixture_make(gates_text, NULL);
    prepare(&f, 0, 5);
    for (int i = 0; i < 2; i++) {
        die(&f, (const int64_t[]){ 9 }, 1);
        leave_mark(&f, 0, "8 here 123 9\n");
        prepare(&f, 0, 5);
    }
    CU_ASSERT(f.wanted[9] == WANT_NOT);
    prepare(&f, 1u << OUTCOME_QUARANTINED, 5);
    CU_ASSERT(fixture_wanted(&f) == 1 && f.wanted[9] == WANT_ALONE);
    die(&f, (const int64_t[]){ 9 }, 1);
    leave_mark(&f, 0, "8 here 123 9\n");
    prepare(&f, 0, 5);
    CU_ASSERT(f.found.quarantined == 0 && f.wanted[9] == WANT_ALONE); /* the first crash since */
    fixture_free(&f);
}

static void cells_of_a_death_that_nobody_explains_are_suspects(void)
{
    fixture f = fixture_make(gates_text, NULL);
    prepare(&f, 0, 5);
    die(&f, (const int64_t[]){ 1, 2, 3 }, 3);
    prepare(&f, 0, 5);
    CU_ASSERT(f.found.suspects == 3 && f.found.crashed == 0);
    for (int c = 0; c < f.cells; c++)
        CU_ASSERT(f.wanted[c] == (c >= 1 && c <= 3 ? WANT_SUSPECT + 1 : WANT_PACKED));
    die(&f, (const int64_t[]){ 2, 3 }, 2);
    prepare(&f, 0, 5);
    CU_ASSERT(f.wanted[1] == WANT_SUSPECT + 1 && f.wanted[2] == WANT_SUSPECT + 2);
    prepare(&f, 0, 5); /* nothing has died since */
    CU_ASSERT(f.wanted[1] == WANT_SUSPECT + 1 && f.wanted[2] == WANT_SUSPECT + 2 && f.found.suspects == 3);
    fixture_free(&f);
}

/* Kills a cell that runs alone until it is quarantined, at most `most` times; 0: it never was. */
static int deaths_until_quarantine(int64_t limit, int most)
{
    fixture f = fixture_make(gates_text, NULL);
    int deaths = 0;
    prepare(&f, 0, limit);
    for (int i = 1; i <= most && deaths == 0; i++) {
        die(&f, (const int64_t[]){ 7 }, 1);
        prepare(&f, 0, limit);
        if (f.found.quarantined == 1) deaths = i;
    }
    if (deaths) {
        char reason[REASON_MAX];
        reason_of(&f, 7, reason);
        CU_ASSERT(strstr(reason, "while this task alone was running") != NULL);
    }
    fixture_free(&f);
    return deaths;
}

static void only_deaths_as_the_sole_suspect_quarantine(void)
{
    CU_ASSERT_EQUAL(deaths_until_quarantine(5, 10), 5);
    CU_ASSERT_EQUAL(deaths_until_quarantine(1, 10), 1);
    CU_ASSERT_EQUAL(deaths_until_quarantine(0, 300), 0); /* 300: beyond what a byte counts */

    fixture f = fixture_make(gates_text, NULL);
    prepare(&f, 0, 2);
    for (int i = 0; i < 6; i++) {
        die(&f, (const int64_t[]){ 7, 8 }, 2);
        prepare(&f, 0, 2);
    }
    CU_ASSERT(f.found.quarantined == 0 && f.wanted[7] == WANT_SUSPECT + 6);
    fixture_free(&f);
}

static void planned_stops_are_no_deaths(void)
{
    fixture f = fixture_make(gates_text, NULL);
    store *st;
    prepare(&f, 0, 1);
    for (int i = 0; i < 3; i++) {
        CHECK_OK(store_open(MPI_COMM_WORLD, f.path, f.sweep, f.layout, &st));
        CHECK_OK(store_begin(st, (const int64_t[]){ 3 }, 1));
        CHECK_OK(store_close(st, "stopped"));
        prepare(&f, 0, 1);
        CU_ASSERT(f.found.suspects == 0 && f.wanted[3] == WANT_PACKED);
    }
    fixture_free(&f);
}

static void marks_that_are_garbled_explain_nothing(void)
{
    static const char *const lines[] = {
        "",     "\n",        "11 here 123 4", "x here 123 4\n", "0 here 123 4\n", "999 here 123 4\n",
        "11\n", "11 here\n", "-11 here 1 4\n"
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        fixture f = fixture_make(gates_text, NULL);
        prepare(&f, 0, 5);
        die(&f, (const int64_t[]){ 4 }, 1);
        leave_mark(&f, 0, lines[i]);
        prepare(&f, 0, 5);
        CU_ASSERT(f.found.crashed == 0 && f.found.suspects == 1);
        CU_ASSERT(!has_mark(&f, 0));
        fixture_free(&f);
    }
}

static void marks_name_only_cells_that_there_are_and_that_are_not_done(void)
{
    fixture f = fixture_make(gates_text, NULL);
    const int64_t cell = 2;
    store *st;
    prepare(&f, 0, 5);
    CHECK_OK(store_open(MPI_COMM_WORLD, f.path, f.sweep, f.layout, &st));
    CHECK_OK(fixture_write(&f, st, &cell, 1, OUTCOME_DONE));
    CHECK_OK(store_close(st, "done"));
    leave_mark(&f, 0, "11 here 123 2 -1 30 99999999999999999999 3x 4\n");
    prepare(&f, 0, 5);
    CU_ASSERT(f.found.crashed == 1 && f.wanted[2] == WANT_NOT && f.wanted[3] == WANT_PACKED &&
              f.wanted[4] == WANT_ALONE);
    fixture_free(&f);
}

static void a_file_that_is_replaced_has_no_past(void)
{
    fixture f = fixture_make(gates_text, NULL);
    prepare(&f, 0, 5);
    die(&f, (const int64_t[]){ 4 }, 1);
    leave_mark(&f, 0, "11 here 123 4\n");
    CHECK_OK(fixture_prepare(&f, STORE_FORCE));
    CU_ASSERT(!has_mark(&f, 0));
    prepare(&f, 0, 5);
    CU_ASSERT(f.wanted[4] == WANT_PACKED);
    fixture_free(&f);
}

FIXTURE_MAIN("deaths", TEST(a_cell_that_crashes_its_process_twice_is_quarantined),
             TEST(what_is_quarantined_runs_again_when_asked_alone_and_with_a_clean_slate),
             TEST(cells_of_a_death_that_nobody_explains_are_suspects),
             TEST(only_deaths_as_the_sole_suspect_quarantine), TEST(planned_stops_are_no_deaths),
             TEST(marks_that_are_garbled_explain_nothing),
             TEST(marks_name_only_cells_that_there_are_and_that_are_not_done),
             TEST(a_file_that_is_replaced_has_no_past))
