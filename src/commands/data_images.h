/* `infosweep data` for images: showing, importing, and which formats there are. */
#ifndef DATA_IMAGES_H
#define DATA_IMAGES_H

#include <stdbool.h>
#include <stdio.h>

#include "commands.h"

/* What stands on the command line for images. */
typedef struct images_request {
    const strings *sources;                                   /* the first is the verb */
    const char *test, *labels, *test_labels, *title, *output; /* NULL where not given */
    bool replace;
} images_request;

/* Is this a source of images: a folder, or a file that is one by its content or ending? A file that cannot be read is none. */
bool data_is_of_images(const char *path);
status data_show_images(const images_request *q);
status data_import_images(const images_request *q);
/* The formats, or the one of this name; *found says whether there is it. */
void data_print_image_formats(const char *only, bool *found);

#endif
