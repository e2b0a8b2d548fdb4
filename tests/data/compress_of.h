/* Samples made by hand, and compression of them, for its tests. */
#ifndef COMPRESS_OF_H
#define COMPRESS_OF_H

#include <stdlib.h>

#include "check.h"
#include "data/compress_parts.h"
#include "numerics/drawn_rows.h"

typedef struct compressing {
    settings s;
    compress_options options;
} compressing;

/* Settings of compression alone, on top of its defaults. Borrowed by nobody: to be kept where it lies. */
static inline void compressing_start(compressing *c, int64_t components, double share, bool with_target)
{
    *c = (compressing){ .s = { .data = data_kind_find("gate") } };
    c->s.section[SECTION_COMPRESS] = &compress_section;
    c->s.block[SECTION_COMPRESS] = &c->options;
    option_defaults(compress_section.options, &c->options);
    c->options.by = COMPRESS_PCA;
    c->options.components = components;
    c->options.share = share;
    c->options.with_target = with_target;
}

/* One source of `features` and a target of `dimensions`, mixed normal numbers. */
static inline samples *mixed_samples(int64_t train, int64_t test, int features, int dimensions)
{
    samples *s = NULL;
    const data_shape shape = {
        .sources = 1, .features = { features }, .dimensions = dimensions, .train = train, .test = test
    };
    if (samples_make(&shape, &s) != OK) abort();
    double *x = drawn_rows(train + test, features, 3), *y = drawn_rows(train + test, dimensions, 4);
    memcpy(s->x[0], x, (size_t)((train + test) * features) * sizeof *x);
    memcpy(s->value, y, (size_t)((train + test) * dimensions) * sizeof *y);
    free(x);
    free(y);
    return s;
}

static inline compressed nothing(void)
{
    compressed k = { .components = { 0 } };
    for (int i = 0; i <= SOURCES_MAX; i++) k.variance[i] = k.lost_nats[i] = NAN;
    return k;
}

/* What comes of samples; NULL, with failure_text, where they are refused. The caller frees it. */
static inline samples *compress_by(const compressing *c, samples *from, compressed *kept)
{
    samples *out = NULL;
    const origin o = { .wide = from };
    *kept = nothing();
    return compress_samples(&c->s, NULL, &o, &out, kept) == OK ? out : NULL;
}

#endif
