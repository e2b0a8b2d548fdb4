#include <math.h>
#include <string.h>

#include "random.h"
#include "train.h"

#define FIELD(f) offsetof(train_options, f)
static const option train_table[] = {
    { "optimizer", OPTION_CHOICE, FIELD(optimizer), "sgd", 0, 0, "",
      "gradient descent with momentum, or Adam", "sgd|adam", 0 },
    /* the decays stay below 1 when they are rounded to single precision */
    { "momentum", OPTION_REAL, FIELD(momentum), "0.9", 0, 0.999999, "",
      "momentum of sgd; decay of the first moment of adam", "", OPTION_LANE },
    { "second", OPTION_REAL, FIELD(second), "0.999", 0, 0.9999999, "", "decay of the second moment of adam",
      "", OPTION_LANE },
    { "rate", OPTION_REAL, FIELD(rate), "0.01", 0, 1000, "", "learning rate at epoch 0", "", OPTION_LANE },
    { "rate_decay", OPTION_REAL, FIELD(rate_decay), "0.97", 1e-6, 1, "",
      "factor on the learning rate per epoch; 1 keeps it constant", "", OPTION_LANE },
    { "weight_decay", OPTION_REAL, FIELD(weight_decay), "0.005", 0, 1000, "",
      "L2 penalty on every parameter, added to the gradient", "", OPTION_LANE },
    { "batch", OPTION_INTEGER, FIELD(batch), "128", 2, 1048576, "samples",
      "samples per step; a weighted table is always one batch", "", 0 },
    { "last_batch", OPTION_CHOICE, FIELD(last_batch), "keep", 0, 0, "",
      "a short last batch of an epoch; one sample alone is always dropped", "keep|drop", 0 },
    { "epochs", OPTION_INTEGER, FIELD(epochs), "30", 1, 1e7, "",
      "steps of the schedules of rate and beta; each a pass over the training samples, unless epoch_steps "
      "says otherwise",
      "", 0 },
    { "epoch_steps", OPTION_INTEGER, FIELD(epoch_steps), "pass", 1, 100000, "steps",
      "optimizer steps per epoch, of full batches that run on through shuffled passes; pass: as many as one "
      "pass has",
      "pass", 0 },
    { "micro_batches", OPTION_INTEGER, FIELD(micro_batches), "1", 1, 64, "",
      "equal parts of a batch (1, 2, 4, ...) that batch normalisation sees apart, so that ranks of a gang "
      "can "
      "train them; convolutional networks only",
      "", 0 },
    { .name = NULL }
};
#undef FIELD

const section train_section = { "train", train_table, sizeof(train_options) };

double train_rate(const train_options *o, int epoch)
{
    return o->rate * pow(o->rate_decay, epoch);
}

int64_t train_steps(const train_options *o, int64_t n, int weighted)
{
    if (o->epoch_steps != EPOCH_PASS) return o->epoch_steps;
    if (weighted) return 1;
    int64_t rest = n % o->batch;
    return n / o->batch + (rest > 1 && o->last_batch == LAST_KEEP);
}

int64_t train_rows(const train_options *o, int64_t n, int weighted)
{
    if (weighted) return n;
    return n < o->batch && o->epoch_steps == EPOCH_PASS ? n : o->batch;
}

int64_t train_step_rows(const train_options *o, int64_t n, int weighted, int64_t step)
{
    int64_t rows = train_rows(o, n, weighted), left = n - step * rows;
    return left < rows && o->epoch_steps == EPOCH_PASS ? left : rows;
}

int64_t train_step_first(const train_options *o, int64_t n, int64_t epoch, int64_t step)
{
    if (o->epoch_steps == EPOCH_PASS) return epoch * n + step * o->batch;
    return (epoch * o->epoch_steps + step) * o->batch;
}

int64_t train_samples(const train_options *o, int64_t n, int weighted)
{
    int64_t steps = train_steps(o, n, weighted);
    if (steps == 0) return 0;
    return (steps - 1) * train_rows(o, n, weighted) + train_step_rows(o, n, weighted, steps - 1);
}

int64_t train_samples_alike(const train_options *o, int64_t n)
{
    int64_t no_step =
        o->last_batch == LAST_KEEP ? 1 : o->batch - 1; /* samples that are too few for another */
    return train_steps(o, n, 0) * o->batch + no_step;
}

void train_initialise(int64_t fan_in, int64_t out, int64_t seed, int source, int layer, float *weights,
                      float *bias)
{
    random_key key = { .seed = (uint64_t)seed,
                       .purpose = RANDOM_INIT,
                       .stream = (uint32_t)(source * TRAIN_LAYERS_MAX + layer) };
    double bound = 1 / sqrt((double)fan_in);
    int64_t count = fan_in * out;
    for (int64_t i = 0; i < count; i++)
        weights[i] = (float)(bound * (2 * random_uniform(key, (uint64_t)i) - 1));
    for (int64_t o = 0; bias && o < out; o++)
        bias[o] = (float)(bound * (2 * random_uniform(key, (uint64_t)(count + o)) - 1));
}

void train_initialise_dense(const dense_shape *d, int64_t seed, int source, int layer, float *weights,
                            float *bias)
{
    train_initialise(d->in, d->out, seed, source, layer, weights, d->bias ? bias : NULL);
}

void train_shuffle(int64_t seed, int64_t pass, int64_t n, int32_t *order)
{
    random_key key = { .seed = (uint64_t)seed, .purpose = RANDOM_SHUFFLE, .epoch = (uint32_t)pass };
    random_permutation(key, n, order);
}

void train_visit(train_pass *pass, int64_t seed, int64_t n, int64_t first, int64_t count, int32_t *visit)
{
    while (count > 0) {
        int64_t number = first / n, at = first % n, rest = n - at < count ? n - at : count;
        if (pass->number != number) train_shuffle(seed, number, n, pass->order);
        pass->number = number;
        memcpy(visit, pass->order + at, (size_t)rest * sizeof *visit);
        visit += rest;
        first += rest;
        count -= rest;
    }
}
