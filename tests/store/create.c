/* A result file before its first row, and what a run leaves in it. */
#include <hdf5.h>
#include <hdf5_hl.h>

#include "fixture.h"

static char *text_attribute(hid_t file, const char *name)
{
    char *text = NULL, *copy;
    hid_t attribute = H5Aopen(file, name, H5P_DEFAULT), type = H5Aget_type(attribute);
    if (H5Aread(attribute, type, &text) < 0) return strdup("(unreadable)");
    copy = strdup(text);
    H5free_memory(text);
    H5Tclose(type);
    H5Aclose(attribute);
    return copy;
}

static bool attribute_is(hid_t file, const char *name, const char *wanted)
{
    char *text = text_attribute(file, name);
    bool same = strcmp(text, wanted) == 0;
    if (!same) fprintf(stderr, "%s is \"%s\"\n", name, text);
    free(text);
    return same;
}

static hid_t open_file(const fixture *f)
{
    return H5Fopen(f->path, H5F_ACC_RDONLY, H5P_DEFAULT);
}

static void a_new_file_has_every_cell_pending_and_no_value(void)
{
    fixture f = fixture_make(gates_text, NULL);
    results *r;
    uint8_t *state;
    double *values;
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    CU_ASSERT(fixture_wanted(&f) == 30 && f.found.copied == 0);
    CHECK_OK(results_open(f.path, &r));
    CHECK_OK(results_status(r, &state));
    CHECK_OK(results_values(r, "usable_information", &values));
    for (int64_t c = 0; c < f.cells; c++) CU_ASSERT(state[c] == OUTCOME_PENDING && isnan(values[2 * c + 1]));
    CU_ASSERT(results_layout(r)->size == f.layout->size);
    CU_ASSERT(results_layout(r)->variables == f.layout->variables);
    CU_ASSERT(sweep_grid(results_sweep(r))->cells == f.cells);
    free(values);
    free(state);
    results_close(r);
    fixture_free(&f);
}

static void excluded_cells_are_absent_and_never_wanted(void)
{
    fixture f =
        fixture_make("estimator: idle\ngrid: {seconds: [0, 1], seed: 0..2}\nexclude: [{seed: 1}]\n", NULL);
    results *r;
    uint8_t *state;
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    CHECK_OK(results_open(f.path, &r));
    CHECK_OK(results_status(r, &state));
    for (int64_t c = 0; c < f.cells; c++) {
        CU_ASSERT(state[c] == (c % 3 == 1 ? OUTCOME_ABSENT : OUTCOME_PENDING));
        CU_ASSERT(f.wanted[c] == (c % 3 != 1));
    }
    free(state);
    results_close(r);
    fixture_free(&f);
}

static void the_file_says_which_sweep_it_is(void)
{
    fixture f = fixture_make(gates_text, "train.epochs=7");
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    hid_t file = open_file(&f);
    double rate = 0;
    int64_t epochs = 0;
    CU_ASSERT(attribute_is(file, "title", "Gates"));
    CU_ASSERT(attribute_is(file, "sweep_file", gates_text));
    CU_ASSERT(attribute_is(file, "sweep_sets", "train.epochs=7"));
    CU_ASSERT(attribute_is(file, "sweep_name", "test.yaml"));
    CU_ASSERT(attribute_is(file, "kernels", "reference"));
    CU_ASSERT(attribute_is(file, "rine.distance", "l1"));
    CU_ASSERT(attribute_is(file, "model.hidden", "[25, 15]"));
    hid_t attribute = H5Aopen(file, "train.rate", H5P_DEFAULT);
    CU_ASSERT(H5Aread(attribute, H5T_NATIVE_DOUBLE, &rate) >= 0 && rate == 0.01);
    H5Aclose(attribute);
    attribute = H5Aopen(file, "train.epochs", H5P_DEFAULT);
    CU_ASSERT(H5Aread(attribute, H5T_NATIVE_INT64, &epochs) >= 0 && epochs == 7);
    H5Aclose(attribute);
    H5Fclose(file);
    fixture_free(&f);
}

static void a_sweep_file_of_a_megabyte_fits(void)
{
    enum { SIZE = 1 << 20 };
    const char *end = "\nestimator: idle\ngrid: {seed: 0..2}\n";
    char *text = malloc(SIZE + 64);
    text[0] = '#';
    memset(text + 1, 'x', SIZE - 1);
    strcpy(text + SIZE, end);
    fixture f = fixture_make(text, NULL);
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    hid_t file = open_file(&f);
    CU_ASSERT(attribute_is(file, "sweep_file", text));
    H5Fclose(file);
    free(text);
    fixture_free(&f);
}

static void data_files_are_recorded_by_their_sha256(void)
{
    static const char rows[] = "x1,x2,y,p\n0,0,0,0.5\n1,1,1,0.5\n";
    char set[160], expected[320];
    char path[] = "/tmp/infosweep-table-XXXXXX";
    int table_file = mkstemp(path);
    CU_ASSERT(write(table_file, rows, sizeof rows - 1) == sizeof rows - 1);
    close(table_file);
    snprintf(set, sizeof set, "gate=file:%s", path);
    fixture f = fixture_make("estimator: rine\ndata: {kind: gate, samples: 100}\ngrid: {seed: 0..1}\n", set);
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    hid_t file = open_file(&f);
    snprintf(expected, sizeof expected, "%s  %s\n",
             "ce4593bc765176f7dce08c6cdcbfd821187664d6be574eac273a4d9f6249ff79", path);
    CU_ASSERT(attribute_is(file, "data_files", expected));
    H5Fclose(file);
    unlink(path);
    fixture_free(&f);
}

static void a_grid_of_one_cell_works(void)
{
    fixture f = fixture_make("estimator: idle\n", NULL);
    int64_t cell = 0;
    store *st;
    results *r;
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    CHECK_OK(store_open(MPI_COMM_WORLD, f.path, f.sweep, f.layout, &st));
    CHECK_OK(fixture_write(&f, st, &cell, 1, OUTCOME_DONE));
    CHECK_OK(store_close(st, "done"));
    CHECK_OK(results_open(f.path, &r));
    CU_ASSERT(fixture_is_whole(&f, r, 0));
    results_close(r);
    fixture_free(&f);
}

static int64_t disk_bytes(const fixture *f)
{
    struct stat about;
    CU_ASSERT(stat(f->path, &about) == 0 && about.st_size > f->cells * REASON_MAX);
    return (int64_t)about.st_blocks * 512;
}

static bool is_scale(hid_t file, const char *name)
{
    hid_t array = H5Dopen2(file, name, H5P_DEFAULT);
    bool scale = H5DSis_scale(array) > 0;
    H5Dclose(array);
    return scale;
}

/* Its values all differ, wherever it stands; those of a zipped axis need not, and could not label anything. */
static void the_axis_that_names_a_dimension_is_its_scale(void)
{
    fixture f = fixture_make("estimator: idle\n"
                             "grid: {seconds: [0, 0, 1], seed: [3, 1, 2]}\n"
                             "zip: [[seed, seconds]]\n",
                             NULL);
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    hid_t file = open_file(&f);
    CU_ASSERT(is_scale(file, "seed"));
    CU_ASSERT(!is_scale(file, "seconds"));
    hid_t number = H5Dopen2(file, "number", H5P_DEFAULT);
    CU_ASSERT(attribute_is(number, "coordinates", "seconds"));
    H5Dclose(number);
    H5Fclose(file);
    fixture_free(&f);
}

static void an_axis_named_like_a_result_has_its_full_name(void)
{
    fixture f = fixture_make("data: {kind: gate, samples: 100}\ngrid: {distance: [l1, l2]}\n", NULL);
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    hid_t file = open_file(&f);
    CU_ASSERT(is_scale(file, "rine.distance"));
    CU_ASSERT(!is_scale(file, "distance"));
    H5Fclose(file);
    fixture_free(&f);
}

/* Numbers among words are words, for xarray and for the sweep that is read back. */
static void an_axis_of_numbers_and_words_is_text(void)
{
    fixture f = fixture_make("data: {kind: gate}\ngrid: {samples: [table, 100]}\n", NULL);
    results *r;
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    hid_t file = open_file(&f), array = H5Dopen2(file, "samples", H5P_DEFAULT), type = H5Dget_type(array);
    CU_ASSERT_EQUAL(H5Tget_class(type), H5T_STRING);
    H5Tclose(type);
    H5Dclose(array);
    H5Fclose(file);
    CHECK_OK(results_open(f.path, &r));
    CU_ASSERT_STRING_EQUAL(sweep_grid(results_sweep(r))->axis[0].text[1], "100");
    results_close(r);
    CHECK_OK(fixture_prepare(&f, STORE_RESUME));
    fixture_free(&f);
}

static void set_text_attribute(hid_t file, const char *name, const char *text)
{
    hid_t attribute = H5Aopen(file, name, H5P_DEFAULT), type = H5Aget_type(attribute);
    CU_ASSERT(H5Awrite(attribute, type, &text) >= 0);
    H5Tclose(type);
    H5Aclose(attribute);
}

/* As if a sweep with `gate: all` had been made where the data knew three gates, and is read where it knows more. */
static void what_all_stood_for_is_read_from_the_file(void)
{
    fixture f = fixture_make("data: {kind: gate}\ngrid: {gate: [unq, and, xor]}\n", NULL);
    results *r;
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    hid_t file = H5Fopen(f.path, H5F_ACC_RDWR, H5P_DEFAULT);
    CU_ASSERT(attribute_is(file, "sweep_members", ""));
    set_text_attribute(file, "sweep_file", "data: {kind: gate}\ngrid: {gate: all}\n");
    H5Fclose(file);
    CHECK_REFUSED(results_open(f.path, &r), "its axes are not those");
    file = H5Fopen(f.path, H5F_ACC_RDWR, H5P_DEFAULT);
    set_text_attribute(file, "sweep_members", "data.gate=[\"unq\", \"and\", \"xor\"]\n");
    H5Fclose(file);
    CHECK_OK(results_open(f.path, &r));
    CU_ASSERT_EQUAL(sweep_grid(results_sweep(r))->axis[0].count, 3);
    CU_ASSERT_PTR_NULL(results_groups(r, &sweep_grid(results_sweep(r))->axis[0]));
    results_close(r);
    fixture_free(&f);
}

/* As if the data had named its classes. */
static void classes_that_have_names_are_named_in_the_file(void)
{
    static const char *const names[] = { "cat", "", "it's, a \"dog\"", "\xc3\xa9t\xc3\xa9" };
    fixture f = fixture_make("data: {kind: gate, samples: 100}\n", NULL);
    results *r;
    f.layout->extents.class_name = names;
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    CHECK_OK(results_open(f.path, &r));
    const result_extents *e = &results_layout(r)->extents;
    CU_ASSERT_EQUAL_FATAL(e->classes, 4);
    CU_ASSERT_PTR_NOT_NULL_FATAL(e->class_name);
    for (int c = 0; c < 4; c++) CU_ASSERT_STRING_EQUAL(e->class_name[c], names[c]);
    results_close(r);

    f.layout->extents.class_name = NULL;
    CHECK_OK(fixture_prepare(&f, STORE_FORCE));
    CHECK_OK(results_open(f.path, &r));
    CU_ASSERT_PTR_NULL(results_layout(r)->extents.class_name);
    results_close(r);
    fixture_free(&f);
}

/* As if the data had said what its gates belong to; sweep_free frees it. */
static void give_groups(fixture *f, int index)
{
    static const char *const groups[] = { "one input", "both", "both" };
    axis *a = (axis *)&sweep_grid(f->sweep)->axis[index];
    a->group = calloc((size_t)a->count, sizeof *a->group);
    for (int64_t i = 0; i < a->count; i++) a->group[i] = strdup(groups[i % 3]);
}

static void what_values_belong_to_stands_beside_the_axis(void)
{
    fixture f =
        fixture_make("data: {kind: gate}\n"
                     "grid: {seed: 0..2, gate: [unq, and, xor], beta: [1, 2, 3]}\nzip: [[seed, gate]]\n",
                     NULL);
    results *r;
    give_groups(&f, 1);
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    hid_t file = open_file(&f), groups = H5Dopen2(file, "gate_group", H5P_DEFAULT);
    hid_t along = H5Dopen2(file, "seed", H5P_DEFAULT), of = H5Dopen2(file, "distance", H5P_DEFAULT);
    CU_ASSERT(!is_scale(file, "gate_group"));
    CU_ASSERT(H5DSis_attached(groups, along, 0) > 0);
    CU_ASSERT(attribute_is(of, "coordinates", "gate gate_group"));
    H5Dclose(of);
    H5Dclose(along);
    H5Dclose(groups);
    H5Fclose(file);
    CHECK_OK(results_open(f.path, &r));
    const grid *g = sweep_grid(results_sweep(r));
    const char *const *found = results_groups(r, &g->axis[1]);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    CU_ASSERT_STRING_EQUAL(found[0], "one input");
    CU_ASSERT_STRING_EQUAL(found[2], "both");
    CU_ASSERT_PTR_NULL(results_groups(r, &g->axis[0]));
    CU_ASSERT_PTR_NULL(results_groups(r, &g->axis[2]));
    results_close(r);
    fixture_free(&f);
}

static void groups_of_another_length_are_refused(void)
{
    fixture f = fixture_make("data: {kind: gate}\ngrid: {gate: [unq, and, xor], beta: [1, 2]}\n", NULL);
    results *r;
    give_groups(&f, 0);
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    hid_t file = H5Fopen(f.path, H5F_ACC_RDWR, H5P_DEFAULT);
    CU_ASSERT(H5Lmove(file, "gate_group", file, "beta_group", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    H5Fclose(file);
    CHECK_REFUSED(results_open(f.path, &r), "its variable beta_group has 3 values, not 2");
    fixture_free(&f);
}

static void reasons_cost_no_disk_until_there_are_any(void)
{
    enum { CELLS = 20000 };
    fixture f = fixture_make("estimator: idle\ngrid: {seed: 0..19999}\n", NULL);
    int64_t *cells = malloc(CELLS * sizeof *cells);
    store *st;
    for (int i = 0; i < CELLS; i++) cells[i] = i;
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    CHECK_OK(store_open(MPI_COMM_WORLD, f.path, f.sweep, f.layout, &st));
    CHECK_OK(fixture_write(&f, st, cells, CELLS, OUTCOME_DONE));
    CHECK_OK(store_close(st, "done"));
    CU_ASSERT(disk_bytes(&f) < f.cells * 60); /* 37 bytes a cell, and room for the file system's blocks */
    free(cells);
    fixture_free(&f);
}

static void a_run_leaves_who_and_when(void)
{
    fixture f = fixture_make(gates_text, NULL);
    store *st;
    results *r;
    run_record *runs;
    int count;
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    CHECK_OK(store_open(MPI_COMM_WORLD, f.path, f.sweep, f.layout, &st));
    CHECK_OK(store_close(st, "stopped"));
    CHECK_OK(fixture_prepare(&f, STORE_RESUME)); /* and is killed */
    CHECK_OK(results_open(f.path, &r));
    CHECK_OK(results_runs(r, &runs, &count));
    CU_ASSERT_FATAL(count == 2);
    CU_ASSERT(strcmp(runs[0].ending, "stopped") == 0 && strlen(runs[0].ended) == 20);
    CU_ASSERT(runs[1].ending[0] == '\0' && runs[1].ended[0] == '\0' && strlen(runs[1].started) == 20);
    CU_ASSERT(runs[0].ranks == 1 && strcmp(runs[0].command, "test") == 0 &&
              strstr(runs[0].libraries, "HDF5"));
    free(runs);
    results_close(r);
    fixture_free(&f);
}

/* ---- refusals -------------------------------------------------------------------------------------------------------- */

static void an_existing_file_is_refused_unless_told(void)
{
    fixture f = fixture_make(gates_text, NULL);
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    CHECK_REFUSED(fixture_prepare(&f, STORE_NEW), "--resume");
    CHECK_OK(fixture_prepare(&f, STORE_FORCE));
    fixture_free(&f);
}

static void force_replaces_what_is_no_result_file(void)
{
    fixture f = fixture_make(gates_text, NULL);
    FILE *other = fopen(f.path, "w");
    fputs("something else", other);
    fclose(other);
    CHECK_OK(fixture_prepare(&f, STORE_FORCE));
    CHECK_OK(fixture_prepare(&f, STORE_RESUME));
    fixture_free(&f);
}

static void a_missing_folder_is_refused(void)
{
    fixture f = fixture_make(gates_text, NULL);
    store_request q = fixture_request(&f, STORE_NEW);
    q.path = "/tmp/no/such/folder/result.h5";
    CHECK_REFUSED(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found), "/tmp/no/such/folder");
    fixture_free(&f);
}

static void a_folder_as_result_is_refused(void)
{
    fixture f = fixture_make(gates_text, NULL);
    store_request q = fixture_request(&f, STORE_FORCE);
    q.path = f.folder;
    CHECK_REFUSED(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found), "is not a file");
    fixture_free(&f);
}

FIXTURE_MAIN("store: making a file", TEST(a_new_file_has_every_cell_pending_and_no_value),
             TEST(excluded_cells_are_absent_and_never_wanted), TEST(the_file_says_which_sweep_it_is),
             TEST(a_sweep_file_of_a_megabyte_fits), TEST(data_files_are_recorded_by_their_sha256),
             TEST(a_grid_of_one_cell_works), TEST(the_axis_that_names_a_dimension_is_its_scale),
             TEST(an_axis_named_like_a_result_has_its_full_name), TEST(an_axis_of_numbers_and_words_is_text),
             TEST(what_all_stood_for_is_read_from_the_file),
             TEST(what_values_belong_to_stands_beside_the_axis), TEST(groups_of_another_length_are_refused),
             TEST(classes_that_have_names_are_named_in_the_file),
             TEST(reasons_cost_no_disk_until_there_are_any), TEST(a_run_leaves_who_and_when),
             TEST(an_existing_file_is_refused_unless_told), TEST(force_replaces_what_is_no_result_file),
             TEST(a_missing_folder_is_refused), TEST(a_folder_as_result_is_refused))
