/* Digests of data files: SHA-256, which a person can check with sha256sum. No library that infosweep links has one, and
 * a whole cryptographic library for one function is too much to ask of a cluster. */
#ifndef STORE_DIGEST_H
#define STORE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "status.h"

enum { DIGEST_BYTES = 32, DIGEST_TEXT = 2 * DIGEST_BYTES + 1 };

typedef struct digest_state {
    uint32_t state[8];
    uint64_t length;        /* bytes so far */
    unsigned char rest[64]; /* the block that is not full yet */
} digest_state;

void digest_start(digest_state *d);
void digest_add(digest_state *d, const void *bytes, size_t count);
/* Lower-case hexadecimal digits; the digest must be started again after it. */
void digest_end(digest_state *d, char text[DIGEST_TEXT]);

/* Of a whole file. BAD_INPUT says why it cannot be read. */
status digest_file(const char *path, char text[DIGEST_TEXT]);

/* Adds what sha256sum prints of a file: "DIGEST  NAME" and the end of the line. */
void digest_add_line(digest_state *d, const char *digest, const char *name);

/* Of a file, or of a folder: of what sha256sum prints, in the folder, of all files below it that are not hidden, in the order of
 * their paths (by bytes). */
status digest_path(const char *path, char text[DIGEST_TEXT]);

#endif
