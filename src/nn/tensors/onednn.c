#include "onednn.h"

#ifdef HAVE_DNNL

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel_sets.h"
#include "onednn_parts.h"

/* Of the OpenMP library that oneDNN may have been built with. */
extern void omp_set_num_threads(int threads) __attribute__((weak));

status onednn_failure(const char *function, dnnl_status_t what)
{
    static const struct {
        dnnl_status_t what;
        status code;
        const char *words;
    } table[] = {
        { dnnl_out_of_memory, NO_MEMORY, "out of memory" },
        { dnnl_invalid_arguments, BROKEN, "invalid arguments" },
        { dnnl_unimplemented, BROKEN, "not implemented" },
        { dnnl_runtime_error, BROKEN, "runtime error" },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].what == what)
            return failure(table[i].code, "%s of oneDNN: %s", function, table[i].words);
    return failure(BROKEN, "%s of oneDNN: status %d", function, (int)what);
}

const char *onednn_version(void)
{
    static char text[32];
    const dnnl_version_t *v = dnnl_version();
    snprintf(text, sizeof text, "oneDNN %d.%d.%d", v->major, v->minor, v->patch);
    return text;
}

status onednn_make(onednn **out)
{
    status result = OK;
    onednn *e = calloc(1, sizeof *e);
    *out = NULL;
    CHECK(e != NULL, NO_MEMORY, "%zu bytes", sizeof *e);
    TRY(kernel_sets_settle());
    if (omp_set_num_threads) omp_set_num_threads(1);

    ONEDNN_TRY(dnnl_engine_create, &e->engine, dnnl_cpu, 0);
    ONEDNN_TRY(dnnl_stream_create, &e->stream, e->engine, dnnl_stream_default_flags);
    ONEDNN_TRY(dnnl_primitive_attr_create, &e->attributes);
    ONEDNN_TRY(dnnl_primitive_attr_set_scratchpad_mode, e->attributes, dnnl_scratchpad_mode_user);
    *out = e;
    e = NULL;
done:
    onednn_free(e);
    return result;
}

static void operation_free(onednn_operation *o)
{
    for (int i = 0; i < o->arguments; i++) dnnl_memory_destroy(o->argument[i].memory);
    if (o->primitive) dnnl_primitive_destroy(o->primitive);
    dnnl_primitive_desc_destroy(o->description);
    free(o);
}

void onednn_free(onednn *e)
{
    if (e == NULL) return;
    for (onednn_operation *o = e->operations, *next; o; o = next) {
        next = o->next;
        operation_free(o);
    }
    for (onednn_layout *l = e->layouts, *next; l; l = next) {
        next = l->next;
#if DNNL_VERSION_MAJOR >= 3
        dnnl_memory_desc_destroy(l->shape);
#endif
        free(l);
    }
    if (e->attributes) dnnl_primitive_attr_destroy(e->attributes);
    if (e->stream) dnnl_stream_destroy(e->stream);
    if (e->engine) dnnl_engine_destroy(e->engine);
    free(e);
}

/* Takes over nothing when it fails. */
static status keep_layout(onednn *e, dnnl_memory_desc_t shape, const onednn_layout **out)
{
    onednn_layout *l = malloc(sizeof *l);
    if (l == NULL) return failure(NO_MEMORY, "%zu bytes", sizeof *l);
    *l = (onednn_layout){ .shape = shape, .next = e->layouts };
    e->layouts = l;
    *out = l;
    return OK;
}

static status make_layout(onednn *e, int dimensions, const int64_t size[], dnnl_data_type_t type,
                          dnnl_format_tag_t order, const onednn_layout **out)
{
    status result = OK;
    dnnl_memory_desc_t shape;
    *out = NULL;
#if DNNL_VERSION_MAJOR >= 3
    ONEDNN_TRY(dnnl_memory_desc_create_with_tag, &shape, dimensions, size, type, order);
#else
    ONEDNN_TRY(dnnl_memory_desc_init_by_tag, &shape, dimensions, size, type, order);
#endif
    TRY(keep_layout(e, shape, out));
done:
    return result;
}

static dnnl_data_type_t type_of(onednn_number t)
{
    return t == ONEDNN_BF16 ? dnnl_bf16 : dnnl_f32;
}

status onednn_plain(onednn *e, onednn_number t, const onednn_size size, const onednn_layout **out)
{
    return make_layout(e, ONEDNN_DIMENSIONS, size, type_of(t), dnnl_abcd, out);
}

status onednn_any(onednn *e, onednn_number t, const onednn_size size, const onednn_layout **out)
{
    return make_layout(e, ONEDNN_DIMENSIONS, size, type_of(t), dnnl_format_tag_any, out);
}

status onednn_vector(onednn *e, int64_t n, const onednn_layout **out)
{
    return make_layout(e, 1, &n, dnnl_f32, dnnl_a, out);
}

bool onednn_same(const onednn_layout *a, const onednn_layout *b)
{
    return dnnl_memory_desc_equal(ONEDNN_VIEW(a), ONEDNN_VIEW(b)) != 0;
}

onednn_number onednn_number_of(const onednn_layout *l)
{
#if DNNL_VERSION_MAJOR >= 3
    dnnl_data_type_t type = dnnl_f32;
    dnnl_memory_desc_query(l->shape, dnnl_query_data_type, &type);
#else
    dnnl_data_type_t type = l->shape.data_type;
#endif
    return type == dnnl_bf16 ? ONEDNN_BF16 : ONEDNN_F32;
}

size_t onednn_bytes(const onednn_layout *l)
{
    return l ? dnnl_memory_desc_get_size(ONEDNN_VIEW(l)) : 0;
}

static const int argument_of[OPERANDS] = {
    [OPERAND_SOURCE] = DNNL_ARG_SRC,
    [OPERAND_SECOND] = DNNL_ARG_SRC_1,
    [OPERAND_OUT] = DNNL_ARG_DST,
    [OPERAND_WEIGHTS] = DNNL_ARG_WEIGHTS,
    [OPERAND_BIAS] = DNNL_ARG_BIAS,
    [OPERAND_SCALE] = DNNL_ARG_SCALE,
    [OPERAND_SHIFT] = DNNL_ARG_SHIFT,
    [OPERAND_MEAN] = DNNL_ARG_MEAN,
    [OPERAND_VARIANCE] = DNNL_ARG_VARIANCE,
    [OPERAND_WORKSPACE] = DNNL_ARG_WORKSPACE,
    [OPERAND_SCRATCH] = DNNL_ARG_SCRATCHPAD,
    [OPERAND_SOURCE_GRADIENT] = DNNL_ARG_DIFF_SRC,
    [OPERAND_OUT_GRADIENT] = DNNL_ARG_DIFF_DST,
    [OPERAND_WEIGHTS_GRADIENT] = DNNL_ARG_DIFF_WEIGHTS,
    [OPERAND_BIAS_GRADIENT] = DNNL_ARG_DIFF_BIAS,
    [OPERAND_SCALE_GRADIENT] = DNNL_ARG_DIFF_SCALE,
    [OPERAND_SHIFT_GRADIENT] = DNNL_ARG_DIFF_SHIFT,
};

static onednn_view view_of(const onednn_operation *o, operand what)
{
    return dnnl_primitive_desc_query_md(o->description, dnnl_query_exec_arg_md, argument_of[what]);
}

status onednn_operand(onednn *e, const onednn_operation *o, operand what, const onednn_layout **out)
{
    status result = OK;
    onednn_view seen = view_of(o, what);
    *out = NULL;
    if (seen == NULL || dnnl_memory_desc_get_size(seen) == 0) goto done;

    dnnl_memory_desc_t copy;
#if DNNL_VERSION_MAJOR >= 3
    ONEDNN_TRY(dnnl_memory_desc_clone, &copy, seen);
#else
    copy = *seen;
#endif
    TRY(keep_layout(e, copy, out));
done:
    return result;
}

const char *onednn_implementation(const onednn_operation *o)
{
    const char *name = NULL;
    dnnl_status_t asked = dnnl_primitive_desc_query(o->description, dnnl_query_impl_info_str, 0, &name);
    return asked == dnnl_success && name ? name : "";
}

bool onednn_is_reference(const onednn_operation *o)
{
    return strncmp(onednn_implementation(o), "ref", 3) == 0;
}

status onednn_operation_make(onednn *e, const char *function, dnnl_status_t what,
                             dnnl_primitive_desc_t description, onednn_operation **out)
{
    *out = NULL;
    if (what == dnnl_unimplemented) return OK;
    if (what != dnnl_success) return onednn_failure(function, what);

    onednn_operation *o = malloc(sizeof *o);
    if (o == NULL) {
        dnnl_primitive_desc_destroy(description);
        return failure(NO_MEMORY, "%zu bytes", sizeof *o);
    }
    *o = (onednn_operation){ .description = description, .next = e->operations };
    e->operations = o;
    *out = o;
    return OK;
}

status onednn_ready(onednn_operation *o)
{
    status result = OK;
    if (o->primitive == NULL) ONEDNN_TRY(dnnl_primitive_create, &o->primitive, o->description);
done:
    return result;
}

status onednn_bind(onednn *e, onednn_operation *o, operand what, void *data)
{
    status result = OK;
    dnnl_exec_arg_t *a = &o->argument[o->arguments];
    CHECK(o->arguments < OPERANDS, BROKEN, "an operation of more than %d operands", OPERANDS);
    a->arg = argument_of[what];
    ONEDNN_TRY(dnnl_memory_create, &a->memory, view_of(o, what), e->engine, data);
    o->arguments++;
done:
    return result;
}

status onednn_run(onednn *e, const onednn_operation *o)
{
    status result = OK;
    ONEDNN_TRY(dnnl_primitive_execute, o->primitive, e->stream, o->arguments, o->argument);
    ONEDNN_TRY(dnnl_stream_wait, e->stream);
done:
    return result;
}

status onednn_multiply(int64_t m, int64_t n, int64_t k, onednn_matrix a, onednn_matrix b, float beta,
                       float *c)
{
    status result = OK;
    ONEDNN_TRY(dnnl_sgemm, a.transposed ? 'T' : 'N', b.transposed ? 'T' : 'N', m, n, k, 1.0f, a.values,
               a.stride, b.values, b.stride, beta, c, n);
done:
    return result;
}

#else
typedef int onednn_is_absent; /* a translation unit is not empty */
#endif
