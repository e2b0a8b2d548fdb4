/* The limit of a core: a product of two matrices by OpenBLAS on one thread, against which engines are measured. Machines are
 * shared and clocks move, so the product takes turns with what it is compared with, and counts with its fastest round. */
#ifndef PRODUCT_H
#define PRODUCT_H

#include <cblas.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "lanes.h"

enum { PRODUCT_N = 1024 };
typedef struct product {
    float *a, *b, *c; /* (n, n) */
    double best;      /* seconds */
} product;

/* Seconds of processor time, so that others on the machine disturb less. */
static inline double processor_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline product product_make(void)
{
    size_t count = (size_t)PRODUCT_N * PRODUCT_N;
    product p = { 0 };
    p.a = aligned_alloc(64, count * sizeof(float));
    p.b = aligned_alloc(64, count * sizeof(float));
    p.c = aligned_alloc(64, count * sizeof(float));
    if (!p.a || !p.b || !p.c) abort();
    for (size_t i = 0; i < count; i++) p.a[i] = p.b[i] = (float)(i % 7) / 7;
    return p;
}

static inline void product_free(product *p)
{
    free(p->a);
    free(p->b);
    free(p->c);
}

static inline void product_measure(product *p)
{
    double start = processor_seconds();
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, PRODUCT_N, PRODUCT_N, PRODUCT_N, 1, p->a,
                PRODUCT_N, p->b, PRODUCT_N, 0, p->c, PRODUCT_N);
    double seconds = processor_seconds() - start;
    if (p->best == 0 || seconds < p->best) p->best = seconds;
}

/* Floating-point operations per second. */
static inline double product_peak(const product *p)
{
    return 2.0 * PRODUCT_N * PRODUCT_N * PRODUCT_N / p->best;
}

/* An OpenBLAS that does not know the processor falls back to SSE, and a peak measured so would flatter us: starts the program
 * again with the core named. */
static inline void product_name_core(char **argv)
{
    const char *core = NULL;
    if (lanes_kernels_find("avx2")) core = "Haswell";
    if (lanes_kernels_find("avx512")) core = "SkylakeX";
    if (!core || getenv("OPENBLAS_CORETYPE")) return;
    setenv("OPENBLAS_CORETYPE", core, 1);
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    execv("/proc/self/exe", argv);
}

#endif
