/* Recordings as one block of memory that means the same wherever it lies, so that processes can share it: read by one of
 * them, and by the others found in place.
 *
 * Layout: a header; the small part, which is all structs and lists of pointers; the large part, which is all arrays and
 * texts. Whoever opens a block copies the small part and points it at the large one, which is only ever read. Blocks are made
 * and opened by processes of one program on one machine, and are no file format. */
#ifndef RECORDINGS_BLOCK_H
#define RECORDINGS_BLOCK_H

#include "data/recordings.h"

/* Where blocks and what is put in them start. */
enum { BLOCK_ALIGNMENT = 64 };

/* Size of the block of these recordings, which stay as they are. */
status recordings_block_bytes(recordings *r, size_t *bytes);

/* Writes the block to `to` (aligned to BLOCK_ALIGNMENT), which must outlive the recordings: arrays and the texts of columns lie
 * there from now on, and memory that held them is freed. Structs and names stay where they are. */
void recordings_block_move(recordings *r, void *to);

/* Recordings whose arrays and texts lie in the block, which must outlive them. */
status recordings_block_open(const void *block, size_t bytes, recordings **out);

/* For recordings_free: forgets what lies in the block, and leaves what the recordings own. */
void recordings_block_leave(recordings *r);

#endif
