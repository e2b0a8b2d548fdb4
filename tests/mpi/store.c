/* Ranks that write their rows into one file, by themselves or through rank 0. */
#include <signal.h>
#include <sys/resource.h>

#include "../store/fixture.h"

static int rank, ranks;
static const char *const writers[] = { "store.writer=all", "store.writer=rank0" };
enum { WRITERS = sizeof writers / sizeof writers[0] };

/* Collective. Rank 0 prepares, all open. */
static store *open_all(fixture *f, store_mode mode)
{
    store *st = NULL;
    MPI_Bcast(f->path, sizeof f->path, MPI_CHAR, 0, MPI_COMM_WORLD);
    if (rank == 0) CHECK_OK(fixture_prepare(f, mode));
    MPI_Bcast(f->wanted, (int)f->cells, MPI_BYTE, 0, MPI_COMM_WORLD);
    CHECK_OK(store_open(MPI_COMM_WORLD, f->path, f->sweep, f->layout, &st));
    if (st == NULL) MPI_Abort(MPI_COMM_WORLD, 2);
    return st;
}

/* Packs of 7 cells that do not care for the grid's dimensions go round among the ranks; `upto` cells in all. */
static void write_interleaved(const fixture *f, store *st, int64_t upto)
{
    enum { PACK = 7 };
    for (int64_t first = 0; first < upto; first += PACK) {
        int64_t cells[PACK];
        int count = 0;
        if (first / PACK % ranks != rank) continue;
        for (int64_t c = first; c < upto && c < first + PACK; c++)
            if (f->wanted[c]) cells[count++] = c;
        CHECK_OK(fixture_write(f, st, cells, count, OUTCOME_DONE));
        CHECK_OK(store_look(st, 0));
    }
}

static void check_written(const fixture *f, int64_t upto)
{
    results *r;
    uint8_t *state;
    if (rank != 0) return;
    CHECK_OK(results_open(f->path, &r));
    CHECK_OK(results_status(r, &state));
    for (int64_t c = 0; c < f->cells; c++) {
        CU_ASSERT(state[c] == (c < upto ? OUTCOME_DONE : OUTCOME_PENDING));
        CU_ASSERT(fixture_is_whole(f, r, c) == (c < upto));
    }
    free(state);
    results_close(r);
}

static void end(fixture *f)
{
    MPI_Barrier(MPI_COMM_WORLD);
    if (rank != 0) snprintf(f->path, sizeof f->path, "%s", f->folder);
    fixture_free(f);
}

static void ranks_write_interleaved_rows(void)
{
    for (int w = 0; w < WRITERS; w++) {
        fixture f = fixture_make(gates_text, writers[w]);
        store *st = open_all(&f, STORE_NEW);
        write_interleaved(&f, st, f.cells);
        CHECK_OK(store_close(st, "done"));
        check_written(&f, f.cells);
        end(&f);
    }
}

/* The bookkeeping of cell `c`, as a number: rank and attempts. */
static double booked(const results *r, const char *name, int64_t cell)
{
    double *values = NULL, value;
    CHECK_OK(results_values(r, name, &values));
    value = values ? values[cell] : NAN;
    free(values);
    return value;
}

static void a_row_says_which_rank_computed_it_whoever_wrote_it(void)
{
    for (int w = 0; w < WRITERS; w++) {
        fixture f = fixture_make(gates_text, writers[w]);
        results *r;
        store *st = open_all(&f, STORE_NEW);
        write_interleaved(&f, st, f.cells);
        CHECK_OK(store_close(st, "done"));
        if (rank == 0) {
            CHECK_OK(results_open(f.path, &r));
            for (int64_t c = 0; c < f.cells; c += 7) {
                CU_ASSERT(booked(r, "rank", c) == (double)(c / 7 % ranks));
                CU_ASSERT(booked(r, "attempts", c) == 1);
                CU_ASSERT(booked(r, "wall_seconds", c) == 0.25);
            }
            results_close(r);
        }
        end(&f);
    }
}

static void a_second_run_goes_on_where_the_first_stopped(void)
{
    for (int w = 0; w < WRITERS; w++) {
        fixture f = fixture_make(gates_text, writers[w]);
        store *st = open_all(&f, STORE_NEW);
        write_interleaved(&f, st, 17);
        CHECK_OK(store_close(st, "stopped"));
        check_written(&f, 17);

        st = open_all(&f, STORE_RESUME);
        CU_ASSERT(fixture_wanted(&f) == f.cells - 17);
        write_interleaved(&f, st, f.cells);
        CHECK_OK(store_close(st, "done"));
        check_written(&f, f.cells);
        end(&f);
    }
}

/* Rank 0 looks until the others have met; the others meet. */
static void look_meanwhile(store *st, double interval_seconds)
{
    MPI_Request all;
    int met = 0;
    MPI_Ibarrier(MPI_COMM_WORLD, &all);
    while (!met) {
        if (rank == 0) CHECK_OK(store_look(st, interval_seconds));
        MPI_Test(&all, &met, MPI_STATUS_IGNORE);
    }
    CHECK_OK(store_look(st, interval_seconds)); /* what came just before */
    MPI_Barrier(MPI_COMM_WORLD);
}

static void a_row_can_be_read_while_others_write(void)
{
    for (int w = 0; w < WRITERS; w++) {
        fixture f = fixture_make(gates_text, writers[w]);
        store *st = open_all(&f, STORE_NEW);
        int64_t first = 0;
        if (rank == ranks - 1) CHECK_OK(fixture_write(&f, st, &first, 1, OUTCOME_DONE));
        look_meanwhile(st, 0);
        check_written(&f, 1);
        MPI_Barrier(MPI_COMM_WORLD);
        CHECK_OK(store_close(st, "done"));
        end(&f);
    }
}

/* More messages than a worker may have on their way, and longer ones, to a rank 0 that looks now and then. */
static void workers_wait_for_a_rank_0_that_seldom_looks(void)
{
    enum { CELLS = 1000 };
    fixture f = fixture_make("estimator: idle\ngrid: {seed: 0..999}\nstore: {writer: rank0}\n", NULL);
    store *st = open_all(&f, STORE_NEW);
    if (rank > 0)
        for (int64_t c = rank - 1; c < CELLS; c += ranks - 1)
            CHECK_OK(fixture_write(&f, st, &c, 1, OUTCOME_DONE));
    for (int looks = 0; rank == 0 && looks < 5; looks++) {
        usleep(20000);
        CHECK_OK(store_look(st, 1e9));
    }
    CHECK_OK(store_close(st, "done"));
    check_written(&f, ranks > 1 ? CELLS : 0);
    end(&f);
}

static void what_is_given_up_was_never_begun(void)
{
    for (int w = 0; w < WRITERS; w++) {
        fixture f = fixture_make(gates_text, writers[w]);
        int64_t cells[] = { rank, ranks + rank, 2 * ranks + rank };
        results *r;
        task_row *done = fixture_row(&f, cells[1]);
        store *st = open_all(&f, STORE_NEW);
        CHECK_OK(store_begin(st, cells, 3));
        CHECK_OK(store_write(st, &cells[1], &done, 1));
        CHECK_OK(store_give_up(st));
        CHECK_OK(store_give_up(st)); /* nothing is left to give up */
        CHECK_OK(store_close(st, "stopped"));
        if (rank == 0) {
            CHECK_OK(results_open(f.path, &r));
            for (int64_t c = 0; c < 3 * ranks; c++) {
                bool was_done = c / ranks == 1;
                CU_ASSERT(booked(r, "attempts", c) == was_done);
                CU_ASSERT(booked(r, "status", c) == (was_done ? OUTCOME_DONE : OUTCOME_PENDING));
            }
            results_close(r);
        }
        row_free(done);
        end(&f);
    }
}

/* Looks, without syncing, until rows of this rank are unsafe or none are; messages may take a moment. */
static bool becomes_unsafe(store *st, bool unsafe)
{
    double began = MPI_Wtime();
    while ((store_unsynced_seconds(st) > 0) != unsafe && MPI_Wtime() - began < 10)
        CHECK_OK(store_look(st, 1e9));
    return (store_unsynced_seconds(st) > 0) == unsafe;
}

/* Where rank 0 writes for all, the worry is its own as soon as it has taken what was sent. */
static void rows_are_unsafe_until_they_are_on_disk(void)
{
    for (int w = 0; w < WRITERS; w++) {
        fixture f = fixture_make(gates_text, writers[w]);
        int64_t cell = rank;
        bool relays = w == 1 && ranks > 1;
        store *st = open_all(&f, STORE_NEW);
        CU_ASSERT(store_unsynced_seconds(st) == 0);
        if (!relays || rank > 0) CHECK_OK(fixture_write(&f, st, &cell, 1, OUTCOME_DONE));
        usleep(1000);
        if (!relays) CU_ASSERT(store_unsynced_seconds(st) >= 1e-3);
        look_meanwhile(st, 1e9); /* the time to sync has not come */
        if (relays && rank > 0)
            CU_ASSERT(becomes_unsafe(st, false))
        else
            CU_ASSERT(becomes_unsafe(st, true));
        CHECK_OK(store_look(st, 0));
        CU_ASSERT(store_unsynced_seconds(st) == 0);
        CHECK_OK(store_close(st, "done"));
        end(&f);
    }
}

/* The disk of the rank that writes takes no byte behind the first 4096. */
static void a_write_that_fails_fails_the_run_on_every_rank(void)
{
    struct rlimit before, none = { .rlim_cur = 4096 };
    for (int w = 0; w < WRITERS; w++) {
        fixture f = fixture_make(gates_text, writers[w]);
        bool fails = rank == (w == 0 ? ranks - 1 : 0);
        int64_t cell = rank;
        store *st = open_all(&f, STORE_NEW);
        getrlimit(RLIMIT_FSIZE, &before);
        none.rlim_max = before.rlim_max;
        signal(SIGXFSZ, SIG_IGN);
        if (fails) setrlimit(RLIMIT_FSIZE, &none);
        bool only_relays = w == 1 && rank == 0 && ranks > 1; /* then it fails with what the others sent */
        status written = only_relays ? IO_FAILED : fixture_write(&f, st, &cell, 1, OUTCOME_DONE);
        CU_ASSERT(written == (fails ? IO_FAILED : OK));
        CU_ASSERT(store_close(st, "done") == IO_FAILED);
        CU_ASSERT(strstr(failure_text(), f.path) && strstr(failure_text(), "cannot write: File too large"));
        if (fails) setrlimit(RLIMIT_FSIZE, &before);
        end(&f);
    }
}

static void a_file_that_is_not_there_fails_on_every_rank(void)
{
    fixture f = fixture_make(gates_text, NULL);
    store *st = NULL;
    CHECK_REFUSED(store_open(MPI_COMM_WORLD, "/tmp/no/such/file.h5", f.sweep, f.layout, &st), "");
    end(&f);
}

static void what_one_rank_cannot_open_every_rank_can_name(void)
{
    fixture f = fixture_make(gates_text, NULL);
    store *st = NULL;
    MPI_Bcast(f.path, sizeof f.path, MPI_CHAR, 0, MPI_COMM_WORLD);
    if (rank == 0) CHECK_OK(fixture_prepare(&f, STORE_NEW));
    MPI_Barrier(MPI_COMM_WORLD);
    const char *path = rank > 0 && rank == ranks - 1 ? "/tmp/no/such/file.h5" : f.path;
    status opened = store_open(MPI_COMM_WORLD, path, f.sweep, f.layout, &st);
    CU_ASSERT(opened == (ranks > 1 ? IO_FAILED : OK));
    if (ranks > 1) CU_ASSERT(st == NULL && strstr(failure_text(), "/tmp/no/such/file.h5: cannot open"));
    if (st) CHECK_OK(store_close(st, "done"));
    end(&f);
}

/* Rank 0 looks where everything lies, for all. */
static void a_file_of_another_shape_is_refused_on_every_rank(void)
{
    fixture f = fixture_make(gates_text, NULL), other = fixture_make(gates_text, "rine.history=true");
    store *st = NULL;
    MPI_Bcast(f.path, sizeof f.path, MPI_CHAR, 0, MPI_COMM_WORLD);
    if (rank == 0) CHECK_OK(fixture_prepare(&f, STORE_NEW));
    CHECK_REFUSED(store_open(MPI_COMM_WORLD, f.path, f.sweep, other.layout, &st), "has no variable history");
    CU_ASSERT(st == NULL);
    fixture_free(&other);
    end(&f);
}

int main(int argc, char **argv)
{
    static const check_test tests[] = {
        TEST(ranks_write_interleaved_rows),
        TEST(a_second_run_goes_on_where_the_first_stopped),
        TEST(a_row_says_which_rank_computed_it_whoever_wrote_it),
        TEST(a_row_can_be_read_while_others_write),
        TEST(workers_wait_for_a_rank_0_that_seldom_looks),
        TEST(what_is_given_up_was_never_begun),
        TEST(rows_are_unsafe_until_they_are_on_disk),
        TEST(a_write_that_fails_fails_the_run_on_every_rank),
        TEST(a_file_that_is_not_there_fails_on_every_rank),
        TEST(what_one_rank_cannot_open_every_rank_can_name),
        TEST(a_file_of_another_shape_is_refused_on_every_rank),
    };
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    int failed = check_run("store on several ranks", tests, sizeof tests / sizeof tests[0], argc, argv);
    MPI_Finalize();
    return failed;
}
