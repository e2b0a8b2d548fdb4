#include "data/trial_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/trial_cell.h"
#include "data/window_features.h"

status trial_data_shape(const recordings *r, const trial_options *o, int64_t seed, data_shape *shape)
{
    status result = OK;
    trial_cell *cell = NULL;
    TRY(trial_cell_make(r, o, seed, &cell));
    *shape = cell->shape;
done:
    trial_cell_free(cell);
    return result;
}

/* ---- features --------------------------------------------------------------------------------------------------------- */

/* Copies the units of one trial side by side. `feature` (areas): (trials, units) of each area. */
static void copy_trial(const recorded_session *s, const unit_list *units, const float *const *feature,
                       int32_t trial, float *x)
{
    for (int u = 0; u < units->count; u++) {
        const unit_ref *of = &units->unit[u];
        x[u] = feature[of->area][(int64_t)trial * s->area[of->area].units + of->unit];
    }
}

static status fill_side(const recordings *r, const trial_options *o, const trial_cell *cell, int side,
                        dataset *d)
{
    status result = OK;
    const recorded_session *s = cell->set[side]->selection->session;
    const unit_list *units = &cell->units[side];
    const int32_t *member = cell->pairs->member[side];
    const float **feature = calloc((size_t)s->areas, sizeof *feature);
    CHECK(feature != NULL, NO_MEMORY, "no memory for the features of session %s", s->name);
    for (int u = 0; u < units->count; u++) {
        int a = units->unit[u].area;
        if (feature[a] == NULL) TRY(window_features_find(r, s, &s->area[a], o, side, &feature[a]));
    }
    for (int64_t k = 0; k < d->shape.train; k++)
        copy_trial(s, units, feature, cell->set[side]->trial[member[k]], d->train_x[side] + k * units->count);
    member += d->shape.train;
    for (int64_t k = 0; k < d->shape.test; k++) {
        d->test_trial[side][k] = cell->set[side]->trial[member[k]];
        d->test_block[side][k] = cell->set[side]->block[member[k]];
        copy_trial(s, units, feature, d->test_trial[side][k], d->test_x[side] + k * units->count);
    }
done:
    free(feature);
    return result;
}

/* Mean 0 and variance 1 over the training part; a unit that is constant there becomes 0 everywhere. */
static void standardise_unit(int features, int64_t train, int64_t test, float *train_x, float *test_x)
{
    double sum = 0, squares = 0;
    bool constant = true;
    for (int64_t k = 0; k < train; k++) {
        sum += (double)train_x[k * features];
        constant = constant && train_x[k * features] == train_x[0];
    }
    double mean = sum / (double)train;
    for (int64_t k = 0; k < train; k++) {
        double off = (double)train_x[k * features] - mean;
        squares += off * off;
    }
    double scale = constant ? 0 : 1 / sqrt(squares / (double)train);
    for (int64_t k = 0; k < train; k++)
        train_x[k * features] = (float)(((double)train_x[k * features] - mean) * scale);
    for (int64_t k = 0; k < test; k++)
        test_x[k * features] = (float)(((double)test_x[k * features] - mean) * scale);
}

static void standardise(dataset *d)
{
    for (int i = 0; i < d->shape.sources; i++)
        for (int u = 0; u < d->shape.features[i]; u++)
            standardise_unit(d->shape.features[i], d->shape.train, d->shape.test, d->train_x[i] + u,
                             d->test_x[i] + u);
}

/* ---- targets ---------------------------------------------------------------------------------------------------------- */

/* About the mean of the training part: a number far from 0 (a time since 1970) would lose in single precision what varies
 * about it, while H(Y), which does not change with the mean, would not. */
static void fill_values(const trial_cell *cell, int j, dataset *d)
{
    const trial_pairs *p = cell->pairs;
    const int n = cell->shape.dimensions;
    double mean = 0;
    for (int64_t k = 0; k < p->train; k++) mean += cell->target[k * n + j] / (double)p->train;
    for (int64_t k = 0; k < p->train; k++)
        d->train_value[k * n + j] = (float)(cell->target[k * n + j] - mean);
    for (int64_t k = 0; k < p->test; k++)
        d->test_value[k * n + j] = (float)(cell->target[(p->train + k) * n + j] - mean);
}

static void fill_targets(const trial_cell *cell, dataset *d)
{
    const trial_pairs *p = cell->pairs;
    int n = cell->shape.dimensions;
    d->target_entropy_bits = cell->target_entropy_bits;
    if (n == 0) {
        memcpy(d->train_y, p->class, (size_t)p->train * sizeof *p->class);
        memcpy(d->test_y, p->class + p->train, (size_t)p->test * sizeof *p->class);
        return;
    }
    for (int j = 0; j < n; j++) fill_values(cell, j, d);
}

status trial_data_make(const recordings *r, const trial_options *o, int64_t seed, dataset **out)
{
    status result = OK;
    trial_cell *cell = NULL;
    dataset *made = NULL;
    window_features_trim();
    TRY(trial_cell_make(r, o, seed, &cell));
    TRY(dataset_make(&cell->shape, &made));
    for (int i = 0; i < 2; i++) TRY(fill_side(r, o, cell, i, made));
    fill_targets(cell, made);
    if (o->standardise) standardise(made);
    *out = made;
    made = NULL;
done:
    dataset_free(made);
    trial_cell_free(cell);
    return result;
}

void trial_data_forget(const recordings *r)
{
    selections_forget(r);
    window_features_forget(r);
}
