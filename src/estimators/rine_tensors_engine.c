/* RINE in the tensor engine (rine_tensors.h): which tasks, how they run, and what they cost in arithmetic, time and memory. */
#include <string.h>

#include "gang.h"
#include "rine_coupled.h"
#include "rine_engine.h"
#include "rine_parts.h"
#include "rine_tensors.h"
#include "rine_tensors_state.h"

/* Of a micro-batch: one sample has no variance. */
enum { MICRO_ROWS_MIN = 2 };

static tensor_precision precision_of(const settings *s)
{
    const tensor_options *o = s->block[SECTION_MODEL];
    return (tensor_precision)o->precision;
}

/* ---- what a task is -------------------------------------------------------------------------------------------------- */

static status check_networks(const settings *s, const data_shape *shape)
{
    status result = OK;
    const char *model = s->model->name;
    CHECK(tensor_available(), BAD_INPUT,
          "model %s needs oneDNN, which this infosweep was built without (see INSTALL)", model);
    for (int i = 0; i < shape->sources; i++) {
        network_graph g;
        CHECK(shape->image[i].channels > 0, BAD_INPUT,
              "model %s learns from images; those of data kind views are some, those of %s are none", model,
              s->data->name);
        TRY(rine_coupled_graph(s, shape, i, &g));
    }
    CHECK(precision_of(s) != PRECISION_BF16 || tensor_has_bf16(), BAD_INPUT,
          "model.precision bf16 needs a processor that computes in it; this one has %s: f32 runs everywhere",
          tensor_kernels_name());
done:
    return result;
}

static status check_micro_batches(const train_options *o, const data_shape *shape)
{
    status result = OK;
    const int64_t parts = o->micro_batches, steps = train_steps(o, shape->train, 0);
    const int64_t rows = train_rows(o, shape->train, 0),
                  last = train_step_rows(o, shape->train, 0, steps - 1);
    CHECK((parts & (parts - 1)) == 0, BAD_INPUT, "train.micro_batches must be a power of two, not %lld",
          (long long)parts);
    CHECK(rows / parts >= MICRO_ROWS_MIN, BAD_INPUT,
          "train.micro_batches %lld leaves fewer than %d of a batch's %lld samples to each", (long long)parts,
          MICRO_ROWS_MIN, (long long)rows);
    CHECK(last / parts >= MICRO_ROWS_MIN, BAD_INPUT,
          "train.micro_batches %lld leaves fewer than %d of the last batch's %lld samples to each; set "
          "train.last_batch to drop",
          (long long)parts, MICRO_ROWS_MIN, (long long)last);
done:
    return result;
}

static status check(const settings *s, const data_shape *shape)
{
    status result = OK;
    CHECK(!shape->weighted, BAD_INPUT, "model %s learns from samples, not from a weighted table",
          s->model->name);
    CHECK(!rine_options_of(s)->decompose, BAD_INPUT,
          "rine.decompose puts sources side by side into one network, which model %s cannot; model mlp can",
          s->model->name);
    TRY(check_networks(s, shape));
    TRY(check_micro_batches(rine_train_of(s), shape));
done:
    return result;
}

/* Networks of images have no padding: all sizes are as they are. */
static void envelope(const settings *s, const data_shape *shape, data_shape *out)
{
    (void)s;
    *out = *shape;
}

static void manner(const settings *s, const data_shape *shape, task_manner *out)
{
    *out = (task_manner){
        .lanes = 1,
        .ranks = rine_shares_most(shape->sources, (int)rine_train_of(s)->micro_batches),
        .keeps = true,
    };
}

static status prepare(dataset *d)
{
    (void)d; /* samples are read when they are wanted */
    return OK;
}

static status train(rine_group *g, rine_progress *progress)
{
    status result = OK;
    const rine_sink sink = rine_group_sink(g);
    TRY(rine_tensors_train(g->pack, g->task[0].data, &progress->ticker, &sink));
    if (gang_rank(g->pack->gang) == 0) rine_group_fill(g);
done:
    return result;
}

/* ---- what it costs --------------------------------------------------------------------------------------------------- */

/* Of all samples that a task passes through the networks of all its sources, in training and evaluation. */
typedef struct work {
    double flops;
    double numbers; /* that pass through memory, counted as often as a training step moves them */
} work;

static work work_of(const settings *s, const data_shape *shape)
{
    enum { BACK_AND_FORTH = 3 }; /* a training step moves about three times what a forward pass does */
    const rine_passes p = rine_passes_of(s, shape);
    work w = { 0 };
    for (int i = 0; i < shape->sources; i++) {
        network_graph g;
        if (rine_coupled_graph(s, shape, i, &g) != OK) continue; /* refused elsewhere */
        w.flops +=
            2 * ((double)graph_macs_train(&g) * p.trained + (double)graph_macs_forward(&g) * p.evaluated);
        w.numbers += (double)graph_activations(&g) * (p.trained + p.evaluated / BACK_AND_FORTH);
    }
    return w;
}

static double flops(const settings *s, const data_shape *shape)
{
    return work_of(s, shape).flops;
}

/* Seconds on one core: arithmetic, and what norms, ReLUs and sums take, which is memory's pace in both precisions. Fitted to
 * networks of three sizes on one core (tests/bench/tensors.c); `run` corrects it by what it measures. */
static double seconds(const settings *s, const data_shape *shape, int count)
{
    static const struct {
        const char *kernels;
        double flops_per_second, bf16_gain;
    } speeds[] = { { "avx512_core_amx", 105e9, 1.8 },
                   { "avx512_core_bf16", 105e9, 1.5 },
                   { "avx512", 105e9, 1 },
                   { "avx2", 52e9, 1 },
                   { "", 10e9, 1 } };
    const double number_seconds = 1e-9;
    const work w = work_of(s, shape);
    int set = 0;
    while (strncmp(tensor_kernels_name(), speeds[set].kernels, strlen(speeds[set].kernels)) != 0) set++;
    double rate = speeds[set].flops_per_second;
    if (precision_of(s) == PRECISION_BF16) rate *= speeds[set].bf16_gain;
    return count * (w.flops / rate + w.numbers * number_seconds);
}

/* Ranks of the gang that a task gets. */
static int ranks_of(const settings *s, const data_shape *shape)
{
    const run_options *run = s->block[SECTION_RUN];
    const int most = rine_shares_most(shape->sources, (int)rine_train_of(s)->micro_batches);
    int ranks = 1;
    while (run && 2 * ranks <= most && 2 * ranks <= run->ranks_per_task) ranks *= 2;
    return ranks;
}

static size_t bytes(const settings *s, const data_shape *shape, int count)
{
    const run_options *run = s->block[SECTION_RUN];
    size_t target = shape->classes > 0 ? sizeof(int32_t) : (size_t)shape->dimensions * sizeof(float);
    size_t samples = (size_t)(shape->train + shape->test), kept = 0;
    if (rine_keeps_samples(s, shape)) kept = (size_t)shape->sources * (size_t)shape->test * sizeof(double);
    if (run && run->checkpoint_seconds > 0) kept += rine_state_bytes(s, shape);
    (void)count; /* one */
    return rine_coupled_bytes(s, shape, ranks_of(s, shape)) + samples * target + kept;
}

const rine_engine rine_tensors_engine = {
    .check = check,
    .envelope = envelope,
    .manner = manner,
    .flops = flops,
    .seconds = seconds,
    .bytes = bytes,
    .prepare = prepare,
    .train = train,
};
