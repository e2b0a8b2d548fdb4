#include "rine_tensors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rine_coupled.h"
#include "rine_parts.h"
#include "rine_results.h"
#include "rine_tensors_state.h"

/* Of what a note says of recent steps, each step keeps this much: they count for about as many as its inverse says. */
#define NOTE_MEMORY 0.9

/* A task in training. */
typedef struct training {
    const task_pack *pack;
    const rine_options *rine;
    const rine_sink *sink;
    ticker *ticker;
    bool leads; /* rank 0 of the gang, which tells the sink and keeps checkpoints */
    int64_t epoch_steps;
    double entropy_bits;
    rine_coupled *coupled;
    rine_position at;
    int64_t kept; /* steps in the state that was kept last */
    bool diverged;

    double next_tick;
    /* of recent steps, the last ones most */
    double note_steps, note_loss, note_samples, note_seconds;
} training;

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- ticks ----------------------------------------------------------------------------------------------------------- */

/* Networks call it between their layers, the gang while it waits. */
static bool training_ticks(void *context)
{
    training *t = context;
    const double now = now_seconds(), epochs = (double)t->coupled->train->epochs;
    if (now < t->next_tick) return true;
    t->next_tick = now + t->ticker->interval_seconds;
    const double epoch = (double)t->at.epoch + (double)t->at.step / (double)t->epoch_steps;
    return t->ticker->tick(t->ticker, epoch < epochs ? epoch / epochs : 1);
}

static void note_step(training *t, double loss, int rows, double seconds)
{
    task_note *note = &t->ticker->note;
    t->note_steps = NOTE_MEMORY * t->note_steps + 1;
    t->note_loss = NOTE_MEMORY * t->note_loss + loss;
    t->note_samples = NOTE_MEMORY * t->note_samples + rows;
    t->note_seconds = NOTE_MEMORY * t->note_seconds + seconds;
    note->epoch = t->at.epoch;
    note->loss = t->note_loss / t->note_steps;
    note->samples_per_second = t->note_seconds > 0 ? t->note_samples / t->note_seconds : 0;
}

/* ---- divergence ------------------------------------------------------------------------------------------------------ */

/* A loss that is no number stays none: the task has diverged. */
static void check_loss(training *t, const double *nats, int stride)
{
    bool finite = true;
    for (int i = 0; i < t->coupled->sources; i++) finite = finite && isfinite(nats[i * stride]);
    if (finite || t->diverged) return;
    t->diverged = true;
    if (t->leads) t->sink->diverged(t->sink->context, 0, t->at.epoch);
}

/* Collective. A network that an infinite parameter has spoilt has diverged, even where its loss is still a number. */
static status check_parameters(training *t)
{
    status result = OK;
    bool finite[SOURCES_MAX];
    double nats[SOURCES_MAX];
    TRY(rine_coupled_finite(t->coupled, finite));
    for (int i = 0; i < t->coupled->sources; i++) nats[i] = finite[i] ? t->at.train_nats[i] : NAN;
    check_loss(t, nats, 1);
done:
    return result;
}

/* ---- checkpoints ------------------------------------------------------------------------------------------------------ */

static status keep_state(training *t)
{
    t->kept = t->at.steps;
    return rine_state_save(t->coupled, &t->at, t->sink, 0, t->pack->checkpoint);
}

/* Collective: rank 0 decides. */
static status keep_when_due(training *t)
{
    status result = OK;
    checkpoint *keep = t->pack->checkpoint;
    bool due = t->leads && keep && keep->due(keep);
    TRY(gang_share(t->pack->gang, &due, sizeof due));
    if (due) TRY(keep_state(t));
done:
    return result;
}

/* A run that stops leaves what a rank alone has reached. A gang is of no more use then: it goes on from what it kept last. */
static status keep_at_stop(training *t)
{
    if (t->pack->checkpoint == NULL || gang_ranks(t->pack->gang) > 1 || t->at.steps == t->kept) return OK;
    return keep_state(t);
}

/* ---- training -------------------------------------------------------------------------------------------------------- */

static status train_step(training *t)
{
    status result = OK;
    rine_coupled *c = t->coupled;
    const double began = now_seconds(), weight = rine_weight(t->rine, c->outputs, t->at.epoch);
    lanes_sums means = { 0 };
    double loss = 0;
    TRY(rine_coupled_gradient(c, t->at.epoch, t->at.step, (float)weight, &means));
    rine_coupled_step(c, t->at.epoch);
    const int rows = c->batches.own_rows[0];
    for (int i = 0; i < c->sources; i++) {
        t->at.train_nats[i] += rows * means.cross_entropy[i][0];
        loss += means.cross_entropy[i][0] / c->sources;
    }
    t->at.seen += rows;
    t->at.step++;
    t->at.steps++;
    note_step(t, loss + weight * means.distance[0], rows, now_seconds() - began);
    check_loss(t, t->at.train_nats, 1);
done:
    return result;
}

static status train_epoch(training *t)
{
    status result = OK;
    while (t->at.step < t->epoch_steps && !t->diverged) {
        TRY(train_step(t));
        TRY(keep_when_due(t));
        TRY(training_ticks(t) ? OK : WORK_LEFT);
    }
    if (!t->diverged) TRY(check_parameters(t));
done:
    return result;
}

/* ---- evaluation ------------------------------------------------------------------------------------------------------ */

/* Tells the sink sums over the test samples of each class: of the mean cross-entropy of the sources, and of the samples. */
static status tell_classes(const training *t)
{
    status result = OK;
    const rine_coupled *c = t->coupled;
    const data_shape *shape = &c->data->shape;
    const float share = 1.0f / (float)c->sources;
    double *nats = calloc(2 * (size_t)shape->classes + 1, sizeof *nats), *weight = nats + shape->classes;
    CHECK(nats != NULL, NO_MEMORY, "sums of %d classes", shape->classes);
    for (int64_t k = 0; k < shape->test; k++) {
        float sum = 0;
        for (int i = 0; i < c->sources; i++) sum += c->test_nats[i][k];
        nats[c->data->test_y[k]] += (double)(sum * share);
        weight[c->data->test_y[k]] += 1;
    }
    t->sink->classes(t->sink->context, 0, nats, weight);
done:
    free(nats);
    return result;
}

/* In the units of the target. */
static void tell_samples(const training *t)
{
    rine_coupled *c = t->coupled;
    const int test = (int)c->data->shape.test;
    for (int i = 0; i < c->sources; i++) {
        for (int k = 0; k < test; k++) c->test_nats[i][k] += (float)c->decoder.log_scale_nats[0];
        t->sink->samples(t->sink->context, 0, i, 0, test, c->test_nats[i], 1);
    }
}

static status tell(training *t, bool averaged, const lanes_sums *means)
{
    status result = OK;
    const rine_coupled *c = t->coupled;
    const double scale = c->decoder.log_scale_nats[0];
    rine_epoch e = { .distance = means->distance[0] };
    double mean = 0;
    for (int i = 0; i < c->sources; i++) {
        e.train_nats[i] = t->at.train_nats[i] / (double)t->at.seen + scale;
        e.test_nats[i] = means->cross_entropy[i][0] + scale;
        e.score[i] = rine_decoder_score(&c->decoder, means, i, 0);
        mean += e.test_nats[i] / c->sources;
    }
    t->ticker->note.bits = t->entropy_bits - bits_per_nat * mean;
    if (!t->leads) goto done;
    t->sink->epoch(t->sink->context, 0, t->at.epoch, &e);
    if (averaged && t->sink->classes && c->data->shape.classes > 0) TRY(tell_classes(t));
    if (averaged && t->sink->samples) tell_samples(t);
done:
    return result;
}

/* Where the epoch counts, or is asked for. */
static status evaluate(training *t)
{
    status result = OK;
    const bool averaged = t->at.epoch >= t->coupled->train->epochs - rine_averaged(t->pack->task[0]);
    lanes_sums means;
    if (!averaged && !t->rine->history) goto done;
    TRY(rine_coupled_evaluate(t->coupled, &means));
    check_loss(t, &means.cross_entropy[0][0], LANES_MAX);
    if (!t->diverged) TRY(tell(t, averaged, &means));
done:
    return result;
}

static status train(training *t)
{
    status result = OK;
    while (t->at.epoch < t->coupled->train->epochs && !t->diverged) {
        TRY(train_epoch(t));
        if (!t->diverged) TRY(evaluate(t));
        t->at = (rine_position){ .epoch = t->at.epoch + 1, .steps = t->at.steps };
    }
done:
    return result;
}

status rine_tensors_train(const task_pack *pack, const dataset *data, ticker *t, const rine_sink *sink)
{
    status result = OK;
    const settings *s = pack->task[0];
    training own = { .pack = pack,
                     .rine = rine_options_of(s),
                     .sink = sink,
                     .ticker = t,
                     .leads = gang_rank(pack->gang) == 0,
                     .epoch_steps = train_steps(rine_train_of(s), data->shape.train, 0),
                     .entropy_bits = rine_target_entropy_bits(rine_options_of(s), data),
                     .coupled = calloc(1, sizeof *own.coupled) };
    t->note = (task_note){ .epochs = rine_train_of(s)->epochs, .loss = NAN, .bits = NAN };
    CHECK(own.coupled != NULL, NO_MEMORY, "networks of a task");
    TRY(rine_coupled_make(own.coupled, s, data, pack->gang));
    rine_coupled_pause(own.coupled, training_ticks, &own);
    TRY(rine_state_load(own.coupled, &own.at, sink, 0, pack->checkpoint));
    own.kept = own.at.steps;
    result = train(&own);
    if (result == WORK_LEFT) {
        status kept = keep_at_stop(&own);
        if (kept != OK) result = kept;
    }
done:
    gang_set_pause(pack->gang, NULL, NULL);
    if (own.coupled) rine_coupled_free(own.coupled);
    free(own.coupled);
    return result;
}
