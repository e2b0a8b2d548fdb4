#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/hdf5_read.h"
#include "data/recordings.h"
#include "data/recordings_layout.h"
#include "data/recordings_parts.h"
#include "sweep/option_words.h"

/* ---- members in order -------------------------------------------------------------------------------------------- */

/* A member of a group, where `order` puts it. */
typedef struct ordered {
    hdf5_object *object;
    char *name; /* borrowed from the list of names */
    double order;
} ordered;

typedef struct ordered_list {
    char **name;
    int64_t count;
    ordered *item;
} ordered_list;

static void free_list(ordered_list *list)
{
    for (int64_t i = 0; list->item && i < list->count; i++) hdf5_object_free(list->item[i].object);
    free(list->item);
    hdf5_texts_free(list->name, list->count);
}

/* By `order`; those without one behind, by name. */
static int by_order(const void *a, const void *b)
{
    const ordered *left = a, *right = b;
    if (left->order < right->order) return -1;
    if (left->order > right->order) return 1;
    return strcmp(left->name, right->name);
}

static status read_list(const hdf5_object *group, ordered_list *out)
{
    status result = OK;
    *out = (ordered_list){ 0 };
    TRY(hdf5_members(group, &out->name, &out->count));
    out->item = calloc((size_t)out->count + 1, sizeof *out->item);
    CHECK(out->item != NULL, NO_MEMORY, "%s: no memory to read it", hdf5_path(group));
    for (int64_t i = 0; i < out->count; i++) {
        ordered *one = &out->item[i];
        one->name = out->name[i];
        one->order = INFINITY;
        TRY(hdf5_member(group, one->name, &one->object));
        TRY(hdf5_number_attribute(one->object, "order", &one->order));
        if (isnan(one->order)) one->order = INFINITY;
    }
    qsort(out->item, (size_t)out->count, sizeof *out->item, by_order);
done:
    return result;
}

/* ---- attributes -------------------------------------------------------------------------------------------------- */

static status take_text(const hdf5_object *o, const char *name, char **to)
{
    status result = OK;
    char *text = NULL;
    TRY(hdf5_text_attribute(o, name, &text));
    TRY(text_set(to, text));
done:
    free(text);
    return result;
}

static bool is_among(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0) return true;
    return false;
}

/* A free attribute as a text, whether it is one or a number. */
static status take_attribute(const hdf5_object *o, const char *name, attribute **list, int *count)
{
    status result = OK;
    double number = NAN;
    char *text = NULL, shown[40];
    if (hdf5_text_attribute(o, name, &text) != OK) {
        TRY(hdf5_number_attribute(o, name, &number));
        option_real_text(number, shown, sizeof shown);
    }
    TRY(attribute_add(list, count, name, text ? text : shown));
done:
    free(text);
    return result;
}

static status take_attributes(const hdf5_object *o, const char *const *known, attribute **list, int *count)
{
    status result = OK;
    char **names = NULL;
    int64_t all = 0;
    TRY(hdf5_attributes(o, &names, &all));
    for (int64_t i = 0; i < all; i++)
        if (!is_among(names[i], known)) TRY(take_attribute(o, names[i], list, count));
done:
    hdf5_texts_free(names, all);
    return result;
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */

/* Where columns go: the trials of a session, or the units of an area. */
typedef struct table {
    recorded_session *session; /* or … */
    area *area;
    int64_t rows;
    const char *row_name;
} table;

static status read_text_column(const table *t, const hdf5_object *o, const char *name)
{
    status result = OK;
    char **texts = NULL;
    int64_t count = 0;
    column *c;
    if (t->session)
        TRY(session_add_text_column(t->session, name, &c));
    else
        TRY(area_add_text_column(t->area, name, &c));
    TRY(hdf5_texts(o, t->rows, &texts, &count));
    for (int64_t r = 0; r < count; r++) {
        c->text[r] = texts[r];
        texts[r] = NULL;
    }
    TRY(take_text(o, "units", &c->unit));
done:
    hdf5_texts_free(texts, count);
    return result;
}

static status read_number_column(const table *t, const hdf5_object *o, const char *name, int dimensions)
{
    status result = OK;
    column *c;
    if (t->session)
        TRY(session_add_column(t->session, name, "", dimensions, &c));
    else
        TRY(area_add_column(t->area, name, "", dimensions, &c));
    TRY(hdf5_double_rows(o, 0, t->rows, c->number));
    TRY(take_text(o, "units", &c->unit));
done:
    return result;
}

static status read_column(const table *t, const hdf5_object *o, const char *name)
{
    status result = OK;
    hdf5_about about;
    TRY(hdf5_describe(o, &about));
    bool numbers = about.class == HDF5_NUMBERS && (about.rank == 1 || about.rank == 2);
    bool texts = about.class == HDF5_TEXTS && about.rank == 1;
    CHECK(numbers || texts, BAD_INPUT,
          "%s: %s is no column; right would be one number, position or text per %s", hdf5_path(o),
          hdf5_place(o), t->row_name);
    CHECK(about.extent[0] == t->rows, BAD_INPUT,
          "%s: %s has %" PRId64 " rows; right would be %" PRId64 ", one per %s", hdf5_path(o), hdf5_place(o),
          about.extent[0], t->rows, t->row_name);
    int64_t dimensions = about.rank == 2 ? about.extent[1] : 1;
    CHECK(dimensions >= 1 && dimensions <= INT_MAX, BAD_INPUT, "%s: %s holds nothing", hdf5_path(o),
          hdf5_place(o));
    if (texts)
        TRY(read_text_column(t, o, name));
    else
        TRY(read_number_column(t, o, name, (int)dimensions));
done:
    return result;
}

/* valid_from and valid_to are no columns. */
static status read_valid(recorded_session *s, const hdf5_object *o, double **to)
{
    status result = OK;
    int64_t count;
    TRY(hdf5_doubles(o, s->trials, to, &count));
    CHECK(count == s->trials, BAD_INPUT,
          "%s: %s has %" PRId64 " rows; right would be %" PRId64 ", one per trial", hdf5_path(o),
          hdf5_place(o), count, s->trials);
done:
    return result;
}

static status read_table(const table *t, const hdf5_object *group)
{
    status result = OK;
    ordered_list list;
    TRY(read_list(group, &list));
    for (int64_t i = 0; i < list.count; i++) {
        const ordered *one = &list.item[i];
        if (t->session && strcmp(one->name, "valid_from") == 0)
            TRY(read_valid(t->session, one->object, &t->session->valid_from));
        else if (t->session && strcmp(one->name, "valid_to") == 0)
            TRY(read_valid(t->session, one->object, &t->session->valid_to));
        else
            TRY(read_column(t, one->object, one->name));
    }
done:
    free_list(&list);
    return result;
}

/* ---- areas ------------------------------------------------------------------------------------------------------- */

/* The array of an area, counts or features, and its shape. */
static status find_array(const hdf5_object *group, hdf5_object **array, hdf5_about *about, bool *counts)
{
    status result = OK;
    *counts = hdf5_has(group, "counts");
    CHECK(*counts || hdf5_has(group, "features"), BAD_INPUT, "%s: %s has neither counts nor features",
          hdf5_path(group), hdf5_place(group));
    CHECK(!*counts || !hdf5_has(group, "features"), BAD_INPUT, "%s: %s has both counts and features",
          hdf5_path(group), hdf5_place(group));
    TRY(hdf5_member(group, *counts ? "counts" : "features", array));
    TRY(hdf5_describe(*array, about));
    CHECK(about->class == HDF5_NUMBERS && about->rank == 3, BAD_INPUT,
          "%s: %s is no array of (trials, units, bins)", hdf5_path(group), hdf5_place(*array));
    for (int i = 0; i < 3; i++)
        CHECK(about->extent[i] > 0 && about->extent[i] <= INT_MAX, BAD_INPUT,
              "%s: %s is %" PRId64 " trials × %" PRId64 " units × %" PRId64
              " bins; right would be one of each at least",
              hdf5_path(group), hdf5_place(*array), about->extent[0], about->extent[1], about->extent[2]);
done:
    return result;
}

/* Features one trial at a time: they are kept in single precision. */
static status read_features(const hdf5_object *array, const hdf5_about *about, float *to)
{
    status result = OK;
    int64_t row = about->extent[1] * about->extent[2];
    double *trial = malloc((size_t)row * sizeof *trial);
    CHECK(trial != NULL, NO_MEMORY, "%s: no memory for %s", hdf5_path(array), hdf5_place(array));
    for (int64_t t = 0; t < about->extent[0]; t++) {
        TRY(hdf5_double_rows(array, t, 1, trial));
        for (int64_t i = 0; i < row; i++) to[t * row + i] = (float)trial[i];
    }
done:
    free(trial);
    return result;
}

static status read_array(recorded_session *s, const char *name, const hdf5_object *group, area **out)
{
    status result = OK;
    hdf5_object *array = NULL;
    hdf5_about about;
    bool counts;
    TRY(find_array(group, &array, &about, &counts));
    if (s->areas == 0 && s->trials == 0) s->trials = about.extent[0];
    CHECK(about.extent[0] == s->trials, BAD_INPUT,
          "%s: %s has %" PRId64 " trials; right would be %" PRId64 ", as in the session's first area",
          hdf5_path(group), hdf5_place(array), about.extent[0], s->trials);
    TRY(session_add_area(s, name, (int)about.extent[1], (int)about.extent[2], counts, out));
    TRY(hdf5_number_attribute(array, "bin_ms", &(*out)->bin_ms));
    TRY(hdf5_number_attribute(array, "start_ms", &(*out)->start_ms));
    TRY(take_text(array, "aligned_to", &(*out)->aligned_to));
    if (counts)
        TRY(hdf5_count_rows(array, 0, s->trials, (*out)->count));
    else
        TRY(read_features(array, &about, (*out)->feature));
done:
    hdf5_object_free(array);
    return result;
}

static status read_area(recorded_session *s, const ordered *one)
{
    status result = OK;
    hdf5_object *units = NULL;
    area *a;
    TRY(read_array(s, one->name, one->object, &a));
    if (!hdf5_has(one->object, "units")) goto done;
    TRY(hdf5_member(one->object, "units", &units));
    TRY(read_table(&(table){ .area = a, .rows = a->units, .row_name = "unit" }, units));
done:
    hdf5_object_free(units);
    return result;
}

/* ---- sessions ---------------------------------------------------------------------------------------------------- */

static status read_session(recordings *r, const ordered *one)
{
    static const char *const known[] = { "animal", "source", "source_sha256", "order", NULL };
    status result = OK;
    hdf5_object *areas = NULL, *trials = NULL;
    ordered_list list = { 0 };
    recorded_session *s;
    TRY(recordings_add_session(r, one->name, &s));
    TRY(take_text(one->object, "animal", &s->animal));
    TRY(take_text(one->object, "source", &s->source));
    TRY(take_text(one->object, "source_sha256", &s->sha256));
    TRY(take_attributes(one->object, known, &s->attribute, &s->attributes));
    TRY(hdf5_member(one->object, "areas", &areas));
    TRY(read_list(areas, &list));
    for (int64_t a = 0; a < list.count; a++) TRY(read_area(s, &list.item[a]));
    CHECK(s->areas > 0, BAD_INPUT, "%s: session %s has no areas", hdf5_path(areas), s->name);
    TRY(hdf5_member(one->object, "trials", &trials));
    TRY(read_table(&(table){ .session = s, .rows = s->trials, .row_name = "trial" }, trials));
done:
    hdf5_object_free(trials);
    free_list(&list);
    hdf5_object_free(areas);
    return result;
}

/* Is this a data file of ours, and of a version that we know? */
static status check_format(const hdf5_object *root)
{
    status result = OK;
    char *format = NULL;
    double version = NAN;
    const char *path = hdf5_path(root);
    if (hdf5_text_attribute(root, LAYOUT_FORMAT, &format) == NO_MEMORY) return NO_MEMORY;
    CHECK(format != NULL, BAD_INPUT,
          "%s: is no infosweep data file; infosweep data import makes one from a laboratory's files", path);
    CHECK(strcmp(format, LAYOUT_NAME) == 0, BAD_INPUT,
          "%s: is an infosweep file, but of %s; right would be recordings", path, format);
    TRY(hdf5_number_attribute(root, LAYOUT_VERSION, &version));
    CHECK(!isnan(version), BAD_INPUT, "%s: has no attribute " LAYOUT_VERSION, path);
    CHECK(version == LAYOUT_VERSION_NOW, BAD_INPUT,
          "%s: is a data file of version %g, and this infosweep reads version %d; import its sources again",
          path, version, LAYOUT_VERSION_NOW);
done:
    free(format);
    return result;
}

static status read_root(const hdf5_object *root, recordings *r)
{
    static const char *const known[] = { LAYOUT_FORMAT, LAYOUT_VERSION, "title", "target", "mapping", NULL };
    status result = OK;
    hdf5_object *sessions = NULL;
    ordered_list list = { 0 };
    TRY(take_text(root, "title", &r->title));
    TRY(take_text(root, "target", &r->target));
    TRY(take_text(root, "mapping", &r->mapping));
    TRY(take_attributes(root, known, &r->attribute, &r->attributes));
    TRY(hdf5_member(root, "sessions", &sessions));
    TRY(read_list(sessions, &list));
    for (int64_t s = 0; s < list.count; s++) TRY(read_session(r, &list.item[s]));
done:
    free_list(&list);
    hdf5_object_free(sessions);
    return result;
}

status recordings_read(const char *path, recordings **out)
{
    status result = OK;
    hdf5_object *root = NULL;
    recordings *made = NULL;
    *out = NULL;
    TRY(hdf5_root(path, &root));
    TRY(check_format(root));
    TRY(recordings_make(&made));
    TRY(read_root(root, made));
    TRY(recordings_check(made, path));
    *out = made;
    made = NULL;
done:
    recordings_free(made);
    hdf5_object_free(root);
    return result;
}
