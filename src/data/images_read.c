#include <stdlib.h>
#include <string.h>

#include "data/images.h"
#include "data/packed_file.h"

const image_format *const image_formats[] = { &hdf5_image_format, &cifar_image_format, &idx_image_format,
                                              &folder_image_format, NULL };

/* ---- which format ------------------------------------------------------------------------------------------------------ */

static status glance(const char *path, image_glance *g)
{
    status result = OK;
    packed_file *f = NULL;
    size_t got;
    *g = (image_glance){ .folder = path_is_folder(path) };
    if (g->folder) goto done;
    TRY(packed_file_open(path, &f));
    TRY(packed_file_read(f, g->head, sizeof g->head, &got));
    CHECK(got > 0, BAD_INPUT, "%s: is empty", path);
    g->bytes = (int)got;
done:
    packed_file_close(f);
    return result;
}

status images_format(const char *path, const image_format **out)
{
    status result = OK;
    image_glance g;
    int i = 0;
    TRY(glance(path, &g));
    while (image_formats[i] && !image_formats[i]->knows(path, &g)) i++;
    *out = image_formats[i];
    CHECK(*out || !g.folder, BAD_INPUT,
          "%s: a folder without images: neither batches of CIFAR, nor IDX files, nor a folder of JPEG or PNG "
          "files "
          "for each class",
          path);
    CHECK(*out, BAD_INPUT,
          "%s: is no file of images that is known: neither CIFAR (.bin, .bin.gz), nor IDX, nor a data file "
          "of images (infosweep data formats lists them)",
          path);
    CHECK((*out)->available[0] == '\0', BAD_INPUT, "%s: cannot be read by this build: %s", path,
          (*out)->available);
done:
    return result;
}

/* ---- a test part from elsewhere ------------------------------------------------------------------------------------------ */

/* The class of `m` that is class `c` of other images: of the same name where both have names, else of the same number. -1
 * where there is none. */
static int class_of(const images *m, const images *other, int c)
{
    if (m->class_name && other->class_name) {
        for (int k = 0; k < m->classes; k++)
            if (strcmp(m->class_name[k], other->class_name[c]) == 0) return k;
        return -1;
    }
    int k = c + other->first_label - m->first_label;
    return k >= 0 && k < m->classes ? k : -1;
}

static status relabel(const images *m, images *other, const char *path)
{
    status result = OK;
    image_part *p = &other->part[DATA_TRAIN];
    int *class = malloc(((size_t)other->classes + 1) * sizeof *class);
    CHECK(class != NULL, NO_MEMORY, "%s: no memory for its classes", path);
    for (int c = 0; c < other->classes; c++) class[c] = class_of(m, other, c);
    for (int64_t i = 0; i < p->count; i++) {
        int c = p->label[i], known = class[c];
        char number[16];
        snprintf(number, sizeof number, "%d", c + other->first_label);
        CHECK(known >= 0, BAD_INPUT, "%s: holds images of class %s, which the training images do not know",
              path, other->class_name ? other->class_name[c] : number);
        p->label[i] = (uint16_t)known;
    }
done:
    free(class);
    return result;
}

/* The images of `other` become the test part. */
static status join(images *m, const char *path, images *other, const char *other_path)
{
    status result = OK;
    char size[SIZE_TEXT], other_size[SIZE_TEXT];
    CHECK(m->part[DATA_TEST].count == 0, BAD_INPUT, "%s: holds a test part already; %s would be another one",
          path, other_path);
    CHECK(other->part[DATA_TEST].count == 0, BAD_INPUT,
          "%s: holds a training part and a test part; right would be test images alone", other_path);
    CHECK(image_size_equal(m->size, other->size), BAD_INPUT, "%s: holds images of %s, and %s of %s",
          other_path, image_size_text(other->size, other_size), path, image_size_text(m->size, size));
    TRY(relabel(m, other, other_path));
    m->part[DATA_TEST] = other->part[DATA_TRAIN];
    other->part[DATA_TRAIN] = (image_part){ 0 };
done:
    return result;
}

/* ---- reading ------------------------------------------------------------------------------------------------------------- */

static status read_one(const image_source *s, images **out)
{
    status result = OK;
    const image_format *format;
    images *made = calloc(1, sizeof *made);
    *out = NULL;
    CHECK(made != NULL, NO_MEMORY, "no memory for images");
    for (int i = s->paths; i-- > 1;) {
        const image_format *other;
        TRY(images_format(s->path[i], &other));
        TRY(images_format(s->path[0], &format));
        CHECK(other == format && format == &cifar_image_format && !path_is_folder(s->path[i]), BAD_INPUT,
              "%s: only files of CIFAR batches are put one behind the other", s->path[i]);
    }
    TRY(images_format(s->path[0], &format));
    TRY(format->read(s, made));
    if (made->imported == NULL)
        CHECK((made->imported = strdup(format->name)) != NULL, NO_MEMORY, "no memory for images");
    *out = made;
    made = NULL;
done:
    images_free(made);
    return result;
}

/* Classes that are numbers from another one than 0 are called by them. */
static status name_by_number(images *m)
{
    status result = OK;
    char **name = NULL;
    if (m->class_name || m->first_label == 0) return OK;
    name = calloc((size_t)m->classes, sizeof *name);
    CHECK(name != NULL, NO_MEMORY, "no memory for names of classes");
    for (int c = 0; c < m->classes; c++) {
        char number[16];
        snprintf(number, sizeof number, "%d", c + m->first_label);
        CHECK((name[c] = strdup(number)) != NULL, NO_MEMORY, "no memory for names of classes");
    }
    m->class_name = name;
    name = NULL;
done:
    for (int c = 0; name && c < m->classes; c++) free(name[c]);
    free(name);
    return result;
}

status images_read(const image_source *train, const image_source *test, images **out)
{
    status result = OK;
    images *made = NULL, *other = NULL;
    *out = NULL;
    TRY(read_one(train, &made));
    if (test->paths > 0) {
        TRY(read_one(test, &other));
        TRY(join(made, train->path[0], other, test->path[0]));
    }
    TRY(name_by_number(made));
    TRY(images_check(made, train->path[0]));
    *out = made;
    made = NULL;
done:
    images_free(made);
    images_free(other);
    return result;
}

status images_files(const image_source *s, status (*visit)(const char *path, void *context), void *context)
{
    status result = OK;
    const image_format *format;
    TRY(images_format(s->path[0], &format));
    TRY(format->files(s, visit, context));
done:
    return result;
}
