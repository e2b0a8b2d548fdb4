/* The vector kernels. This file is compiled once per instruction set (KERNEL_SET); vector.h has what differs.
 *
 * Dense layers compute tiles of rows x units whose sums stay in registers: a tile of m x n takes m + n loads for m n
 * multiply-adds. Every sum runs in one fixed order (inputs, units or rows from first to last), whatever the tile, so
 * tiles may differ between the sets and the bits do not. */
#include "nn/lanes/kernels.h"
#include "nn/lanes/vector.h"
#include "nn/lanes/vector_loss.h"

#define INLINE static inline __attribute__((always_inline))

static int runs_here(void)
{
#if SET_NUMBER == SET_avx512
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#elif SET_NUMBER == SET_avx2
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return 1;
#endif
}

/* ---- dense layers ---------------------------------------------------------------------------------------------- */

enum { TILE_MAX = 5 };

/* Calls tile(…, n, …) with n, or m and n, as constants, which turns its arrays into registers. */
#define WITH_COLUMNS(n, tile, ...) \
    switch (n) {                   \
    case 1:                        \
        tile(1, __VA_ARGS__);      \
        break;                     \
    case 2:                        \
        tile(2, __VA_ARGS__);      \
        break;                     \
    case 3:                        \
        tile(3, __VA_ARGS__);      \
        break;                     \
    case 4:                        \
        tile(4, __VA_ARGS__);      \
        break;                     \
    default:                       \
        tile(5, __VA_ARGS__);      \
        break;                     \
    }
#define WITH_TILE(m, n, tile, ...)             \
    switch (m) {                               \
    case 1:                                    \
        WITH_COLUMNS(n, tile, 1, __VA_ARGS__); \
        break;                                 \
    case 2:                                    \
        WITH_COLUMNS(n, tile, 2, __VA_ARGS__); \
        break;                                 \
    case 3:                                    \
        WITH_COLUMNS(n, tile, 3, __VA_ARGS__); \
        break;                                 \
    case 4:                                    \
        WITH_COLUMNS(n, tile, 4, __VA_ARGS__); \
        break;                                 \
    default:                                   \
        WITH_COLUMNS(n, tile, 5, __VA_ARGS__); \
        break;                                 \
    }

/* Width of the next tile when `left` columns are left and a tile has at most `most`: all tiles about alike. */
INLINE int tile_width(int left, int most)
{
    int tiles = (left + most - 1) / most;
    return (left + tiles - 1) / tiles;
}

/* y[m rows][n units] = bias + sum_i x[row][i] w[unit][i] */
INLINE void forward_tile(const int n, const int m, int in, int out, const float *x, const float *w,
                         const float *bias, float *y)
{
    if (m > TILE_ROWS || n > TILE_UNITS) return;
    vec sum[TILE_MAX][TILE_MAX];
    for (int u = 0; u < n; u++)
        for (int r = 0; r < m; r++) sum[r][u] = bias ? load(bias + u * LANES) : all(0);
    for (int i = 0; i < in; i++) {
        vec value[TILE_MAX];
        for (int r = 0; r < m; r++) value[r] = load(x + (r * in + i) * LANES);
        for (int u = 0; u < n; u++) {
            vec weight = load(w + (u * in + i) * LANES);
            for (int r = 0; r < m; r++) sum[r][u] = fma_(value[r], weight, sum[r][u]);
        }
    }
    for (int r = 0; r < m; r++)
        for (int u = 0; u < n; u++) store(y + (r * out + u) * LANES, sum[r][u]);
}

/* Rows pass by one tile's weights, so that these are fetched once per block. */
static void dense_forward(int rows, int in, int out, const float *x, const float *w, const float *bias,
                          float *y)
{
    for (int o = 0, n; o < out; o += n) {
        n = tile_width(out - o, TILE_UNITS);
        for (int r = 0, m; r < rows; r += m) {
            m = tile_width(rows - r, TILE_ROWS);
            WITH_TILE(m, n, forward_tile, in, out, x + r * in * LANES, w + o * in * LANES,
                      bias ? bias + o * LANES : NULL, y + (r * out + o) * LANES);
        }
    }
}

/* dx[m rows][n inputs] = sum_o dy[row][o] w[o][input] */
INLINE void backward_input_tile(const int n, const int m, int in, int out, const float *dy, const float *w,
                                float *dx)
{
    if (m > TILE_ROWS || n > TILE_UNITS) return;
    vec sum[TILE_MAX][TILE_MAX];
    for (int r = 0; r < m; r++)
        for (int i = 0; i < n; i++) sum[r][i] = all(0);
    for (int o = 0; o < out; o++) {
        vec value[TILE_MAX];
        for (int r = 0; r < m; r++) value[r] = load(dy + (r * out + o) * LANES);
        for (int i = 0; i < n; i++) {
            vec weight = load(w + (o * in + i) * LANES);
            for (int r = 0; r < m; r++) sum[r][i] = fma_(value[r], weight, sum[r][i]);
        }
    }
    for (int r = 0; r < m; r++)
        for (int i = 0; i < n; i++) store(dx + (r * in + i) * LANES, sum[r][i]);
}

static void dense_backward_input(int rows, int in, int out, const float *dy, const float *w, float *dx)
{
    for (int i = 0, n; i < in; i += n) {
        n = tile_width(in - i, TILE_UNITS);
        for (int r = 0, m; r < rows; r += m) {
            m = tile_width(rows - r, TILE_ROWS);
            WITH_TILE(m, n, backward_input_tile, in, out, dy + r * out * LANES, w + i * LANES,
                      dx + (r * in + i) * LANES);
        }
    }
}

/* dw[m units][n inputs] (+)= sum_r dy[r][unit] x[r][input] */
INLINE void backward_weights_tile(const int n, const int m, int rows, int in, int out, int add,
                                  const float *x, const float *dy, float *dw)
{
    if (m > TILE_OUTPUTS || n > TILE_UNITS) return;
    vec sum[TILE_MAX][TILE_MAX];
    for (int o = 0; o < m; o++)
        for (int i = 0; i < n; i++) sum[o][i] = add ? load(dw + (o * in + i) * LANES) : all(0);
    for (int r = 0; r < rows; r++) {
        vec value[TILE_MAX];
        for (int o = 0; o < m; o++) value[o] = load(dy + (r * out + o) * LANES);
        for (int i = 0; i < n; i++) {
            vec input = load(x + (r * in + i) * LANES);
            for (int o = 0; o < m; o++) sum[o][i] = fma_(value[o], input, sum[o][i]);
        }
    }
    for (int o = 0; o < m; o++)
        for (int i = 0; i < n; i++) store(dw + (o * in + i) * LANES, sum[o][i]);
}

static void dense_backward_weights(int rows, int in, int out, int add, const float *x, const float *dy,
                                   float *dw, float *dbias)
{
    for (int o = 0, m; o < out; o += m) {
        m = tile_width(out - o, TILE_OUTPUTS);
        for (int i = 0, n; i < in; i += n) {
            n = tile_width(in - i, TILE_UNITS);
            WITH_TILE(m, n, backward_weights_tile, rows, in, out, add, x + i * LANES, dy + o * LANES,
                      dw + (o * in + i) * LANES);
        }
    }
    for (int o = 0; dbias && o < out; o++) {
        vec sum = add ? load(dbias + o * LANES) : all(0);
        for (int r = 0; r < rows; r++) sum += load(dy + (r * out + o) * LANES);
        store(dbias + o * LANES, sum);
    }
}

/* ---- batch normalisation and ReLU --------------------------------------------------------------------------------

   These pass over rows x units with a few columns at a time: their factors and sums stay in registers, the sums of
   several columns overlap, and what is read in a row lies together. */

/* sum_r weight (z - origin), sum_r weight (z - origin)^2 of n columns */
INLINE void norm_sums_tile(const int n, int rows, int units, const float *z, const float *weight,
                           const float *origin, float *to_sum, float *to_square)
{
    vec from[TILE_MAX], sum[TILE_MAX], square[TILE_MAX];
    for (int u = 0; u < n; u++) {
        from[u] = load(origin + u * LANES);
        sum[u] = load(to_sum + u * LANES);
        square[u] = load(to_square + u * LANES);
    }
    for (int r = 0; r < rows; r++) {
        vec row_weight = load(weight + r * LANES);
        for (int u = 0; u < n; u++) {
            vec distance = load(z + (r * units + u) * LANES) - from[u];
            vec weighted = row_weight * distance;
            sum[u] += weighted;
            square[u] = fma_(weighted, distance, square[u]);
        }
    }
    for (int u = 0; u < n; u++) {
        store(to_sum + u * LANES, sum[u]);
        store(to_square + u * LANES, square[u]);
    }
}

static void norm_sums(int rows, int units, const float *z, const float *weight, const norm *m)
{
    for (int u = 0, n; u < units; u += n) {
        const int k = u * LANES;
        n = tile_width(units - u, PASS_UNITS);
        WITH_COLUMNS(n, norm_sums_tile, rows, units, z + k, weight, m->origin + k, m->sum + k, m->square + k);
    }
}

static void scale_and_shift(const norm *n, int k, vec mean, vec variance)
{
    vec inverse = all(1) / square_root(variance + all(NORM_EPS));
    vec scale = load(n->gamma + k) * inverse;
    store(n->inverse + k, inverse);
    store(n->scale + k, scale);
    store(n->shift + k, fma_(-mean, scale, load(n->beta + k)));
}

static vec moved(const float *running, vec towards)
{
    vec from = load(running);
    return fma_(all(NORM_MOMENTUM), towards - from, from);
}

static void norm_train(int units, float unbias, const norm *n)
{
    for (int k = 0; k < units * LANES; k += LANES) {
        vec sum = load(n->sum + k);
        vec mean = load(n->origin + k) + sum;
        vec variance = larger(all(0), fma_(-sum, sum, load(n->square + k)));
        store(n->mean + k, mean);
        store(n->running_mean + k, moved(n->running_mean + k, mean));
        store(n->running_variance + k, moved(n->running_variance + k, unbias * variance));
        scale_and_shift(n, k, mean, variance);
    }
}

static void norm_predict(int units, const norm *n)
{
    for (int k = 0; k < units * LANES; k += LANES)
        scale_and_shift(n, k, load(n->running_mean + k), load(n->running_variance + k));
}

static void norm_backward_finish(int units, const norm *n)
{
    for (int k = 0; k < units * LANES; k += LANES) {
        vec scale = load(n->scale + k), inverse = load(n->inverse + k);
        vec sum = load(n->sum_gradient + k), product = load(n->sum_product + k) * inverse;
        store(n->gamma_gradient + k, product);
        store(n->beta_gradient + k, sum);
        store(n->constant + k, scale * sum);
        store(n->slope + k, scale * inverse * product);
    }
}

/* dz = scale g - weight (constant + slope (z - mean)) of n columns */
INLINE void norm_backward_tile(const int n, int rows, int units, const float *z, const float *weight,
                               const float *g, const norm *m, int k, float *dz)
{
    vec mean[TILE_MAX], scale[TILE_MAX], constant[TILE_MAX], slope[TILE_MAX];
    for (int u = 0; u < n; u++) {
        mean[u] = load(m->mean + k + u * LANES);
        scale[u] = load(m->scale + k + u * LANES);
        constant[u] = load(m->constant + k + u * LANES);
        slope[u] = load(m->slope + k + u * LANES);
    }
    for (int r = 0; r < rows; r++) {
        vec row_weight = load(weight + r * LANES);
        for (int u = 0; u < n; u++) {
            const int here = (r * units + u) * LANES;
            vec common = row_weight * fma_(slope[u], load(z + here) - mean[u], constant[u]);
            store(dz + here, fma_(scale[u], load(g + here), -common));
        }
    }
}

static void norm_backward(int rows, int units, const float *z, const float *weight, const float *g,
                          const norm *m, float *dz)
{
    for (int u = 0, n; u < units; u += n) {
        const int k = u * LANES;
        n = tile_width(units - u, PASS_UNITS);
        WITH_COLUMNS(n, norm_backward_tile, rows, units, z + k, weight, g + k, m, k, dz + k);
    }
}

/* a = scale z + shift, then max(0, a) if relu, of n columns */
INLINE void activate_tile(const int n, int rows, int units, int relu, const float *z, const norm *m, int k,
                          float *a)
{
    vec scale[TILE_MAX], shift[TILE_MAX];
    for (int u = 0; u < n; u++) {
        scale[u] = m ? load(m->scale + k + u * LANES) : all(1);
        shift[u] = m ? load(m->shift + k + u * LANES) : all(0);
    }
    for (int r = 0; r < rows; r++)
        for (int u = 0; u < n; u++) {
            const int here = (r * units + u) * LANES;
            vec y = fma_(scale[u], load(z + here), shift[u]);
            store(a + here, relu ? larger(all(0), y) : y);
        }
}

static void activate(int rows, int units, int relu, const float *z, const norm *m, float *a)
{
    for (int u = 0, n; u < units; u += n) {
        const int k = u * LANES;
        n = tile_width(units - u, PASS_UNITS);
        WITH_COLUMNS(n, activate_tile, rows, units, relu, z + k, m, k, a + k);
    }
}

/* One pass for a = scale z + shift or z, ReLU, g = 0 where a is not positive, and sum_r g, sum_r g (z - mean) */
INLINE void activate_backward_tile(const int n, int rows, int units, int relu, const float *z, const norm *m,
                                   int k, float *a, float *g)
{
    vec scale[TILE_MAX], shift[TILE_MAX], mean[TILE_MAX], sum[TILE_MAX], product[TILE_MAX];
    for (int u = 0; u < n; u++) {
        scale[u] = m ? load(m->scale + k + u * LANES) : all(1);
        shift[u] = m ? load(m->shift + k + u * LANES) : all(0);
        mean[u] = m ? load(m->mean + k + u * LANES) : all(0);
        sum[u] = m ? load(m->sum_gradient + k + u * LANES) : all(0);
        product[u] = m ? load(m->sum_product + k + u * LANES) : all(0);
    }
    for (int r = 0; r < rows; r++)
        for (int u = 0; u < n; u++) {
            const int here = (r * units + u) * LANES;
            vec before = load(z + here), gradient = load(g + here);
            vec y = fma_(scale[u], before, shift[u]);
            if (relu) {
                gradient = where(y > all(0), gradient);
                y = larger(all(0), y);
                store(g + here, gradient);
            }
            store(a + here, y);
            sum[u] += gradient;
            product[u] = fma_(gradient, before - mean[u], product[u]);
        }
    for (int u = 0; m && u < n; u++) {
        store(m->sum_gradient + k + u * LANES, sum[u]);
        store(m->sum_product + k + u * LANES, product[u]);
    }
}

static void activate_backward(int rows, int units, int relu, const float *z, const norm *m, float *a,
                              float *g)
{
    for (int u = 0, n; u < units; u += n) {
        const int k = u * LANES;
        n = tile_width(units - u, PASS_UNITS);
        WITH_COLUMNS(n, activate_backward_tile, rows, units, relu, z + k, m, k, a + k, g + k);
    }
}

/* ---- optimizers ---------------------------------------------------------------------------------------------------- */

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

/* ---- data into lanes ------------------------------------------------------------------------------------------------- */

/* Samples with at least LANES features: LANES features of a row at a time, transposed in registers. The last group
 * overlaps the one before instead of being short. */
static void gather_transposed(const float *const *x, const int32_t *const *order, int64_t first, int rows,
                              int features, float *to)
{
    for (int r = 0; r < rows; r++, to += features * LANES) {
        const float *from[LANES];
        for (int l = 0; l < LANES; l++) from[l] = x[l] + (order ? order[l][first + r] : first + r) * features;
        for (int f = 0; f < features; f += LANES) {
            int start = f + LANES <= features ? f : features - LANES;
            vec v[LANES];
            for (int l = 0; l < LANES; l++) v[l] = load_anywhere(from[l] + start);
            transpose(v);
            for (int i = 0; i < LANES; i++) store(to + (start + i) * LANES, v[i]);
        }
    }
}

static void gather(const float *const *x, const int32_t *const *order, int64_t first, int rows, int features,
                   float *to)
{
    if (features >= LANES) {
        gather_transposed(x, order, first, rows, features, to);
        return;
    }
    for (int l = 0; l < LANES; l++)
        for (int f = 0; f < features; f++)
            for (int r = 0; r < rows; r++) {
                int64_t sample = order ? order[l][first + r] : first + r;
                to[(r * features + f) * LANES + l] = x[l][sample * features + f];
            }
}

static void gather_labels(const int32_t *const *y, const int32_t *const *order, int64_t first, int rows,
                          int32_t *to)
{
    for (int l = 0; l < LANES; l++)
        for (int r = 0; r < rows; r++) to[r * LANES + l] = y[l][order ? order[l][first + r] : first + r];
}

/* ---- the set --------------------------------------------------------------------------------------------------------- */

#define TABLE_NAME(set)       TABLE_NAME_PASTE(set)
#define TABLE_NAME_PASTE(set) lanes_kernels_##set
#define SET_NAME(set)         SET_NAME_QUOTE(set)
#define SET_NAME_QUOTE(set)   #set

const lanes_kernels TABLE_NAME(KERNEL_SET) = {
    .name = SET_NAME(KERNEL_SET),
    .lanes = LANES,
    .runs_here = runs_here,
    .dense_forward = dense_forward,
    .dense_backward_input = dense_backward_input,
    .dense_backward_weights = dense_backward_weights,
    .norm_sums = norm_sums,
    .norm_train = norm_train,
    .norm_predict = norm_predict,
    .norm_backward_finish = norm_backward_finish,
    .norm_backward = norm_backward,
    .activate = activate,
    .activate_backward = activate_backward,
    .sgd = sgd,
    .adam = adam,
    .loss = loss_run,
    .gather = gather,
    .gather_labels = gather_labels,
};
