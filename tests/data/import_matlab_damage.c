/* MATLAB files that are cut off, changed, or none. */
#include "data/matlab_files.h"

#ifndef HAVE_MATIO

int main(void)
{
    printf("skipped: no matio\n");
    return 0;
}

#else

/* ---- damage ---------------------------------------------------------------------------------------------------------- */

static unsigned char bytes[1 << 18], changed[1 << 18];

static size_t read_bytes(void)
{
    FILE *file = fopen(source, "rb");
    size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file) fclose(file);
    CU_ASSERT_FATAL(size > 200 && size < sizeof bytes);
    return size;
}

static status try_bytes(const unsigned char *from, size_t size, recordings **out)
{
    FILE *file = fopen(source, "wb");
    if (file == NULL) abort();
    fwrite(from, 1, size, file);
    fclose(file);
    *out = NULL;
    return recordings_import(mapping_path, out);
}

static void a_file_cut_anywhere_is_refused(void)
{
    for (int w = 0; w < WAYS; w++) {
        recordings *r;
        write_table(&good, w);
        write_mapping(table_keys);
        size_t size = read_bytes();
        CU_ASSERT_EQUAL(try_bytes(bytes, size, &r), OK);
        recordings_free(r);
        for (size_t cut = 0; cut < size; cut += 1 + size / 499) {
            CU_ASSERT_EQUAL(try_bytes(bytes, cut, &r), BAD_INPUT);
            CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), source));
        }
    }
}

/* What is compressed has a checksum over what it unpacks to: a change is seen, or it changes nothing. */
static void a_changed_byte_is_refused_or_does_no_harm(void)
{
    for (int w = 0; w < LEVEL_5_WAYS; w++) {
        recordings *before, *after;
        write_table(&good, w);
        write_mapping(table_keys);
        size_t size = read_bytes();
        CU_ASSERT_EQUAL_FATAL(try_bytes(bytes, size, &before), OK);
        const area *a = &before->session[0].area[0];
        size_t counts = (size_t)(before->session[0].trials * a->units * a->bins);
        for (size_t at = 0; at < size; at += 1 + size / 1499) {
            memcpy(changed, bytes, size);
            changed[at] ^= (unsigned char)(1 << at % 8);
            status result = try_bytes(changed, size, &after);
            CU_ASSERT(result == BAD_INPUT || result == OK);
            if (result == OK && ways[w].packing == MAT_COMPRESSION_ZLIB)
                CU_ASSERT_EQUAL(memcmp(a->count, after->session[0].area[0].count, counts), 0);
            recordings_free(after);
        }
        recordings_free(before);
    }
}

/* Sizes that would make a trusting reader ask for all of memory, at the places where a file has them. */
static void absurd_sizes_are_refused_at_once(void)
{
    static const unsigned char huge[] = { 0xFF, 0xFF, 0xFF, 0x7F };
    write_table(&good, 0);
    write_mapping(table_keys);
    size_t size = read_bytes();
    for (size_t at = 128; at < 640; at += 4) {
        recordings *r;
        memcpy(changed, bytes, size);
        memcpy(changed + at, huge, sizeof huge);
        status result = try_bytes(changed, size, &r);
        CU_ASSERT(result == BAD_INPUT || result == OK);
        recordings_free(r);
    }
}

static void dimensions_that_do_not_fit_what_is_there_are_refused(void)
{
    static const unsigned char extents[] = { UNITS, 0, 0, 0, MILLISECONDS, 0, 0, 0 };
    write_table(&good, 0);
    write_mapping(table_keys);
    size_t size = read_bytes();
    int changes = 0;
    for (size_t at = 128; at + sizeof extents < size; at += 4) {
        if (memcmp(bytes + at, extents, sizeof extents) != 0) continue;
        for (int by = -1; by <= 1; by += 2, changes++) {
            recordings *r;
            memcpy(changed, bytes, size);
            changed[at + 4] = (unsigned char)(MILLISECONDS + by);
            CU_ASSERT_EQUAL(try_bytes(changed, size, &r), BAD_INPUT);
            CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "than its dimensions say"));
        }
    }
    CU_ASSERT_EQUAL(changes, 2 * 2 * TRIALS * TARGETS);
}

static void what_is_no_matlab_file_is_refused(void)
{
    recordings *r;
    write_table(&good, 0);
    write_mapping(table_keys);
    size_t size = read_bytes();
    memset(changed, 'x', 4096);
    CU_ASSERT_EQUAL(try_bytes(changed, 4096, &r), BAD_INPUT);
    expect_said("not a MATLAB file");
    CU_ASSERT_EQUAL(try_bytes(changed, 0, &r), BAD_INPUT);
    expect_said("is empty");
    memcpy(changed, bytes, size);
    changed[125] = 2; /* what version 7.3 has there */
    CU_ASSERT_EQUAL(try_bytes(changed, size, &r), BAD_INPUT);
    expect_said("save -v7");
    memcpy(changed, "MATLAB 7.3", 10); /* says that it is HDF5 */
    CU_ASSERT_EQUAL(try_bytes(changed, size, &r), BAD_INPUT);
    expect_said("is not an HDF5 file");
    unlink(source);
    CU_ASSERT_EQUAL(recordings_import(mapping_path, &r), BAD_INPUT);
    expect_said("day.yaml:5: day.mat: no such file: neither");
    remove_folder();
}

CHECK_MAIN("import_matlab_damage", TEST(a_file_cut_anywhere_is_refused),
           TEST(a_changed_byte_is_refused_or_does_no_harm), TEST(absurd_sizes_are_refused_at_once),
           TEST(dimensions_that_do_not_fit_what_is_there_are_refused),
           TEST(what_is_no_matlab_file_is_refused))

#endif
