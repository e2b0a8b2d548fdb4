/* Level 7.3 as MATLAB itself writes it, and what a build without matio does. */
#include <hdf5.h>

#include "data/matlab_files.h"

/* ---- level 7.3 as MATLAB writes it, made with plain HDF5 ------------------------------------------------------------ */

static void note_class(hid_t object, const char *name)
{
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    H5Tset_size(type, strlen(name));
    hid_t noted = H5Acreate2(object, "MATLAB_class", type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(noted, type, name);
    H5Aclose(noted);
    H5Sclose(space);
    H5Tclose(type);
}

/* Numbers (columns, rows) as HDF5 counts, among the objects that references point at. */
static hobj_ref_t put_numbers(hid_t file, int index, const char *class, int rows, int columns,
                              const double *values)
{
    char name[32];
    hsize_t extent[2] = { (hsize_t)columns, (hsize_t)rows };
    hobj_ref_t reference;
    bool text = strcmp(class, "char") == 0;
    snprintf(name, sizeof name, "/#refs#/%d", index);
    hid_t space = H5Screate_simple(2, extent, NULL);
    hid_t dataset = H5Dcreate2(file, name, text ? H5T_STD_U16LE : H5T_IEEE_F64LE, space, H5P_DEFAULT,
                               H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    note_class(dataset, class);
    H5Dclose(dataset);
    H5Sclose(space);
    H5Rcreate(&reference, file, name, H5R_OBJECT, H5I_INVALID_HID);
    return reference;
}

static void put_references(hid_t group, const char *name, int count, const hobj_ref_t *references)
{
    hsize_t extent[2] = { (hsize_t)count, 1 };
    hid_t space = H5Screate_simple(2, extent, NULL);
    hid_t dataset = H5Dcreate2(group, name, H5T_STD_REF_OBJ, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(dataset, H5T_STD_REF_OBJ, H5S_ALL, H5S_ALL, H5P_DEFAULT, references);
    H5Dclose(dataset);
    H5Sclose(space);
}

static void write_plain_73(void)
{
    enum { ELEMENTS = 3, ROWS = 2, SAMPLES = 4 };
    hobj_ref_t raster[ELEMENTS], side[ELEMENTS];
    static const double sides[ELEMENTS][2] = { { 'L', 0xFC }, { 'R', 'x' }, { 'L', 0xFC } }; /* Lü, Rx, Lü */
    hid_t file = H5Fcreate(source, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Gclose(H5Gcreate2(file, "#refs#", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    hid_t trials = H5Gcreate2(file, "trials", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    note_class(trials, "struct");
    for (int t = 0; t < ELEMENTS; t++) {
        double values[ROWS * SAMPLES];
        for (int i = 0; i < ROWS * SAMPLES; i++) values[i] = 10 * t + i;
        raster[t] = put_numbers(file, 2 * t, "double", ROWS, SAMPLES, values);
        side[t] = put_numbers(file, 2 * t + 1, "char", 1, 2, sides[t]);
    }
    put_references(trials, "raster", ELEMENTS, raster);
    put_references(trials, "side", ELEMENTS, side);
    H5Gclose(trials);
    H5Fclose(file);
}

static void a_file_of_level_73_is_read_without_matio(void)
{
    make_folder();
    write_plain_73();
    recordings *r = import("    struct: trials\n    target: side\n    areas: {M1: raster}\n    bin_ms: 2\n");
    const recorded_session *s = &r->session[0];
    CU_ASSERT_STRING_EQUAL(r->target, "side");
    CU_ASSERT_EQUAL_FATAL(s->trials, 3);
    CU_ASSERT_STRING_EQUAL(column_of(r, "side")->text[0], "Lü");
    CU_ASSERT_STRING_EQUAL(column_of(r, "side")->text[1], "Rx");
    CU_ASSERT_EQUAL_FATAL(s->area[0].units, 2);
    CU_ASSERT_EQUAL_FATAL(s->area[0].bins, 2);
    /* columns of the raster lie one after the other: units 0 and 1 of samples 0, 1, 2, 3 */
    static const uint8_t expected[] = { 0 + 2, 4 + 6, 1 + 3, 5 + 7 };
    for (int t = 0; t < 3; t++)
        for (int i = 0; i < 4; i++) CU_ASSERT_EQUAL(s->area[0].count[4 * t + i], expected[i] + 20 * t);
    recordings_free(r);
    expect_refused("    struct: trial\n    target: side\n    areas: {M1: raster}\n",
                   "no variable trial; there is trials");
    expect_refused("    struct: trials\n    target: size\n    areas: {M1: raster}\n",
                   "no field size in trials; there are raster, side");
    expect_refused("    struct: trials\n    target: side\n    areas: {M1: side}\n",
                   "trials(1).side is 1 × 2 char");
    remove_folder();
}

#ifdef HAVE_MATIO

CHECK_MAIN("import_matlab_73", TEST(a_file_of_level_73_is_read_without_matio))

#else

static void without_matio_a_file_of_level_5_is_refused(void)
{
    make_folder();
    FILE *file = fopen(source, "w");
    if (file == NULL) abort();
    fprintf(file, "%-124s", "MATLAB 5.0 MAT-file");
    fclose(file);
    expect_refused("    struct: trials\n    target: side\n    areas: {M1: raster}\n", "made without matio");
}

CHECK_MAIN("import_matlab_73", TEST(without_matio_a_file_of_level_5_is_refused),
           TEST(a_file_of_level_73_is_read_without_matio))

#endif
