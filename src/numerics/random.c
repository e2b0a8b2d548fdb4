/* Philox4x32-10 of Random123 behind keys that say what a number is for. The seed is the cipher's key; purpose, stream,
 * epoch and block make up its counter, so two keys that differ anywhere never share a number's origin. */
#include <math.h>

#include <Random123/philox.h>

#include "random.h"

enum { WORDS_PER_BLOCK = 4, BLOCKS_AHEAD = 16 };

void random_block(random_key key, uint64_t block, uint32_t out[4])
{
    philox4x32_ctr_t counter = { { (uint32_t)block, (uint32_t)(block >> 32), key.epoch,
                                   key.purpose << 16 | key.stream } };
    philox4x32_key_t cipher = { { (uint32_t)key.seed, (uint32_t)(key.seed >> 32) } };
    philox4x32_ctr_t words = philox4x32_R(10, counter, cipher);
    for (int i = 0; i < WORDS_PER_BLOCK; i++) out[i] = words.v[i];
}

uint32_t random_word(random_key key, uint64_t index)
{
    uint32_t words[WORDS_PER_BLOCK];
    random_block(key, index / WORDS_PER_BLOCK, words);
    return words[index % WORDS_PER_BLOCK];
}

double random_uniform(random_key key, uint64_t index)
{
    return (random_word(key, index) + 0.5) * 0x1p-32;
}

/* Inverse of the standard normal distribution function, to one part in 10^7: three rational approximations of Wichura,
 * Applied Statistics 37 (1988) 477, algorithm AS 241 (PPND7): the middle, the flanks, the far tails. */
static double normal_quantile(double p)
{
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return q * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179) /
               (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1);
    }
    double r = sqrt(-log(q < 0 ? p : 1 - p));
    double tail;
    if (r <= 5) {
        r -= 1.6;
        tail = (((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777) /
               ((0.12021132975 * r + 0.73700164250) * r + 1);
    } else {
        r -= 5;
        tail = (((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150) /
               ((0.012258202635 * r + 0.24197894225) * r + 1);
    }
    return q < 0 ? -tail : tail;
}

double random_normal(random_key key, uint64_t index)
{
    return normal_quantile(random_uniform(key, index));
}

static uint32_t scale_to(uint32_t word, uint32_t bound)
{
    return (uint32_t)((uint64_t)word * bound >> 32);
}

uint32_t random_below(random_key key, uint64_t index, uint32_t bound)
{
    return scale_to(random_word(key, index), bound);
}

/* Position i swaps with a random one of 0 … i, from the last down; number count-1-i of the sequence decides. Blocks are
 * made several at a time, which lets them overlap in the processor: shuffles are a visible part of a small network's
 * epoch. */
void random_permutation(random_key key, int64_t count, int32_t *order)
{
    uint32_t words[BLOCKS_AHEAD][WORDS_PER_BLOCK];
    for (int64_t i = 0; i < count; i++) order[i] = (int32_t)i;
    const int64_t stride = BLOCKS_AHEAD * WORDS_PER_BLOCK;
    for (int64_t first = 0; first < count - 1; first += stride) {
        for (int b = 0; b < BLOCKS_AHEAD; b++)
            random_block(key, (uint64_t)(first / WORDS_PER_BLOCK + b), words[b]);
        int64_t left = count - 1 - first;
        for (int64_t k = 0; k < (left < stride ? left : stride); k++) {
            int64_t i = count - 1 - first - k;
            uint32_t other = scale_to(words[k / WORDS_PER_BLOCK][k % WORDS_PER_BLOCK], (uint32_t)(i + 1));
            int32_t held = order[i];
            order[i] = order[other];
            order[other] = held;
        }
    }
}
