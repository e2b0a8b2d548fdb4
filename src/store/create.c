/* What a new result file holds before the first row is computed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "prepare.h"
#include "runs.h"
#include "variables.h"

typedef struct constants {
    hid_t file;
    status result;
} constants;

/* A constant option as an attribute: a number where it is one, else the words that a person types. */
static void write_constant(const char *name, const option *row, const void *block, void *context)
{
    constants *c = context;
    char *text = NULL, *end;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (to) option_print(row, block, to);
    if (to == NULL || fclose(to) != 0) c->result = failure(NO_MEMORY, "%s", name);
    if (c->result == OK) {
        int64_t integer = strtoll(text, &end, 10);
        bool whole = row->type == OPTION_INTEGER && end != text && *end == '\0';
        double real = option_number(row, block);
        if (whole)
            c->result = hdf5_write_numbers(c->file, name, H5T_NATIVE_INT64, &integer, 1);
        else if (row->type == OPTION_REAL)
            c->result = hdf5_write_numbers(c->file, name, H5T_NATIVE_DOUBLE, &real, 1);
        else
            c->result = hdf5_write_text(c->file, name, text);
    }
    free(text);
}

/* Where the sweep file is from anywhere, as relative paths in it start there. */
static status write_sweep_path(hid_t file, const char *path)
{
    char *whole = realpath(path, NULL);
    status result = hdf5_write_text(file, "sweep_path", whole ? whole : path);
    free(whole);
    return result;
}

/* A whole sweep has no such attribute. */
static status write_shard(hid_t file, const sweep *s)
{
    char text[48];
    int64_t index, count;
    if (!sweep_shard(s, &index, &count)) return OK;
    snprintf(text, sizeof text, "%" PRId64 "/%" PRId64, index, count);
    return hdf5_write_text(file, SHARD_ATTRIBUTE, text);
}

/* When a run of the same sweep has the same bits. */
static status write_rounding(hid_t file, const sweep *s)
{
    return hdf5_write_text(
        file, "same_bits",
        sweep_rounds(s) ? "from as many ranks per task (run.ranks_per_task) on the same kind of processor"
                        : "from any number of ranks");
}

static status write_attributes(hid_t file, const sweep *s, const identity *i)
{
    status result = OK;
    const int64_t format = STORE_FORMAT;
    constants c = { .file = file };
    TRY(hdf5_write_text(file, "title", sweep_title(s)));
    TRY(hdf5_write_numbers(file, "infosweep_format", H5T_NATIVE_INT64, &format, 1));
    TRY(hdf5_write_text(file, "sweep_name", identity_file_name(sweep_path(s))));
    TRY(write_sweep_path(file, sweep_path(s)));
    TRY(hdf5_write_text(file, "sweep_file", sweep_text(s)));
    TRY(hdf5_write_text(file, "sweep_sets", sweep_sets(s)));
    TRY(hdf5_write_text(file, "sweep_members", sweep_members(s)));
    TRY(write_shard(file, s));
    TRY(write_rounding(file, s));
    TRY(identity_write(i, file));
    sweep_constants(s, write_constant, &c);
    TRY(c.result);
done:
    return result;
}

status create_fill(hid_t file, const sweep *s, const layout *l, const identity *i)
{
    status result = OK;
    TRY(write_attributes(file, s, i));
    TRY(runs_make(file));
    TRY(variables_make(file, sweep_grid(s), l));
done:
    return result;
}
