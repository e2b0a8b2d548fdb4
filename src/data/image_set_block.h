/* An image set as one block of memory that means the same wherever it lies, so that the processes of a machine share it: a
 * header, pixels and labels of both parts, and texts. Made and opened by processes of one program, and no file format. */
#ifndef IMAGE_SET_BLOCK_H
#define IMAGE_SET_BLOCK_H

#include "data/image_set.h"

status image_set_block_bytes(const image_set *s, size_t *bytes);

/* Writes the block to `to` (64-byte aligned); pixels and labels of the set lie there from now on. */
void image_set_block_move(image_set *s, void *to);

/* The set of a block, which must outlive it. *name is the list behind class_name, which the caller frees. */
status image_set_block_open(const void *block, size_t bytes, image_set *out, const char ***name);

#endif
