#include "runs.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include <hdf5_hl.h>

#include "version.h"

enum { RUNS_MAX = 4096 };

/* `started` last: a run whose row has a start is whole. */
/* clang-format off */
#define FIELD(name, text) { #name, offsetof(run_record, name), sizeof((run_record *)0)->name, text }
/* clang-format on */
static const struct field {
    const char *name;
    size_t offset, size;
    const char *long_name;
} fields[] = {
    FIELD(host, "host of rank 0"),
    FIELD(version, "version of infosweep"),
    FIELD(commit, "commit of infosweep"),
    FIELD(compiler, "compiler of infosweep"),
    FIELD(flags, "compiler flags of infosweep"),
    FIELD(kernels, "kernel set of all ranks"),
    FIELD(libraries, "libraries"),
    FIELD(command, "command line"),
    FIELD(safe, "up to when rows are safe from a loss of power, UTC"),
    FIELD(ended, "end, UTC; empty when the run was killed"),
    FIELD(ending, "how it ended"),
    FIELD(ranks, "MPI ranks"),
    FIELD(busy, "share of the time in which ranks ran tasks, mean over ranks"),
    FIELD(least_busy, "the same of the rank that was least busy"),
    FIELD(processor,
          "share of the time in which ranks had a processor, by the system's account, mean over ranks"),
    FIELD(started, "start, UTC; empty where there was no run"),
};
enum { FIELDS = sizeof fields / sizeof fields[0] };

static hid_t field_type(const struct field *f)
{
    if (f->offset == offsetof(run_record, ranks)) return H5Tcopy(H5T_NATIVE_INT);
    if (f->offset >= offsetof(run_record, busy)) return H5Tcopy(H5T_NATIVE_DOUBLE);
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, f->size);
    return type;
}

static status field_make(hid_t group, const struct field *f, hid_t run)
{
    hsize_t extent = RUNS_MAX;
    hid_t type = field_type(f), space = H5Screate_simple(1, &extent, NULL),
          list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_layout(list, H5D_CONTIGUOUS);
    H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY);
    H5Pset_fill_time(list, H5D_FILL_TIME_NEVER); /* reads as zeros, costs no disk */
    H5Pset_obj_track_times(list, false);
    hid_t array = H5Dcreate2(group, f->name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    status result = array >= 0 ? hdf5_write_text(array, "long_name", f->long_name)
                               : hdf5_failure(IO_FAILED, f->name, "cannot create the variable");
    if (result == OK && H5DSattach_scale(array, run, 0) < 0)
        result = hdf5_failure(IO_FAILED, f->name, "has no dimension");
    if (array >= 0) H5Dclose(array);
    H5Pclose(list);
    H5Sclose(space);
    H5Tclose(type);
    return result;
}

/* The dimension of the others: runs, counted from 1. */
static status scale_make(hid_t group, hid_t *run)
{
    hsize_t extent = RUNS_MAX;
    int32_t number[RUNS_MAX];
    for (int i = 0; i < RUNS_MAX; i++) number[i] = i + 1;
    hid_t space = H5Screate_simple(1, &extent, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(list, false);
    *run = H5Dcreate2(group, "run", H5T_NATIVE_INT32, space, H5P_DEFAULT, list, H5P_DEFAULT);
    bool made = *run >= 0 && H5Dwrite(*run, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, number) >= 0 &&
                H5DSset_scale(*run, "run") >= 0;
    status result = made ? OK : hdf5_failure(IO_FAILED, "run", "cannot create the variable");
    H5Pclose(list);
    H5Sclose(space);
    return result;
}

status runs_make(hid_t file)
{
    status result = OK;
    hid_t run = H5I_INVALID_HID;
    hid_t group = H5Gcreate2(file, "runs", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (group < 0) return hdf5_failure(IO_FAILED, "runs", "cannot create the group");
    TRY(scale_make(group, &run));
    for (int i = 0; i < FIELDS; i++) TRY(field_make(group, &fields[i], run));
done:
    if (run >= 0) H5Dclose(run);
    H5Gclose(group);
    return result;
}

/* ---- rows ----------------------------------------------------------------------------------------------------------- */

/* Reads or writes a field of runs first … first+count-1. */
static status field_move(hid_t file, const struct field *f, bool write, int first, int count, void *values)
{
    status result = OK;
    char name[64];
    hsize_t start = (hsize_t)first, extent = (hsize_t)count;
    hid_t type = field_type(f), memory = H5Screate_simple(1, &extent, NULL), space = H5I_INVALID_HID;
    snprintf(name, sizeof name, "runs/%s", f->name);
    hid_t array = H5Dopen2(file, name, H5P_DEFAULT);
    CHECK(array >= 0, BAD_INPUT, "has no variable %s", name);
    space = H5Dget_space(array);
    CHECK(H5Sget_simple_extent_ndims(space) == 1 && H5Sget_simple_extent_npoints(space) == RUNS_MAX,
          BAD_INPUT, "its variable %s has another shape", name);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &extent, NULL);
    herr_t moved = write ? H5Dwrite(array, type, memory, space, H5P_DEFAULT, values)
                         : H5Dread(array, type, memory, space, H5P_DEFAULT, values);
    if (moved < 0)
        result = hdf5_failure(write ? IO_FAILED : BAD_INPUT, name, write ? "cannot write" : "cannot read");
done:
    if (array >= 0) H5Dclose(array);
    if (space >= 0) H5Sclose(space);
    H5Sclose(memory);
    H5Tclose(type);
    return result;
}

static const struct field *field_find(const char *name)
{
    int i = 0;
    while (strcmp(fields[i].name, name) != 0) i++;
    return &fields[i];
}

static status runs_count(hid_t file, int *count)
{
    enum { SIZE = sizeof((run_record *)0)->started };
    status result = OK;
    char *started = malloc((size_t)RUNS_MAX * SIZE);
    CHECK(started != NULL, NO_MEMORY, "%d runs", RUNS_MAX);
    TRY(field_move(file, field_find("started"), false, 0, RUNS_MAX, started));
    for (*count = 0; *count < RUNS_MAX && started[*count * SIZE] != '\0';) ++*count;
done:
    free(started);
    return result;
}

static status row_write(hid_t file, int row, const run_record *record)
{
    status result = OK;
    run_record copy = *record; /* field_move takes what it may change */
    for (int i = 0; i < FIELDS; i++)
        TRY(field_move(file, &fields[i], true, row, 1, (char *)&copy + fields[i].offset));
done:
    return result;
}

status runs_write(hid_t file, const run_record *runs, int count)
{
    status result = OK;
    int left_out = count > RUNS_MAX ? count - RUNS_MAX : 0;
    for (int r = left_out; r < count; r++) TRY(row_write(file, r - left_out, &runs[r]));
done:
    return result;
}

static void print_time(time_t when, char text[32])
{
    struct tm parts;
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&when, &parts));
}

static void print_now(char text[32])
{
    print_time(time(NULL), text);
}

static void print_libraries(char *text, size_t size)
{
    unsigned major, minor, release;
    char mpi[MPI_MAX_LIBRARY_VERSION_STRING];
    int length;
    H5get_libversion(&major, &minor, &release);
    MPI_Get_library_version(mpi, &length);
    mpi[strcspn(mpi, ",\n")] = '\0';
#ifdef __GLIBC__
    const char *libc = gnu_get_libc_version(); /* its log and pow decide last bits of samples and schedules */
#else
    const char *libc = "unknown";
#endif
    snprintf(text, size, "%.64s; HDF5 %u.%u.%u; zlib %.16s; libc %.16s", mpi, major, minor, release,
             zlibVersion(), libc);
}

static void record_fill(run_record *r, const store_request *q)
{
    memset(r, 0, sizeof *r);
    print_now(r->started);
    if (gethostname(r->host, sizeof r->host) != 0 || r->host[sizeof r->host - 1] != '\0')
        snprintf(r->host, sizeof r->host, "unknown");
    snprintf(r->version, sizeof r->version, "%s", build_version.program);
    snprintf(r->commit, sizeof r->commit, "%s", build_version.commit);
    snprintf(r->compiler, sizeof r->compiler, "%s", build_version.compiler);
    snprintf(r->flags, sizeof r->flags, "%s", build_version.flags);
    snprintf(r->kernels, sizeof r->kernels, "%s", q->kernels);
    snprintf(r->command, sizeof r->command, "%s", q->command);
    print_libraries(r->libraries, sizeof r->libraries);
    r->ranks = q->ranks;
}

status runs_begin(hid_t file, const store_request *q)
{
    status result = OK;
    int count;
    run_record record;
    record_fill(&record, q);
    TRY(runs_count(file, &count));
    if (count == RUNS_MAX) count--;
    TRY(row_write(file, count, &record));
done:
    return result;
}

status runs_end(hid_t file, const char *ending)
{
    status result = OK;
    int count;
    run_record record = { 0 };
    print_now(record.ended);
    snprintf(record.ending, sizeof record.ending, "%s", ending);
    TRY(runs_count(file, &count));
    CHECK(count > 0, BROKEN, "a run ends that did not begin");
    TRY(field_move(file, field_find("ending"), true, count - 1, 1, record.ending));
    TRY(field_move(file, field_find("ended"), true, count - 1, 1, record.ended));
done:
    return result;
}

status runs_note_safe(hid_t file, double unix_seconds)
{
    status result = OK;
    int count;
    char safe[sizeof((run_record *)0)->safe] = "";
    print_time((time_t)unix_seconds, safe);
    TRY(runs_count(file, &count));
    CHECK(count > 0, BROKEN, "no run is on");
    TRY(field_move(file, field_find("safe"), true, count - 1, 1, safe));
done:
    return result;
}

status runs_note_work(hid_t file, double busy, double least_busy, double processor)
{
    status result = OK;
    int count;
    TRY(runs_count(file, &count));
    CHECK(count > 0, BROKEN, "no run is on");
    TRY(field_move(file, field_find("busy"), true, count - 1, 1, &busy));
    TRY(field_move(file, field_find("least_busy"), true, count - 1, 1, &least_busy));
    TRY(field_move(file, field_find("processor"), true, count - 1, 1, &processor));
done:
    return result;
}

status runs_read(hid_t file, run_record **out, int *count)
{
    status result = OK;
    run_record *made = NULL;
    TRY(runs_count(file, count));
    made = calloc((size_t)*count + 1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "%d runs", *count);
    for (int r = 0; r < *count; r++) {
        for (int i = 0; i < FIELDS; i++) {
            char *value = (char *)&made[r] + fields[i].offset;
            TRY(field_move(file, &fields[i], false, r, 1, value));
            if (fields[i].offset < offsetof(run_record, ranks)) value[fields[i].size - 1] = '\0';
        }
    }
    *out = made;
    made = NULL;
done:
    free(made);
    return result;
}
