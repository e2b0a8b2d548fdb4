/* Going on with a file: what is done stays, what is not is wanted, and another sweep's file is refused in words. */
#include <hdf5.h>

#include "fixture.h"
#include "store/kernels.h"

/* A run that writes `count` cells with the outcome `o` and leaves `left` more begun. */
static void run_cells(fixture *f, store_mode mode, int64_t first, int count, outcome o, int left)
{
    int64_t cells[64];
    store *st;
    for (int i = 0; i < count + left; i++) cells[i] = first + i;
    CHECK_OK(fixture_prepare(f, mode));
    CHECK_OK(store_open(MPI_COMM_WORLD, f->path, f->sweep, f->layout, &st));
    if (count > 0) CHECK_OK(fixture_write(f, st, cells, count, o));
    if (left > 0) CHECK_OK(store_begin(st, cells + count, left));
    CHECK_OK(store_close(st, "stopped"));
}

static uint8_t status_of(const fixture *f, int64_t cell)
{
    results *r;
    uint8_t *state = NULL;
    CHECK_OK(results_open(f->path, &r));
    CHECK_OK(results_status(r, &state));
    uint8_t found = state[cell];
    free(state);
    results_close(r);
    return found;
}

/* Writes one element of a variable over the grid, behind the store's back. */
static void poke(const fixture *f, const char *name, hid_t type, int64_t cell, const void *value)
{
    hid_t file = H5Fopen(f->path, H5F_ACC_RDWR, H5P_DEFAULT), array = H5Dopen2(file, name, H5P_DEFAULT);
    hid_t space = H5Dget_space(array), one = H5Screate(H5S_SCALAR);
    hsize_t at[3] = { (hsize_t)cell / 10, (hsize_t)cell / 5 % 2,
                      (hsize_t)cell % 5 }; /* 3 gates, 2 betas, 5 seeds */
    H5Sselect_elements(space, H5S_SELECT_SET, 1, at);
    CU_ASSERT(H5Dwrite(array, type, one, space, H5P_DEFAULT, value) >= 0);
    H5Sclose(one);
    H5Sclose(space);
    H5Dclose(array);
    H5Fclose(file);
}

static void done_rows_are_not_wanted_again_and_not_touched(void)
{
    fixture f = fixture_make(gates_text, NULL);
    results *r;
    run_cells(&f, STORE_NEW, 3, 9, OUTCOME_DONE, 0);
    CHECK_OK(fixture_prepare(&f, STORE_RESUME));
    CHECK_OK(results_open(f.path, &r));
    for (int64_t c = 0; c < f.cells; c++) {
        CU_ASSERT(f.wanted[c] == (c < 3 || c >= 12));
        CU_ASSERT(fixture_is_whole(&f, r, c) == (c >= 3 && c < 12));
    }
    results_close(r);
    fixture_free(&f);
}

static void failed_and_diverged_rows_run_again_only_when_asked(void)
{
    fixture f = fixture_make(gates_text, NULL);
    char reason[REASON_MAX];
    results *r;
    run_cells(&f, STORE_NEW, 0, 2, OUTCOME_FAILED, 0);
    run_cells(&f, STORE_RESUME, 2, 2, OUTCOME_DIVERGED, 0);
    CHECK_OK(results_open(f.path, &r));
    CHECK_OK(results_reason(r, 1, reason));
    CU_ASSERT_STRING_EQUAL(reason, "cell 1 went wrong");
    results_close(r);
    CHECK_OK(fixture_prepare(&f, STORE_RESUME));
    CU_ASSERT(fixture_wanted(&f) == f.cells - 4);

    store_request q = fixture_request(&f, STORE_RESUME);
    q.retry = 1u << OUTCOME_FAILED;
    CHECK_OK(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found));
    CU_ASSERT(fixture_wanted(&f) == 2 && f.wanted[0] == WANT_PACKED && f.wanted[1] == WANT_PACKED);
    q.retry = 1u << OUTCOME_FAILED | 1u << OUTCOME_DIVERGED;
    CHECK_OK(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found));
    CU_ASSERT(fixture_wanted(&f) == 4 && f.wanted[3] == WANT_PACKED);
    fixture_free(&f);
}

static void a_reason_goes_when_the_row_is_done(void)
{
    fixture f = fixture_make(gates_text, NULL);
    char reason[REASON_MAX] = "?", stored[REASON_MAX + 1] = "?";
    results *r;
    run_cells(&f, STORE_NEW, 0, 1, OUTCOME_FAILED, 0);
    run_cells(&f, STORE_RESUME, 0, 1, OUTCOME_DONE, 0);
    CHECK_OK(results_open(f.path, &r));
    CHECK_OK(results_reason(r, 0, reason));
    CU_ASSERT_STRING_EQUAL(reason, "");
    results_close(r);
    hid_t file = H5Fopen(f.path, H5F_ACC_RDONLY, H5P_DEFAULT), array = H5Dopen2(file, "reason", H5P_DEFAULT);
    hid_t type = H5Dget_type(array);
    char *all = malloc((size_t)f.cells * H5Tget_size(type));
    CU_ASSERT(H5Dread(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, all) >= 0);
    snprintf(stored, sizeof stored, "%.*s", REASON_MAX, all);
    CU_ASSERT_STRING_EQUAL(stored, ""); /* for those who read the file with other programs, too */
    free(all);
    H5Tclose(type);
    H5Dclose(array);
    H5Fclose(file);
    fixture_free(&f);
}

static void a_torn_row_is_pending_and_runs_again(void)
{
    fixture f = fixture_make(gates_text, NULL);
    const double other = 0.125;
    run_cells(&f, STORE_NEW, 0, 30, OUTCOME_DONE, 0);
    poke(&f, "distance", H5T_NATIVE_DOUBLE, 17, &other);
    CU_ASSERT(status_of(&f, 16) == OUTCOME_DONE && status_of(&f, 17) == OUTCOME_PENDING);
    CHECK_OK(fixture_prepare(&f, STORE_RESUME));
    CU_ASSERT(fixture_wanted(&f) == 1 && f.wanted[17] == 1);
    fixture_free(&f);
}

static void a_row_that_says_done_and_was_never_written_is_torn(void)
{
    fixture f = fixture_make(gates_text, NULL);
    const uint8_t done = OUTCOME_DONE;
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    poke(&f, "status", H5T_NATIVE_UINT8, 4, &done);
    CU_ASSERT(status_of(&f, 4) == OUTCOME_PENDING);
    fixture_free(&f);
}

static void the_row_of_another_cell_is_torn(void)
{
    fixture f = fixture_make(gates_text, NULL);
    const int64_t cells[] = { 3, 4 };
    uint32_t sum[30];
    store *st;
    task_row *r = fixture_row(&f, 3), *rows[] = { r, r };
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    CHECK_OK(store_open(MPI_COMM_WORLD, f.path, f.sweep, f.layout, &st));
    CHECK_OK(store_begin(st, cells, 2));
    CHECK_OK(store_write(st, cells, rows, 2));
    CHECK_OK(store_close(st, "done"));
    hid_t file = H5Fopen(f.path, H5F_ACC_RDONLY, H5P_DEFAULT),
          array = H5Dopen2(file, "checksum", H5P_DEFAULT);
    CU_ASSERT(H5Dread(array, H5T_NATIVE_UINT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, sum) >= 0);
    H5Dclose(array);
    H5Fclose(file);
    poke(&f, "checksum", H5T_NATIVE_UINT32, 4, &sum[3]); /* as if the whole row 3 lay here */
    CU_ASSERT(status_of(&f, 3) == OUTCOME_DONE && status_of(&f, 4) == OUTCOME_PENDING);
    row_free(r);
    fixture_free(&f);
}

static void rows_that_ran_when_a_run_was_killed_run_again(void)
{
    fixture f = fixture_make(gates_text, NULL);
    const uint8_t running = OUTCOME_RUNNING;
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    poke(&f, "status", H5T_NATIVE_UINT8, 4, &running);
    CU_ASSERT(status_of(&f, 4) == OUTCOME_RUNNING);
    CHECK_OK(fixture_prepare(&f, STORE_RESUME));
    CU_ASSERT(status_of(&f, 4) == OUTCOME_PENDING && f.wanted[4]);
    fixture_free(&f);
}

static void a_planned_stop_is_no_attempt(void)
{
    fixture f = fixture_make(gates_text, NULL);
    int32_t attempts[30];
    run_cells(&f, STORE_NEW, 0, 2, OUTCOME_FAILED, 3);
    CU_ASSERT(status_of(&f, 3) == OUTCOME_PENDING);
    run_cells(&f, STORE_RESUME, 0, 2, OUTCOME_FAILED, 0);
    hid_t file = H5Fopen(f.path, H5F_ACC_RDONLY, H5P_DEFAULT),
          array = H5Dopen2(file, "attempts", H5P_DEFAULT);
    CU_ASSERT(H5Dread(array, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, attempts) >= 0);
    CU_ASSERT(attempts[0] == 2 && attempts[1] == 2 && attempts[2] == 0 && attempts[4] == 0);
    H5Dclose(array);
    H5Fclose(file);
    fixture_free(&f);
}

static void quarantined_rows_stay(void)
{
    fixture f = fixture_make(gates_text, NULL);
    const uint8_t quarantined = OUTCOME_QUARANTINED;
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    poke(&f, "status", H5T_NATIVE_UINT8, 4, &quarantined);
    CHECK_OK(fixture_prepare(&f, STORE_RESUME));
    CU_ASSERT(fixture_wanted(&f) == 29 && !f.wanted[4]);
    fixture_free(&f);
}

static void a_resume_without_a_file_starts_one(void)
{
    fixture f = fixture_make(gates_text, NULL);
    CHECK_OK(fixture_prepare(&f, STORE_RESUME));
    CU_ASSERT(fixture_wanted(&f) == 30);
    fixture_free(&f);
}

/* ---- what differs ------------------------------------------------------------------------------------------------------- */

/* A file of gates_text, resumed with another sweep, is refused with these words and not changed. */
static void check_difference(const char *text, const char *set, const char *words)
{
    fixture f = fixture_make(gates_text, NULL), other = fixture_make(text, set);
    struct stat before, after;
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    CU_ASSERT(stat(f.path, &before) == 0);
    store_request q = fixture_request(&f, STORE_RESUME);
    CHECK_REFUSED(store_prepare(&q, other.sweep, other.layout, other.wanted, &other.found), words);
    CU_ASSERT(strstr(failure_text(), f.path) == failure_text());
    CU_ASSERT(stat(f.path, &after) == 0 && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
    fixture_free(&f);
    fixture_free(&other);
}

static void another_option_is_told_with_both_values(void)
{
    check_difference(gates_text, "train.epochs=7", "train.epochs is 6 in the file and 7 in the sweep");
}

static void another_axis_value_is_told(void)
{
    check_difference(gates_text, "seed=0..6", "axis seed: only the sweep has 5, 6; --force --reuse /tmp/");
    check_difference(gates_text, "seed=0..6", "/result.h5 keeps what is done");
    check_difference(gates_text, "beta=[0, 7]",
                     "axis rine.beta: only the file has 5.5; only the sweep has 7");
    check_difference(gates_text, "gate=[xor, and, unq]", "another order");
}

static void another_axis_is_told(void)
{
    check_difference("estimator: rine\ndata: {kind: gate, samples: 100}\ntrain: {epochs: 6}\n"
                     "grid: {gate: [unq, and, xor], beta: [0, 5.5]}\n",
                     NULL, "seed is an axis in the file and none in the sweep");
    check_difference(gates_text, "rate=[0.1, 0.2]",
                     "train.rate is an axis in the sweep and none in the file; --force --reuse /tmp/");
}

static void another_estimator_is_told(void)
{
    check_difference("estimator: idle\ngrid: {seed: 0..4}\n", NULL,
                     "is an axis in the file and none in the sweep");
}

static void another_exclusion_is_told(void)
{
    char text[512];
    snprintf(text, sizeof text, "%sexclude: [{gate: xor, seed: 1}]\n", gates_text);
    check_difference(text, NULL, "cell 21 is excluded in the sweep only");
}

static void other_results_are_told(void)
{
    check_difference(gates_text, "rine.history=true",
                     "rine.history is false in the file and true in the sweep");
}

static void kernels_of_the_same_bits_go_on_with_each_other(void)
{
    fixture f = fixture_make(gates_text, NULL);
    store_request q = fixture_request(&f, STORE_NEW);
    q.kernels = "avx512";
    CHECK_OK(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found));
    q.mode = STORE_RESUME;
    q.kernels = "avx2";
    CHECK_OK(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found));
    q.kernels = "baseline";
    CHECK_REFUSED(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found), "kernels avx512");
    fixture_free(&f);
}

static void tensor_kernels_must_be_the_same(void)
{
    fixture f = fixture_make(gates_text, NULL);
    store_request q = fixture_request(&f, STORE_NEW);
    q.kernels = "avx512; oneDNN 2.6.3 avx512_core_amx";
    CHECK_OK(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found));
    q.mode = STORE_RESUME;
    q.kernels = "avx2; oneDNN 2.6.3 avx512_core_amx"; /* the lanes' are alike */
    CHECK_OK(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found));
    q.kernels = "avx512; oneDNN 2.6.3 avx2";
    CHECK_REFUSED(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found),
                  "was made with the tensor kernels oneDNN 2.6.3 avx512_core_amx, whose bits may differ from "
                  "those of oneDNN 2.6.3 avx2 (ONEDNN_MAX_CPU_ISA=avx512_core_amx uses them");
    q.kernels = "avx512; oneDNN 3.0.0 avx512_core_amx";
    CHECK_REFUSED(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found), "(--other-kernels goes on");
    q.kernels = "avx512";
    CHECK_REFUSED(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found), "from those of none");
    q.kernels = "reference; oneDNN 2.6.3 avx512_core_amx";
    CHECK_REFUSED(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found),
                  "was made with the kernels avx512,");
    q.other_kernels = true;
    CHECK_OK(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found));
    fixture_free(&f);
}

static void the_runs_of_a_file_tell_their_kernels_whole(void)
{
    fixture f = fixture_make(gates_text, NULL);
    store_request q = fixture_request(&f, STORE_NEW);
    results *r;
    run_record *runs;
    int count;
    char text[KERNELS_MAX];
    kernels_text("avx512", "oneDNN 2.6.3", "avx512_core_bf16_amx_bf16", text);
    q.kernels = text;
    CHECK_OK(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found));
    CHECK_OK(results_open(f.path, &r));
    CHECK_OK(results_runs(r, &runs, &count));
    CU_ASSERT_STRING_EQUAL(runs[0].kernels, "avx512; oneDNN 2.6.3 avx512_core_bf16_amx_bf16");
    free(runs);
    results_close(r);
    kernels_text("avx2", NULL, NULL, text);
    CU_ASSERT_STRING_EQUAL(text, "avx2");
    fixture_free(&f);
}

static void other_kernels_are_refused_unless_allowed(void)
{
    fixture f = fixture_make(gates_text, NULL);
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    store_request q = fixture_request(&f, STORE_RESUME);
    q.kernels = "avx2";
    CHECK_REFUSED(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found), "reference");
    q.other_kernels = true;
    CHECK_OK(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found));
    fixture_free(&f);
}

static void put_table(const char *path, const char *rows)
{
    FILE *to = fopen(path, "w");
    fputs(rows, to);
    fclose(to);
}

static void changed_data_is_refused(void)
{
    char path[] = "/tmp/infosweep-table-XXXXXX", set[160];
    close(mkstemp(path));
    snprintf(set, sizeof set, "gate=file:%s", path);
    put_table(path, "x1,x2,y,p\n0,0,0,0.5\n1,1,1,0.5\n");
    fixture f = fixture_make("estimator: rine\ndata: {kind: gate, samples: 100}\ngrid: {seed: 0..1}\n", set);
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    CHECK_OK(fixture_prepare(&f, STORE_RESUME));
    put_table(path, "x1,x2,y,p\n0,0,0,0.4\n1,1,1,0.6\n");
    CHECK_REFUSED(fixture_prepare(&f, STORE_RESUME), "was made from other data");
    unlink(path);
    fixture_free(&f);
}

FIXTURE_MAIN("store: going on", TEST(done_rows_are_not_wanted_again_and_not_touched),
             TEST(failed_and_diverged_rows_run_again_only_when_asked),
             TEST(a_reason_goes_when_the_row_is_done), TEST(a_torn_row_is_pending_and_runs_again),
             TEST(a_row_that_says_done_and_was_never_written_is_torn), TEST(the_row_of_another_cell_is_torn),
             TEST(rows_that_ran_when_a_run_was_killed_run_again), TEST(a_planned_stop_is_no_attempt),
             TEST(quarantined_rows_stay), TEST(a_resume_without_a_file_starts_one),
             TEST(another_option_is_told_with_both_values), TEST(another_axis_value_is_told),
             TEST(another_axis_is_told), TEST(another_estimator_is_told), TEST(another_exclusion_is_told),
             TEST(other_results_are_told), TEST(kernels_of_the_same_bits_go_on_with_each_other),
             TEST(tensor_kernels_must_be_the_same), TEST(the_runs_of_a_file_tell_their_kernels_whole),
             TEST(other_kernels_are_refused_unless_allowed), TEST(changed_data_is_refused))
