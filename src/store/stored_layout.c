#include "stored_layout.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "column.h"

void stored_layout_free(stored_layout *s)
{
    if (s == NULL) return;
    for (int i = 0; i < s->texts; i++) free(s->text[i]);
    hdf5_free_values(s->metric, s->metrics);
    hdf5_free_values(s->class_name, s->classes);
    free(s->layout.variable);
    free(s->quantity);
    free(s->text);
    free(s->names);
    free(s);
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static status read_shape(hid_t array, const char *name, result_shape *shape)
{
    char *word = NULL;
    status result = hdf5_read_text(array, "infosweep_result", &word);
    if (result != OK) return failure_at(result, "its variable %s", name);
    int at = 0;
    while (at < RESULT_SHAPES && strcmp(result_axes_of[at].word, word) != 0) at++;
    if (at == RESULT_SHAPES)
        result = failure(BAD_INPUT, "its variable %s is a result per unknown \"%s\"", name, word);
    else
        *shape = (result_shape)at;
    free(word);
    return result;
}

static void note_extent(result_extents *e, const char *along, int64_t extent)
{
    if (strcmp(along, "source") == 0) e->sources = (int)extent;
    if (strcmp(along, "class") == 0) e->classes = (int)extent;
    if (strcmp(along, "epoch") == 0) e->epochs = (int)extent;
    if (strcmp(along, "metric") == 0) e->metrics = (int)extent;
    if (strcmp(along, "sample") == 0) e->samples = (int)extent;
}

static status read_variable(stored_layout *s, const char *name, const column *c)
{
    status result = OK;
    int index = s->layout.variables++;
    variable *v = &s->layout.variable[index];
    quantity *q = &s->quantity[index];
    char **unit = &s->text[s->texts++], **long_name = &s->text[s->texts++];
    TRY(read_shape(c->dataset, name, &q->shape));
    TRY(hdf5_read_text(c->dataset, "long_name", long_name));
    if (H5Aexists(c->dataset, "units") > 0) TRY(hdf5_read_text(c->dataset, "units", unit));
    CHECK(c->inner == result_axes_of[q->shape].dimensions, BAD_INPUT,
          "its variable %s has not the shape of a result", name);
    q->name = name;
    q->unit = *unit ? *unit : "";
    q->long_name = *long_name;
    v->quantity = q;
    v->dimensions = c->inner;
    for (int i = 0; i < c->inner; i++) {
        v->axis[i] = result_axes_of[q->shape].axis[i];
        v->extent[i] = c->extent[i];
        note_extent(&s->layout.extents, v->axis[i], v->extent[i]);
    }
    v->count = c->count;
    v->offset = s->layout.size;
    s->layout.size += c->count;
done:
    return result;
}

static status read_metrics(stored_layout *s, hid_t file)
{
    status result = OK;
    TRY(hdf5_read_values(file, "metric", &s->metrics, &s->metric));
    CHECK(s->metrics == s->layout.extents.metrics && s->metrics <= METRICS_MAX, BAD_INPUT,
          "its history and its metrics do not fit together");
    for (int64_t i = 0; i < s->metrics; i++) s->layout.extents.metric[i] = s->metric[i];
done:
    return result;
}

static bool is_text(hid_t file, const char *name)
{
    hid_t array = H5Lexists(file, name, H5P_DEFAULT) > 0 ? H5Dopen2(file, name, H5P_DEFAULT) : -1;
    if (array < 0) return false;
    hid_t type = H5Dget_type(array);
    bool text = H5Tget_class(type) == H5T_STRING;
    H5Tclose(type);
    H5Dclose(array);
    return text;
}

/* The names of the classes, where they have any. */
static status read_classes(stored_layout *s, hid_t file)
{
    status result = OK;
    if (!is_text(file, "class")) goto done;
    TRY(hdf5_read_values(file, "class", &s->classes, &s->class_name));
    CHECK(s->classes == s->layout.extents.classes, BAD_INPUT,
          "its classes and their names do not fit together");
    s->layout.extents.class_name = (const char *const *)s->class_name;
done:
    return result;
}

static status make_room(stored_layout *s, size_t variables)
{
    s->layout.variable = calloc(variables, sizeof *s->layout.variable);
    s->quantity = calloc(variables, sizeof *s->quantity);
    s->text = calloc(2 * variables, sizeof *s->text);
    bool made = s->layout.variable && s->quantity && s->text;
    return made ? OK : failure(NO_MEMORY, "%zu results", variables);
}

status stored_layout_read(hid_t file, const grid *g, stored_layout **out)
{
    status result = OK;
    char *rest;
    column c = { 0 };
    stored_layout *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "layout of the file");
    TRY(hdf5_read_text(file, "sweep_results", &made->names));
    TRY(make_room(made, strlen(made->names) / 2 + 1));
    for (char *name = strtok_r(made->names, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
        column_close(&c);
        TRY(column_open(file, name, g, H5T_NATIVE_DOUBLE, &c));
        TRY(read_variable(made, name, &c));
    }
    if (made->layout.extents.metrics > 0) TRY(read_metrics(made, file));
    if (made->layout.extents.classes > 0) TRY(read_classes(made, file));
    *out = made;
    made = NULL;
done:
    column_close(&c);
    stored_layout_free(made);
    return result;
}

/* ---- comparing ----------------------------------------------------------------------------------------------------- */

static status check_variable(const variable *file, const variable *asked)
{
    status result = OK;
    const char *name = asked->quantity->name;
    CHECK(strcmp(file->quantity->name, name) == 0, BAD_INPUT,
          "is of another sweep: the file has the result %s where the sweep has %s", file->quantity->name,
          name);
    CHECK(file->dimensions == asked->dimensions, BAD_INPUT, "is of another sweep: %s has another shape",
          name);
    for (int i = 0; i < asked->dimensions; i++)
        CHECK(file->extent[i] == asked->extent[i], BAD_INPUT,
              "is of another sweep: %s has %" PRId64 " values along %s in the file and %" PRId64
              " in the sweep",
              name, file->extent[i], asked->axis[i], asked->extent[i]);
done:
    return result;
}

status stored_layout_check(const stored_layout *file, const layout *asked)
{
    status result = OK;
    int common = file->layout.variables < asked->variables ? file->layout.variables : asked->variables;
    for (int i = 0; i < common; i++) TRY(check_variable(&file->layout.variable[i], &asked->variable[i]));
    CHECK(file->layout.variables == asked->variables, BAD_INPUT,
          "is of another sweep: the file has %d results and the sweep has %d", file->layout.variables,
          asked->variables);
    for (int i = 0; i < asked->extents.metrics && file->layout.extents.metrics > 0; i++)
        CHECK(strcmp(file->layout.extents.metric[i], asked->extents.metric[i]) == 0, BAD_INPUT,
              "is of another sweep: column %d of its history is %s, not %s", i + 1,
              file->layout.extents.metric[i], asked->extents.metric[i]);
done:
    return result;
}
