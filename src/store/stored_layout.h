/* The layout that a result file has: which results, in which order and shape. Files of older versions may have other
 * results than a sweep would have now. */
#ifndef STORE_STORED_LAYOUT_H
#define STORE_STORED_LAYOUT_H

#include "hdf5.h"
#include "row.h"
#include "sweep.h"

/* Everything that it points to is its own. */
typedef struct stored_layout {
    layout layout;
    quantity *quantity;
    char *names; /* of the results, cut into words */
    char **text; /* units and long names */
    int texts;
    char **metric;
    int64_t metrics;
    char **class_name;
    int64_t classes;
} stored_layout;

status stored_layout_read(hid_t file, const grid *g, stored_layout **out);
void stored_layout_free(stored_layout *s);

/* Are the results those of the sweep? BAD_INPUT says what differs, in words that go behind "PATH: ". */
status stored_layout_check(const stored_layout *file, const layout *asked);

#endif
