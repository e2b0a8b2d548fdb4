/* Images: labelled images of one size, in a training part and a test part, as readers make them of files. Image sets
 * (image_set.h) keep what is read; `infosweep data import` writes it to a data file.
 *
 * Layout of a data file (HDF5; arrays of images compressed, in chunks of whole images):
 *   /                            attributes infosweep_format = "images", infosweep_version (int) = 1, title, source (path),
 *                                source_sha256 (of a file: as sha256sum says it; of several, or of a folder: of what sha256sum
 *                                prints of them), imported (from which format)
 *   /train_images, /test_images  (images, channels, height, width) uint8; channels: red, green, blue, or grey
 *   /train_labels, /test_labels  (images) uint16: 0 … classes-1
 *   /class_names                 (classes) UTF-8 texts
 * The test part may be missing, and so may class_names and every attribute but the first two. */
#ifndef IMAGES_H
#define IMAGES_H

#include <stdio.h>

#include "data.h"

/* Of an image: more is no image that a network reads. */
enum { IMAGE_SIDE_MAX = 4096, IMAGE_CHANNELS_MAX = 4, IMAGE_CLASSES_MAX = 10000 };

typedef struct image_part {
    int64_t count;
    uint8_t *pixels; /* (count, channels, height, width) */
    uint16_t *label; /* (count) 0 … classes-1 */
} image_part;

typedef struct images {
    image_size size;
    int classes;
    int first_label;       /* what class 0 is called in a source that calls classes by numbers */
    char **class_name;     /* (classes); NULL: by numbers */
    image_part part[2];    /* by data_part; count 0: there is none */
    char *title;           /* of a data file; NULL where there is none */
    char *imported;        /* name of the format that they come from */
    char *source, *sha256; /* where they come from; NULL where a data file does not say */
} images;

/* Where images come from. */
typedef struct image_source {
    const char *const
        *path; /* (paths) files of one part, one after the other; or one folder, or one file of both parts */
    int paths;
    const char
        *labels; /* file of the labels of IDX images; fine or coarse of CIFAR-100; NULL or "": as is usual */
} image_source;

/* What is seen of a path before it is read. */
typedef struct image_glance {
    bool folder;
    int bytes;             /* of `head` */
    unsigned char head[8]; /* first bytes of a file, unpacked */
} image_glance;

typedef struct image_format {
    const char *name;      /* "cifar" */
    const char *looks;     /* which files it reads, as `data formats` says it */
    const char *summary;   /* one line */
    const char *available; /* "" or why this build lacks it */
    bool (*knows)(const char *path, const image_glance *g);
    /* Fills everything of the images but title, source and sha256. */
    status (*read)(const image_source *s, images *out);
    /* Calls visit for every file that `read` reads, or for the folder where that is all that is below it. */
    status (*files)(const image_source *s, status (*visit)(const char *path, void *context), void *context);
} image_format;

extern const image_format hdf5_image_format, cifar_image_format, idx_image_format, folder_image_format;
extern const image_format *const image_formats[]; /* ended by NULL; the first that knows a path reads it */

/* Which format `path` is of. BAD_INPUT says which there are. */
status images_format(const char *path, const image_format **out);

/* Reads a source, and another one as its test part unless test->paths is 0. */
status images_read(const image_source *train, const image_source *test, images **out);
status images_files(const image_source *s, status (*visit)(const char *path, void *context), void *context);
void images_free(images *m);

/* Is everything as it must be: a training part, sizes, labels in their range, usable names? Every read ends with it. */
status images_check(const images *m, const char *path);

/* Is there a data file of images (and not of recordings)? */
bool images_is_data_file(const char *path);
status images_write(const images *m, const char *path, bool replace);
/* Size, classes, images of each class and part: what `data show` and `data import` print. */
status images_print(const images *m, const char *path, FILE *to);

/* SHA-256 of a source, as the layout says; text holds DIGEST_TEXT bytes. */
status images_digest(const image_source *train, const image_source *test, char *text);

/* ---- for readers --------------------------------------------------------------------------------------------------- */

/* Memory of a part: pixels and labels of `count` images. Extents must be in range. */
status image_part_make(image_part *p, image_size size, int64_t count, const char *path);
void image_part_free(image_part *p);
/* Takes copies of the names; replaces those that are there. */
status images_name_classes(images *m, const char *const *name, int count);
static inline int64_t image_bytes(image_size size)
{
    return (int64_t)size.channels * size.height * size.width;
}
static inline bool image_size_equal(image_size a, image_size b)
{
    return a.channels == b.channels && a.height == b.height && a.width == b.width;
}
/* "32 × 32 in 3 colours" */
enum { SIZE_TEXT = 48 };
const char *image_size_text(image_size size, char text[SIZE_TEXT]);

/* "FOLDER/NAME", which the caller frees; NULL for want of memory. */
char *path_below(const char *folder, const char *name);
/* "FOLDER/NAME" of `file`'s own folder. */
char *path_beside(const char *file, const char *name);
bool path_is_folder(const char *path);
bool path_is_file(const char *path);
/* FOLDER/NAME, or FOLDER/NAME.gz, whichever is a file; *found is NULL where neither is. The caller frees it. */
status path_find_packed(const char *folder, const char *name, char **found);

#endif
