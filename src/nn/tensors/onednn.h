/* oneDNN behind a few plain functions: layouts of tensors, operations on them, and the instruction sets that they are made for.
 * Nothing else in the program knows its interface, which changed between versions 2 and 3.
 *
 * Layouts and operations belong to the `onednn` that made them and go with it. An operation is first described, which fixes
 * the layouts of its operands and the scratch room it wants; then readied (code is generated); then its operands are bound to
 * memory; then it runs any number of times. */
#ifndef ONEDNN_H
#define ONEDNN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

typedef struct onednn onednn;
typedef struct onednn_layout onednn_layout;
typedef struct onednn_operation onednn_operation;

/* One thread from here on, and no other instruction set. */
status onednn_make(onednn **out);
void onednn_free(onednn *e);

typedef enum onednn_number { ONEDNN_F32, ONEDNN_BF16 } onednn_number;

/* "oneDNN 2.6.3" */
const char *onednn_version(void);

/* Layouts. Plain: row-major; free: to be chosen by the operation that is described with it. */
enum { ONEDNN_DIMENSIONS = 4 };
typedef int64_t onednn_size[ONEDNN_DIMENSIONS];
status onednn_plain(onednn *e, onednn_number t, const onednn_size size, const onednn_layout **out);
status onednn_any(onednn *e, onednn_number t, const onednn_size size, const onednn_layout **out);
status onednn_vector(onednn *e, int64_t n, const onednn_layout **out); /* single precision */
bool onednn_same(const onednn_layout *a, const onednn_layout *b);
onednn_number onednn_number_of(const onednn_layout *l);
size_t onednn_bytes(const onednn_layout *l); /* 0 of NULL */

/* What an operation reads and writes. */
typedef enum operand {
    OPERAND_NONE,
    OPERAND_SOURCE,
    OPERAND_SECOND, /* of a sum */
    OPERAND_OUT,
    OPERAND_WEIGHTS,
    OPERAND_BIAS,
    OPERAND_SCALE,
    OPERAND_SHIFT,
    OPERAND_MEAN,
    OPERAND_VARIANCE,
    OPERAND_WORKSPACE, /* what forward leaves for backward */
    OPERAND_SCRATCH,
    OPERAND_SOURCE_GRADIENT,
    OPERAND_OUT_GRADIENT,
    OPERAND_WEIGHTS_GRADIENT,
    OPERAND_BIAS_GRADIENT,
    OPERAND_SCALE_GRADIENT,
    OPERAND_SHIFT_GRADIENT,
    OPERANDS
} operand;

/* The layout that an operation wants of an operand; NULL where it has no such operand. */
status onednn_operand(onednn *e, const onednn_operation *o, operand what, const onednn_layout **out);
/* Is it one of the plain loops that oneDNN keeps as a reference, hundreds of times slower than the others? */
bool onednn_is_reference(const onednn_operation *o);
/* "jit:avx512_core", … */
const char *onednn_implementation(const onednn_operation *o);

status onednn_ready(onednn_operation *o);
status onednn_bind(onednn *e, onednn_operation *o, operand what, void *data);
status onednn_run(onednn *e, const onednn_operation *o);

/* Describing. *out is NULL, and the status OK, where oneDNN has no implementation for such layouts. `forward` is the operation
 * whose gradients are wanted. */
typedef struct onednn_window {
    int64_t kernel, stride, padding; /* square */
} onednn_window;
status onednn_convolution_forward(onednn *e, onednn_window w, const onednn_layout *source,
                                  const onednn_layout *weights, const onednn_layout *bias,
                                  const onednn_layout *sum, onednn_operation **out);
status onednn_convolution_backward_data(onednn *e, onednn_window w, const onednn_operation *forward,
                                        const onednn_layout *source, const onednn_layout *weights,
                                        const onednn_layout *sum, onednn_operation **out);
status onednn_convolution_backward_weights(onednn *e, onednn_window w, const onednn_operation *forward,
                                           const onednn_layout *source, const onednn_layout *weights,
                                           const onednn_layout *bias, const onednn_layout *sum,
                                           onednn_operation **out);

typedef enum onednn_norm {
    ONEDNN_NORM_MEASURES, /* by the statistics of its source, which it leaves */
    ONEDNN_NORM_GIVEN,    /* by those it is given */
} onednn_norm;
status onednn_norm_forward(onednn *e, onednn_norm manner, bool relu, const onednn_layout *source,
                           onednn_operation **out);
status onednn_norm_backward(onednn *e, bool relu, const onednn_operation *forward,
                            const onednn_layout *source, onednn_operation **out);

typedef enum onednn_pool { ONEDNN_POOL_MAX, ONEDNN_POOL_AVERAGE } onednn_pool;
status onednn_pool_forward(onednn *e, onednn_pool kind, onednn_window w, const onednn_layout *source,
                           const onednn_layout *pooled, onednn_operation **out);
status onednn_pool_backward(onednn *e, onednn_pool kind, onednn_window w, const onednn_operation *forward,
                            const onednn_layout *source, const onednn_layout *pooled, onednn_operation **out);

status onednn_relu_forward(onednn *e, const onednn_layout *source, onednn_operation **out);
/* By what the forward pass gave: OPERAND_OUT. */
status onednn_relu_backward(onednn *e, const onednn_operation *forward, const onednn_layout *gradient,
                            onednn_operation **out);
status onednn_add(onednn *e, const onednn_layout *source, const onednn_layout *second,
                  onednn_operation **out);
status onednn_reorder(onednn *e, const onednn_layout *source, const onednn_layout *to,
                      onednn_operation **out);

/* c = op(a) op(b) + beta c, all row-major.  op(a) (m, k), op(b) (k, n), c (m, n); op transposes where told. */
typedef struct onednn_matrix {
    const float *values;
    bool transposed;
    int64_t stride; /* from row to row as it lies in memory */
} onednn_matrix;
status onednn_multiply(int64_t m, int64_t n, int64_t k, onednn_matrix a, onednn_matrix b, float beta,
                       float *c);

#endif
