#include "rine_batches.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int larger(int a, int b)
{
    return a > b ? a : b;
}

size_t rine_batches_bytes(const train_options *train, const data_shape *shape, bool joined)
{
    size_t rows = (size_t)train_rows(train, shape->train, shape->weighted), features = 0;
    for (int i = 0; i < shape->sources; i++) features += (size_t)shape->features[i];
    size_t samples = (size_t)shape->train + (shape->weighted ? 0 : (size_t)shape->test);
    return rows * (sizeof(float) + sizeof(int32_t)) + (size_t)shape->train * sizeof(int32_t) +
           (joined ? samples * features * sizeof(float) : 0);
}

/* ---- making ------------------------------------------------------------------------------------------------------ */

/* The first lane whose visits are this one's. */
static int first_alike(const rine_batches *b, int lane)
{
    int first = 0;
    while (b->seed[first] != b->seed[lane] || b->samples[PART_TRAIN][first] != b->samples[PART_TRAIN][lane] ||
           b->samples[PART_TEST][first] != b->samples[PART_TEST][lane])
        first++;
    return first;
}

/* Every source is the input of its own network. */
static void separate_inputs(rine_batches *b)
{
    for (int i = 0; i < b->networks; i++)
        for (int lane = 0; lane < b->lanes; lane++) {
            const dataset *d = b->data[lane];
            b->own_features[i][lane] = d->shape.features[i];
            b->x[PART_TRAIN][i][lane] = d->train_x[i];
            b->x[PART_TEST][i][lane] = d->test_x[i];
        }
}

/* (samples, features of all sources): row by row, source after source. NULL when there is no memory. */
static float *join(const data_shape *shape, float *const *x, int64_t samples, int features)
{
    float *joined = malloc((size_t)samples * (size_t)features * sizeof *joined), *to = joined;
    for (int64_t r = 0; joined && r < samples; r++)
        for (int i = 0; i < shape->sources; to += shape->features[i], i++)
            memcpy(to, x[i] + r * shape->features[i], (size_t)shape->features[i] * sizeof *to);
    return joined;
}

/* All sources side by side are the input of one network; lanes that share data share it here too. */
static status joint_inputs(rine_batches *b)
{
    status result = OK;
    for (int lane = 0; lane < b->lanes; lane++) {
        const dataset *d = b->data[lane];
        int features = 0, twin = 0;
        for (int i = 0; i < d->shape.sources; i++) features += d->shape.features[i];
        b->own_features[0][lane] = features;
        while (b->data[twin] != d) twin++;
        for (int part = 0; part < PARTS; part++) {
            if (twin == lane) {
                b->joined[part][lane] = join(&d->shape, part == PART_TEST ? d->test_x : d->train_x,
                                             b->samples[part][lane], features);
                CHECK(b->joined[part][lane], NO_MEMORY, "%lld samples of %d features",
                      (long long)b->samples[part][lane], features);
            }
            b->x[part][0][lane] = b->joined[part][twin];
        }
    }
done:
    return result;
}

/* Orders and visits of every lane. */
static status make_visits(rine_batches *b)
{
    status result = OK;
    size_t rows = (size_t)b->rows_most, cells = rows * (size_t)b->lanes, orders = 0;
    for (int lane = 0; lane < b->lanes; lane++) {
        b->twin[lane] = first_alike(b, lane);
        if (b->twin[lane] == lane) orders += (size_t)b->samples[PART_TRAIN][lane];
    }
    b->memory = malloc((cells + orders) * sizeof *b->memory);
    b->weight = lanes_allocate(cells * sizeof *b->weight);
    CHECK(b->memory && b->weight, NO_MEMORY, "orders of %zu samples", orders);
    int32_t *order = b->memory + cells;
    for (int lane = 0; lane < b->lanes; lane++) {
        b->visit[lane] = b->memory + (size_t)b->twin[lane] * rows;
        if (b->twin[lane] < lane) continue;
        b->pass[lane] = (train_pass){ .number = -1, .order = order };
        order += b->samples[PART_TRAIN][lane];
    }
done:
    return result;
}

status rine_batches_make(rine_batches *b, const lanes_kernels *k, const train_options *train,
                         rine_training what, const dataset *const *data, const int64_t *seed)
{
    status result = OK;
    *b = (rine_batches){ .kernels = k,
                         .train = train,
                         .lanes = lanes_kernels_lanes(k),
                         .weighted = data[0]->shape.weighted,
                         .networks = what == TRAIN_JOINT ? 1 : data[0]->shape.sources };
    for (int lane = 0; lane < b->lanes; lane++) {
        const data_shape *shape = &data[lane]->shape;
        b->data[lane] = data[lane];
        b->seed[lane] = seed[lane];
        b->samples[PART_TRAIN][lane] = shape->train;
        b->samples[PART_TEST][lane] = shape->test;
        b->rows_most = larger(b->rows_most, (int)train_rows(train, shape->train, shape->weighted));
        assert(train_steps(train, shape->train, b->weighted) ==
               train_steps(train, data[0]->shape.train, b->weighted));
    }
    if (what == TRAIN_JOINT)
        TRY(joint_inputs(b));
    else
        separate_inputs(b);
    for (int i = 0; i < b->networks; i++)
        for (int lane = 0; lane < b->lanes; lane++)
            b->features[i] = larger(b->features[i], b->own_features[i][lane]);
    TRY(make_visits(b));
done:
    return result;
}

void rine_batches_free(rine_batches *b)
{
    for (int part = 0; part < PARTS; part++)
        for (int lane = 0; lane < b->lanes; lane++) free(b->joined[part][lane]);
    free(b->memory);
    free(b->weight);
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

/* Samples in their own order, from `first` on. */
static void visit_in_order(int32_t *visit, int64_t first, int rows)
{
    for (int r = 0; r < rows; r++) visit[r] = (int32_t)(first + r);
}

/* The batch has as many rows as its longest lane; the others repeat a sample there. */
static void pad_visits(rine_batches *b)
{
    b->rows = 0;
    for (int lane = 0; lane < b->lanes; lane++) b->rows = larger(b->rows, b->own_rows[lane]);
    for (int lane = 0; lane < b->lanes; lane++) {
        int own = b->own_rows[lane];
        int32_t again = own > 0 ? b->visit[lane][0] : 0;
        for (int r = own; r < b->rows; r++) b->visit[lane][r] = again;
    }
}

/* The rows' weights: the table's probabilities, or `alike` (lanes); 0 for padding. */
static void set_weights(rine_batches *b, const float *alike)
{
    for (int r = 0; r < b->rows; r++)
        for (int lane = 0; lane < b->lanes; lane++) {
            float weight = b->weighted ? (float)b->data[lane]->weight[b->visit[lane][r]] : alike[lane];
            b->weight[r * b->lanes + lane] = r < b->own_rows[lane] ? weight : 0;
        }
}

static void gather(rine_batches *b, rine_part part, lanes_network *const *network)
{
    const int32_t *const *visit = (const int32_t *const *)b->visit;
    for (int i = 0; i < b->networks; i++)
        lanes_gather(b->kernels, b->x[part][i], b->own_features[i], visit, b->rows, b->features[i],
                     lanes_network_input(network[i]));
}

void rine_batches_visit(rine_batches *b, int64_t epoch, int64_t step)
{
    const train_options *o = b->train;
    float alike[LANES_MAX];
    for (int lane = 0; lane < b->lanes; lane++) {
        const int64_t n = b->samples[PART_TRAIN][lane];
        const int rows = (int)train_step_rows(o, n, b->weighted, step);
        b->own_rows[lane] = rows;
        alike[lane] = 1.0f / (float)rows;
        if (b->twin[lane] < lane) continue;
        if (b->weighted)
            visit_in_order(b->visit[lane], 0, rows);
        else
            train_visit(&b->pass[lane], b->seed[lane], n, train_step_first(o, n, epoch, step), rows,
                        b->visit[lane]);
    }
    pad_visits(b);
    set_weights(b, alike);
}

void rine_batches_train(rine_batches *b, int64_t epoch, int64_t step, lanes_network *const *network)
{
    rine_batches_visit(b, epoch, step);
    gather(b, PART_TRAIN, network);
}

/* Rows of a lane's full batch. */
static int64_t batch_rows(const rine_batches *b, int lane)
{
    return train_rows(b->train, b->samples[PART_TRAIN][lane], b->weighted);
}

int64_t rine_batches_test_count(const rine_batches *b)
{
    int64_t most = 0;
    for (int lane = 0; lane < b->lanes; lane++) {
        int64_t rows = batch_rows(b, lane), count = (b->samples[PART_TEST][lane] + rows - 1) / rows;
        most = count > most ? count : most;
    }
    return most;
}

void rine_batches_visit_test(rine_batches *b, int64_t batch)
{
    float alike[LANES_MAX];
    for (int lane = 0; lane < b->lanes; lane++) {
        int64_t rows = batch_rows(b, lane), first = batch * rows, left = b->samples[PART_TEST][lane] - first;
        left = left < rows ? left : rows;
        b->own_rows[lane] = left < 0 ? 0 : (int)left;
        alike[lane] = 1; /* counts are exact in a float, shares are not */
        visit_in_order(b->visit[lane], first, b->own_rows[lane]);
    }
    pad_visits(b);
    set_weights(b, alike);
}

void rine_batches_test(rine_batches *b, int64_t batch, lanes_network *const *network)
{
    rine_batches_visit_test(b, batch);
    gather(b, PART_TEST, network);
}
