/* Vectors of LANES floats for one kernel set: what the compiler's vector arithmetic (+ - * / and comparisons, lane by
 * lane) leaves out. KERNEL_SET names the set. AVX2 and AVX-512 compute the same function in every lane, so they give the
 * same bits; the baseline has no fused multiply-add and rounds twice. */
#ifndef LANES_VECTOR_H
#define LANES_VECTOR_H

#include <stdint.h>

#define SET_baseline          1
#define SET_avx2              2
#define SET_avx512            3
#define SET_NUMBER_OF(set)    SET_NUMBER_PASTE(set)
#define SET_NUMBER_PASTE(set) SET_##set
#define SET_NUMBER            SET_NUMBER_OF(KERNEL_SET)

/* TILE: rows x units, or outputs x units, of sums that fit the registers of a dense layer; PASS: columns that an
 * elementwise pass can hold the factors and sums of. */
#if SET_NUMBER == SET_avx512
enum { LANES = 16, TILE_ROWS = 4, TILE_UNITS = 5, TILE_OUTPUTS = 5, PASS_UNITS = 4 };
#elif SET_NUMBER == SET_avx2
enum { LANES = 8, TILE_ROWS = 3, TILE_UNITS = 4, TILE_OUTPUTS = 3, PASS_UNITS = 2 };
#else
enum { LANES = 4, TILE_ROWS = 2, TILE_UNITS = 5, TILE_OUTPUTS = 2, PASS_UNITS = 2 };
#endif

#define INLINE static inline __attribute__((always_inline))

/* may_alias: they look at arrays of float and int32_t */
typedef float vec __attribute__((vector_size(4 * LANES), may_alias));
typedef int32_t ivec __attribute__((vector_size(4 * LANES), may_alias));  /* also masks: 0 or -1 */
typedef uint32_t uvec __attribute__((vector_size(4 * LANES), may_alias)); /* wraps, never overflows */
typedef float vec_anywhere __attribute__((vector_size(4 * LANES), may_alias, aligned(4)));

#if SET_NUMBER == SET_avx512
#include <immintrin.h>
#define VECTOR_FMA(a, b, c) ((vec)_mm512_fmadd_ps((__m512)(a), (__m512)(b), (__m512)(c)))
#define VECTOR_MAX(a, b)    ((vec)_mm512_max_ps((__m512)(a), (__m512)(b)))
#define VECTOR_SQRT(a)      ((vec)_mm512_sqrt_ps((__m512)(a)))
#define VECTOR_FIRST(p, n)  ((vec)_mm512_maskz_loadu_ps((__mmask16)((1u << (n)) - 1), p))
#elif SET_NUMBER == SET_avx2
#include <immintrin.h>
#define VECTOR_FMA(a, b, c) ((vec)_mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c)))
#define VECTOR_MAX(a, b)    ((vec)_mm256_max_ps((__m256)(a), (__m256)(b)))
#define VECTOR_SQRT(a)      ((vec)_mm256_sqrt_ps((__m256)(a)))
#define VECTOR_FIRST(p, n)  ((vec)_mm256_maskload_ps(p, (__m256i)((n) > lane_numbers)))
#else
#define VECTOR_FMA(a, b, c) ((a) * (b) + (c))
#define VECTOR_MAX(a, b)    pick((a) > (b), (a), (b))
#define VECTOR_SQRT(a)      square_root_by_lane(a)
#define VECTOR_FIRST(p, n)  first_by_lane(p, n)
#endif

static inline vec load(const float *p)
{
    return *(const vec *)(const void *)p;
}

/* From memory that is no more aligned than a float: the few numbers per lane that callers hand over. */
static inline vec load_anywhere(const float *p)
{
    return *(const vec_anywhere *)(const void *)p;
}

#if SET_NUMBER == SET_avx2
static const ivec lane_numbers = { 0, 1, 2, 3, 4, 5, 6, 7 };
#elif SET_NUMBER == SET_baseline
static inline vec first_by_lane(const float *p, int count)
{
    vec v = { 0 };
    for (int l = 0; l < count; l++) v[l] = p[l];
    return v;
}
#endif

/* p[0 … count-1], then zeros; count may be below 0 or above LANES. Touches no memory beyond. */
static inline vec load_first(const float *p, int count)
{
    if (count >= LANES) return load_anywhere(p);
    if (count <= 0) return (vec){ 0 };
    return VECTOR_FIRST(p, count);
}

static inline void store(float *p, vec v)
{
    *(vec *)(void *)p = v;
}

/* A literal like 0.5f - zero is folded: every lane gets the number. */
static inline vec all(float x)
{
    return x - (vec){ 0 };
}

static inline vec pick(ivec mask, vec yes, vec no)
{
    return (vec)((mask & (ivec)yes) | (~mask & (ivec)no));
}

static inline vec where(ivec mask, vec v)
{
    return (vec)(mask & (ivec)v);
}

/* a b + c */
static inline vec fma_(vec a, vec b, vec c)
{
    return VECTOR_FMA(a, b, c);
}

#if SET_NUMBER == SET_baseline
static inline vec square_root_by_lane(vec a)
{
    for (int l = 0; l < LANES; l++) a[l] = __builtin_sqrtf(a[l]);
    return a;
}
#endif

#if SET_NUMBER == SET_avx512
/* The square root with the bits of the instruction, which would keep the divider busy for as long as a division: y
 * approximates 1 / sqrt(a) to 2^-14; g near sqrt(a) and h near 1 / (2 sqrt(a)) double their correct bits; what g lacks
 * then comes out of a - g^2, which is exact. Far from 1, where that could underflow, the instruction does it. */
static inline vec square_root(vec a)
{
    const int32_t low = 0x0d000000, high = 0x72000000; /* the bits of 2^-101 and of 2^101 */
    if (_mm512_cmpge_epu32_mask((__m512i)((uvec)a - (uint32_t)low), (__m512i)((ivec){ 0 } + (high - low))))
        return VECTOR_SQRT(a);
    vec y = (vec)_mm512_rsqrt14_ps((__m512)a);
    vec g = a * y, h = all(0.5f) * y;
    vec lacks = fma_(-g, h, all(0.5f));
    g = fma_(g, lacks, g);
    h = fma_(h, lacks, h);
    return fma_(fma_(-g, g, a), h, g);
}
#else
static inline vec square_root(vec a)
{
    return VECTOR_SQRT(a);
}
#endif

/* The larger; b where either is NaN. */
static inline vec larger(vec a, vec b)
{
    return VECTOR_MAX(a, b);
}

static inline vec magnitude(vec a)
{
    return (vec)((ivec)a & INT32_MAX);
}

/* e^x for x up to 88, to about 1 ulp; 0 below -87.3 (the smallest normal number). x = n ln 2 + r with |r| <= ln 2 / 2;
 * e^r by its series to r^7, whose rest is 5e-9 of it; 2^n through the exponent bits. */
static inline vec exponential(vec x)
{
    const vec to_integer = all(0x1.8p23f); /* adding it leaves the nearest integer in the low bits */
    vec shifted = fma_(x, all(0x1.715476p0f), to_integer);
    vec n = shifted - to_integer;
    vec r = fma_(n, all(-0x1.62e4p-1f), x); /* ln 2 in two parts; n times the first is exact */
    r = fma_(n, all(-0x1.7f7d1cp-20f), r);
    vec y = fma_(r, all(1.0f / 5040), all(1.0f / 720));
    y = fma_(y, r, all(1.0f / 120));
    y = fma_(y, r, all(1.0f / 24));
    y = fma_(y, r, all(1.0f / 6));
    y = fma_(y, r, all(0.5f));
    y = fma_(y, r, all(1));
    y = fma_(y, r, all(1));
    uvec power = ((uvec)shifted + 127) << 23;
    return pick(x < all(-87.3f), all(0), y * (vec)power);
}

/* ln x for normal x > 0, to about 1 ulp. x = 2^n m with m in [sqrt(1/2), sqrt 2); ln m = 2 artanh s with
 * s = (m - 1) / (m + 1), |s| <= 0.172, by its series to s^9, whose rest is 2e-9 of it. */
static inline vec logarithm(vec x)
{
    const int32_t root_half = 0x3f3504f3; /* the bits of sqrt(1/2) */
    ivec above = (ivec)x - root_half;
    ivec exponent = above >> 23;
    vec m = (vec)((above & 0x7fffff) + root_half);
    vec n = __builtin_convertvector(exponent, vec);
    vec f = m - all(1);
    vec s = f / (m + all(1));
    vec s2 = s * s;
    vec y = fma_(s2, all(2.0f / 9), all(2.0f / 7));
    y = fma_(y, s2, all(2.0f / 5));
    y = fma_(y, s2, all(2.0f / 3));
    /* 2 s = f - s f, so ln m = f - s (f - s2 y): the large part of it stays exact */
    vec small = fma_(n, all(0x1.7f7d1cp-20f), -(s * fma_(-s2, y, f)));
    return fma_(n, all(0x1.62e4p-1f), f + small);
}

/* Alternating elements of a and b, of their first and of their second halves: a0 b0 a1 b1 … */
#if SET_NUMBER == SET_avx512
#define ALTERNATE_LOW  0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define ALTERNATE_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif SET_NUMBER == SET_avx2
#define ALTERNATE_LOW  0, 8, 1, 9, 2, 10, 3, 11
#define ALTERNATE_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#else
#define ALTERNATE_LOW  0, 4, 1, 5
#define ALTERNATE_HIGH 2, 6, 3, 7
#endif

/* Transposes v (LANES, LANES): each round deals the first half of the rows and the second half out like two packs of
 * cards, element by element; after log2(LANES) rounds every column has become a row. */
INLINE void transpose(vec v[LANES])
{
    for (int round = 1; round < LANES; round *= 2) {
        vec dealt[LANES];
        for (int i = 0; i < LANES / 2; i++) {
            dealt[2 * i] = __builtin_shufflevector(v[i], v[i + LANES / 2], ALTERNATE_LOW);
            dealt[2 * i + 1] = __builtin_shufflevector(v[i], v[i + LANES / 2], ALTERNATE_HIGH);
        }
        for (int i = 0; i < LANES; i++) v[i] = dealt[i];
    }
}

#endif
