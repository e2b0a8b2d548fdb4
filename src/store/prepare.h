/* The parts of store_prepare. All work on a file that is open with the serial driver, and their failures name no path. */
#ifndef STORE_PREPARE_H
#define STORE_PREPARE_H

#include "hdf5.h"
#include "identity.h"
#include "store.h"

/* Gives an empty file all that it will ever have but values: attributes, coordinates, variables, runs. */
status create_fill(hid_t file, const sweep *s, const layout *l, const identity *i);

/* Is the file of this sweep? BAD_INPUT says what differs. */
status resume_check(hid_t file, const store_request *q, const sweep *s, const layout *l,
                    const identity *asked);
/* Settles what the last run left (deaths.c): torn rows and those that were running become pending, or quarantined if too many
 * runs died with them; and says how each cell is wanted. */
status deaths_settle(hid_t file, const store_request *q, const grid *g, const layout *l, uint8_t *wanted,
                     store_found *found);
/* Is the kernel set of a file that of the request, or may it differ? */
status resume_check_kernels(const store_request *q, const identity *file, const identity *asked);

/* Copies the done rows of q->reuse into the cells of the same settings that are wanted; they are wanted no more. */
status reuse_rows(hid_t file, const store_request *q, const sweep *s, const layout *l, const identity *asked,
                  uint8_t *wanted, int64_t *copied);

/* Puts a new file on disk and in the place of `path`, all at once. */
status prepare_put_in_place(const char *fresh, const char *path);

#endif
