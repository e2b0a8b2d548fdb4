#include "identity.h"

#include <stdlib.h>
#include <string.h>

static void axis_clear(identity_axis *a)
{
    free(a->option);
    free(a->name);
    hdf5_free_values(a->value, a->count);
}

void identity_free(identity *i)
{
    if (i == NULL) return;
    for (int k = 0; k < i->settings; k++) {
        free(i->setting[k].name);
        free(i->setting[k].text);
    }
    for (int k = 0; k < i->axes; k++) axis_clear(&i->axis[k]);
    for (int k = 0; k < i->files; k++) free(i->file[k].path);
    free(i->setting);
    free(i->file);
    free(i->kernels);
    free(i);
}

const char *identity_setting(const identity *i, const char *name)
{
    for (int k = 0; k < i->settings; k++)
        if (strcmp(i->setting[k].name, name) == 0) return i->setting[k].text;
    return NULL;
}

const identity_axis *identity_axis_find(const identity *i, const char *name)
{
    for (int k = 0; k < i->axes; k++)
        if (strcmp(i->axis[k].option, name) == 0) return &i->axis[k];
    return NULL;
}

/* ---- growing ------------------------------------------------------------------------------------------------------ */

static status setting_add(identity *i, const char *name, size_t name_length, const char *text)
{
    setting *grown = realloc(i->setting, (size_t)(i->settings + 1) * sizeof *grown);
    if (grown == NULL) return failure(NO_MEMORY, "settings of the sweep");
    i->setting = grown;
    setting *added = &grown[i->settings++];
    added->name = strndup(name, name_length);
    added->text = strdup(text);
    return added->name && added->text ? OK : failure(NO_MEMORY, "settings of the sweep");
}

static status file_add(identity *i, const char *path, const char *digest)
{
    data_file *grown = realloc(i->file, (size_t)(i->files + 1) * sizeof *grown);
    if (grown == NULL) return failure(NO_MEMORY, "data files of the sweep");
    i->file = grown;
    data_file *added = &grown[i->files++];
    snprintf(added->digest, sizeof added->digest, "%s", digest);
    added->path = strdup(path);
    return added->path ? OK : failure(NO_MEMORY, "data files of the sweep");
}

/* ---- from a sweep ------------------------------------------------------------------------------------------------- */

typedef struct making {
    identity *identity;
    status result; /* sweep_constants has no way to stop */
} making;

static void add_constant(const char *name, const option *row, const void *block, void *context)
{
    making *m = context;
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (to) option_print(row, block, to);
    bool printed = to && fclose(to) == 0;
    for (char *c = text; printed && *c; c++)
        if (*c == '\n') *c = ' '; /* one line each, in the file */
    status added =
        printed ? setting_add(m->identity, name, strlen(name), text) : failure(NO_MEMORY, "%s", name);
    if (added > m->result) m->result = added;
    free(text);
}

static status add_file(const char *path, void *context)
{
    status result = OK;
    identity *i = context;
    char digest[DIGEST_TEXT];
    for (int k = 0; k < i->files; k++)
        if (strcmp(i->file[k].path, path) == 0) return OK;
    TRY(digest_path(path, digest));
    TRY(file_add(i, path, digest));
done:
    return result;
}

static status copy_axis(const axis *from, identity_axis *to)
{
    status result = OK;
    to->option = strdup(from->option);
    to->name = strdup(from->name);
    to->dimension = from->dimension;
    to->count = from->count;
    to->value = calloc((size_t)from->count + 1, sizeof *to->value);
    CHECK(to->option && to->name && to->value, NO_MEMORY, "axis %s", from->name);
    for (int64_t k = 0; k < from->count; k++) {
        to->value[k] = strdup(from->text[k]);
        CHECK(to->value[k] != NULL, NO_MEMORY, "axis %s", from->name);
    }
done:
    return result;
}

status identity_make(const sweep *s, const char *kernels, identity **out)
{
    status result = OK;
    const grid *g = sweep_grid(s);
    identity *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "identity of the sweep");
    making m = { .identity = made };
    sweep_constants(s, add_constant, &m);
    TRY(m.result);
    for (int k = 0; k < g->axes; k++) {
        made->axes++;
        TRY(copy_axis(&g->axis[k], &made->axis[k]));
    }
    TRY(sweep_files(s, add_file, made));
    made->kernels = strdup(kernels);
    CHECK(made->kernels != NULL, NO_MEMORY, "name of the kernels");
    *out = made;
    made = NULL;
done:
    identity_free(made);
    return result;
}

void identity_digest_data(const identity *i, char text[DIGEST_TEXT])
{
    digest_state d;
    digest_start(&d);
    for (int k = 0; k < i->files; k++) digest_add(&d, i->file[k].digest, DIGEST_TEXT);
    digest_end(&d, text);
}

/* ---- to and from a file ------------------------------------------------------------------------------------------- */

static void print_settings(const identity *i, FILE *to)
{
    for (int k = 0; k < i->settings; k++) fprintf(to, "%s: %s\n", i->setting[k].name, i->setting[k].text);
}

static void print_axes(const identity *i, FILE *to)
{
    for (int k = 0; k < i->axes; k++)
        fprintf(to, "%d %s %s\n", i->axis[k].dimension, i->axis[k].option, i->axis[k].name);
}

static void print_files(const identity *i, FILE *to)
{
    for (int k = 0; k < i->files; k++) fprintf(to, "%s  %s\n", i->file[k].digest, i->file[k].path);
}

static status write_lines(const identity *i, hid_t file, const char *name,
                          void (*print)(const identity *i, FILE *to))
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (to) print(i, to);
    bool printed = to && fclose(to) == 0;
    status result = printed ? hdf5_write_text(file, name, text) : failure(NO_MEMORY, "attribute %s", name);
    free(text);
    return result;
}

status identity_write(const identity *i, hid_t file)
{
    status result = OK;
    TRY(write_lines(i, file, "sweep_settings", print_settings));
    TRY(write_lines(i, file, "sweep_axes", print_axes));
    TRY(write_lines(i, file, "data_files", print_files));
    TRY(hdf5_write_text(file, "kernels", i->kernels));
done:
    return result;
}

static status parse_setting(identity *i, char *line, hid_t file)
{
    (void)file;
    char *colon = strstr(line, ": ");
    if (colon == NULL)
        return failure(BAD_INPUT, "its attribute sweep_settings has no \": \" in \"%s\"", line);
    return setting_add(i, line, (size_t)(colon - line), colon + 2);
}

static status parse_axis(identity *i, char *line, hid_t file)
{
    int along, option_end = 0, name_start = 0;
    if (i->axes == AXES_MAX) return failure(BAD_INPUT, "has more than %d axes", AXES_MAX);
    if (sscanf(line, "%d %n%*s%n", &along, &name_start, &option_end) != 1 || option_end == 0 ||
        line[option_end] != ' ' || along < 0 || along >= AXES_MAX)
        return failure(BAD_INPUT, "its attribute sweep_axes has no axis in \"%s\"", line);
    identity_axis *a = &i->axis[i->axes++];
    a->dimension = along;
    a->option = strndup(line + name_start, (size_t)(option_end - name_start));
    a->name = strdup(line + option_end + 1);
    if (a->option == NULL || a->name == NULL) return failure(NO_MEMORY, "axis of the file");
    return hdf5_read_values(file, a->name, &a->count, &a->value);
}

static status parse_file(identity *i, char *line, hid_t file)
{
    (void)file;
    char *gap = strstr(line, "  ");
    if (gap == NULL || gap - line != DIGEST_TEXT - 1)
        return failure(BAD_INPUT, "its attribute data_files has no digest in \"%s\"", line);
    *gap = '\0';
    return file_add(i, gap + 2, line);
}

static status read_lines(identity *i, hid_t file, const char *name,
                         status (*parse)(identity *i, char *line, hid_t file))
{
    status result = OK;
    char *text = NULL, *rest;
    TRY(hdf5_read_text(file, name, &text));
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        TRY(parse(i, line, file));
done:
    free(text);
    return result;
}

status identity_read(hid_t file, identity **out)
{
    status result = OK;
    identity *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "identity of the file");
    TRY(read_lines(made, file, "sweep_settings", parse_setting));
    TRY(read_lines(made, file, "sweep_axes", parse_axis));
    TRY(read_lines(made, file, "data_files", parse_file));
    TRY(hdf5_read_text(file, "kernels", &made->kernels));
    *out = made;
    made = NULL;
done:
    identity_free(made);
    return result;
}

/* ---- the shard and the format -------------------------------------------------------------------------------------------------- */

status identity_read_shard(hid_t file, int64_t *index, int64_t *count)
{
    status result = OK;
    char *text = NULL;
    *index = *count = 0;
    if (H5Aexists(file, SHARD_ATTRIBUTE) <= 0) return OK;
    TRY(hdf5_read_text(file, SHARD_ATTRIBUTE, &text));
    result = sweep_shard_parse(text, index, count);
    if (result != OK) failure_at(result, "its attribute " SHARD_ATTRIBUTE);
done:
    free(text);
    return result;
}

status identity_check_format(hid_t file)
{
    status result = OK;
    int64_t format;
    CHECK(H5Aexists(file, "infosweep_format") > 0, BAD_INPUT, "is no result file of infosweep");
    /* recordings have the name of their format there, as a text */
    CHECK(H5Aexists(file, "infosweep_version") <= 0, BAD_INPUT,
          "is no result file but a data file of recordings; infosweep data show says what it holds");
    TRY(hdf5_read_integer(file, "infosweep_format", &format));
    CHECK(format == STORE_FORMAT, BAD_INPUT, "has format %" PRId64 " of result files; this version reads %d",
          format, STORE_FORMAT);
done:
    return result;
}
