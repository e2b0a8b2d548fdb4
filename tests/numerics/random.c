#include "random.h"

#include "check.h"

/* Known answers of Random123's own test vectors (kat_vectors, philox 4x32 with 10 rounds): counter, key, words. */
static void blocks_are_philox_with_ten_rounds(void)
{
    random_key zero = { 0 };
    uint32_t words[4];
    random_block(zero, 0, words);
    static const uint32_t of_zeros[4] = { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 };
    CU_ASSERT_EQUAL(memcmp(words, of_zeros, sizeof words), 0);

    random_key ones = { .seed = UINT64_MAX, .purpose = 0xffff, .stream = 0xffff, .epoch = UINT32_MAX };
    random_block(ones, UINT64_MAX, words);
    static const uint32_t of_ones[4] = { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd };
    CU_ASSERT_EQUAL(memcmp(words, of_ones, sizeof words), 0);

    random_key pi = { .seed = 0x299f31d0a4093822, .purpose = 0x0370, .stream = 0x7344, .epoch = 0x13198a2e };
    random_block(pi, 0x85a308d3243f6a88, words);
    static const uint32_t of_pi[4] = { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 };
    CU_ASSERT_EQUAL(memcmp(words, of_pi, sizeof words), 0);
}

static void words_are_those_of_the_blocks_in_order(void)
{
    random_key key = { .seed = 7, .purpose = RANDOM_DATA, .stream = 3, .epoch = 2 };
    for (uint64_t i = 0; i < 40; i++) {
        uint32_t words[4];
        random_block(key, i / 4, words);
        CU_ASSERT_EQUAL(random_word(key, i), words[i % 4]);
    }
}

static void every_part_of_the_key_matters(void)
{
    random_key key = { .seed = 1, .purpose = RANDOM_DATA, .stream = 1, .epoch = 1 };
    random_key others[] = { key, key, key, key, key };
    others[0].seed += 1;
    others[1].seed += 1ull << 32;
    others[2].purpose = RANDOM_NOISE;
    others[3].stream += 1;
    others[4].epoch += 1;
    for (int i = 0; i < 5; i++) CU_ASSERT_NOT_EQUAL(random_word(key, 0), random_word(others[i], 0));
}

enum { DRAWS = 100000 };

/* The bounds below are five standard errors of the moment: sd of a power's mean is sqrt((E x^2k - (E x^k)^2) / DRAWS). */
static void uniform_numbers_have_the_moments_of_the_unit_interval(void)
{
    random_key key = { .seed = 11, .purpose = RANDOM_DATA };
    double mean = 0, square = 0, lag = 0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        double u = random_uniform(key, i);
        CU_ASSERT_FATAL(u > 0 && u < 1);
        mean += u / DRAWS;
        square += u * u / DRAWS;
        lag += (u - 0.5) * (random_uniform(key, i + 1) - 0.5) / DRAWS;
    }
    CHECK_NEAR(mean, 0.5, 5 * sqrt(1.0 / 12 / DRAWS));
    CHECK_NEAR(square, 1.0 / 3, 5 * sqrt(4.0 / 45 / DRAWS));
    CHECK_NEAR(lag, 0, 5 * (1.0 / 12) / sqrt(DRAWS));
}

static void normal_numbers_have_the_moments_of_the_normal_distribution(void)
{
    random_key key = { .seed = 12, .purpose = RANDOM_NOISE };
    double mean = 0, square = 0, cube = 0, fourth = 0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        double x = random_normal(key, i);
        mean += x / DRAWS;
        square += x * x / DRAWS;
        cube += x * x * x / DRAWS;
        fourth += x * x * x * x / DRAWS;
    }
    CHECK_NEAR(mean, 0, 5 * sqrt(1.0 / DRAWS));
    CHECK_NEAR(square, 1, 5 * sqrt(2.0 / DRAWS));
    CHECK_NEAR(cube, 0, 5 * sqrt(15.0 / DRAWS));
    CHECK_NEAR(fourth, 3, 5 * sqrt(96.0 / DRAWS));
}

/* A normal number's distribution function gives back the uniform number it was made from. The approximation is good to
 * one part in 10^7, which moves the probability by at most |x| phi(x) 1e-7 <= 2.5e-8. */
static void normal_numbers_invert_the_distribution_function(void)
{
    random_key key = { .seed = 13, .purpose = RANDOM_NOISE };
    for (uint64_t i = 0; i < DRAWS; i++) {
        double p = random_uniform(key, i), x = random_normal(key, i);
        CHECK_NEAR(0.5 * erfc(-x / sqrt(2)), p, 4e-8);
    }
}

static void a_permutation_holds_every_number_once(void)
{
    random_key key = { .seed = 14, .purpose = RANDOM_SHUFFLE };
    static const int64_t counts[] = { 0, 1, 2, 3, 63, 64, 65, 66, 129, 1000 };
    for (int c = 0; c < 10; c++) {
        int32_t order[1000];
        int seen[1000] = { 0 };
        random_permutation(key, counts[c], order);
        for (int64_t i = 0; i < counts[c]; i++) {
            CU_ASSERT_FATAL(order[i] >= 0 && order[i] < counts[c]);
            seen[order[i]]++;
        }
        for (int64_t i = 0; i < counts[c]; i++) CU_ASSERT_EQUAL(seen[i], 1);
    }
}

/* 24 orders of four things, 2400 tries for each: chi-squared with 23 degrees of freedom is below 60 but once in
 * 30000 tries; a shuffle that swaps with any position instead of one not yet placed gives several hundred. */
static void every_order_of_four_is_as_likely(void)
{
    enum { TRIES = 57600 };
    int count[256] = { 0 };
    double chi_squared = 0;
    for (uint32_t i = 0; i < TRIES; i++) {
        int32_t order[4];
        random_permutation((random_key){ .seed = 15, .purpose = RANDOM_SHUFFLE, .epoch = i }, 4, order);
        count[order[0] * 64 + order[1] * 16 + order[2] * 4 + order[3]]++;
    }
    for (int i = 0; i < 256; i++)
        chi_squared += count[i] ? pow(count[i] - TRIES / 24.0, 2) / (TRIES / 24.0) : 0;
    CU_ASSERT(chi_squared > 5 && chi_squared < 60);
}

static void numbers_below_a_bound_are_uniform(void)
{
    random_key key = { .seed = 16, .purpose = RANDOM_DATA };
    int count[7] = { 0 };
    for (uint64_t i = 0; i < 70000; i++) {
        uint32_t k = random_below(key, i, 7);
        CU_ASSERT_FATAL(k < 7);
        count[k]++;
    }
    for (int k = 0; k < 7; k++) CHECK_NEAR(count[k], 10000, 5 * sqrt(10000 * 6 / 7.0));
}

CHECK_MAIN("random numbers", TEST(blocks_are_philox_with_ten_rounds),
           TEST(words_are_those_of_the_blocks_in_order), TEST(every_part_of_the_key_matters),
           TEST(uniform_numbers_have_the_moments_of_the_unit_interval),
           TEST(normal_numbers_have_the_moments_of_the_normal_distribution),
           TEST(normal_numbers_invert_the_distribution_function), TEST(a_permutation_holds_every_number_once),
           TEST(every_order_of_four_is_as_likely), TEST(numbers_below_a_bound_are_uniform))
