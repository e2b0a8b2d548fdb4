/* The public face of the tensor engine: arrays that callers see, an arena for all that they don't, and one plan per number of
 * rows, all in the same arena. */
#include "tensor.h"

#ifdef HAVE_DNNL

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "plan.h"

/* Plans kept: full batches, a short last one, both of a test set, and some more. */
enum { PLANS_MAX = 8 };

struct tensor_network {
    network_graph graph;
    int rows; /* most */
    tensor_precision precision;
    float *array[REGIONS]; /* of the regions that callers see, and of statistics */
    size_t arena_bytes;
    plan *plan[PLANS_MAX];
    int plans;
    int oldest; /* the next to make room */
    const plan
        *weights; /* whose layouts of weights the arena holds; NULL when parameters have changed since */
    const plan *forward; /* whose forward pass the arena holds */
    tensor_pause pause;
    void *pause_context;
};

bool tensor_available(void)
{
    return true;
}

const char *tensor_library(void)
{
    return onednn_version();
}

static size_t padded(int64_t floats)
{
    return (size_t)((floats + TENSOR_PADDING - 1) / TENSOR_PADDING * TENSOR_PADDING);
}

/* Floats of each region but the arena. */
static void measure(const network_graph *g, int rows, size_t floats[REGIONS])
{
    image_size in = g->layer[0].out;
    size_t statistics = padded(graph_statistics(g));
    memset(floats, 0, REGIONS * sizeof floats[0]);
    floats[REGION_INPUT] = padded((int64_t)rows * in.channels * in.height * in.width);
    floats[REGION_PARAMETERS] = floats[REGION_GRADIENTS] = padded(graph_parameters(g));
    floats[REGION_RUNNING] = floats[REGION_MEASURED] = floats[REGION_UNBIASED] = statistics;
}

size_t tensor_network_bytes(const network_graph *g, int rows, tensor_precision p)
{
    plan *made = NULL;
    if (plan_make(g, rows, p, &made) != OK) return 0;
    size_t floats[REGIONS], bytes = made->arena;
    plan_free(made);
    measure(g, rows, floats);
    for (int r = 0; r < REGIONS; r++) bytes += floats[r] * sizeof(float);
    return bytes;
}

/* Zeros, aligned; not NULL for 0 bytes. */
static void *zeros(size_t bytes)
{
    size_t room = (bytes / ARENA_ALIGNMENT + 1) * ARENA_ALIGNMENT;
    void *made = aligned_alloc(ARENA_ALIGNMENT, room);
    if (made) memset(made, 0, room);
    return made;
}

static void drop_plans(tensor_network *n)
{
    for (int i = 0; i < n->plans; i++) plan_free(n->plan[i]);
    n->plans = n->oldest = 0;
    n->weights = n->forward = NULL;
}

/* An arena of at least so many bytes. It grows only in the odd case that fewer rows want another layout that takes more. */
static status reserve(tensor_network *n, size_t bytes)
{
    if (n->array[REGION_BUFFER] && bytes <= n->arena_bytes) return OK;
    drop_plans(n);
    free(n->array[REGION_BUFFER]);
    n->array[REGION_BUFFER] = zeros(bytes);
    n->arena_bytes = bytes;
    if (n->array[REGION_BUFFER] == NULL) return failure(NO_MEMORY, "%zu bytes for a network", bytes);
    return OK;
}

static void keep_plan(tensor_network *n, plan *p)
{
    if (n->plans < PLANS_MAX) {
        n->plan[n->plans++] = p;
        return;
    }
    plan *gone = n->plan[n->oldest];
    if (n->weights == gone) n->weights = NULL;
    if (n->forward == gone) n->forward = NULL;
    plan_free(gone);
    n->plan[n->oldest] = p;
    n->oldest = (n->oldest + 1) % PLANS_MAX;
}

static status find_plan(tensor_network *n, int rows, plan **out)
{
    status result = OK;
    plan *made = NULL;
    char *base[REGIONS];
    CHECK(rows >= 1 && rows <= n->rows, BROKEN, "%d rows in a network of at most %d", rows, n->rows);
    for (int i = 0; i < n->plans; i++)
        if (n->plan[i]->rows == rows) {
            *out = n->plan[i];
            goto done;
        }
    TRY(plan_make(&n->graph, rows, n->precision, &made));
    TRY(reserve(n, made->arena));
    for (int r = 0; r < REGIONS; r++) base[r] = (char *)n->array[r];
    TRY(plan_bind(made, base));
    keep_plan(n, made);
    *out = made;
    made = NULL;
done:
    plan_free(made);
    return result;
}

status tensor_network_make(const network_graph *g, int rows, tensor_precision p, tensor_network **out)
{
    status result = OK;
    tensor_network *n = calloc(1, sizeof *n);
    size_t floats[REGIONS];
    plan *full;
    *out = NULL;
    CHECK(n != NULL, NO_MEMORY, "%zu bytes", sizeof *n);
    CHECK(p != PRECISION_BF16 || tensor_has_bf16(), BAD_INPUT,
          "precision bf16: this processor does not compute in bfloat16; f32 runs everywhere");
    n->graph = *g;
    n->rows = rows;
    n->precision = p;
    measure(g, rows, floats);
    for (int r = REGION_INPUT; r < REGIONS; r++) {
        n->array[r] = zeros(floats[r] * sizeof(float));
        CHECK(n->array[r] != NULL, NO_MEMORY, "%zu numbers of a network", floats[r]);
    }
    TRY(find_plan(n, rows, &full));
    *out = n;
    n = NULL;
done:
    tensor_network_free(n);
    return result;
}

void tensor_network_free(tensor_network *n)
{
    if (n == NULL) return;
    drop_plans(n);
    for (int r = 0; r < REGIONS; r++) free(n->array[r]);
    free(n);
}

float *tensor_network_parameters(tensor_network *n)
{
    return n->array[REGION_PARAMETERS];
}

float *tensor_network_gradients(tensor_network *n)
{
    return n->array[REGION_GRADIENTS];
}

int64_t tensor_network_padded(const tensor_network *n)
{
    return (int64_t)padded(graph_parameters(&n->graph));
}

void tensor_network_changed(tensor_network *n)
{
    n->weights = NULL;
}

float *tensor_network_running(tensor_network *n)
{
    return n->array[REGION_RUNNING];
}

const float *tensor_network_batch_statistics(const tensor_network *n)
{
    return n->array[REGION_UNBIASED];
}

float *tensor_network_input(tensor_network *n)
{
    return n->array[REGION_INPUT];
}

void tensor_network_pause(tensor_network *n, tensor_pause pause, void *context)
{
    n->pause = pause;
    n->pause_context = context;
}

static status run(tensor_network *n, const plan *p, int pass)
{
    status result = OK;
    for (const step *s = p->step; s < p->step + p->steps; s++) {
        if (!(s->passes & pass)) continue;
        CHECK(n->pause == NULL || n->pause(n->pause_context), WORK_LEFT, "stopped within a pass");
        TRY(s->operation ? onednn_run(p->library, s->operation) : s->run(s));
    }
done:
    return result;
}

static float *numbers(const tensor_network *n, const plan *p, tensor t)
{
    if (t.place.region != REGION_BUFFER) return n->array[t.place.region] + t.place.at;
    return n->array[REGION_BUFFER] + p->buffer[t.place.at].offset / sizeof(float);
}

static status pass(tensor_network *n, int rows, int which, const float **logits)
{
    status result = OK;
    plan *p;
    n->forward = NULL;
    TRY(find_plan(n, rows, &p));
    if (n->weights != p) {
        n->weights = NULL;
        TRY(run(n, p, IN_WEIGHTS));
        n->weights = p;
    }
    TRY(run(n, p, which));
    if (which == IN_FORWARD) n->forward = p;
    *logits = numbers(n, p, p->logits);
done:
    return result;
}

status tensor_network_forward(tensor_network *n, int rows, const float **logits)
{
    return pass(n, rows, IN_FORWARD, logits);
}

status tensor_network_predict(tensor_network *n, int rows, const float **logits)
{
    return pass(n, rows, IN_PREDICT, logits);
}

status tensor_network_backward(tensor_network *n, int rows, const float *logits_gradient)
{
    status result = OK;
    const plan *p = n->forward;
    CHECK(p != NULL && p->rows == rows, BROKEN, "a backward pass over %d rows without their forward pass",
          rows);
    n->forward = NULL; /* it writes over what it reads */
    memcpy(numbers(n, p, p->logits_gradient), logits_gradient, onednn_bytes(p->logits_gradient.layout));
    TRY(run(n, p, IN_BACKWARD));
done:
    return result;
}

#else
typedef int tensors_are_absent; /* a translation unit is not empty */
#endif
