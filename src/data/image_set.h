/* Image sets: labelled images of one size, as bytes, for data kinds that make sources of them.
 *
 * A set comes from files that options of the kind name: a folder of JPEG and PNG files with a folder per class, an HDF5 file of
 * `infosweep data import`, CIFAR binary files, or an IDX file of images; the content tells which. What was read is kept for the
 * process and lies once on each node (image_set_sharing). */
#ifndef IMAGE_SET_H
#define IMAGE_SET_H

#include "data.h"

/* A set stays where it is until data_close, but its pixels and labels may move (data_sharing): borrow the set, never its
 * arrays. */
typedef struct image_set {
    const char *path; /* of the training images, for messages */
    image_size size;  /* of every image; channels are red, green, blue, or grey */
    int classes;
    int64_t train, test;                       /* images; test is 0 where no test part was given */
    const uint8_t *train_pixels, *test_pixels; /* (images, channels, height, width) */
    const uint16_t *train_label, *test_label;  /* (images) 0 … classes-1 */
    const char *const *class_name;             /* (classes), or NULL: classes are called by their numbers */
} image_set;

/* What the options of a kind say; "" where an option is not given. Relative paths are looked up as data_path does. */
typedef struct image_files {
    const char *file, *test_file;     /* the test part, where `file` does not hold it */
    const char *labels, *test_labels; /* of IDX images, where not beside them under the usual name */
} image_files;

/* The set of these files, read at most once per process; borrowed until data_close. BAD_INPUT names the option at fault as
 * data.file, data.labels, … */
status image_set_find(const settings *s, const image_files *files, const image_set **out);
/* Calls visit for every file that the set is made of. */
status image_set_files(const settings *s, const image_files *files,
                       status (*visit)(const char *path, void *context), void *context);

/* The sets that are held, for a kind's `sharing`; one kind alone may name it. */
extern const data_sharing image_set_sharing;
/* Frees all sets: of data_close. */
void image_set_close(void);

#endif
