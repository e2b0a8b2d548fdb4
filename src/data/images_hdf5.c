/* infosweep's own data file of images, as another program may have made it: nothing in it is believed. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/hdf5_read.h"
#include "data/images.h"
#include "data/images_layout.h"
#include "data/recordings_layout.h"

static status check_format(const hdf5_object *root)
{
    status result = OK;
    char *format = NULL;
    double version = NAN;
    const char *path = hdf5_path(root);
    if (hdf5_text_attribute(root, LAYOUT_FORMAT, &format) == NO_MEMORY) return NO_MEMORY;
    CHECK(format != NULL, BAD_INPUT,
          "%s: is no infosweep data file; infosweep data import makes one of image files", path);
    CHECK(strcmp(format, IMAGES_LAYOUT_NAME) == 0, BAD_INPUT,
          "%s: is an infosweep file, but of %s; right would be images", path, format);
    TRY(hdf5_number_attribute(root, LAYOUT_VERSION, &version));
    CHECK(version == IMAGES_VERSION_NOW, BAD_INPUT,
          "%s: is a data file of version %g, and this infosweep reads version %d; import its source again",
          path, version, IMAGES_VERSION_NOW);
done:
    free(format);
    return result;
}

/* ---- pixels and labels ------------------------------------------------------------------------------------------------- */

static status read_pixels(const hdf5_object *o, data_part part, images *out)
{
    status result = OK;
    hdf5_about about;
    char here[SIZE_TEXT], before[SIZE_TEXT];
    TRY(hdf5_describe(o, &about));
    const int64_t *e = about.extent;
    CHECK(about.bytes && about.rank == 4, BAD_INPUT,
          "%s: %s is no array (images, channels, height, width) of bytes, uint8", hdf5_path(o),
          hdf5_place(o));
    CHECK(e[0] >= 1 && e[1] >= 1 && e[1] <= IMAGE_CHANNELS_MAX && e[2] >= 1 && e[2] <= IMAGE_SIDE_MAX &&
              e[3] >= 1 && e[3] <= IMAGE_SIDE_MAX,
          BAD_INPUT,
          "%s: %s holds %" PRId64 " images of %" PRId64 " channels × %" PRId64 " × %" PRId64
          "; right would be one image at least, of 1 to %d channels and 1 to %d a side",
          hdf5_path(o), hdf5_place(o), e[0], e[1], e[2], e[3], IMAGE_CHANNELS_MAX, IMAGE_SIDE_MAX);
    const image_size size = { (int)e[1], (int)e[2], (int)e[3] };
    CHECK(part == DATA_TRAIN || image_size_equal(size, out->size), BAD_INPUT,
          "%s: %s holds images of %s, and the training images are %s", hdf5_path(o), hdf5_place(o),
          image_size_text(size, here), image_size_text(out->size, before));
    out->size = size;
    TRY(image_part_make(&out->part[part], size, e[0], hdf5_path(o)));
    TRY(hdf5_count_rows(o, 0, e[0], out->part[part].pixels));
done:
    return result;
}

static status read_labels(const hdf5_object *o, data_part part, images *out)
{
    status result = OK;
    image_part *p = &out->part[part];
    double *label = NULL;
    int64_t count;
    TRY(hdf5_doubles(o, p->count, &label, &count));
    CHECK(count == p->count, BAD_INPUT,
          "%s: %s has %" PRId64 " labels; right would be %" PRId64 ", one per image", hdf5_path(o),
          hdf5_place(o), count, p->count);
    for (int64_t i = 0; i < count; i++) {
        CHECK(label[i] >= 0 && label[i] < IMAGE_CLASSES_MAX && label[i] == floor(label[i]), BAD_INPUT,
              "%s: %s[%" PRId64 "] is %g; right would be a class, 0 to %d", hdf5_path(o), hdf5_place(o), i,
              label[i], IMAGE_CLASSES_MAX - 1);
        p->label[i] = (uint16_t)label[i];
        if (part == DATA_TRAIN && p->label[i] >= out->classes) out->classes = p->label[i] + 1;
    }
done:
    free(label);
    return result;
}

static status read_part(const hdf5_object *root, data_part part, images *out)
{
    status result = OK;
    hdf5_object *pixels = NULL, *labels = NULL;
    if (part == DATA_TEST && !hdf5_has(root, images_pixels_name[part])) return OK;
    TRY(hdf5_member(root, images_pixels_name[part], &pixels));
    TRY(hdf5_member(root, images_labels_name[part], &labels));
    TRY(read_pixels(pixels, part, out));
    TRY(read_labels(labels, part, out));
done:
    hdf5_object_free(labels);
    hdf5_object_free(pixels);
    return result;
}

/* ---- the rest ---------------------------------------------------------------------------------------------------------- */

static status read_names(const hdf5_object *root, images *out)
{
    status result = OK;
    hdf5_object *o = NULL;
    char **name = NULL;
    int64_t count = 0;
    if (!hdf5_has(root, IMAGES_CLASS_NAMES)) return OK;
    TRY(hdf5_member(root, IMAGES_CLASS_NAMES, &o));
    TRY(hdf5_texts(o, IMAGE_CLASSES_MAX, &name, &count));
    CHECK(count >= out->classes, BAD_INPUT, "%s: %s names %" PRId64 " classes, and there are %d",
          hdf5_path(root), hdf5_place(o), count, out->classes);
    TRY(images_name_classes(out, (const char *const *)name, (int)count));
done:
    hdf5_texts_free(name, count);
    hdf5_object_free(o);
    return result;
}

static status read_hdf5(const image_source *s, images *out)
{
    status result = OK;
    hdf5_object *root = NULL;
    CHECK(s->labels == NULL || s->labels[0] == '\0', BAD_INPUT,
          "%s: a data file, which holds its labels; `labels` is for others", s->path[0]);
    TRY(hdf5_root(s->path[0], &root));
    TRY(check_format(root));
    TRY(hdf5_text_attribute(root, "title", &out->title));
    TRY(hdf5_text_attribute(root, "source", &out->source));
    TRY(hdf5_text_attribute(root, "source_sha256", &out->sha256));
    TRY(hdf5_text_attribute(root, "imported", &out->imported));
    for (data_part p = DATA_TRAIN; p <= DATA_TEST; p++) TRY(read_part(root, p, out));
    TRY(read_names(root, out));
done:
    hdf5_object_free(root);
    return result;
}

static status visit_file(const image_source *s, status (*visit)(const char *path, void *context),
                         void *context)
{
    return visit(s->path[0], context);
}

static bool knows(const char *path, const image_glance *g)
{
    static const unsigned char signature[] = { 0x89, 'H', 'D', 'F' };
    (void)path;
    return g->bytes >= 4 && memcmp(g->head, signature, sizeof signature) == 0;
}

bool images_is_data_file(const char *path)
{
    hdf5_object *root = NULL;
    char *format = NULL;
    bool is = path_is_file(path) && hdf5_root(path, &root) == OK &&
              hdf5_text_attribute(root, LAYOUT_FORMAT, &format) == OK && format &&
              strcmp(format, IMAGES_LAYOUT_NAME) == 0;
    free(format);
    hdf5_object_free(root);
    return is;
}

const image_format hdf5_image_format = {
    .name = "hdf5",
    .looks = ".h5, as infosweep data import writes it",
    .summary = "infosweep's own data file of images",
    .available = "",
    .knows = knows,
    .read = read_hdf5,
    .files = visit_file,
};
