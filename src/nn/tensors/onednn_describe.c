/* Operations of oneDNN described: the part that differs most between its versions. Version 2 fills a descriptor and makes a
 * description of it; version 3 takes everything at once, with dilations, and the layouts of both sides of a norm or a ReLU. */
#include "onednn.h"

#ifdef HAVE_DNNL

#include "onednn_parts.h"

/* torch.nn.BatchNorm2d's default */
static const float norm_epsilon = 1e-5f;
static const unsigned norm_flags = dnnl_use_scale | dnnl_use_shift;

#define VIEW(layout) ONEDNN_VIEW(layout)

#if DNNL_VERSION_MAJOR >= 3
static const dnnl_dims_t undilated = { 0 };
#else
/* The second half of version 2's way. */
static dnnl_status_t described(onednn *e, dnnl_status_t filled, const void *descriptor,
                               const onednn_operation *forward, dnnl_primitive_desc_t *made)
{
    if (filled != dnnl_success) return filled;
    return dnnl_primitive_desc_create(made, descriptor, e->attributes, e->engine,
                                      forward ? forward->description : NULL);
}
#endif

status onednn_convolution_forward(onednn *e, onednn_window w, const onednn_layout *source,
                                  const onednn_layout *weights, const onednn_layout *bias,
                                  const onednn_layout *sum, onednn_operation **out)
{
    const dnnl_dims_t stride = { w.stride, w.stride }, padding = { w.padding, w.padding };
    dnnl_primitive_desc_t made = NULL;
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t what = dnnl_convolution_forward_primitive_desc_create(
        &made, e->engine, dnnl_forward_training, dnnl_convolution_direct, VIEW(source), VIEW(weights),
        VIEW(bias), VIEW(sum), stride, undilated, padding, padding, e->attributes);
#else
    dnnl_convolution_desc_t d;
    dnnl_status_t what =
        dnnl_convolution_forward_desc_init(&d, dnnl_forward_training, dnnl_convolution_direct, VIEW(source),
                                           VIEW(weights), VIEW(bias), VIEW(sum), stride, padding, padding);
    what = described(e, what, &d, NULL, &made);
#endif
    return onednn_operation_make(e, __func__, what, made, out);
}

status onednn_convolution_backward_data(onednn *e, onednn_window w, const onednn_operation *forward,
                                        const onednn_layout *source, const onednn_layout *weights,
                                        const onednn_layout *sum, onednn_operation **out)
{
    const dnnl_dims_t stride = { w.stride, w.stride }, padding = { w.padding, w.padding };
    dnnl_primitive_desc_t made = NULL;
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t what = dnnl_convolution_backward_data_primitive_desc_create(
        &made, e->engine, dnnl_convolution_direct, VIEW(source), VIEW(weights), VIEW(sum), stride, undilated,
        padding, padding, forward->description, e->attributes);
#else
    dnnl_convolution_desc_t d;
    dnnl_status_t what = dnnl_convolution_backward_data_desc_init(
        &d, dnnl_convolution_direct, VIEW(source), VIEW(weights), VIEW(sum), stride, padding, padding);
    what = described(e, what, &d, forward, &made);
#endif
    return onednn_operation_make(e, __func__, what, made, out);
}

status onednn_convolution_backward_weights(onednn *e, onednn_window w, const onednn_operation *forward,
                                           const onednn_layout *source, const onednn_layout *weights,
                                           const onednn_layout *bias, const onednn_layout *sum,
                                           onednn_operation **out)
{
    const dnnl_dims_t stride = { w.stride, w.stride }, padding = { w.padding, w.padding };
    dnnl_primitive_desc_t made = NULL;
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t what = dnnl_convolution_backward_weights_primitive_desc_create(
        &made, e->engine, dnnl_convolution_direct, VIEW(source), VIEW(weights), VIEW(bias), VIEW(sum), stride,
        undilated, padding, padding, forward->description, e->attributes);
#else
    dnnl_convolution_desc_t d;
    dnnl_status_t what =
        dnnl_convolution_backward_weights_desc_init(&d, dnnl_convolution_direct, VIEW(source), VIEW(weights),
                                                    VIEW(bias), VIEW(sum), stride, padding, padding);
    what = described(e, what, &d, forward, &made);
#endif
    return onednn_operation_make(e, __func__, what, made, out);
}

status onednn_norm_forward(onednn *e, onednn_norm manner, bool relu, const onednn_layout *source,
                           onednn_operation **out)
{
    bool given = manner == ONEDNN_NORM_GIVEN;
    dnnl_prop_kind_t pass = given ? dnnl_forward_inference : dnnl_forward_training;
    unsigned flags = norm_flags | (relu ? dnnl_fuse_norm_relu : 0u) | (given ? dnnl_use_global_stats : 0u);
    dnnl_primitive_desc_t made = NULL;
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t what = dnnl_batch_normalization_forward_primitive_desc_create(
        &made, e->engine, pass, VIEW(source), VIEW(source), norm_epsilon, flags, e->attributes);
#else
    dnnl_batch_normalization_desc_t d;
    dnnl_status_t what =
        dnnl_batch_normalization_forward_desc_init(&d, pass, VIEW(source), norm_epsilon, flags);
    what = described(e, what, &d, NULL, &made);
#endif
    return onednn_operation_make(e, __func__, what, made, out);
}

status onednn_norm_backward(onednn *e, bool relu, const onednn_operation *forward,
                            const onednn_layout *source, onednn_operation **out)
{
    unsigned flags = norm_flags | (relu ? dnnl_fuse_norm_relu : 0u);
    dnnl_primitive_desc_t made = NULL;
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t what = dnnl_batch_normalization_backward_primitive_desc_create(
        &made, e->engine, dnnl_backward, VIEW(source), VIEW(source), VIEW(source), norm_epsilon, flags,
        forward->description, e->attributes);
#else
    dnnl_batch_normalization_desc_t d;
    dnnl_status_t what = dnnl_batch_normalization_backward_desc_init(&d, dnnl_backward, VIEW(source),
                                                                     VIEW(source), norm_epsilon, flags);
    what = described(e, what, &d, forward, &made);
#endif
    return onednn_operation_make(e, __func__, what, made, out);
}

static dnnl_alg_kind_t pool_of(onednn_pool kind)
{
    return kind == ONEDNN_POOL_MAX ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding;
}

status onednn_pool_forward(onednn *e, onednn_pool kind, onednn_window w, const onednn_layout *source,
                           const onednn_layout *pooled, onednn_operation **out)
{
    const dnnl_dims_t stride = { w.stride, w.stride }, kernel = { w.kernel, w.kernel };
    const dnnl_dims_t padding = { w.padding, w.padding };
    dnnl_primitive_desc_t made = NULL;
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t what = dnnl_pooling_forward_primitive_desc_create(
        &made, e->engine, dnnl_forward_training, pool_of(kind), VIEW(source), VIEW(pooled), stride, kernel,
        undilated, padding, padding, e->attributes);
#else
    dnnl_pooling_desc_t d;
    dnnl_status_t what =
        dnnl_pooling_forward_desc_init(&d, dnnl_forward_training, pool_of(kind), VIEW(source), VIEW(pooled),
                                       stride, kernel, padding, padding);
    what = described(e, what, &d, NULL, &made);
#endif
    return onednn_operation_make(e, __func__, what, made, out);
}

status onednn_pool_backward(onednn *e, onednn_pool kind, onednn_window w, const onednn_operation *forward,
                            const onednn_layout *source, const onednn_layout *pooled, onednn_operation **out)
{
    const dnnl_dims_t stride = { w.stride, w.stride }, kernel = { w.kernel, w.kernel };
    const dnnl_dims_t padding = { w.padding, w.padding };
    dnnl_primitive_desc_t made = NULL;
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t what = dnnl_pooling_backward_primitive_desc_create(
        &made, e->engine, pool_of(kind), VIEW(source), VIEW(pooled), stride, kernel, undilated, padding,
        padding, forward->description, e->attributes);
#else
    dnnl_pooling_desc_t d;
    dnnl_status_t what = dnnl_pooling_backward_desc_init(&d, pool_of(kind), VIEW(source), VIEW(pooled),
                                                         stride, kernel, padding, padding);
    what = described(e, what, &d, forward, &made);
#endif
    return onednn_operation_make(e, __func__, what, made, out);
}

status onednn_relu_forward(onednn *e, const onednn_layout *source, onednn_operation **out)
{
    dnnl_primitive_desc_t made = NULL;
    const dnnl_alg_kind_t kind = dnnl_eltwise_relu_use_dst_for_bwd;
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t what = dnnl_eltwise_forward_primitive_desc_create(
        &made, e->engine, dnnl_forward_training, kind, VIEW(source), VIEW(source), 0, 0, e->attributes);
#else
    dnnl_eltwise_desc_t d;
    dnnl_status_t what = dnnl_eltwise_forward_desc_init(&d, dnnl_forward_training, kind, VIEW(source), 0, 0);
    what = described(e, what, &d, NULL, &made);
#endif
    return onednn_operation_make(e, __func__, what, made, out);
}

status onednn_relu_backward(onednn *e, const onednn_operation *forward, const onednn_layout *gradient,
                            onednn_operation **out)
{
    dnnl_primitive_desc_t made = NULL;
    const dnnl_alg_kind_t kind = dnnl_eltwise_relu_use_dst_for_bwd;
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t what = dnnl_eltwise_backward_primitive_desc_create(&made, e->engine, kind, VIEW(gradient),
                                                                     VIEW(gradient), VIEW(gradient), 0, 0,
                                                                     forward->description, e->attributes);
#else
    dnnl_eltwise_desc_t d;
    dnnl_status_t what = dnnl_eltwise_backward_desc_init(&d, kind, VIEW(gradient), VIEW(gradient), 0, 0);
    what = described(e, what, &d, forward, &made);
#endif
    return onednn_operation_make(e, __func__, what, made, out);
}

status onednn_add(onednn *e, const onednn_layout *source, const onednn_layout *second, onednn_operation **out)
{
    dnnl_primitive_desc_t made = NULL;
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t what = dnnl_binary_primitive_desc_create(&made, e->engine, dnnl_binary_add, VIEW(source),
                                                           VIEW(second), VIEW(source), e->attributes);
#else
    dnnl_binary_desc_t d;
    dnnl_status_t what = dnnl_binary_desc_init(&d, dnnl_binary_add, VIEW(source), VIEW(second), VIEW(source));
    what = described(e, what, &d, NULL, &made);
#endif
    return onednn_operation_make(e, __func__, what, made, out);
}

status onednn_reorder(onednn *e, const onednn_layout *source, const onednn_layout *to, onednn_operation **out)
{
    dnnl_primitive_desc_t made = NULL;
    dnnl_status_t what = dnnl_reorder_primitive_desc_create(&made, VIEW(source), e->engine, VIEW(to),
                                                            e->engine, e->attributes);
    return onednn_operation_make(e, __func__, what, made, out);
}

#endif
