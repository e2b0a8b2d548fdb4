/* Names in a data file of images (the layout stands in images.h); what says that it is one is as in recordings_layout.h. */
#ifndef IMAGES_LAYOUT_H
#define IMAGES_LAYOUT_H

#define IMAGES_LAYOUT_NAME "images"
#define IMAGES_CLASS_NAMES "class_names"

enum { IMAGES_VERSION_NOW = 1 };

/* By data_part. */
static const char *const images_pixels_name[2] = { "train_images", "test_images" };
static const char *const images_labels_name[2] = { "train_labels", "test_labels" };

#endif
