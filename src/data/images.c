#include "data/images.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "data/recordings_parts.h"

/* ---- memory --------------------------------------------------------------------------------------------------------- */

void image_part_free(image_part *p)
{
    free(p->pixels);
    free(p->label);
    *p = (image_part){ 0 };
}

static void free_names(images *m)
{
    for (int c = 0; m->class_name && c < m->classes; c++) free(m->class_name[c]);
    free(m->class_name);
    m->class_name = NULL;
}

void images_free(images *m)
{
    if (m == NULL) return;
    free_names(m);
    image_part_free(&m->part[DATA_TRAIN]);
    image_part_free(&m->part[DATA_TEST]);
    free(m->title);
    free(m->imported);
    free(m->source);
    free(m->sha256);
    free(m);
}

status image_part_make(image_part *p, image_size size, int64_t count, const char *path)
{
    status result = OK;
    int64_t bytes;
    CHECK(!__builtin_mul_overflow(count, image_bytes(size), &bytes) && bytes < INT64_MAX / 2, NO_MEMORY,
          "%s: %" PRId64 " images are more than any memory bears", path, count);
    p->count = count;
    p->pixels = malloc((size_t)bytes + 1);
    p->label = calloc((size_t)count + 1, sizeof *p->label);
    CHECK(p->pixels && p->label, NO_MEMORY, "%s: no memory for %" PRId64 " images, %.3g MB", path, count,
          (double)bytes / 1e6);
done:
    if (result != OK) image_part_free(p);
    return result;
}

status images_name_classes(images *m, const char *const *name, int count)
{
    status result = OK;
    char **copies = calloc((size_t)count + 1, sizeof *copies);
    CHECK(copies != NULL, NO_MEMORY, "no memory for names of classes");
    free_names(m);
    m->classes = count;
    m->class_name = copies;
    for (int c = 0; c < count; c++)
        CHECK((copies[c] = strdup(name[c])) != NULL, NO_MEMORY, "no memory for names of classes");
done:
    return result;
}

const char *image_size_text(image_size size, char text[SIZE_TEXT])
{
    if (size.channels == 1)
        snprintf(text, SIZE_TEXT, "%d × %d grey", size.height, size.width);
    else
        snprintf(text, SIZE_TEXT, "%d × %d in %d colours", size.height, size.width, size.channels);
    return text;
}

/* ---- what must hold --------------------------------------------------------------------------------------------------- */

static status check_part(const images *m, data_part part, const char *path)
{
    status result = OK;
    const image_part *p = &m->part[part];
    for (int64_t i = 0; i < p->count; i++)
        CHECK(p->label[i] < m->classes, BAD_INPUT,
              "%s: image %" PRId64 " (from 0) of the %s part has label %d; right would be 0 to %d", path, i,
              part == DATA_TRAIN ? "training" : "test", p->label[i], m->classes - 1);
done:
    return result;
}

status images_check(const images *m, const char *path)
{
    status result = OK;
    const image_size s = m->size;
    CHECK(s.channels >= 1 && s.channels <= IMAGE_CHANNELS_MAX && s.height >= 1 && s.width >= 1 &&
              s.height <= IMAGE_SIDE_MAX && s.width <= IMAGE_SIDE_MAX,
          BAD_INPUT, "%s: images of %d channels × %d × %d; right would be 1 to %d channels of 1 to %d a side",
          path, s.channels, s.height, s.width, IMAGE_CHANNELS_MAX, IMAGE_SIDE_MAX);
    CHECK(m->part[DATA_TRAIN].count > 0, BAD_INPUT, "%s: holds no images", path);
    CHECK(m->classes >= 2 && m->classes <= IMAGE_CLASSES_MAX, BAD_INPUT,
          "%s: holds images of %d class%s; right would be 2 to %d", path, m->classes,
          m->classes == 1 ? "" : "es", IMAGE_CLASSES_MAX);
    for (data_part p = DATA_TRAIN; p <= DATA_TEST; p++) TRY(check_part(m, p, path));
    for (int c = 0; m->class_name && c < m->classes; c++) {
        CHECK(name_is_usable(m->class_name[c]), BAD_INPUT, "%s: class %d has no usable name: " NAME_RULE,
              path, c);
        for (int d = 0; d < c; d++)
            CHECK(strcmp(m->class_name[c], m->class_name[d]) != 0, BAD_INPUT, "%s: two classes are called %s",
                  path, m->class_name[c]);
    }
done:
    return result;
}

/* ---- paths ------------------------------------------------------------------------------------------------------------- */

char *path_below(const char *folder, const char *name)
{
    size_t length = strlen(folder), size = length + strlen(name) + 2;
    char *joined = malloc(size);
    bool slash = length > 0 && folder[length - 1] == '/';
    if (joined) snprintf(joined, size, "%s%s%s", folder, slash ? "" : "/", name);
    return joined;
}

char *path_beside(const char *file, const char *name)
{
    const char *slash = strrchr(file, '/');
    int length = slash ? (int)(slash - file) + 1 : 0;
    size_t size = (size_t)length + strlen(name) + 1;
    char *joined = malloc(size);
    if (joined) snprintf(joined, size, "%.*s%s", length, file, name);
    return joined;
}

bool path_is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool path_is_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

status path_find_packed(const char *folder, const char *name, char **found)
{
    status result = OK;
    size_t size = strlen(name) + sizeof ".gz";
    char *packed = malloc(size), *plain = path_below(folder, name), *zipped = NULL;
    *found = NULL;
    CHECK(packed && plain, NO_MEMORY, "no memory for a path");
    snprintf(packed, size, "%s.gz", name);
    CHECK((zipped = path_below(folder, packed)) != NULL, NO_MEMORY, "no memory for a path");
    char **first = path_is_file(plain) ? &plain : &zipped;
    if (!path_is_file(*first)) goto done;
    *found = *first;
    *first = NULL;
done:
    free(zipped);
    free(plain);
    free(packed);
    return result;
}
