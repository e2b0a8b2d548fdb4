#include "digest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* FIPS 180-4: the first 32 bits of the fractional parts of the cube roots of the first 64 primes */
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* … and of the square roots of the first 8 primes */
static const uint32_t initial[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

static uint32_t rotate(uint32_t x, int by)
{
    return x >> by | x << (32 - by);
}

static void expand(const unsigned char *block, uint32_t word[64])
{
    for (int i = 0; i < 16; i++)
        word[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
                  (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t early = word[i - 15], late = word[i - 2];
        word[i] = word[i - 16] + (rotate(early, 7) ^ rotate(early, 18) ^ early >> 3) + word[i - 7] +
                  (rotate(late, 17) ^ rotate(late, 19) ^ late >> 10);
    }
}

static void compress(uint32_t state[8], const unsigned char *block)
{
    uint32_t word[64], s[8];
    expand(block, word);
    memcpy(s, state, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
        uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
        uint32_t first =
            s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) + choice + constants[i] + word[i];
        uint32_t second = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) + majority;
        memmove(s + 1, s, 7 * sizeof s[0]);
        s[4] += first;
        s[0] = first + second;
    }
    for (int i = 0; i < 8; i++) state[i] += s[i];
}

void digest_start(digest_state *d)
{
    memcpy(d->state, initial, sizeof initial);
    d->length = 0;
}

void digest_add(digest_state *d, const void *bytes, size_t count)
{
    const unsigned char *from = bytes;
    while (count > 0) {
        size_t held = d->length % sizeof d->rest, room = sizeof d->rest - held;
        size_t taken = count < room ? count : room;
        memcpy(d->rest + held, from, taken);
        d->length += taken;
        from += taken;
        count -= taken;
        if (taken == room) compress(d->state, d->rest);
    }
}

void digest_end(digest_state *d, char text[DIGEST_TEXT])
{
    static const unsigned char padding[64] = { 0x80 };
    unsigned char length[8];
    for (int i = 0; i < 8; i++) length[i] = (unsigned char)(d->length * 8 >> (56 - 8 * i));
    size_t held = d->length % 64;
    digest_add(d, padding, held < 56 ? 56 - held : 120 - held); /* leaves room for the length in bits */
    digest_add(d, length, sizeof length);
    for (int i = 0; i < 8; i++) snprintf(text + 8 * i, 9, "%08x", d->state[i]);
}

status digest_file(const char *path, char text[DIGEST_TEXT])
{
    enum { PIECE = 1 << 16 };
    status result = OK;
    digest_state d;
    unsigned char *piece = malloc(PIECE);
    FILE *file = fopen(path, "rb");
    CHECK(piece != NULL, NO_MEMORY, "%s: %d bytes", path, PIECE);
    CHECK(file != NULL, BAD_INPUT, "%s: cannot open: %s", path, strerror(errno));
    digest_start(&d);
    for (size_t count; (count = fread(piece, 1, PIECE, file)) > 0;) digest_add(&d, piece, count);
    CHECK(!ferror(file), BAD_INPUT, "%s: cannot read: %s", path, strerror(errno));
    digest_end(&d, text);
done:
    if (file) fclose(file);
    free(piece);
    return result;
}
