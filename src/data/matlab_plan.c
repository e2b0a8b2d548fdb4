#include "data/matlab_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/import_parts.h"

static const double DAY_MS = 86400e3; /* no bin is longer */

const import_key matlab_keys[] = {
    { "struct", "the struct array whose elements are trials; a.b for a field of a single struct", "trials",
      false },
    { "parts", "or several arrays, one behind the other; trial column `part` says which",
      "{train: train_trial, test: test_trial}", false },
    { "areas", "areas and their fields: rasters of units × time", "{PMd: spikeRaster2, M1: spikeRaster}",
      true },
    { "target",
      "the field that is the target (a number, a position or a text), or column: the array's column",
      "targetPosition", true },
    { "columns", "further fields for the trial table: numbers, positions, texts", "[reactionTime, success]",
      false },
    { "drop", "targets whose trials are left out", "[0, 0]", false },
    { "sample_ms", "length of a raster's sample", "1", false },
    { "bin_ms", "length of the bins that are kept, a multiple of it; sample_ms where it is left out", "10",
      false },
    { "align", "ms from a raster's start to the event that bins count from: a number, a field, or a - b",
      "timeTargetOn", false },
    { "aligned_to", "name of that event", "target_on", false },
    { "valid",
      "where a trial holds data, in ms from a raster's start, where trials differ: numbers, fields, a - b, "
      "or end",
      "{from: timeTargetOn - delayTime, to: timeTargetOn}", false },
    { "counts", "false: rasters hold anything else than spike counts; a bin is the mean of its samples",
      "true", false },
    { "time_first", "true: rasters are time × units", "false", false },
    { .name = NULL }
};

static status read_flag(const node *mapping, const char *key, bool *out)
{
    const node *n = node_find(mapping, key);
    if (n == NULL || node_is_empty(n)) return OK;
    bool yes = node_is_word(n, "true"), no = node_is_word(n, "false");
    if (!yes && !no) return node_refuse(n, "%s is true or false", key);
    *out = yes;
    return OK;
}

static status read_length(const node *mapping, const char *key, double *out)
{
    status result = import_number(mapping, key, out);
    if (result == OK && !(*out > 0 && *out <= DAY_MS))
        return node_refuse(node_find(mapping, key), "%s is %g; right would be ms above 0", key, *out);
    return result;
}

/* ---- which arrays ------------------------------------------------------------------------------------------------- */

static status read_parts(const node *mapping, matlab_plan *p)
{
    status result = OK;
    const node *parts = node_find(mapping, "parts");
    TRY(import_text(mapping, "struct", &p->array[0]));
    if (p->array[0] && parts) TRY(node_refuse(parts, "either struct or parts"));
    if (p->array[0] == NULL && parts == NULL)
        TRY(node_refuse(
            mapping,
            "which struct array holds the trials? `struct: NAME`, or `parts: {train: NAME, test: NAME}`"));
    p->parts = 1;
    if (parts == NULL) goto done;
    if (parts->kind != NODE_MAP || parts->count == 0)
        TRY(node_refuse(parts,
                        "parts are names and their struct arrays, {train: train_trial, test: test_trial}"));
    if (parts->count > MATLAB_PARTS_MAX) TRY(node_refuse(parts, "more than %d parts", MATLAB_PARTS_MAX));
    p->parts = parts->count;
    for (int i = 0; i < parts->count; i++) {
        p->label[i] = parts->key[i].text;
        TRY(import_text(parts, p->label[i], &p->array[i]));
        if (p->array[i] == NULL)
            TRY(node_refuse(&parts->item[i], "part %s has no struct array", p->label[i]));
    }
done:
    return result;
}

static status read_fields(const node *mapping, matlab_plan *p)
{
    status result = OK;
    p->areas = node_find(mapping, "areas");
    p->columns = node_find(mapping, "columns");
    p->drop = node_find(mapping, "drop");
    if (p->areas->kind != NODE_MAP || p->areas->count == 0)
        TRY(node_refuse(p->areas, "areas are names and their fields, {PMd: spikes}"));
    TRY(import_text(mapping, "target", &p->target));
    if (p->target == NULL)
        TRY(node_refuse(mapping, "target says nothing; right would be a field, or column"));
    if (strcmp(p->target, "column") == 0) p->target = NULL;
    if (p->columns && node_is_empty(p->columns)) p->columns = NULL;
    if (p->columns && p->columns->kind != NODE_LIST)
        TRY(node_refuse(p->columns, "columns is a list of fields, [reactionTime, success]"));
    for (int i = 0; p->columns && i < p->columns->count; i++)
        if (p->columns->item[i].kind != NODE_SCALAR)
            TRY(node_refuse(&p->columns->item[i], "a column is the name of a field"));
    if (p->drop && node_is_empty(p->drop)) p->drop = NULL;
done:
    return result;
}

/* ---- when --------------------------------------------------------------------------------------------------------- */

static status read_bins(const node *mapping, matlab_plan *p)
{
    status result = OK;
    p->sample_ms = 1;
    TRY(read_length(mapping, "sample_ms", &p->sample_ms));
    p->bin_ms = p->sample_ms;
    TRY(read_length(mapping, "bin_ms", &p->bin_ms));
    double samples = round(p->bin_ms / p->sample_ms);
    p->bin_samples = (int64_t)samples;
    bool whole = samples >= 1 && fabs(samples * p->sample_ms - p->bin_ms) <= 1e-6 * p->sample_ms;
    if (!whole)
        TRY(node_refuse(node_find(mapping, "bin_ms"), "bins of %g ms are no multiple of a sample of %g ms",
                        p->bin_ms, p->sample_ms));
done:
    return result;
}

static status read_times(const node *mapping, matlab_plan *p)
{
    static const char *const ends[] = { "from", "to", NULL };
    status result = OK;
    const node *valid = node_find(mapping, "valid");
    TRY(matlab_time_parse(node_find(mapping, "align"), 0, &p->align));
    if (valid && node_is_empty(valid)) valid = NULL;
    p->valid = valid != NULL;
    if (valid == NULL) goto done;
    if (valid->kind != NODE_MAP) TRY(node_refuse(valid, "valid has from and to, {from: 0, to: end}"));
    TRY(import_known_keys(valid, ends, "valid"));
    for (int i = 0; ends[i]; i++)
        if (node_find(valid, ends[i]) == NULL)
            TRY(node_refuse(valid, "valid lacks %s; right would be {from: 0, to: end}", ends[i]));
    TRY(matlab_time_parse(node_find(valid, "from"), 0, &p->from));
    TRY(matlab_time_parse(node_find(valid, "to"), 0, &p->to));
done:
    return result;
}

status matlab_plan_read(const node *mapping, const import_format *format, matlab_plan *out)
{
    status result = OK;
    *out = (matlab_plan){ .mapping = mapping, .counts = true };
    TRY(import_check_keys(mapping, format));
    TRY(read_parts(mapping, out));
    TRY(read_fields(mapping, out));
    TRY(read_bins(mapping, out));
    TRY(read_times(mapping, out));
    TRY(read_flag(mapping, "counts", &out->counts));
    TRY(read_flag(mapping, "time_first", &out->time_first));
    TRY(import_text(mapping, "aligned_to", &out->aligned_to));
done:
    if (result != OK) matlab_plan_free(out);
    return result;
}

void matlab_plan_free(matlab_plan *p)
{
    matlab_time_free(&p->align);
    matlab_time_free(&p->from);
    matlab_time_free(&p->to);
}
