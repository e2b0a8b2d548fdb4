/* A small world for the tests of sweep files: three estimators and two data kinds whose options are made for the tests,
 * so that these do not move when the real ones do. It takes the place of both registries. */
#ifndef SWEEP_FAKES_H
#define SWEEP_FAKES_H

#include <stdlib.h>
#include <string.h>

#include "estimator.h"
#include "sweep.h"

/* ---- data kinds ---------------------------------------------------------------------------------------- */

typedef struct gate_options {
    const char *gate;
    int64_t samples;
    double train_fraction;
    int encoding;
} gate_options;

#define FIELD(f) offsetof(gate_options, f)
static const option gate_options_table[] = {
    { "gate", OPTION_TEXT, FIELD(gate), "unq", 0, 0, "", "which", "unq|and|xor", OPTION_LANE },
    { "samples", OPTION_INTEGER, FIELD(samples), "1000", 2, 1e8, "samples", "how many", "table", 0 },
    { "train_fraction", OPTION_REAL, FIELD(train_fraction), "0.5", 0, 1, "", "share", NULL, 0 },
    { "encoding", OPTION_CHOICE, FIELD(encoding), "scalar", 0, 0, "", "how", "scalar|onehot", 0 },
    { .name = NULL },
};
#undef FIELD

typedef struct windows_options {
    const char *file;
    int64_t window_1, window_2, samples;
    int encoding;
} windows_options;

#define FIELD(f) offsetof(windows_options, f)
static const option windows_options_table[] = {
    { "file", OPTION_TEXT, FIELD(file), "a.mat", 0, 0, "", "recording", "a.mat|b.mat", 0 },
    { "window_1", OPTION_INTEGER, FIELD(window_1), "50", 0, 1000, "ms", "first", NULL, OPTION_LANE },
    { "window_2", OPTION_INTEGER, FIELD(window_2), "150", 0, 1000, "ms", "second", NULL, OPTION_LANE },
    { "samples", OPTION_INTEGER, FIELD(samples), "1000", 10, 1e6, "samples", "how many", "", 0 },
    { "encoding", OPTION_CHOICE, FIELD(encoding), "onehot", 0, 0, "", "how", "onehot|binary", 0 },
    { .name = NULL },
};
#undef FIELD

static int shape_calls; /* how often a shape was asked for */

/* and has two classes, the others four; a gate called "broken" has no shape. */
static status fake_gate_shape(const settings *s, data_shape *shape)
{
    const gate_options *o = s->block[SECTION_DATA];
    shape_calls++;
    if (strcmp(o->gate, "broken") == 0) return failure(BAD_INPUT, "there is no gate 'broken'");
    int64_t samples = o->samples < 0 ? 4 : o->samples;
    *shape =
        (data_shape){ .sources = 2, .features = { 1, 1 }, .classes = strcmp(o->gate, "and") == 0 ? 2 : 4 };
    shape->weighted = o->samples < 0;
    shape->train = (int64_t)((double)samples * o->train_fraction);
    shape->test = samples - shape->train;
    return OK;
}

static status fake_gate_table(const settings *s, table **out)
{
    static const int symbols[2] = { 2, 2 };
    (void)s;
    return table_make(2, symbols, 2, 4, out);
}

static status fake_windows_shape(const settings *s, data_shape *shape)
{
    const windows_options *o = s->block[SECTION_DATA];
    shape_calls++;
    *shape = (data_shape){ .sources = 3, .features = { 97, 97, 97 }, .classes = 8, .test = 100 };
    shape->train = o->samples + o->window_1 - 50; /* a later window has more trials */
    return OK;
}

status data_no_table(const settings *s, table **out)
{
    (void)s;
    *out = NULL;
    return OK;
}

status data_no_files(const settings *s, status (*visit)(const char *path, void *context), void *context)
{
    (void)s, (void)visit, (void)context;
    return OK;
}

static status fake_windows_files(const settings *s, status (*visit)(const char *path, void *context),
                                 void *context)
{
    const windows_options *o = s->block[SECTION_DATA];
    return visit(o->file, context);
}

/* The gates with a number in the name have classes without names. */
static status fake_gate_classes(const settings *s, const char *const **name, int *count)
{
    static const char *const none_both[] = { "none", "both" }, *const letters[] = { "a", "b", "c", "d" };
    const gate_options *o = s->block[SECTION_DATA];
    bool and = strcmp(o->gate, "and") == 0;
    *name = and? none_both : letters;
    *count = strpbrk(o->gate, "0123456789") ? 0 : and? 2 : 4;
    return strcmp(o->gate, "nameless") == 0 ? failure(BAD_INPUT, "its classes cannot be read") : OK;
}

static const data_kind fake_gate = {
    .name = "gate",
    .summary = "",
    .source = "",
    .section = { "data", gate_options_table, sizeof(gate_options) },
    .shape = fake_gate_shape,
    .table = fake_gate_table,
    .files = data_no_files,
    .classes = fake_gate_classes,
};
static const data_kind fake_windows = {
    .name = "windows",
    .summary = "",
    .source = "",
    .section = { "data", windows_options_table, sizeof(windows_options) },
    .shape = fake_windows_shape,
    .table = data_no_table,
    .files = fake_windows_files,
};
/* Recording days: file one.h5 has days A, B and C, two.h5 has A and B, same.h5 has what one.h5 has. */
typedef struct days_options {
    const char *file, *day_1, *day_2;
    int64_t shuffle;
} days_options;

#define FIELD(f) offsetof(days_options, f)
static const option days_options_table[] = {
    { "file", OPTION_TEXT, FIELD(file), "one.h5", 0, 0, "", "recordings", NULL, OPTION_LANE },
    { "day_1", OPTION_TEXT, FIELD(day_1), "A", 0, 0, "", "first", NULL, OPTION_LANE },
    { "day_2", OPTION_TEXT, FIELD(day_2), "A", 0, 0, "", "second", NULL, OPTION_LANE },
    { "shuffle", OPTION_INTEGER, FIELD(shuffle), "0", 0, 1e6, "", "targets", NULL, OPTION_LANE },
    { .name = NULL },
};
#undef FIELD

/* A day with itself is as it was recorded; the targets of two.h5 are points in a plane. */
static status fake_days_shape(const settings *s, data_shape *shape)
{
    const days_options *o = s->block[SECTION_DATA];
    *shape = (data_shape){ .sources = 2, .features = { 5, 5 }, .classes = 8, .train = 80, .test = 20 };
    shape->recorded = strcmp(o->day_1, o->day_2) == 0;
    shape->dimensions = strcmp(o->file, "two.h5") == 0 ? 2 : 0;
    return OK;
}

static status fake_days_members(const settings *s, const char *name, const char *const **member, int *count)
{
    static const char *const days[] = { "A", "B", "it's \"C\" \\ 1..2" };
    const days_options *o = s->block[SECTION_DATA];
    *count = 0;
    if (strcmp(o->file, "none.h5") == 0) return failure(BAD_INPUT, "none.h5: cannot be opened");
    if (strncmp(name, "day_", 4) != 0) return OK;
    *member = days;
    *count = strcmp(o->file, "two.h5") == 0 ? 2 : 3;
    return OK;
}

/* A and B are of one animal, but for B in two.h5; of what nobody recorded nothing is known. */
static status fake_days_label(const settings *s, const char *name, const char *value, const char **label)
{
    const days_options *o = s->block[SECTION_DATA];
    *label = NULL;
    if (strcmp(name, "file") == 0) return OK;
    if (strcmp(value, "Z") == 0) return failure(BAD_INPUT, "there is no day Z");
    *label = *value == 'A' || (*value == 'B' && strcmp(o->file, "two.h5") != 0) ? "Ann" : "Bob";
    return OK;
}

static const data_kind fake_days = {
    .name = "days",
    .summary = "",
    .source = "",
    .section = { "data", days_options_table, sizeof(days_options) },
    .shape = fake_days_shape,
    .table = data_no_table,
    .files = data_no_files,
    .members = fake_days_members,
    .label = fake_days_label,
};
const data_kind *const data_kinds[] = { &fake_gate, &fake_windows, &fake_days, NULL };

/* ---- estimators ---------------------------------------------------------------------------------------- */

typedef struct fake_rine_options {
    double beta;
    int distance;
    int64_t average_last, omit;
    bool history, keep_samples;
} fake_rine_options;

#define FIELD(f) offsetof(fake_rine_options, f)
static const option fake_rine_table[] = {
    { "beta", OPTION_REAL, FIELD(beta), "15", 0, 1e9, "", "weight", NULL, OPTION_LANE },
    { "distance", OPTION_CHOICE, FIELD(distance), "l1", 0, 0, "", "which", "l1|l2|js", 0 },
    { "average_last", OPTION_INTEGER, FIELD(average_last), "1", 1, 1e6, "epochs", "how many", NULL, 0 },
    { "history", OPTION_FLAG, FIELD(history), "false", 0, 0, "", "keep it", NULL, 0 },
    { "omit", OPTION_INTEGER, FIELD(omit), "0", 0, 7, "", "results that are not given, as bits", NULL, 0 },
    { "keep_samples", OPTION_FLAG, FIELD(keep_samples), "false", 0, 0, "", "give results per sample", NULL,
      0 },
    { .name = NULL },
};
#undef FIELD

typedef struct fake_exact_options {
    double weight;
} fake_exact_options;

static const option fake_exact_table[] = {
    { "weight", OPTION_REAL, offsetof(fake_exact_options, weight), "1", 0, 1e9, "", "of D", NULL, 0 },
    { .name = NULL },
};

typedef struct fake_idle_options {
    double seconds;
    bool fail;
} fake_idle_options;

#define FIELD(f) offsetof(fake_idle_options, f)
static const option fake_idle_table[] = {
    { "seconds", OPTION_REAL, FIELD(seconds), "0", 0, 1e6, "s", "to wait", NULL, 0 },
    { "fail", OPTION_FLAG, FIELD(fail), "false", 0, 0, "", "on purpose", NULL, OPTION_LANE },
    { .name = NULL },
};
#undef FIELD

static const quantity fake_rine_results[] = {
    { "redundant_information", PER_CELL, "bits", "" },
    { "usable_information", PER_SOURCE, "bits", "" },
    { "distance", PER_CELL, "", "" },
    { "by_class", PER_CLASS, "bits", "" },
    { "history", PER_EPOCH, "", "" },
    { "by_sample", PER_SAMPLE, "", "" },
    { "by_source_sample", PER_SOURCE_SAMPLE, "", "" },
    { .name = NULL },
};
static const quantity fake_exact_results[] = {
    { "redundant_information", PER_CELL, "bits", "" },
    { "target_entropy", PER_CELL, "bits", "" },
    { .name = NULL },
};
static const quantity fake_idle_results[] = { { "number", PER_CELL, "", "" }, { .name = NULL } };

status estimator_accepts_all(const settings *s, const data_shape *shape)
{
    (void)s, (void)shape;
    return OK;
}

static int check_calls; /* how often a cell was checked */

static status fake_rine_check(const settings *s, const data_shape *shape)
{
    const fake_rine_options *o = s->block[SECTION_ESTIMATOR];
    const train_options *t = s->block[SECTION_TRAIN];
    (void)shape;
    check_calls++;
    if (o->average_last <= t->epochs) return OK;
    return failure(BAD_INPUT, "rine.average_last is above train.epochs");
}

static void fake_rine_extents(const settings *s, const data_shape *shape, result_extents *out)
{
    const fake_rine_options *o = s->block[SECTION_ESTIMATOR];
    const train_options *t = s->block[SECTION_TRAIN];
    *out = (result_extents){ .sources = shape->sources, .classes = shape->classes };
    out->omitted = (uint64_t)o->omit;
    if (o->keep_samples) out->samples = (int)shape->test;
    if (!o->history) return;
    out->epochs = (int)t->epochs;
    out->metrics = 2;
    out->metric[0] = "loss";
    out->metric[1] = "accuracy";
}

static void fake_no_extents(const settings *s, const data_shape *shape, result_extents *out)
{
    (void)s, (void)shape;
    *out = (result_extents){ .sources = 0 };
}

static double fake_rine_flops(const settings *s, const data_shape *shape)
{
    const train_options *t = s->block[SECTION_TRAIN];
    return (double)(t->epochs * shape->train * shape->classes);
}

static double fake_rine_seconds(const settings *s, const data_shape *shape, int count)
{
    (void)count; /* lanes: a pack takes as long as a task */
    return 1e-9 * fake_rine_flops(s, shape);
}

static int fake_lanes_count = 1;

static void fake_manner(const settings *s, const data_shape *shape, task_manner *out)
{
    (void)s;
    (void)shape;
    out->lanes = fake_lanes_count;
}

/* Training parts are padded to whole hundreds; other kinds of shapes stay apart. */
static void fake_rine_envelope(const settings *s, const data_shape *shape, data_shape *out)
{
    (void)s;
    *out = *shape;
    out->train = (shape->train + 99) / 100 * 100;
}

static double fake_one_flop(const settings *s, const data_shape *shape)
{
    (void)s, (void)shape;
    return 1;
}

static double fake_idle_seconds(const settings *s, const data_shape *shape, int count)
{
    const fake_idle_options *o = s->block[SECTION_ESTIMATOR];
    (void)shape;
    return o->seconds * count;
}

static double fake_exact_seconds(const settings *s, const data_shape *shape, int count)
{
    (void)s, (void)shape;
    return 1e-3 * count;
}

static size_t fake_bytes(const settings *s, const data_shape *shape, int count)
{
    (void)s, (void)shape;
    return 1000 * (size_t)count;
}

static const estimator fake_rine = {
    .name = "rine",
    .section = { "rine", fake_rine_table, sizeof(fake_rine_options) },
    .results = fake_rine_results,
    .needs = NEEDS_DATA | NEEDS_MODEL,
    .check = fake_rine_check,
    .extents = fake_rine_extents,
    .envelope = fake_rine_envelope,
    .manner = fake_manner,
    .flops = fake_rine_flops,
    .seconds = fake_rine_seconds,
    .bytes = fake_bytes,
};
static const estimator fake_exact = {
    .name = "exact",
    .section = { "exact", fake_exact_table, sizeof(fake_exact_options) },
    .results = fake_exact_results,
    .needs = NEEDS_DATA | NEEDS_TABLE,
    .check = estimator_accepts_all,
    .extents = fake_no_extents,
    .flops = fake_one_flop,
    .seconds = fake_exact_seconds,
    .bytes = fake_bytes,
};
static const estimator fake_idle = {
    .name = "idle",
    .section = { "idle", fake_idle_table, sizeof(fake_idle_options) },
    .results = fake_idle_results,
    .check = estimator_accepts_all,
    .extents = fake_no_extents,
    .flops = fake_one_flop,
    .seconds = fake_idle_seconds,
    .bytes = fake_bytes,
};
const estimator *const estimators[] = { &fake_rine, &fake_exact, &fake_idle, NULL };

/* ---- loading ------------------------------------------------------------------------------------------- */

enum { FAKE_SETS_MAX = 8 };

/* Parses a text as the file "dir/s.yaml", with --set values ended by NULL. NULL when it is refused; failure_text says
 * why. */
static inline sweep *parse_sets(const char *text, const char *const *sets)
{
    int count = 0;
    sweep *s = NULL;
    while (sets && sets[count]) count++;
    failure_clear();
    return sweep_parse(text, "dir/s.yaml", sets, count, false, &s) == OK ? s : NULL;
}

#define SETS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static inline sweep *parse(const char *text)
{
    return parse_sets(text, NULL);
}

/* "0,5,15": the values of an axis, or "(no axis)". */
static inline const char *axis_values(const sweep *s, const char *name)
{
    static char text[512];
    const grid *g = sweep_grid(s);
    text[0] = '\0';
    for (int a = 0; a < g->axes; a++) {
        if (strcmp(g->axis[a].name, name) != 0) continue;
        for (int64_t i = 0; i < g->axis[a].count; i++) {
            size_t at = strlen(text);
            snprintf(text + at, sizeof text - at, "%s%s", i ? "," : "", g->axis[a].text[i]);
        }
        return text;
    }
    return "(no axis)";
}

/* Is cell `i` there? */
static inline bool is_present(const sweep *s, int64_t i)
{
    const grid *g = sweep_grid(s);
    return !g->absent || !g->absent[i];
}

#endif
