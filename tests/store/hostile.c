/* Files that are no result files, cut off, or damaged: never a crash, always one clear line or whole rows. */
#include <hdf5.h>

#include "fixture.h"

/* A finished file of gates_text, and its bytes. */
static fixture finished(unsigned char **bytes, size_t *size)
{
    fixture f = fixture_make(gates_text, NULL);
    struct stat about;
    store *st;
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    CHECK_OK(store_open(MPI_COMM_WORLD, f.path, f.sweep, f.layout, &st));
    for (int64_t c = 0; c < f.cells; c++) CHECK_OK(fixture_write(&f, st, &c, 1, OUTCOME_DONE));
    CHECK_OK(store_close(st, "done"));
    CU_ASSERT(stat(f.path, &about) == 0);
    *size = (size_t)about.st_size;
    *bytes = malloc(*size);
    FILE *from = fopen(f.path, "rb");
    CU_ASSERT(fread(*bytes, 1, *size, from) == *size);
    fclose(from);
    return f;
}

static void put_bytes(const fixture *f, const void *bytes, size_t size)
{
    FILE *to = fopen(f->path, "wb");
    CU_ASSERT(fwrite(bytes, 1, size, to) == size);
    fclose(to);
}

static void put_byte(const fixture *f, size_t at, unsigned char byte)
{
    FILE *to = fopen(f->path, "r+b");
    CU_ASSERT(fseek(to, (long)at, SEEK_SET) == 0 && fputc(byte, to) == byte);
    fclose(to);
}

/* HDF5 loses some memory over damaged metadata; it shall not be memory that it has kept from before. */
static void ignore_leaks(void)
{
    H5garbage_collect();
    FIXTURE_IGNORE_LEAKS();
}

/* Reads all that there is. Says how many rows are done, or -1 for a refusal, which must be one line with the path. */
static int64_t read_everything(const fixture *f)
{
    results *r = NULL;
    uint8_t *state = NULL;
    double *values = NULL;
    run_record *runs = NULL;
    char reason[REASON_MAX];
    int64_t done = 0;
    int count;
    status got = results_open(f->path, &r);
    if (got == OK) got = results_status(r, &state);
    if (got == OK) got = results_values(r, "usable_information", &values);
    if (got == OK) got = results_runs(r, &runs, &count);
    if (got == OK) got = results_reason(r, 0, reason);
    for (int64_t c = 0; got == OK && c < f->cells; c++) done += state[c] == OUTCOME_DONE;
    if (got != OK) {
        CU_ASSERT(strstr(failure_text(), f->path) == failure_text() && !strchr(failure_text(), '\n'));
        done = -1;
    }
    free(runs);
    free(values);
    free(state);
    results_close(r);
    return done;
}

static void what_is_no_result_file_is_refused(void)
{
    fixture f = fixture_make(gates_text, NULL);
    put_bytes(&f, "", 0);
    CHECK_REFUSED(fixture_prepare(&f, STORE_RESUME), "is not an HDF5 file");
    put_bytes(&f, "something else entirely", 23);
    CHECK_REFUSED(fixture_prepare(&f, STORE_RESUME), "is not an HDF5 file");
    results *r = NULL;
    CHECK_REFUSED(results_open(f.path, &r), "is not an HDF5 file");
    CHECK_REFUSED(results_open(f.folder, &r), "is not a file");
    CHECK_REFUSED(results_open("/tmp/no/such/file.h5", &r), "No such file");
    fixture_free(&f);
}

static void another_hdf5_file_is_refused(void)
{
    fixture f = fixture_make(gates_text, NULL);
    hid_t file = H5Fcreate(f.path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    results *r = NULL;
    CHECK_REFUSED(results_open(f.path, &r), "is no result file of infosweep");
    CHECK_REFUSED(fixture_prepare(&f, STORE_RESUME), "is no result file of infosweep");
    fixture_free(&f);
}

static void another_format_is_refused(void)
{
    fixture f = fixture_make(gates_text, NULL);
    const int64_t next = 3;
    CHECK_OK(fixture_prepare(&f, STORE_NEW));
    hid_t file = H5Fopen(f.path, H5F_ACC_RDWR, H5P_DEFAULT),
          attribute = H5Aopen(file, "infosweep_format", H5P_DEFAULT);
    CU_ASSERT(H5Awrite(attribute, H5T_NATIVE_INT64, &next) >= 0);
    H5Aclose(attribute);
    H5Fclose(file);
    CHECK_REFUSED(fixture_prepare(&f, STORE_RESUME), "has format 3");
    fixture_free(&f);
}

static void a_file_that_was_cut_off_is_refused(void)
{
    enum { LENGTHS = 60 };
    unsigned char *bytes;
    size_t size;
    fixture f = finished(&bytes, &size);
    CU_ASSERT(read_everything(&f) == 30);
    ignore_leaks();
    for (int i = 0; i < LENGTHS; i++) {
        put_bytes(&f, bytes,
                  i < LENGTHS / 2 ? size - 1 - (size_t)i : size * (size_t)(i - LENGTHS / 2) / (LENGTHS / 2));
        CU_ASSERT(read_everything(&f) == -1);
        CU_ASSERT(fixture_prepare(&f, STORE_RESUME) == BAD_INPUT && strstr(failure_text(), f.path));
    }
    put_bytes(&f, bytes, size - 1);
    CHECK_REFUSED(fixture_prepare(&f, STORE_RESUME), "is cut off");
    FIXTURE_HEED_LEAKS();
    free(bytes);
    fixture_free(&f);
}

/* A small generator, so that a failure can be repeated (Knuth's MMIX constants). */
static uint64_t draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* Is the byte in a global heap, where HDF5 keeps variable-length text? HDF5 1.10 has no checksum there and itself crashes on
 * damaged ones (h5dump, too): no caller can keep it from that. A heap starts with "GCOL", a version, and its size. */
static bool in_global_heap(const unsigned char *bytes, size_t size, size_t at)
{
    for (size_t heap = 0; heap + 16 <= size && heap <= at; heap++) {
        if (memcmp(bytes + heap, "GCOL", 4) != 0) continue;
        size_t length = 0;
        for (int i = 7; i >= 0; i--) length = length << 8 | bytes[heap + 8 + (size_t)i];
        if (at < heap + length) return true;
    }
    return false;
}

/* Metadata carries checksums: damage there is refused. Damage in a row makes that row torn; in the bookkeeping that no
 * checksum covers (times, ranks) it may go unnoticed. */
static void flipped_bits_never_crash_and_never_pass_for_results(void)
{
    enum { FLIPS = 2000, METADATA = 1 << 17 }; /* METADATA: bytes at the start, most of which are metadata */
    unsigned char *bytes;
    size_t size;
    uint64_t state = 1;
    fixture f = finished(&bytes, &size);
    ignore_leaks();
    for (int i = 0; i < FLIPS; i++) {
        size_t at = draw(&state) % (i % 2 ? size : METADATA);
        unsigned char bit = (unsigned char)(1u << draw(&state) % 8);
        if (in_global_heap(bytes, size, at)) continue;
        put_byte(&f, at, bytes[at] ^ bit);
        int64_t done = read_everything(&f);
        CU_ASSERT(done == -1 || done >= 29);
        put_byte(&f, at, bytes[at]);
    }
    FIXTURE_HEED_LEAKS();
    free(bytes);
    fixture_free(&f);
}

FIXTURE_MAIN("store: hostile files", TEST(what_is_no_result_file_is_refused),
             TEST(another_hdf5_file_is_refused), TEST(another_format_is_refused),
             TEST(a_file_that_was_cut_off_is_refused),
             TEST(flipped_bits_never_crash_and_never_pass_for_results))
