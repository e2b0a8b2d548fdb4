/* Keys of random choices about recorded trials: they depend on a number that a person gives, on the session and on what
 * the choice is about, by name, so that a choice is the same wherever a session meets other sessions. */
#ifndef TRIAL_KEYS_H
#define TRIAL_KEYS_H

#include <string.h>

#include "hash.h"
#include "random.h"

static inline random_key trial_key(random_purpose purpose, int64_t number, const char *session,
                                   const char *what)
{
    /* with their ends, which keep "ab", "c" from being "a", "bc" */
    uint64_t hash = hash_bytes(HASH_BEGIN, session, strlen(session) + 1);
    hash = hash_bytes(hash, what, strlen(what) + 1) ^ ((uint64_t)number * 0x9e3779b97f4a7c15U);
    return (random_key){ .seed = hash, .purpose = (uint32_t)purpose };
}

#endif
