/* A stretch of a file as a stream of bytes, unpacked on the way where it is a zlib stream, so that what unpacks to
 * gigabytes is looked through in a little memory. */
#ifndef BYTE_STREAM_H
#define BYTE_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "status.h"

typedef struct byte_stream byte_stream;

/* The next `size` bytes of an open file, which stays the caller's. `path` is for messages. */
status byte_stream_make(FILE *file, const char *path, uint64_t size, bool packed, byte_stream **out);
void byte_stream_free(byte_stream *s);

/* Takes the next `size` bytes; `to` may be NULL to pass over them. BAD_INPUT where the stretch ends before, or does not
 * unpack. */
status byte_stream_take(byte_stream *s, void *to, uint64_t size);
/* Nothing may be left; the checksum of what was packed must be right. */
status byte_stream_finish(byte_stream *s);

#endif
