/* What each source sees of an image: which channels, which rectangle, which frequencies. */
#ifndef VIEWS_LAYOUT_H
#define VIEWS_LAYOUT_H

#include "data/views_options.h"

typedef enum view_pass { PASS_ALL, PASS_LOW, PASS_HIGH } view_pass;

enum { COLOURS = 3, CHANNELS_MAX = 4, BYTE_VALUES = 256 };

typedef struct view {
    int channels, channel[CHANNELS_MAX]; /* those that it sees, in the order of the image */
    int top, left, height, width;        /* the rectangle that it sees */
    view_pass pass;
    bool cut; /* it is only what it sees; otherwise it is of the image's size, with zeros elsewhere */
} view;

typedef struct views_layout {
    image_size image;
    int sources;
    view view[VIEWS_MAX];
} views_layout;

/* BAD_INPUT names the option that does not fit images of this size. `path` is of the images, for the message. */
status views_layout_make(const views_options *o, image_size image, const char *path, views_layout *out);

/* Of the features of a source. */
image_size view_size(const views_layout *l, int source);

#endif
