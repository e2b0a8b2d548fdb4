/* Fowler, Noll and Vo's hash (FNV-1a) of 64 bits: a number for a name that does not depend on where the name stands, to key random
 * choices and to tell apart what has no reason to be alike. What must be safe from accident has a checksum or a digest. */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)

/* Goes on with these bytes. */
static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < count; i++) hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

#endif
