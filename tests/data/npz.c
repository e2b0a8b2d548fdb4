#include "data/npz_files.h"
#include "data/reading.h"

#define HEADER(type, order, shape) "'descr': '" type "', 'fortran_order': " order ", 'shape': " shape ", "

/* Three trials of 2, 1 and 3 bins, two units. */
static const float rates[6][2] = { { 1, 10 }, { 3, 20 }, { 5, 0 }, { 0, 7 }, { 0, 8 }, { 3, 9 } };
static const int32_t trial[6] = { 4, 4, 5, 9, 9, 9 };
static const int8_t target[6] = { 2, 2, 0, 1, 1, 1 };
static const double velocity[6][2] = { { 0.1, 1 }, { 0.1, 3 }, { 5, 5 }, { 1, 0 }, { 2, 0 }, { 6, 0 } };

static bytes one(const char *header, const void *data, size_t size)
{
    return npy_of(header, data, size);
}

/* The session above as an archive; `deflated` and `zip64` say how. */
static const char *session_of(bool deflated, bool zip64)
{
    archive a = { .members = 0 };
    bytes b = one(HEADER("<f4", "False", "(6, 2)"), rates, sizeof rates);
    archive_add(&a, "rates.npy", &b, deflated, zip64);
    b = one(HEADER("<i4", "False", "(6,)"), trial, sizeof trial);
    archive_add(&a, "trial.npy", &b, deflated, zip64);
    b = one(HEADER("|i1", "False", "(6,)"), target, sizeof target);
    archive_add(&a, "target.npy", &b, deflated, zip64);
    b = one(HEADER("<f8", "False", "(6, 2)"), velocity, sizeof velocity);
    archive_add(&a, "vel.npy", &b, deflated, zip64);
    bytes file = archive_end(&a, zip64);
    return file_of("session.npz", file.at, file.size);
}

/* An archive with features f (given), and target y: one number per row. */
static const char *features_of(const bytes *features, int rows)
{
    static const double y[64] = { 0, 1, 0, 1, 0, 1 };
    char header[128];
    archive a = { .members = 0 };
    archive_add(&a, "f.npy", features, false, false);
    snprintf(header, sizeof header, HEADER("<f8", "False", "(%d,)"), rows);
    bytes b = one(header, y, (size_t)rows * sizeof *y);
    archive_add(&a, "y.npy", &b, false, false);
    bytes file = archive_end(&a, false);
    return file_of("features.npz", file.at, file.size);
}

static const char by_trial[] = "{features: rates, trial: trial, target: target, columns: [vel]}";

static void the_mean_over_a_trials_bins_is_its_feature(void)
{
    for (int how = 0; how < 4; how++) {
        recordings *r;
        status result = read_session(&npz_format, session_of(how & 1, how & 2), by_trial, "target", &r);
        CU_ASSERT_EQUAL_FATAL(result, OK);
        const recorded_session *s = &r->session[0];
        CU_ASSERT_EQUAL(s->trials, 3);
        CU_ASSERT_EQUAL(s->areas, 1);
        const area *a = &s->area[0];
        CU_ASSERT_STRING_EQUAL(a->name, "units");
        static const float means[3][2] = { { 2, 15 }, { 5, 0 }, { 1, 8 } };
        CU_ASSERT(a->units == 2 && a->bins == 1 && memcmp(a->feature, means, sizeof means) == 0);
        static const double targets[] = { 2, 0, 1 }, numbers[] = { 4, 5, 9 };
        CU_ASSERT(memcmp(session_column(s, "target")->number, targets, sizeof targets) == 0);
        CU_ASSERT(memcmp(session_column(s, "trial")->number, numbers, sizeof numbers) == 0);
        /* equal values stay what they are, to the bit */
        static const double velocities[] = { 0.1, 2, 5, 5, 3, 0 };
        const column *vel = session_column(s, "vel");
        CU_ASSERT(vel->dimensions == 2 && memcmp(vel->number, velocities, sizeof velocities) == 0);
        recordings_free(r);
    }
}

static void bins_that_are_kept_are_padded_and_say_where_they_are_valid(void)
{
    recordings *r;
    status result = read_session(&npz_format, session_of(true, false),
                                 "{areas: {M1: rates}, trial: trial, target: target, bins: keep, bin_ms: 50, "
                                 "start_ms: -100, counts: true, aligned_to: go}",
                                 "target", &r);
    CU_ASSERT_EQUAL_FATAL(result, OK);
    const recorded_session *s = &r->session[0];
    const area *a = session_area(s, "M1");
    CU_ASSERT_PTR_NOT_NULL_FATAL(a);
    CU_ASSERT(a->bins == 3 && a->bin_ms == 50 && a->start_ms == -100);
    CU_ASSERT_STRING_EQUAL(a->aligned_to, "go");
    static const uint8_t counts[] = { 1, 3, 0, 10, 20, 0, 5, 0, 0, 0, 0, 0, 0, 0, 3, 7, 8, 9 };
    CU_ASSERT(a->count && memcmp(a->count, counts, sizeof counts) == 0);
    static const double from[] = { -100, -100, -100 }, to[] = { 0, -50, 50 };
    CU_ASSERT(memcmp(s->valid_from, from, sizeof from) == 0 && memcmp(s->valid_to, to, sizeof to) == 0);
    recordings_free(r);
}

static void every_type_order_and_width_is_read(void)
{
    static const struct {
        const char *header, *bytes;
        size_t size;
        double first, second;
    } cases[] = {
        { HEADER("|b1", "False", "(2, 1)"), "\1\0", 2, 1, 0 },
        { HEADER("|u1", "False", "(2, 1)"), "\xff\1", 2, 255, 1 },
        { HEADER("|i1", "False", "(2, 1)"), "\xff\1", 2, -1, 1 },
        { HEADER("<u2", "False", "(2, 1)"), "\2\1\0\x80", 4, 258, 32768 },
        { HEADER(">u2", "False", "(2, 1)"), "\2\1\0\x80", 4, 513, 128 },
        { HEADER("<i2", "False", "(2, 1)"), "\2\1\0\x80", 4, 258, -32768 },
        { HEADER(">i4", "False", "(2, 1)"), "\xff\xff\xff\xfe\0\0\1\0", 8, -2, 256 },
        { HEADER("<u4", "False", "(2, 1)"), "\xfe\xff\xff\xff\0\0\1\0", 8, 4294967294.0, 65536 },
        { HEADER("<i8", "False", "(2, 1)"), "\xfe\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\1\0\0\0", 16, -2,
          4294967296.0 },
        { HEADER(">u8", "False", "(2, 1)"), "\0\0\0\0\0\0\0\7\0\0\0\0\0\1\0\0", 16, 7, 65536 },
        { HEADER("<f2", "False", "(2, 1)"), "\x00\x3c\x01\x80", 4, 1, -5.9604644775390625e-8 },
        { HEADER("<f4", "False", "(2, 1)"), "\0\0\x80\x3f\0\0\0\xc0", 8, 1, -2 },
        { HEADER(">f8", "False", "(2, 1)"), "\x3f\xf8\0\0\0\0\0\0\xc0\0\0\0\0\0\0\0", 16, 1.5, -2 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        recordings *r;
        bytes b = one(cases[i].header, cases[i].bytes, cases[i].size);
        status result =
            read_session(&npz_format, features_of(&b, 2), "{features: f, columns: [y, f]}", "y", &r);
        if (result != OK) fprintf(stderr, "%s: %s\n", cases[i].header, failure_text());
        CU_ASSERT_EQUAL_FATAL(result, OK);
        const double *value = session_column(&r->session[0], "f")->number;
        CHECK_NEAR(value[0], cases[i].first, 0);
        CHECK_NEAR(value[1], cases[i].second, 0);
        recordings_free(r);
    }
}

static void fortran_order_and_three_dimensions_mean_what_they_say(void)
{
    /* (trials 2, units 2, bins 3): value 100 trial + 10 unit + bin, column by column */
    unsigned char values[12];
    for (int b = 0, i = 0; b < 3; b++)
        for (int u = 0; u < 2; u++)
            for (int t = 0; t < 2; t++) values[i++] = (unsigned char)(100 * t + 10 * u + b);
    bytes b = one(HEADER("|u1", "True", "(2, 2, 3)"), values, sizeof values);
    recordings *r;
    status result = read_session(&npz_format, features_of(&b, 2),
                                 "{features: f, target: y, bin_ms: 10, counts: true}", "y", &r);
    CU_ASSERT_EQUAL_FATAL(result, OK);
    const area *a = &r->session[0].area[0];
    CU_ASSERT_EQUAL_FATAL(a->units * a->bins, 6);
    for (int i = 0; i < 12; i++) CU_ASSERT_EQUAL(a->count[i], 100 * (i / 6) + 10 * (i / 3 % 2) + i % 3);
    CU_ASSERT_PTR_NULL(r->session[0].valid_to);
    recordings_free(r);
    check_refused(&npz_format, in_folder("features.npz"), "{features: f, target: y}", "y", "needs bin_ms");
}

static void texts_become_a_text_column(void)
{
    static const unsigned char utf32[] = { 'h', 0, 0, 0, 0xe9, 0, 0, 0, 'b', 0, 0, 0, 0, 0, 0, 0 };
    archive a = { .members = 0 };
    bytes b = one(HEADER("|u1", "False", "(2, 1)"), "\1\2", 2);
    archive_add(&a, "f.npy", &b, false, false);
    b = one(HEADER("<U2", "False", "(2,)"), utf32, sizeof utf32);
    archive_add(&a, "word.npy", &b, false, false);
    b = one(HEADER("|S3", "False", "(2,)"), "ab\0xyz", 6);
    archive_add(&a, "ascii.npy", &b, false, false);
    bytes file = archive_end(&a, false);
    recordings *r;
    status result = read_session(&npz_format, file_of("texts.npz", file.at, file.size),
                                 "{features: f, target: word, columns: ascii}", "word", &r);
    CU_ASSERT_EQUAL_FATAL(result, OK);
    CU_ASSERT_STRING_EQUAL(session_column(&r->session[0], "word")->text[0], "h\xc3\xa9");
    CU_ASSERT_STRING_EQUAL(session_column(&r->session[0], "word")->text[1], "b");
    CU_ASSERT_STRING_EQUAL(session_column(&r->session[0], "ascii")->text[0], "ab");
    CU_ASSERT_STRING_EQUAL(session_column(&r->session[0], "ascii")->text[1], "xyz");
    recordings_free(r);
}

static void a_single_array_takes_its_target_from_a_file_beside_it(void)
{
    bytes b = one(HEADER("|u1", "False", "(2,)"), "\3\4", 2);
    file_of("labels.npy", b.at, b.size);
    b = one(HEADER("<f4", "False", "(2, 1)"), "\0\0\x80\x3f\0\0\0\xc0", 8);
    const char *path = file_of("features.npy", b.at, b.size);
    recordings *r;
    status result = read_session(&npz_format, path, "{target: labels.npy}", "labels.npy", &r);
    CU_ASSERT_EQUAL_FATAL(result, OK);
    CHECK_NEAR(r->session[0].area[0].feature[1], -2, 0);
    CHECK_NEAR(session_column(&r->session[0], "labels.npy")->number[1], 4, 0);
    recordings_free(r);
    path = in_folder("features.npy");
    check_refused(&npz_format, path, "{target: labels}", "labels",
                  "name a file beside it, such as 'labels.npy'");
    check_refused(&npz_format, path, "{target: none.npy}", "none.npy", "none.npy: cannot open");
}

static void wrong_mappings_are_refused_with_their_line(void)
{
    const char *path = session_of(true, false);
    check_refused(&npz_format, path, "features: rats\ntarget: target\n", "target", "mapping:1: ");
    check_refused(&npz_format, path, "features: rats\ntarget: target\n", "target",
                  "has no array 'rats'; did you mean 'rates'?");
    check_refused(&npz_format, path, "target: target\n", "target",
                  "features: which array holds them is missing");
    check_refused(&npz_format, path, "features: rates\nareas: {M1: rates}", "target",
                  "either these or areas");
    check_refused(&npz_format, path, "areas: rates", "target", "as in {M1: rates_hz}");
    check_refused(&npz_format, path, "features: rates\ncolumns: {a: b}", "target",
                  "mapping:2: columns: a list");
    check_refused(&npz_format, path, "features: rates\nbins: sum", "target",
                  "mapping:2: bins are either mean or keep");
    check_refused(&npz_format, path, "features: rates\ncounts: maybe", "target", "counts is true or false");
    check_refused(&npz_format, path, "features: rates\ntrial: trial\nbins: keep", "target", "needs bin_ms");
    check_refused(&npz_format, path, "features: rates\ntrial: trial\ntarget: vel", "vel",
                  "vel changes within trial 0, counted from 0 (row 0 to row 1)");
    check_refused(&npz_format, path, "features: rates\ntrial: target", "target",
                  "row 2: the number of the trial jumps back from 2 to 0");
    check_refused(&npz_format, path, "features: rates\ntrial: vel", "target",
                  "one number for each is wanted");
    check_refused(&npz_format, path, "features: rates\ntrial: trial\ncounts: true", "target",
                  "keep the bins, or leave out");
    check_refused(&npz_format, path, "features: vel\ncounts: true", "target",
                  "row 0, unit 0 (from 0): 0.1 is no spike count");
}

static void arrays_that_are_no_features_are_refused(void)
{
    static const struct {
        const char *header, *bytes;
        size_t size;
        const char *part;
    } cases[] = {
        { HEADER("|O", "False", "(2, 1)"), "..", 2, "Python objects are pickled" },
        { HEADER("<c8", "False", "(2, 1)"), "................", 16, "complex" },
        { HEADER("<M8[s]", "False", "(2, 1)"), "................", 16, "seconds" },
        { HEADER("<f16", "False", "(2, 1)"), "", 0, "type <f16" },
        { HEADER("<f4", "False", "(2, 1)"), "\0\0\x80\x3f\0\0\xc0\x7f", 8,
          "row 1, unit 0 (from 0): nan is no value" },
        { HEADER("<f4", "False", "(2, 1)"), "\0\0\x80\x3f", 4, "f: cut off or damaged: 4 bytes" },
        { HEADER("<f4", "False", "(0, 1)"), "", 0, "no trials" },
        { HEADER("<f4", "False", "()"), "\0\0\x80\x3f", 4, "features are (rows, units)" },
        { HEADER("<f4", "False", "(2, 4611686018427387904, 4)"), "", 0, "damaged: an array of more than" },
        { HEADER("|b1", "False", "(1, 1, 1, 2)"), "\1\1", 2, "features are (rows, units)" },
        { HEADER("|S1", "False", "(2, 1)"), "ab", 2, "f holds texts" },
        { "'descr': '<f4'", "", 0, "not what NumPy writes" },
        { "'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), ", "", 0,
          "records of several fields" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bytes b = one(cases[i].header, cases[i].bytes, cases[i].size);
        check_refused(&npz_format, features_of(&b, 2), "{features: f, target: y}", "y", cases[i].part);
    }
    bytes b = one(HEADER("|u1", "False", "(3, 1)"), "\1\2\3", 3);
    check_refused(&npz_format, features_of(&b, 2), "{features: f, target: y}", "y",
                  "a column has one row for each of the 3 rows");
    check_refused(&npz_format, in_folder("features.npz"), "{areas: {a: f, b: y}}", "y",
                  "the features before have 3 rows");
}

static void a_file_cut_off_or_damaged_anywhere_is_refused(void)
{
    for (int deflated = 0; deflated < 2; deflated++) {
        session_of(deflated, deflated);
        FILE *from = fopen(in_folder("session.npz"), "rb");
        static unsigned char whole[1 << 16];
        size_t size = from ? fread(whole, 1, sizeof whole, from) : 0;
        if (from) fclose(from);
        CU_ASSERT_FATAL(size > 0);
        recordings *r;
        for (size_t cut = 0; cut < size; cut++) {
            const char *path = file_of("cut.npz", whole, cut);
            status result = read_session(&npz_format, path, by_trial, "target", &r);
            if (result != BAD_INPUT) fprintf(stderr, "cut to %zu bytes: %d\n", cut, (int)result);
            CU_ASSERT_EQUAL(result, BAD_INPUT);
            recordings_free(r);
        }
        /* a flipped bit is found, or stands where nothing is read from (times, versions, attributes) */
        for (size_t at = 0; at < size; at++) {
            whole[at] ^= 0x10;
            status result =
                read_session(&npz_format, file_of("flip.npz", whole, size), by_trial, "target", &r);
            CU_ASSERT(result == BAD_INPUT || result == OK);
            recordings_free(r);
            whole[at] ^= 0x10;
        }
    }
    check_refused(&npz_format, file_of("empty.npz", "", 0), by_trial, "target", "the file is empty");
    check_refused(&npz_format, file_of("text.npz", "hello", 5), by_trial, "target", "no zip archive");
    check_refused(&npz_format, "/tmp", by_trial, "target", "/tmp: no regular file");
}

static void a_changed_value_is_found_by_the_checksum(void)
{
    static unsigned char whole[1 << 16];
    FILE *from = fopen(session_of(false, false), "rb");
    size_t size = from ? fread(whole, 1, sizeof whole, from) : 0, at = 0;
    if (from) fclose(from);
    while (at + sizeof rates < size && memcmp(whole + at, rates, sizeof rates) != 0) at++;
    CU_ASSERT_FATAL(at + sizeof rates < size);
    whole[at] ^= 1;
    check_refused(&npz_format, file_of("changed.npz", whole, size), by_trial, "target",
                  "rates.npy: damaged: its checksum is wrong");
}

static void a_description_names_the_arrays_and_maps_them(void)
{
    char *text = described(&npz_format, session_of(true, false));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "#   rates: float32 (6, 2)\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "#   target: int8 (6)\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "    features: rates\n    trial: trial\n    target: target\n"));
    node map = { 0 };
    CU_ASSERT_EQUAL(node_parse(text, "described", true, &map), OK);
    node_free(&map);
    free(text);
}

/* Trials × units and trials per target of the recordings that the reaching sessions are. */
static void the_reaching_sessions_have_the_numbers_that_are_known_of_them(void)
{
    static const struct {
        const char *name;
        int trials, units;
    } sessions[] = {
        { "full-chewie-10032013", 159, 174 },
        { "full-chewie-12192013", 180, 155 },
        { "full-mihi-03032014", 209, 187 },
    };
    const char *data = getenv("INFOSWEEP_DATA");
    for (size_t i = 0; i < 3; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/neural/%s-bin0.10-vel_thresh5.00.npz", data ? data : "../shared/data",
                 sessions[i].name);
        if (access(path, R_OK) != 0) {
            puts("skipped: no data");
            return;
        }
        recordings *r;
        status result = read_session(&npz_format, path,
                                     "{areas: {M1: rates_hz}, trial: trial, target: target}", "target", &r);
        CU_ASSERT_EQUAL_FATAL(result, OK);
        const recorded_session *s = &r->session[0];
        CU_ASSERT(s->trials == sessions[i].trials && s->area[0].units == sessions[i].units);
        int per_target[8] = { 0 };
        for (int64_t t = 0; t < s->trials; t++) per_target[(int)s->column[1].number[t]]++;
        for (int y = 0; y < 8; y++) CU_ASSERT(per_target[y] >= 15 && per_target[y] <= 27);
        recordings_free(r);
    }
}

CHECK_MAIN("npz", TEST(the_mean_over_a_trials_bins_is_its_feature),
           TEST(bins_that_are_kept_are_padded_and_say_where_they_are_valid),
           TEST(every_type_order_and_width_is_read),
           TEST(fortran_order_and_three_dimensions_mean_what_they_say), TEST(texts_become_a_text_column),
           TEST(a_single_array_takes_its_target_from_a_file_beside_it),
           TEST(wrong_mappings_are_refused_with_their_line), TEST(arrays_that_are_no_features_are_refused),
           TEST(a_file_cut_off_or_damaged_anywhere_is_refused),
           TEST(a_changed_value_is_found_by_the_checksum), TEST(a_description_names_the_arrays_and_maps_them),
           TEST(the_reaching_sessions_have_the_numbers_that_are_known_of_them))
