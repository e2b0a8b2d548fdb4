#include <hdf5.h>

#include "data/reading.h"

/* ---- small NWB files ----------------------------------------------------------------------------------- */

static void write_numbers(hid_t at, const char *name, const double *value, int rank, const hsize_t *extent)
{
    hid_t space = H5Screate_simple(rank, extent, NULL);
    hid_t set = H5Dcreate2(at, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) < 0) abort();
    H5Dclose(set);
    H5Sclose(space);
}

static void write_column(hid_t at, const char *name, const double *value, hsize_t rows)
{
    write_numbers(at, name, value, 1, &rows);
}

/* Texts of variable length, as PyNWB writes them. */
static void write_texts(hid_t at, const char *name, const char *const *text, hsize_t rows)
{
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate_simple(1, &rows, NULL);
    H5Tset_size(type, H5T_VARIABLE);
    hid_t set = H5Dcreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) < 0) abort();
    H5Dclose(set);
    H5Sclose(space);
    H5Tclose(type);
}

/* Booleans, which h5py stores as an enumeration of bytes. */
static void write_booleans(hid_t at, const char *name, const signed char *value, hsize_t rows)
{
    hid_t type = H5Tenum_create(H5T_NATIVE_INT8), space = H5Screate_simple(1, &rows, NULL);
    H5Tenum_insert(type, "FALSE", &(signed char){ 0 });
    H5Tenum_insert(type, "TRUE", &(signed char){ 1 });
    hid_t set = H5Dcreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) < 0) abort();
    H5Dclose(set);
    H5Sclose(space);
    H5Tclose(type);
}

static void write_text_attribute(hid_t at, const char *name, const char *text)
{
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    H5Tset_size(type, strlen(text));
    hid_t made = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(made, type, text);
    H5Aclose(made);
    H5Sclose(space);
    H5Tclose(type);
}

/* `of` gets an attribute that points at /PLACE. */
static void write_reference(hid_t file, hid_t of, const char *name, const char *place)
{
    hobj_ref_t reference;
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t made = H5Acreate2(of, name, H5T_STD_REF_OBJ, space, H5P_DEFAULT, H5P_DEFAULT);
    if (H5Rcreate(&reference, file, place, H5R_OBJECT, H5I_INVALID_HID) < 0) abort();
    H5Awrite(made, H5T_STD_REF_OBJ, &reference);
    H5Aclose(made);
    H5Sclose(space);
}

static hid_t group(hid_t at, const char *name)
{
    return H5Gcreate2(at, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
}

/* What is left out of the file below, or done otherwise. */
typedef enum flaw {
    NONE,
    NO_UNITS,
    NO_INTERVALS,
    NO_TABLES,
    NO_TRIALS,
    NO_SPIKES,
    INDEX_BACK,
    INDEX_BEYOND,
    NAN_SPIKE,
    SHORT_COLUMN,
    WRONG_ELECTRODE,
    VERSION_1,
    NO_VERSION,
} flaw;

/* Three units. Spikes of the second are out of order, as NWB allows; the third has none. */
static void write_units(hid_t file, flaw with)
{
    static const char *const places[] = { "V1", "PMd" }, *const quality[] = { "good", "multi", "good" };
    double time[] = { 1.0, 1.05, 2.04, 9, 3.01, 1.0 }, end[] = { 4, 6, 6 }, electrode[] = { 1, 0, 1, 1 };
    double electrode_end[] = { 1, 3, 4 };
    if (with == NAN_SPIKE) time[5] = NAN;
    if (with == INDEX_BACK) end[1] = 3;
    if (with == INDEX_BEYOND) end[2] = 7;
    if (with == WRONG_ELECTRODE) electrode[0] = 2;
    hid_t general = group(file, "general"), ephys = group(general, "extracellular_ephys");
    hid_t electrodes = group(ephys, "electrodes"), units = group(file, "units");
    write_column(electrodes, "id", (double[]){ 10, 11 }, 2);
    write_texts(electrodes, "location", places, 2);
    write_column(units, "id", (double[]){ 0, 1, 2 }, 3);
    if (with != NO_SPIKES) write_column(units, "spike_times", time, 6);
    write_column(units, "spike_times_index", end, 3);
    write_texts(units, "quality", quality, 3);
    write_column(units, "electrodes", electrode, 4);
    write_column(units, "electrodes_index", electrode_end, 3);
    hid_t set = H5Dopen2(units, "electrodes", H5P_DEFAULT);
    write_reference(file, set, "table", "/general/extracellular_ephys/electrodes");
    H5Dclose(set);
    H5Gclose(units);
    H5Gclose(electrodes);
    H5Gclose(ephys);
    H5Gclose(general);
}

/* Three trials; the second has no go. */
static void write_trials(hid_t intervals, flaw with)
{
    static const char *const direction[] = { "left", "right", "left" };
    static const signed char correct[] = { 1, 0, 1 };
    double go[] = { 1.5, NAN, 3.0 }, position[] = { 1, 2, 3, 4, 5, 6 };
    hsize_t rows = with == NO_TRIALS ? 0 : 3;
    hid_t trials = group(intervals, "trials");
    write_column(trials, "id", (double[]){ 0, 1, 2 }, rows);
    write_column(trials, "start_time", (double[]){ 1, 2, 3 }, rows);
    write_column(trials, "go_time", go, rows);
    write_column(trials, "reward", (double[]){ 0, 1, 0 }, with == SHORT_COLUMN ? 2 : rows);
    if (rows > 0) write_texts(trials, "direction", direction, rows);
    if (rows > 0) write_booleans(trials, "correct", correct, rows);
    write_numbers(trials, "position", position, 2, (hsize_t[]){ rows, 2 });
    write_column(trials, "licks", (double[]){ 1, 2, 3, 4, 5 }, 5);
    write_column(trials, "licks_index", (double[]){ 2, 2, 5 }, rows);
    H5Gclose(trials);
}

static const char *nwb_of(flaw with)
{
    const char *path = in_folder("small.nwb");
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    if (file < 0) abort();
    if (with != NO_VERSION) write_text_attribute(file, "nwb_version", with == VERSION_1 ? "1.0.6" : "2.4.0");
    if (with != NO_UNITS) write_units(file, with);
    if (with != NO_INTERVALS) {
        hid_t intervals = group(file, "intervals");
        if (with != NO_TABLES) write_trials(intervals, with);
        H5Gclose(intervals);
    }
    H5Fclose(file);
    return path;
}

/* ---- what is read -------------------------------------------------------------------------------------- */

static const char around_start[] = "{target: direction, from_ms: 0, to_ms: 100, bin_ms: 50}";

static void spikes_are_counted_in_bins_around_the_event_of_each_trial(void)
{
    recordings *r;
    status result = read_session(&nwb_format, nwb_of(NONE), around_start, "direction", &r);
    if (result != OK) fprintf(stderr, "%s\n", failure_text());
    CU_ASSERT_EQUAL_FATAL(result, OK);
    const recorded_session *s = &r->session[0];
    const area *a = session_area(s, "units");
    CU_ASSERT_FATAL(s->trials == 3 && a && a->units == 3 && a->bins == 2);
    CU_ASSERT(a->bin_ms == 50 && a->start_ms == 0);
    CU_ASSERT_STRING_EQUAL(a->aligned_to, "start_time");
    /* a spike at 1.05 s, on the border, belongs to the later bin */
    static const uint8_t counts[] = { 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0 };
    CU_ASSERT(memcmp(a->count, counts, sizeof counts) == 0);
    recordings_free(r);
}

static void columns_keep_their_kind_and_times_count_from_the_event(void)
{
    recordings *r;
    status result = read_session(&nwb_format, nwb_of(NONE), around_start, "direction", &r);
    CU_ASSERT_EQUAL_FATAL(result, OK);
    const recorded_session *s = &r->session[0];
    CU_ASSERT_STRING_EQUAL(session_column(s, "direction")->text[1], "right");
    CHECK_NEAR(session_column(s, "correct")->number[1], 0, 0);
    CHECK_NEAR(session_column(s, "correct")->number[2], 1, 0);
    CHECK_NEAR(session_column(s, "reward")->number[1], 1, 0);
    CHECK_NEAR(session_column(s, "go_time")->number[0], 500, 1e-9); /* rounding of seconds */
    CU_ASSERT(isnan(session_column(s, "go_time")->number[1]));
    CU_ASSERT_STRING_EQUAL(session_column(s, "go_time")->unit, "ms");
    const column *position = session_column(s, "position");
    CU_ASSERT(position->dimensions == 2 && position->number[3] == 4);
    CU_ASSERT_PTR_NULL(session_column(s, "licks"));
    CU_ASSERT_PTR_NULL(session_column(s, "licks_index"));
    recordings_free(r);
}

static void units_are_divided_by_where_their_electrodes_are(void)
{
    recordings *r;
    status result = read_session(&nwb_format, nwb_of(NONE),
                                 "{from_ms: 0, to_ms: 100, bin_ms: 100, area_by: location}", "direction", &r);
    CU_ASSERT_EQUAL_FATAL(result, OK);
    const recorded_session *s = &r->session[0];
    const area *pmd = session_area(s, "PMd"), *v1 = session_area(s, "V1");
    CU_ASSERT_FATAL(s->areas == 2 && pmd && v1);
    CU_ASSERT(pmd->units == 2 && v1->units == 1 && pmd->count[0] == 2 && v1->count[2] == 1);
    CU_ASSERT_STRING_EQUAL(area_column(pmd, "location")->text[1], "PMd");
    CU_ASSERT_STRING_EQUAL(area_column(v1, "quality")->text[0], "multi");
    CHECK_NEAR(area_column(pmd, "id")->number[1], 2, 0);
    recordings_free(r);
    result = read_session(&nwb_format, in_folder("small.nwb"),
                          "{from_ms: 0, to_ms: 100, bin_ms: 100, area_by: quality}", "direction", &r);
    CU_ASSERT_EQUAL_FATAL(result, OK);
    CU_ASSERT_EQUAL(session_area(&r->session[0], "good")->units, 2);
    recordings_free(r);
}

static void trials_without_the_event_are_left_out(void)
{
    recordings *r;
    status result = read_session(
        &nwb_format, nwb_of(NONE),
        "{align: go_time, from_ms: -500, to_ms: 100, bin_ms: 50, times: [start_time]}", "direction", &r);
    CU_ASSERT_EQUAL_FATAL(result, OK);
    const recorded_session *s = &r->session[0];
    CU_ASSERT_EQUAL(s->trials, 2);
    CU_ASSERT_STRING_EQUAL(session_column(s, "direction")->text[1], "left");
    CHECK_NEAR(session_column(s, "id")->number[1], 2, 0);
    CHECK_NEAR(session_column(s, "start_time")->number[0], -500, 1e-9); /* rounding of seconds */
    CHECK_NEAR(session_column(s, "go_time")->number[0], 1.5, 0);        /* not among `times` */
    CU_ASSERT_FATAL(s->attributes == 1);
    CU_ASSERT_STRING_EQUAL(s->attribute[0].name, "left_out");
    CU_ASSERT_STRING_EQUAL(s->attribute[0].value, "1 trials without go_time");
    recordings_free(r);
}

static void files_without_units_or_trials_say_what_they_hold(void)
{
    static const struct {
        flaw with;
        const char *part;
    } cases[] = {
        { NO_UNITS, "has no member units; there are intervals" },
        { NO_SPIKES, "/units: has no member spike_times; there are electrodes" },
        { NO_INTERVALS, "there are no trials: " },
        { NO_INTERVALS, "has no member intervals; there are general, units" },
        { NO_TABLES, "/intervals has no table of trials" },
        { NO_TRIALS, "the table trials has no trials" },
        { INDEX_BACK, "/units/spike_times_index: row 1 ends at value 3 of 6, after 4" },
        { INDEX_BEYOND, "row 2 ends at value 7 of 6" },
        { NAN_SPIKE, "/units/spike_times: spike 1 of unit 1 (from 0) is nan" },
        { SHORT_COLUMN, "/intervals/trials/reward has 2 rows, but the table has 3" },
        { WRONG_ELECTRODE, "unit 0 (from 0) has electrode 2, but there are 2" },
        { VERSION_1, "NWB version 1.0.6; version 2 is read" },
        { NO_VERSION, "no NWB file" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_refused(&nwb_format, nwb_of(cases[i].with), around_start, "direction", cases[i].part);
    check_refused(&nwb_format, file_of("text.nwb", "hello", 5), around_start, "direction", "text.nwb");
}

static void wrong_mappings_are_refused_with_their_line(void)
{
    const char *path = nwb_of(NONE);
    check_refused(&nwb_format, path, "from_ms: 0\nto_ms: 100\nbin_ms: 50\ntrials: epochs", "direction",
                  "mapping:4: ");
    check_refused(&nwb_format, path, "from_ms: 0\nto_ms: 100\nbin_ms: 50\ntrials: epochs", "direction",
                  "/intervals: has no member epochs; there are trials");
    check_refused(&nwb_format, path, "to_ms: 100\nbin_ms: 50\ntarget: directions", "direction",
                  "has no column 'directions' that can be read; did you mean 'direction'?");
    check_refused(&nwb_format, path, "to_ms: 100\nbin_ms: 50\nalign: direction", "direction",
                  "mapping:3: direction is no column of times");
    check_refused(&nwb_format, path, "to_ms: 100\nbin_ms: 50\narea_by: depth", "direction", "mapping:3: ");
    check_refused(&nwb_format, path, "to_ms: 100\nbin_ms: 30", "direction", "are not 1 to");
    check_refused(&nwb_format, path, "to_ms: 100\nbin_ms: 0", "direction", "are not 1 to");
    check_refused(&nwb_format, path, "to_ms: -100\nbin_ms: 10", "direction", "are not 1 to");
    check_refused(&nwb_format, path, "to_ms: 1e300\nbin_ms: 1e-300", "direction", "are not 1 to");
    check_refused(&nwb_format, path, "from_ms: 500000\nto_ms: 500100\nbin_ms: 10", "direction",
                  "no unit fires");
}

static unsigned char whole[1 << 17];

/* The bytes of a good file, in `whole`; returns how many. */
static size_t read_whole(void)
{
    FILE *from = fopen(nwb_of(NONE), "rb");
    size_t size = from ? fread(whole, 1, sizeof whole, from) : 0;
    if (from) fclose(from);
    CU_ASSERT_FATAL(size > 0 && size < sizeof whole);
    return size;
}

static void a_file_cut_off_anywhere_is_refused(void)
{
    size_t size = read_whole();
    for (size_t cut = 0; cut < size; cut += 97) {
        recordings *r;
        status result =
            read_session(&nwb_format, file_of("cut.nwb", whole, cut), around_start, "direction", &r);
        CU_ASSERT_EQUAL(result, BAD_INPUT);
        recordings_free(r);
    }
}

/* Changes a byte, `after` so many, of each structure of HDF5 that begins with this signature: one at a time. */
static void check_damage_refused(const char *signature, size_t after, unsigned char value, const char *part)
{
    size_t size = read_whole(), found = 0;
    for (size_t at = 0; at + after < size; at++) {
        if (memcmp(whole + at, signature, 4) != 0) continue;
        unsigned char before = whole[at + after];
        whole[at + after] = value;
        check_refused(&nwb_format, file_of("damaged.nwb", whole, size), around_start, "direction", part);
        whole[at + after] = before;
        found++;
    }
    CU_ASSERT(found > 0);
}

/* HDF5 finds most damage itself, but this would take it into other memory, or round for ever. */
static void damage_that_hdf5_would_follow_is_refused_before(void)
{
    check_damage_refused("SNOD", 8 + 6, 1, "has a member without a name");       /* place of the first name */
    check_damage_refused("TREE", 24 + 16 + 6, 1, "has a member without a name"); /* place of the second key */
    check_damage_refused("GCOL", 16 + 8 + 7, 1, "have no end");                  /* size of the first text */
    check_damage_refused("GCOL", 8 + 7, 1, "have no end");                       /* size of the collection */
}

static void a_description_names_tables_and_columns_and_maps_them(void)
{
    char *text = described(&nwb_format, nwb_of(NONE));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "3 units with 6 spikes; location: PMd (2), V1 (1)\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "#   trials: trials (3 rows)\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "#     direction: left (2), right (1)\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "#     position: 2 numbers each\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "    trials: trials\n"));
    node map = { 0 };
    CU_ASSERT_EQUAL(node_parse(text, "described", true, &map), OK);
    node_free(&map);
    free(text);
}

CHECK_MAIN("nwb", TEST(spikes_are_counted_in_bins_around_the_event_of_each_trial),
           TEST(columns_keep_their_kind_and_times_count_from_the_event),
           TEST(units_are_divided_by_where_their_electrodes_are), TEST(trials_without_the_event_are_left_out),
           TEST(files_without_units_or_trials_say_what_they_hold),
           TEST(wrong_mappings_are_refused_with_their_line), TEST(a_file_cut_off_anywhere_is_refused),
           TEST(damage_that_hdf5_would_follow_is_refused_before),
           TEST(a_description_names_tables_and_columns_and_maps_them))
