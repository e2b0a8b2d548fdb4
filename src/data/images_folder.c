/* A folder of image files for each class: FOLDER/CLASS/FILE, or both parts as FOLDER/train/CLASS/FILE and FOLDER/test/CLASS/
 * FILE. Classes and files come in the order of their names, by bytes, whatever the system lists first. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "data/image_codec.h"
#include "data/images.h"

/* ---- names in a folder ------------------------------------------------------------------------------------------------- */

typedef struct names {
    int count, room;
    char **name;
} names;

static void free_names(names *n)
{
    for (int i = 0; i < n->count; i++) free(n->name[i]);
    free(n->name);
    *n = (names){ 0 };
}

static status add_name(names *n, const char *name)
{
    status result = OK;
    if (n->count == n->room) {
        int room = n->room ? 2 * n->room : 64;
        char **larger = realloc(n->name, (size_t)room * sizeof *larger);
        CHECK(larger != NULL, NO_MEMORY, "no memory for %d names", room);
        n->name = larger;
        n->room = room;
    }
    CHECK((n->name[n->count] = strdup(name)) != NULL, NO_MEMORY, "no memory for a name");
    n->count++;
done:
    return result;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Is it a folder, or, where files are asked for, an image by its name? What is hidden is neither. */
static status is_wanted(const char *folder, const char *name, bool folders, bool *wanted)
{
    status result = OK;
    char *path = NULL;
    *wanted = name[0] != '.' && (folders || image_file_is_named(name));
    if (!*wanted) return OK;
    CHECK((path = path_below(folder, name)) != NULL, NO_MEMORY, "no memory for a path");
    *wanted = folders ? path_is_folder(path) : path_is_file(path);
done:
    free(path);
    return result;
}

/* The folders in a folder, or the image files in it, by name. */
static status list_names(const char *folder, bool folders, names *out)
{
    status result = OK;
    DIR *d = opendir(folder);
    *out = (names){ 0 };
    CHECK(d != NULL, BAD_INPUT, "%s: cannot open: %s", folder, strerror(errno));
    for (const struct dirent *e; (e = readdir(d));) {
        bool wanted;
        TRY(is_wanted(folder, e->d_name, folders, &wanted));
        if (wanted) TRY(add_name(out, e->d_name));
    }
    if (out->count > 0) qsort(out->name, (size_t)out->count, sizeof *out->name, by_bytes);
done:
    if (d) closedir(d);
    if (result != OK) free_names(out);
    return result;
}

/* ---- a part ------------------------------------------------------------------------------------------------------------ */

/* The classes of a part and the files of each. */
typedef struct listing {
    char *folder;
    names classes;
    names *files; /* (classes) */
    int64_t count;
} listing;

static void free_listing(listing *l)
{
    for (int c = 0; l->files && c < l->classes.count; c++) free_names(&l->files[c]);
    free(l->files);
    free_names(&l->classes);
    free(l->folder);
}

static status list_part(const char *folder, const char *below, listing *l)
{
    status result = OK;
    char *path = NULL;
    *l = (listing){ .folder = below[0] ? path_below(folder, below) : strdup(folder) };
    CHECK(l->folder != NULL, NO_MEMORY, "no memory for a path");
    TRY(list_names(l->folder, true, &l->classes));
    l->files = calloc((size_t)l->classes.count + 1, sizeof *l->files);
    CHECK(l->files != NULL, NO_MEMORY, "%s: no memory for its files", l->folder);
    for (int c = 0; c < l->classes.count; c++) {
        CHECK((path = path_below(l->folder, l->classes.name[c])) != NULL, NO_MEMORY, "no memory for a path");
        TRY(list_names(path, false, &l->files[c]));
        CHECK(l->files[c].count > 0, BAD_INPUT, "%s: holds no JPEG or PNG file; each folder is a class",
              path);
        l->count += l->files[c].count;
        free(path);
        path = NULL;
    }
done:
    free(path);
    return result;
}

/* The class of the training part that class `c` of the test part is. */
static status find_class(const images *m, const listing *l, int c, uint16_t *class)
{
    for (int k = 0; k < m->classes; k++)
        if (strcmp(m->class_name[k], l->classes.name[c]) == 0) {
            *class = (uint16_t)k;
            return OK;
        }
    return failure(BAD_INPUT, "%s: has a class %s, which the training images do not know", l->folder,
                   l->classes.name[c]);
}

static status read_file(const listing *l, int c, int i, images *m, uint8_t *to)
{
    status result = OK;
    char *folder = path_below(l->folder, l->classes.name[c]), *path = NULL;
    CHECK(folder && (path = path_below(folder, l->files[c].name[i])), NO_MEMORY, "no memory for a path");
    TRY(image_file_read(path, &m->size, to));
done:
    free(path);
    free(folder);
    return result;
}

/* The first file of the training part says what size all images have. */
static status read_part(const listing *l, data_part part, images *m)
{
    status result = OK;
    image_part *p = &m->part[part];
    int64_t at = 0;
    if (part == DATA_TRAIN) TRY(read_file(l, 0, 0, m, NULL));
    TRY(image_part_make(p, m->size, l->count, l->folder));
    for (int c = 0; c < l->classes.count; c++) {
        uint16_t class = 0;
        TRY(find_class(m, l, c, &class));
        for (int i = 0; i < l->files[c].count; i++, at++) {
            TRY(read_file(l, c, i, m, p->pixels + at * image_bytes(m->size)));
            p->label[at] = class;
        }
    }
done:
    return result;
}

/* ---- the format -------------------------------------------------------------------------------------------------------- */

/* Are there folders in FOLDER/NAME? A class of that name has files. */
static bool has_part(const char *folder, const char *name)
{
    names found = { 0 };
    char *path = path_below(folder, name);
    bool has = path && path_is_folder(path) && list_names(path, true, &found) == OK && found.count > 0;
    free_names(&found);
    free(path);
    return has;
}

static status read_folder(const image_source *s, images *out)
{
    status result = OK;
    listing train = { 0 }, test = { 0 };
    const char *folder = s->path[0];
    bool parts = has_part(folder, "train");
    CHECK(s->labels == NULL || s->labels[0] == '\0', BAD_INPUT,
          "%s: a folder of images, whose folders are the classes; `labels` is for others", folder);
    TRY(list_part(folder, parts ? "train" : "", &train));
    if (parts && has_part(folder, "test")) TRY(list_part(folder, "test", &test));
    CHECK(train.classes.count <= IMAGE_CLASSES_MAX, BAD_INPUT,
          "%s: has %d classes; right would be %d at most", folder, train.classes.count, IMAGE_CLASSES_MAX);
    TRY(images_name_classes(out, (const char *const *)train.classes.name, train.classes.count));
    TRY(read_part(&train, DATA_TRAIN, out));
    if (test.count > 0) TRY(read_part(&test, DATA_TEST, out));
done:
    free_listing(&train);
    free_listing(&test);
    return result;
}

/* Files are many, so the folder stands for them. */
static status visit_folder(const image_source *s, status (*visit)(const char *path, void *context),
                           void *context)
{
    return visit(s->path[0], context);
}

static bool knows(const char *path, const image_glance *g)
{
    names found = { 0 };
    bool known = g->folder && list_names(path, true, &found) == OK && found.count > 0;
    free_names(&found);
    return known;
}

const image_format folder_image_format = {
    .name = "folder",
    .looks = "FOLDER/CLASS/*.jpg|jpeg|png, or FOLDER/train/CLASS/… and FOLDER/test/CLASS/…",
    .summary = "a folder of JPEG or PNG files for each class, all of one size",
    .available = "",
    .knows = knows,
    .read = read_folder,
    .files = visit_folder,
};
