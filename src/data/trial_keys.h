/* Keys of random choices about recorded trials: they depend on a number that a person gives, on the session and on what
 * the choice is about, by name, so that a choice is the same wherever a session meets other sessions. */
#ifndef TRIAL_KEYS_H
#define TRIAL_KEYS_H

#include "random.h"

/* FNV-1a, its own end included. */
static inline uint64_t trial_key_mix(uint64_t hash, const char *text)
{
    do {
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3U;
    } while (*text++);
    return hash;
}

static inline random_key trial_key(random_purpose purpose, int64_t number, const char *session,
                                   const char *what)
{
    uint64_t hash = trial_key_mix(0xcbf29ce484222325U, session);
    hash = trial_key_mix(hash, what) ^ ((uint64_t)number * 0x9e3779b97f4a7c15U);
    return (random_key){ .seed = hash, .purpose = (uint32_t)purpose };
}

#endif
