#include "data/recordings.h"

#include <hdf5.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/recordings_same.h"

enum { TRIALS = 5, UNITS = 3, BINS = 4 };

static char folder[] = "/tmp/infosweep-recordings-XXXXXX";
static char path[64], other[64];

static void make_folder(void)
{
    if (strstr(folder, "XXXXXX") && mkdtemp(folder) == NULL) abort();
    snprintf(path, sizeof path, "%s/data.h5", folder);
    snprintf(other, sizeof other, "%s/other.h5", folder);
    unlink(path);
    unlink(other);
}

static void must(status result)
{
    if (result == OK) return;
    fprintf(stderr, "%s\n", failure_text());
    abort();
}

/* ---- recordings with something in every place -------------------------------------------------------------------- */

/* An area whose values tell trial, unit and bin apart. */
static void add_area(recorded_session *s, const char *name, bool counts, int units, int bins)
{
    area *a;
    column *c;
    must(session_add_area(s, name, units, bins, counts, &a));
    for (int i = 0; i < TRIALS * units * bins; i++) {
        if (counts)
            a->count[i] = (uint8_t)(i * 7 % 256);
        else
            a->feature[i] = (float)i / 8 - 1;
    }
    a->bin_ms = bins > 1 ? 10 : 0;
    a->start_ms = bins > 1 ? -20 : 0;
    must(text_set(&a->aligned_to, bins > 1 ? "target_on" : ""));
    must(area_add_column(a, "depth", "µm", 1, &c));
    for (int u = 0; u < units; u++) c->number[u] = 100.5 * u;
    must(area_add_text_column(a, "kind", &c));
    must(text_set(&c->text[0], "single"));
}

static void add_session(recordings *r, const char *name, const char *animal, bool valid)
{
    recorded_session *s;
    column *c;
    must(recordings_add_session(r, name, &s));
    s->trials = TRIALS;
    must(text_set(&s->animal, animal));
    must(text_set(&s->source, "raw/day.mat"));
    must(text_set(&s->sha256, "0123456789abcdef"));
    must(attribute_add(&s->attribute, &s->attributes, "array", "left"));
    must(session_add_column(s, "target", "deg", 1, &c));
    for (int t = 0; t < TRIALS; t++) c->number[t] = t % 2 ? 45 : -0.1;
    c->number[4] = NAN;
    must(session_add_column(s, "position", "mm", 2, &c));
    for (int i = 0; i < 2 * TRIALS; i++) c->number[i] = i * 1.25;
    must(session_add_text_column(s, "response", &c));
    for (int t = 0; t < TRIALS; t += 2) must(text_set(&c->text[t], t ? "größer" : "kleiner"));
    add_area(s, "PMd", true, UNITS, BINS);
    add_area(s, "M1", false, UNITS + 1, 1);
    if (!valid) return;
    must(session_add_valid(s));
    for (int t = 0; t < TRIALS; t++) {
        s->valid_from[t] = -20;
        s->valid_to[t] = t;
    }
}

static recordings *sample(void)
{
    recordings *r;
    must(recordings_make(&r));
    must(text_set(&r->title, "Zwei Tage"));
    must(text_set(&r->target, "target"));
    must(text_set(&r->mapping, "title: Zwei Tage\nsessions: []\n"));
    must(attribute_add(&r->attribute, &r->attributes, "licence", "CC0"));
    add_session(r, "z-first", "jay", true); /* by name it would be the last */
    add_session(r, "a-second", "", false);
    return r;
}

/* ---- writing and reading ----------------------------------------------------------------------------------------- */

static void what_is_written_is_read_back(void)
{
    make_folder();
    recordings *r = sample(), *back = NULL;
    must(recordings_write(r, path, false));
    must(recordings_read(path, &back));
    expect_same_recordings(r, back);
    recordings_free(back);
    recordings_free(r);
}

static size_t read_bytes(const char *from, unsigned char *to, size_t room)
{
    FILE *file = fopen(from, "rb");
    size_t size = file ? fread(to, 1, room, file) : 0;
    if (file) fclose(file);
    return size;
}

static unsigned char bytes[1 << 18], changed[1 << 18];

static void the_same_recordings_make_the_same_bytes(void)
{
    make_folder();
    recordings *r = sample();
    must(recordings_write(r, path, false));
    must(recordings_write(r, other, false));
    size_t size = read_bytes(path, bytes, sizeof bytes);
    CU_ASSERT(size > 0 && size == read_bytes(other, changed, sizeof changed));
    CU_ASSERT_EQUAL(memcmp(bytes, changed, size), 0);
    recordings_free(r);
}

static void a_file_that_is_there_is_replaced_only_when_asked(void)
{
    make_folder();
    recordings *r = sample(), *back = NULL;
    must(recordings_write(r, path, false));
    must(text_set(&r->title, "another"));
    CU_ASSERT_EQUAL(recordings_write(r, path, false), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "--replace"));
    must(recordings_write(r, path, true));
    must(recordings_read(path, &back));
    CU_ASSERT_STRING_EQUAL(back->title, "another");
    recordings_free(back);
    recordings_free(r);
}

static void texts_of_any_length_are_kept(void)
{
    make_folder();
    recordings *r = sample(), *back = NULL;
    column *c;
    must(session_add_text_column(&r->session[0], "note", &c));
    c->text[1] = malloc(3001);
    memset(c->text[1], 'n', 3000);
    c->text[1][3000] = '\0';
    must(recordings_write(r, path, false));
    must(recordings_read(path, &back));
    expect_same_session(&r->session[0], &back->session[0]);
    recordings_free(back);
    recordings_free(r);
}

static void what_cannot_be_written_leaves_nothing_behind(void)
{
    make_folder();
    recordings *r = sample();
    char nowhere[80];
    snprintf(nowhere, sizeof nowhere, "%s/none/data.h5", folder);
    CU_ASSERT_EQUAL(recordings_write(r, nowhere, false), IO_FAILED);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "No such file"));
    must(text_set(&r->target, "nothing"));
    CU_ASSERT_EQUAL(recordings_write(r, path, false), BAD_INPUT);
    CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0);
    recordings_free(r);
    CU_ASSERT_EQUAL(rmdir(folder), 0); /* no part of a file either */
    CU_ASSERT_EQUAL(mkdir(folder, 0700), 0);
}

/* ---- what is refused --------------------------------------------------------------------------------------------- */

static void expect_refused(status result, const char *said)
{
    bool as_expected = result == BAD_INPUT && strstr(failure_text(), said);
    if (!as_expected)
        fprintf(stderr, "'%s' is not said but '%s'\n", said, result == OK ? "nothing" : failure_text());
    CU_ASSERT(as_expected);
}

/* Makes good recordings bad in one place. */
typedef void (*spoiler)(recordings *r);

static void no_target(recordings *r)
{
    must(text_set(&r->target, "direction"));
}
static void no_values(recordings *r)
{
    for (int t = 0; t < TRIALS; t++) r->session[1].column[0].number[t] = NAN;
}
static void nan_feature(recordings *r)
{
    r->session[1].area[1].feature[2 * (UNITS + 1) + 3] = NAN;
}
static void infinite_column(recordings *r)
{
    r->session[0].column[1].number[5] = INFINITY;
}
static void two_alike(recordings *r)
{
    must(text_set(&r->session[1].name, "z-first"));
}
static void two_columns_alike(recordings *r)
{
    must(text_set(&r->session[1].column[1].name, "target"));
}
static void odd_name(recordings *r)
{
    must(text_set(&r->session[0].area[1].name, "M1/left"));
}
static void odd_text(recordings *r)
{
    must(text_set(&r->session[0].column[2].text[1], "\xff\xfe"));
}
static void no_bins(recordings *r)
{
    r->session[0].area[0].bin_ms = 0;
}
static void turned_round(recordings *r)
{
    r->session[0].valid_to[2] = -30;
}
static void no_sessions(recordings *r)
{
    recorded_session *all = r->session;
    int sessions = r->sessions;
    recordings rest = { .sessions = sessions, .session = all };
    r->sessions = 0;
    r->session = NULL;
    recordings *owner = calloc(1, sizeof *owner);
    if (owner == NULL) abort();
    *owner = rest;
    recordings_free(owner);
}

static void what_breaks_the_layout_is_refused_with_its_place(void)
{
    static const struct {
        spoiler spoil;
        const char *said;
    } cases[] = {
        { no_target, "z-first has no trial column direction" },
        { no_values, "a-second: no trial has a target" },
        { nan_feature, "a-second, area M1: trial 3, unit 4, bin 1 is NaN" },
        { infinite_column, "z-first: column position: trial 3 is infinite" },
        { two_alike, "two sessions are called z-first" },
        { two_columns_alike, "a-second: two columns are called target" },
        { odd_name, "'M1/left' cannot be the name of an area" },
        { odd_text, "column response: trial 2 is no UTF-8 text" },
        { no_bins, "area PMd: 4 bins without a length" },
        { turned_round, "z-first: trial 3 is valid from -20 to -30 ms" },
        { no_sessions, "holds no sessions" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        recordings *r = sample();
        must(recordings_check(r, "here.h5"));
        cases[i].spoil(r);
        expect_refused(recordings_check(r, "here.h5"), cases[i].said);
        CU_ASSERT_EQUAL(strncmp(failure_text(), "here.h5: ", 9), 0);
        recordings_free(r);
    }
}

static void a_feature_may_be_missing_where_a_trial_is_not_valid(void)
{
    recordings *r = sample();
    recorded_session *s = &r->session[0];
    area *a;
    must(session_add_area(s, "S1", 1, 3, false, &a));
    a->bin_ms = 10;
    a->start_ms = -20;
    a->feature[0 * 3 + 2] = NAN; /* 0 to 10 ms of a trial that is valid from -20 to 0 */
    CU_ASSERT_EQUAL(recordings_check(r, "here.h5"), OK);
    a->feature[0 * 3 + 1] = NAN; /* -10 to 0 ms */
    expect_refused(recordings_check(r, "here.h5"), "trial 1, unit 1, bin 2 is NaN");
    recordings_free(r);
}

static void a_file_cut_anywhere_is_refused(void)
{
    make_folder();
    recordings *r = sample(), *back = NULL;
    must(recordings_write(r, path, false));
    recordings_free(r);
    size_t size = read_bytes(path, bytes, sizeof bytes);
    CU_ASSERT_FATAL(size > 2000 && size < sizeof bytes);
    for (size_t cut = 0; cut < size; cut += 1 + size / 101) {
        CU_ASSERT_EQUAL(truncate(path, (off_t)0), 0);
        FILE *file = fopen(path, "wb");
        CU_ASSERT_PTR_NOT_NULL_FATAL(file);
        fwrite(bytes, 1, cut, file);
        fclose(file);
        CU_ASSERT_EQUAL(recordings_read(path, &back), BAD_INPUT);
        CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), path));
    }
}

/* Changes one thing in the file with plain HDF5. */
typedef void (*change)(hid_t file);

static void drop_sessions(hid_t file)
{
    H5Ldelete(file, "sessions", H5P_DEFAULT);
}
static void drop_trials(hid_t file)
{
    H5Ldelete(file, "sessions/z-first/trials", H5P_DEFAULT);
}
static void drop_target(hid_t file)
{
    H5Ldelete(file, "sessions/a-second/trials/target", H5P_DEFAULT);
}
static void drop_counts(hid_t file)
{
    H5Ldelete(file, "sessions/z-first/areas/PMd/counts", H5P_DEFAULT);
}
static void drop_format(hid_t file)
{
    H5Adelete(file, "infosweep_format");
}
static void next_version(hid_t file)
{
    int version = 2;
    hid_t number = H5Aopen(file, "infosweep_version", H5P_DEFAULT);
    H5Awrite(number, H5T_NATIVE_INT, &version);
    H5Aclose(number);
}

/* Puts an array of zeros in the place of what is there. */
static void put_array(hid_t file, const char *name, hid_t type, int rank, const hsize_t *extent, bool chunked)
{
    hid_t space = H5Screate_simple(rank, extent, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
    hsize_t one[3] = { 1, 1, 1 };
    if (chunked) H5Pset_chunk(list, rank, one);
    H5Ldelete(file, name, H5P_DEFAULT);
    H5Dclose(H5Dcreate2(file, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT));
    H5Pclose(list);
    H5Sclose(space);
}
static void ragged_target(hid_t file)
{
    put_array(file, "sessions/a-second/trials/target", H5T_NATIVE_DOUBLE, 1, (hsize_t[]){ TRIALS - 1 },
              false);
}
static void ragged_area(hid_t file)
{
    put_array(file, "sessions/a-second/areas/M1/features", H5T_NATIVE_FLOAT, 3,
              (hsize_t[]){ TRIALS + 1, 2, 1 }, false);
}
static void flat_area(hid_t file)
{
    put_array(file, "sessions/a-second/areas/PMd/counts", H5T_NATIVE_UCHAR, 2, (hsize_t[]){ TRIALS, 2 },
              false);
}
static void empty_area(hid_t file)
{
    put_array(file, "sessions/a-second/areas/PMd/counts", H5T_NATIVE_UCHAR, 3, (hsize_t[]){ TRIALS, 0, 2 },
              false);
}
static void huge_area(hid_t file)
{
    put_array(file, "sessions/a-second/areas/PMd/counts", H5T_NATIVE_UCHAR, 3,
              (hsize_t[]){ TRIALS, 1 << 30, 1 << 30 }, true);
}
static void area_of_groups(hid_t file)
{
    H5Ldelete(file, "sessions/a-second/areas/PMd/counts", H5P_DEFAULT);
    H5Gclose(H5Gcreate2(file, "sessions/a-second/areas/PMd/counts", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}
static void other_counts(hid_t file)
{
    hsize_t extent[3] = { TRIALS, UNITS, BINS };
    double counts[TRIALS * UNITS * BINS] = { [17] = 0.5 };
    put_array(file, "sessions/z-first/areas/PMd/counts", H5T_NATIVE_DOUBLE, 3, extent, false);
    hid_t dataset = H5Dopen2(file, "sessions/z-first/areas/PMd/counts", H5P_DEFAULT);
    H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, counts);
    H5Dclose(dataset);
}

static void files_of_another_layout_are_refused_with_their_place(void)
{
    static const struct {
        change change;
        const char *said;
    } cases[] = {
        { drop_sessions, "/: has no member sessions" },
        { drop_trials, "/sessions/z-first: has no member trials; there are areas" },
        { drop_target, "a-second has no trial column target" },
        { drop_counts, "/sessions/z-first/areas/PMd has neither counts nor features" },
        { drop_format, "is no infosweep data file" },
        { next_version, "version 2, and this infosweep reads version 1" },
        { ragged_target, "/sessions/a-second/trials/target has 4 rows; right would be 5" },
        { ragged_area, "/sessions/a-second/areas/M1/features has 6 trials; right would be 5" },
        { flat_area, "is no array of (trials, units, bins)" },
        { empty_area, "is 5 trials × 0 units × 2 bins" },
        { huge_area, "which the file cannot hold" },
        { area_of_groups, "is no array of (trials, units, bins)" },
        { other_counts, "value [1, 1, 1] is 0.5; right would be a count of spikes" },
    };
    make_folder();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        recordings *r = sample(), *back = NULL;
        must(recordings_write(r, path, true));
        recordings_free(r);
        hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
        cases[i].change(file);
        H5Fclose(file);
        expect_refused(recordings_read(path, &back), cases[i].said);
        CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), path));
    }
}

static void what_is_no_data_file_is_refused(void)
{
    make_folder();
    recordings *back = NULL;
    expect_refused(recordings_read(path, &back), "No such file");
    expect_refused(recordings_read(folder, &back), "is not a file");
    FILE *file = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fclose(file);
    expect_refused(recordings_read(path, &back), "is not an HDF5 file");
    file = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    for (int i = 0; i < 500; i++) fputs("spikes,", file);
    fclose(file);
    expect_refused(recordings_read(path, &back), "is not an HDF5 file");
    unlink(path);
    rmdir(folder);
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

static void a_value_of_a_column_is_told_as_a_person_would(void)
{
    double number[] = { 0.1, 3, -0.0, NAN, 1e300, 0, 120, -0.0, NAN };
    char *text[] = { "left", NULL };
    column one = { .dimensions = 1, .number = number }, two = { .dimensions = 2, .number = number + 5 };
    column words = { .dimensions = 1, .text = text };
    static const struct {
        int column;
        int64_t row;
        const char *said;
    } cases[] = { { 1, 0, "0.1" },      { 1, 1, "3" }, { 1, 2, "0" },    { 1, 3, "" }, { 1, 4, "1e300" },
                  { 2, 0, "(0, 120)" }, { 2, 1, "" },  { 0, 0, "left" }, { 0, 1, "" } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *said = column_value_text(cases[i].column == 0   ? &words
                                       : cases[i].column == 1 ? &one
                                                              : &two,
                                       cases[i].row);
        CU_ASSERT_STRING_EQUAL(said, cases[i].said);
        free(said);
    }
}

static void what_is_printed_says_what_may_surprise(void)
{
    recordings *r = sample();
    r->session[1].column[0].number[1] = r->session[1].column[0].number[3] = -0.1; /* no trial of 45 */
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(to);
    must(recordings_print(r, "here.h5", to));
    fclose(to);
    static const char *const said[] = { "here.h5: Zwei Tage",
                                        "4 of 10 ms, -20 to 20 ms from target_on",
                                        "a-second has no trial of target '45'",
                                        "1 of 5 trials have no target",
                                        "position (× 2, mm)",
                                        "response (text)",
                                        "depth (µm)" };
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (strstr(text, said[i]) == NULL) fprintf(stderr, "'%s' is not in\n%s\n", said[i], text);
        CU_ASSERT_PTR_NOT_NULL(strstr(text, said[i]));
    }
    free(text);
    recordings_free(r);
}

static void a_target_of_many_values_is_shown_by_a_few(void)
{
    enum { MANY = 100 };
    recordings *r;
    recorded_session *s;
    column *c;
    area *a;
    char *text = NULL;
    size_t size;
    must(recordings_make(&r));
    must(text_set(&r->target, "speed"));
    must(recordings_add_session(r, "day", &s));
    s->trials = MANY;
    must(session_add_column(s, "speed", "mm/s", 1, &c));
    for (int t = 0; t < MANY; t++) c->number[t] = t / 8.0;
    must(session_add_area(s, "M1", 1, 1, false, &a));
    FILE *to = open_memstream(&text, &size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(to);
    must(recordings_print(r, "here.h5", to));
    fclose(to);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "and 92 further values; a target of so many values is continuous"));
    CU_ASSERT_PTR_NULL(strstr(text, "one trial only"));
    free(text);
    recordings_free(r);
}

CHECK_MAIN("recordings", TEST(what_is_written_is_read_back), TEST(the_same_recordings_make_the_same_bytes),
           TEST(a_file_that_is_there_is_replaced_only_when_asked), TEST(texts_of_any_length_are_kept),
           TEST(what_cannot_be_written_leaves_nothing_behind),
           TEST(what_breaks_the_layout_is_refused_with_its_place),
           TEST(a_feature_may_be_missing_where_a_trial_is_not_valid), TEST(a_file_cut_anywhere_is_refused),
           TEST(files_of_another_layout_are_refused_with_their_place), TEST(what_is_no_data_file_is_refused),
           TEST(a_value_of_a_column_is_told_as_a_person_would), TEST(what_is_printed_says_what_may_surprise),
           TEST(a_target_of_many_values_is_shown_by_a_few))
