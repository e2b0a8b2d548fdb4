/* Sweeps, rows and files for the tests of the store. The sweeps are real ones, over the estimators `idle` and `rine`. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <math.h>
#include <mpi.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "pack.h"
#include "results.h"
#include "store.h"

static const char gates_text[] = "title: Gates\n"
                                 "estimator: rine\n"
                                 "data: {kind: gate, samples: 100}\n"
                                 "train: {epochs: 6}\n"
                                 "grid:\n"
                                 "  gate: [unq, and, xor]\n"
                                 "  beta: [0, 5.5]\n"
                                 "  seed: 0..4\n";

typedef struct fixture {
    char folder[64], path[128];
    sweep *sweep;
    layout *layout;
    uint8_t *wanted;
    store_found found;
    int64_t cells;
} fixture;

static inline void fixture_fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, failure_text());
    exit(2);
}

/* A sweep text as a fixture with a folder of its own; "X=Y" in `set` (or NULL) as after --set. */
static inline fixture fixture_make(const char *text, const char *set)
{
    fixture f = { .folder = "/tmp/infosweep-store-XXXXXX" };
    if (mkdtemp(f.folder) == NULL) exit(2);
    snprintf(f.path, sizeof f.path, "%s/result.h5", f.folder);
    if (sweep_parse(text, "test.yaml", &set, set != NULL, false, &f.sweep) != OK) fixture_fail("sweep");
    if (layout_make(f.sweep, &f.layout) != OK) fixture_fail("layout");
    f.cells = sweep_grid(f.sweep)->cells;
    f.wanted = calloc((size_t)f.cells, 1);
    return f;
}

static inline void fixture_remove(fixture *f, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    unlink(path);
}

static inline void fixture_free(fixture *f)
{
    static const char *const names[] = { "result.h5", "result.h5.new", "result.h5.lock", "result.h5.live",
                                         "data.csv" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) fixture_remove(f, names[i]);
    CU_ASSERT(rmdir(f->folder) == 0); /* nothing else was left behind */
    free(f->wanted);
    layout_free(f->layout);
    sweep_free(f->sweep);
}

static inline store_request fixture_request(const fixture *f, store_mode mode)
{
    return (store_request){
        .path = f->path, .mode = mode, .kernels = "reference", .ranks = 1, .command = "test"
    };
}

static inline status fixture_prepare(fixture *f, store_mode mode)
{
    store_request q = fixture_request(f, mode);
    return store_prepare(&q, f->sweep, f->layout, f->wanted, &f->found);
}

static inline int64_t fixture_wanted(const fixture *f)
{
    int64_t count = 0;
    for (int64_t c = 0; c < f->cells; c++) count += f->wanted[c] != WANT_NOT;
    return count;
}

/* What the tests put into value `index` of a cell's row. */
static inline double fixture_value(int64_t cell, int64_t index)
{
    return (double)cell + (double)index / 1024;
}

static inline task_row *fixture_row(const fixture *f, int64_t cell)
{
    task_row *r;
    if (row_make(f->layout, &r) != OK) fixture_fail("row");
    for (int64_t i = 0; i < f->layout->size; i++) r->value[i] = fixture_value(cell, i);
    r->outcome = OUTCOME_DONE;
    r->wall_seconds = 0.25;
    return r;
}

/* Begins and writes cells as one pack, with the outcome `o`. */
static inline status fixture_write(const fixture *f, store *st, const int64_t *cells, int count, outcome o)
{
    task_row **rows = calloc((size_t)count, sizeof *rows);
    for (int i = 0; i < count; i++) {
        rows[i] = fixture_row(f, cells[i]);
        if (o != OUTCOME_DONE) row_fail(rows[i], o, "cell %lld went wrong", (long long)cells[i]);
    }
    status result = store_begin(st, cells, count);
    if (result == OK) result = store_write(st, cells, rows, count);
    for (int i = 0; i < count; i++) row_free(rows[i]);
    free(rows);
    return result;
}

/* Is the row of a cell in the file as fixture_write left it? */
static inline bool fixture_is_whole(const fixture *f, const results *r, int64_t cell)
{
    bool whole = true;
    for (int v = 0; v < f->layout->variables; v++) {
        const variable *about = &f->layout->variable[v];
        double *values;
        if (results_values(r, about->quantity->name, &values) != OK) fixture_fail("values");
        for (int64_t i = 0; i < about->count; i++)
            whole = whole && values[cell * about->count + i] == fixture_value(cell, about->offset + i);
        free(values);
    }
    return whole;
}

/* Leaks are looked for between MPI_Init and MPI_Finalize: what MPI keeps for good is its own affair, and at exit its plugins
 * are unloaded, which LeakSanitizer cannot cope with. */
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#define FIXTURE_IGNORE_LEAKS() __lsan_disable()
#define FIXTURE_HEED_LEAKS()   __lsan_enable()
#define FIXTURE_LEAKS()        __lsan_do_recoverable_leak_check()
#else
#define FIXTURE_IGNORE_LEAKS() ((void)0)
#define FIXTURE_HEED_LEAKS()   ((void)0)
#define FIXTURE_LEAKS()        0
#endif

/* Like CHECK_MAIN, for programs that use MPI by themselves. */
#define FIXTURE_MAIN(suite_name, ...)                                                          \
    int main(int argc, char **argv)                                                            \
    {                                                                                          \
        static const check_test tests[] = { __VA_ARGS__ };                                     \
        FIXTURE_IGNORE_LEAKS();                                                                \
        MPI_Init(&argc, &argv);                                                                \
        FIXTURE_HEED_LEAKS();                                                                  \
        int failed = check_run(suite_name, tests, sizeof tests / sizeof tests[0], argc, argv); \
        if (FIXTURE_LEAKS()) failed = 1;                                                       \
        MPI_Finalize();                                                                        \
        fflush(NULL);                                                                          \
        _exit(failed);                                                                         \
    }

#define CHECK_OK(call)                                                                      \
    do {                                                                                    \
        status got_ = (call);                                                               \
        if (got_ != OK) fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, failure_text()); \
        CU_ASSERT(got_ == OK);                                                              \
    } while (0)

/* Fails as BAD_INPUT with one line that holds `words`. */
#define CHECK_REFUSED(call, words)                                                                         \
    do {                                                                                                   \
        status got_ = (call);                                                                              \
        bool told_ = got_ == BAD_INPUT && strstr(failure_text(), words) && !strchr(failure_text(), '\n');  \
        if (!told_) fprintf(stderr, "%s:%d: %d, \"%s\"\n", __FILE__, __LINE__, (int)got_, failure_text()); \
        CU_ASSERT(told_);                                                                                  \
    } while (0)

#endif
