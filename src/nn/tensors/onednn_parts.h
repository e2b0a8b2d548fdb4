/* What the sources about oneDNN share, and nobody else includes. Version 2 shows memory descriptors and passes them by address;
 * version 3 hides them behind handles. */
#ifndef ONEDNN_PARTS_H
#define ONEDNN_PARTS_H

#include <oneapi/dnnl/dnnl.h>

#include "onednn.h"

#if DNNL_VERSION_MAJOR >= 3
typedef const_dnnl_memory_desc_t onednn_view;
#define ONEDNN_VIEW(layout) ((layout) ? (layout)->shape : NULL)
#else
typedef const dnnl_memory_desc_t *onednn_view;
#define ONEDNN_VIEW(layout) ((layout) ? &(layout)->shape : NULL)
#endif

struct onednn_layout {
    dnnl_memory_desc_t shape;
    onednn_layout *next;
};

struct onednn_operation {
    dnnl_primitive_desc_t description;
    dnnl_primitive_t primitive; /* NULL until it is readied */
    int arguments;
    dnnl_exec_arg_t argument[OPERANDS];
    onednn_operation *next;
};

struct onednn {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    dnnl_primitive_attr_t attributes; /* scratch room comes from the caller */
    onednn_layout *layouts;
    onednn_operation *operations;
};

/* Records "FUNCTION of oneDNN: WORDS". */
status onednn_failure(const char *function, dnnl_status_t what);

#define ONEDNN_TRY(function, ...)                       \
    do {                                                \
        dnnl_status_t tried_ = function(__VA_ARGS__);   \
        if (tried_ != dnnl_success) {                   \
            result = onednn_failure(#function, tried_); \
            goto done;                                  \
        }                                               \
    } while (0)

/* Takes over a description; NULL with `what` = dnnl_unimplemented gives *out NULL. */
status onednn_operation_make(onednn *e, const char *function, dnnl_status_t what,
                             dnnl_primitive_desc_t description, onednn_operation **out);

#endif
