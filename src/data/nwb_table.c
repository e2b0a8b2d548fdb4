#include "data/nwb_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIMENSIONS_MAX = 64 }; /* of a column; what has more is no property of a trial but a recording */

/* Does a column NAME_index say that this one is ragged? */
static bool is_ragged(const hdf5_object *group, const char *name)
{
    char index[512];
    int length = snprintf(index, sizeof index, "%s_index", name);
    return length < (int)sizeof index && hdf5_has(group, index);
}

/* Is NAME_index the index of a ragged column? */
static bool is_index(const hdf5_object *group, const char *name)
{
    char base[512];
    size_t length = strlen(name), ending = strlen("_index");
    if (length <= ending || length >= sizeof base || strcmp(name + length - ending, "_index") != 0)
        return false;
    snprintf(base, sizeof base, "%.*s", (int)(length - ending), name);
    return hdf5_has(group, base);
}

/* Every table numbers its rows in a column `id`; those that lack it have at least times of start. */
static status count_rows(const hdf5_object *group, int64_t *rows)
{
    status result = OK;
    hdf5_object *id = NULL;
    hdf5_about about;
    TRY(hdf5_member(group, hdf5_has(group, "id") || !hdf5_has(group, "start_time") ? "id" : "start_time",
                    &id));
    TRY(hdf5_describe(id, &about));
    CHECK(about.rank == 1 && about.class != HDF5_GROUP, BAD_INPUT,
          "%s: %s: right would be one number for each row of the table", hdf5_path(id), hdf5_place(id));
    *rows = about.extent[0];
done:
    hdf5_object_free(id);
    return result;
}

/* Adds a member to the columns if it is one that can be read. */
static status take_column(nwb_table *t, const char *name)
{
    status result = OK;
    hdf5_object *o = NULL;
    hdf5_about about;
    if (is_ragged(t->group, name) || is_index(t->group, name)) goto done;
    TRY(hdf5_member(t->group, name, &o));
    TRY(hdf5_describe(o, &about));
    bool texts = about.class == HDF5_TEXTS;
    if ((about.class != HDF5_NUMBERS && !texts) || about.rank < 1) goto done;
    CHECK(about.extent[0] == t->rows, BAD_INPUT, "%s: %s has %lld rows, but the table has %lld", hdf5_path(o),
          hdf5_place(o), (long long)about.extent[0], (long long)t->rows);
    int64_t dimensions = t->rows > 0 ? about.count / t->rows : 1;
    if (dimensions < 1 || dimensions > (texts ? 1 : DIMENSIONS_MAX)) goto done;
    nwb_column *c = &t->column[t->columns++];
    *c = (nwb_column){ .name = strdup(name), .texts = texts, .dimensions = (int)dimensions };
    CHECK(c->name != NULL, NO_MEMORY, "no memory for the columns of %s", hdf5_path(o));
done:
    hdf5_object_free(o);
    return result;
}

status nwb_table_make(hdf5_object *group, nwb_table *out)
{
    status result = OK;
    nwb_table t = { .group = group };
    char **names = NULL;
    int64_t count = 0;
    TRY(count_rows(group, &t.rows));
    TRY(hdf5_members(group, &names, &count));
    t.column = calloc((size_t)count + 1, sizeof *t.column);
    CHECK(t.column != NULL, NO_MEMORY, "no memory for the columns of %s", hdf5_path(group));
    for (int64_t i = 0; i < count; i++) TRY(take_column(&t, names[i]));
    *out = t;
    t = (nwb_table){ 0 };
done:
    hdf5_texts_free(names, count);
    nwb_table_free(&t);
    return result;
}

void nwb_table_free(nwb_table *t)
{
    for (int i = 0; i < t->columns; i++) free(t->column[i].name);
    free(t->column);
    hdf5_object_free(t->group);
    *t = (nwb_table){ 0 };
}

const nwb_column *nwb_table_find(const nwb_table *t, const char *name)
{
    for (int i = 0; i < t->columns; i++)
        if (strcmp(t->column[i].name, name) == 0) return &t->column[i];
    return NULL;
}

status nwb_table_numbers(const nwb_table *t, const nwb_column *c, double **out)
{
    status result = OK;
    hdf5_object *o = NULL;
    int64_t count;
    TRY(hdf5_member(t->group, c->name, &o));
    TRY(hdf5_doubles(o, 0, out, &count));
done:
    hdf5_object_free(o);
    return result;
}

status nwb_table_texts(const nwb_table *t, const nwb_column *c, char ***out)
{
    status result = OK;
    hdf5_object *o = NULL;
    int64_t count;
    TRY(hdf5_member(t->group, c->name, &o));
    TRY(hdf5_texts(o, 0, out, &count));
done:
    hdf5_object_free(o);
    return result;
}

status nwb_table_description(const nwb_table *t, const nwb_column *c, char **out)
{
    status result = OK;
    hdf5_object *o = NULL;
    *out = NULL;
    TRY(hdf5_member(t->group, c->name, &o));
    if (hdf5_text_attribute(o, "description", out) != OK)
        failure_clear(); /* a courtesy, which may be damaged */
    if (*out == NULL) *out = strdup("");
    CHECK(*out != NULL, NO_MEMORY, "no memory for a description");
done:
    hdf5_object_free(o);
    return result;
}
