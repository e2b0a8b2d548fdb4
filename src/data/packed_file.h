/* A file read from front to back, unpacked on the way where it is gzip, however it is called. */
#ifndef PACKED_FILE_H
#define PACKED_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "status.h"

typedef struct packed_file packed_file;

/* A regular file; a device would be read without an end. `path` is borrowed until it is closed. */
status packed_file_open(const char *path, packed_file **out);
void packed_file_close(packed_file *f);

/* No more bytes than these can come of it: before memory is asked for, what a header says is held against it. */
uint64_t packed_file_most(const packed_file *f);

/* The next bytes, *got of them: fewer than `size` at the end alone. */
status packed_file_read(packed_file *f, void *to, size_t size, size_t *got);
/* Exactly `size` of them. */
status packed_file_take(packed_file *f, void *to, size_t size);
/* Nothing may be left; the checksum of what was packed must be right. */
status packed_file_finish(packed_file *f);

/* How many bytes a file holds, which of a packed one takes unpacking it. */
status packed_file_bytes(const char *path, uint64_t *bytes);

#endif
