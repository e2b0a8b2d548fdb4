/* Vectors of VECTOR doubles for one kernel set (KERNEL_SET): what the compiler's vector arithmetic leaves out. Nothing is fused or
 * reordered, so all sets give the same bits.
 * VECTOR_MAX gives b where either is NaN. VECTOR_RAISE multiplies a by 2^n, where adding `rounder` = 1.5 * 2^52 has rounded n: the bits
 * that the sum ends in are added to the exponent, which must stay a normal one. */
#ifndef PANEL_VECTOR_H
#define PANEL_VECTOR_H

#include <stdint.h>

#define SET_baseline          1
#define SET_avx2              2
#define SET_avx512            3
#define SET_NUMBER_OF(set)    SET_NUMBER_PASTE(set)
#define SET_NUMBER_PASTE(set) SET_##set
#define SET_NUMBER            SET_NUMBER_OF(KERNEL_SET)

#if SET_NUMBER == SET_avx512
#include <immintrin.h>
enum { VECTOR = 8 };
typedef __m512d vec;
#define VECTOR_LOAD(p)       _mm512_loadu_pd(p)
#define VECTOR_STORE(p, a)   _mm512_storeu_pd((p), (a))
#define VECTOR_ALL(x)        _mm512_set1_pd(x)
#define VECTOR_MAX(a, b)     _mm512_max_pd((a), (b))
#define VECTOR_SIZE(a)       _mm512_abs_pd(a)
#define VECTOR_AT_MOST(a, b) (unsigned)_mm512_cmp_pd_mask((a), (b), _CMP_LE_OQ)
#define VECTOR_RAISE(a, n, rounder) \
    _mm512_castsi512_pd(            \
        _mm512_add_epi64(_mm512_castpd_si512(a), _mm512_slli_epi64(_mm512_castpd_si512(n), 52)))
#elif SET_NUMBER == SET_avx2
#include <immintrin.h>
enum { VECTOR = 4 };
typedef __m256d vec;
#define VECTOR_LOAD(p)       _mm256_loadu_pd(p)
#define VECTOR_STORE(p, a)   _mm256_storeu_pd((p), (a))
#define VECTOR_ALL(x)        _mm256_set1_pd(x)
#define VECTOR_MAX(a, b)     _mm256_max_pd((a), (b))
#define VECTOR_SIZE(a)       _mm256_andnot_pd(_mm256_set1_pd(-0.0), (a))
#define VECTOR_AT_MOST(a, b) (unsigned)_mm256_movemask_pd(_mm256_cmp_pd((a), (b), _CMP_LE_OQ))
#define VECTOR_RAISE(a, n, rounder) \
    _mm256_castsi256_pd(            \
        _mm256_add_epi64(_mm256_castpd_si256(a), _mm256_slli_epi64(_mm256_castpd_si256(n), 52)))
#elif defined(__SSE2__)
#include <emmintrin.h>
enum { VECTOR = 2 };
typedef __m128d vec;
#define VECTOR_LOAD(p)       _mm_loadu_pd(p)
#define VECTOR_STORE(p, a)   _mm_storeu_pd((p), (a))
#define VECTOR_ALL(x)        _mm_set1_pd(x)
#define VECTOR_MAX(a, b)     _mm_max_pd((a), (b))
#define VECTOR_SIZE(a)       _mm_andnot_pd(_mm_set1_pd(-0.0), (a))
#define VECTOR_AT_MOST(a, b) (unsigned)_mm_movemask_pd(_mm_cmple_pd((a), (b)))
#define VECTOR_RAISE(a, n, rounder) \
    _mm_castsi128_pd(_mm_add_epi64(_mm_castpd_si128(a), _mm_slli_epi64(_mm_castpd_si128(n), 52)))
#else
#include <math.h>
enum { VECTOR = 1 };
typedef double vec;
#define VECTOR_LOAD(p)              (*(p))
#define VECTOR_STORE(p, a)          (*(p) = (a))
#define VECTOR_ALL(x)               (x)
#define VECTOR_MAX(a, b)            ((a) > (b) ? (a) : (b))
#define VECTOR_SIZE(a)              fabs(a)
#define VECTOR_AT_MOST(a, b)        (unsigned)((a) <= (b))
#define VECTOR_RAISE(a, n, rounder) ldexp((a), (int)((n) - (rounder)))
#endif

#endif
