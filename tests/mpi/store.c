/* Ranks that write their rows into one file. */
#include "../store/fixture.h"

static int rank, ranks;

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
        CHECK_OK(store_sync(st, 0));
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
    fixture f = fixture_make(gates_text, NULL);
    store *st = open_all(&f, STORE_NEW);
    write_interleaved(&f, st, f.cells);
    CHECK_OK(store_close(st, "done"));
    check_written(&f, f.cells);
    end(&f);
}

static void a_second_run_goes_on_where_the_first_stopped(void)
{
    fixture f = fixture_make(gates_text, NULL);
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

static void a_row_can_be_read_while_others_write(void)
{
    fixture f = fixture_make(gates_text, NULL);
    store *st = open_all(&f, STORE_NEW);
    int64_t first = 0;
    if (rank == ranks - 1) CHECK_OK(fixture_write(&f, st, &first, 1, OUTCOME_DONE));
    MPI_Barrier(MPI_COMM_WORLD);
    check_written(&f, 1);
    MPI_Barrier(MPI_COMM_WORLD);
    CHECK_OK(store_close(st, "done"));
    end(&f);
}

static void a_file_that_is_not_there_fails_on_every_rank(void)
{
    fixture f = fixture_make(gates_text, NULL);
    store *st = NULL;
    CHECK_REFUSED(store_open(MPI_COMM_WORLD, "/tmp/no/such/file.h5", f.sweep, f.layout, &st), "");
    end(&f);
}

/* The last rank expects another shape of the results. */
static void what_one_rank_cannot_open_every_rank_can_name(void)
{
    fixture f = fixture_make(gates_text, NULL), other = fixture_make(gates_text, "rine.history=true");
    store *st = NULL;
    MPI_Bcast(f.path, sizeof f.path, MPI_CHAR, 0, MPI_COMM_WORLD);
    if (rank == 0) CHECK_OK(fixture_prepare(&f, STORE_NEW));
    MPI_Barrier(MPI_COMM_WORLD);
    const layout *expected = rank == ranks - 1 ? other.layout : f.layout;
    CHECK_REFUSED(store_open(MPI_COMM_WORLD, f.path, f.sweep, expected, &st), "has no variable history");
    CU_ASSERT(st == NULL);
    fixture_free(&other);
    end(&f);
}

int main(int argc, char **argv)
{
    static const check_test tests[] = {
        TEST(ranks_write_interleaved_rows),
        TEST(a_second_run_goes_on_where_the_first_stopped),
        TEST(a_row_can_be_read_while_others_write),
        TEST(a_file_that_is_not_there_fails_on_every_rank),
        TEST(what_one_rank_cannot_open_every_rank_can_name),
    };
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    int failed = check_run("store on several ranks", tests, sizeof tests / sizeof tests[0], argc, argv);
    MPI_Finalize();
    return failed;
}
