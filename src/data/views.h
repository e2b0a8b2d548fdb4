/* Views of images: what data kind `views` makes of an image set. Each image is a sample, and each source sees a part of it. */
#ifndef VIEWS_H
#define VIEWS_H

#include "data/views_options.h"

/* BAD_INPUT names the option that does not fit the set. */
status views_shape(const image_set *set, const views_options *o, data_shape *shape);
/* A dataset with a reader, which borrows the set. */
status views_make(const image_set *set, const views_options *o, dataset **out);

#endif
