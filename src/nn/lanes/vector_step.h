/* Optimizer steps over vectors. Part of kernels.c, for each instruction set. */
#ifndef LANES_VECTOR_STEP_H
#define LANES_VECTOR_STEP_H

#include "nn/lanes/kernels.h"
#include "nn/lanes/vector.h"

static void sgd(int64_t count, const step_factors *f, const float *g, float *v, float *p)
{
    vec rate = load_anywhere(f->rate), momentum = load_anywhere(f->momentum),
        weight_decay = load_anywhere(f->weight_decay);
    for (int64_t k = 0; k < count * LANES; k += LANES) {
        vec parameter = load(p + k);
        vec velocity = fma_(momentum, load(v + k), fma_(weight_decay, parameter, load(g + k)));
        store(v + k, velocity);
        store(p + k, fma_(-rate, velocity, parameter));
    }
}

static void adam(int64_t count, const step_factors *f, const float *g, float *m, float *s, float *p)
{
    vec momentum = load_anywhere(f->momentum), fresh = load_anywhere(f->fresh),
        weight_decay = load_anywhere(f->weight_decay);
    vec second = load_anywhere(f->second), second_fresh = load_anywhere(f->second_fresh),
        correction = load_anywhere(f->correction);
    vec rate = load_anywhere(f->rate);
    for (int64_t k = 0; k < count * LANES; k += LANES) {
        vec parameter = load(p + k);
        vec gradient = fma_(weight_decay, parameter, load(g + k));
        vec mean = fma_(momentum, load(m + k), fresh * gradient);
        vec square = fma_(second, load(s + k), second_fresh * gradient * gradient);
        vec length = fma_(correction, square_root(square), all(ADAM_EPS));
        store(m + k, mean);
        store(s + k, square);
        store(p + k, fma_(-rate, mean / length, parameter));
    }
}

#endif
