#include "pool.h"

#include <assert.h>
#include <math.h>

/* A cost model that says 0 must not make the rest divide by it. */
#define SECONDS_MIN 1e-7
/* Correcting by more than this says that the cost model knows nothing, not that it is wrong by a factor. */
#define RATIO_MIN 1e-3
#define RATIO_MAX 1e6
/* Splitting costs messages and rows in smaller runs, which the prediction does not see. */
#define SPLIT_GAIN 0.95

void pace_add(pace *p, double busy_seconds, double predicted_seconds, double memory_seconds)
{
    p->busy_seconds += busy_seconds;
    p->predicted_seconds += predicted_seconds;
    if (p->busy_seconds > memory_seconds) {
        p->busy_seconds /= 2;
        p->predicted_seconds /= 2;
    }
}

double pace_ratio(const pace *p)
{
    if (!(p->predicted_seconds > 0)) return 1;
    return fmin(fmax(p->busy_seconds / p->predicted_seconds, RATIO_MIN), RATIO_MAX);
}

/* Predicted seconds of tasks of one pack; the whole pack's are known. */
static double slice_seconds(const schedule *s, int64_t index, int64_t first, int64_t count)
{
    const pack *k = &s->packs->pack[index];
    double seconds = count == k->count ? k->seconds : s->seconds(s->context, first, (int)count);
    return seconds > SECONDS_MIN ? seconds : SECONDS_MIN;
}

static int64_t pack_end(const schedule *s, int64_t index)
{
    return s->packs->pack[index].first + s->packs->pack[index].count;
}

void pool_fill(pool *p, const schedule *s)
{
    *p = (pool){ .schedule = s };
    for (int64_t i = 0; i < s->packs->count; i++) {
        const pack *k = &s->packs->pack[i];
        assert(k->count > 0 && (i == 0 ? k->first == 0 : k->first == pack_end(s, i - 1)));
        p->after_seconds += slice_seconds(s, i, k->first, k->count);
    }
    if (pool_empty(p)) return;
    p->front_seconds = slice_seconds(s, 0, 0, s->packs->pack[0].count);
    p->after_seconds -= p->front_seconds;
}

bool pool_empty(const pool *p)
{
    return p->pack == p->schedule->packs->count;
}

double pool_seconds(const pool *p)
{
    return pool_empty(p) ? 0 : p->front_seconds + fmax(p->after_seconds, 0);
}

/* Moves the front behind task `next`. */
static void pool_advance(pool *p, int64_t next)
{
    const schedule *s = p->schedule;
    p->first = next;
    if (next < pack_end(s, p->pack)) {
        p->front_seconds = slice_seconds(s, p->pack, next, pack_end(s, p->pack) - next);
        return;
    }
    p->pack++;
    p->front_seconds = 0;
    if (pool_empty(p)) return;
    p->front_seconds = slice_seconds(s, p->pack, next, s->packs->pack[p->pack].count);
    p->after_seconds -= p->front_seconds;
}

/* When the last rank finishes, at best, if the front is cut into pieces of `size` tasks and the asking rank runs one: not
 * before that rank does, and not before all work has been shared out evenly. */
static double finish(const pool *p, const request *r, int64_t size)
{
    const schedule *s = p->schedule;
    int64_t tasks = pack_end(s, p->pack) - p->first, pieces = (tasks + size - 1) / size,
            rest = tasks - (pieces - 1) * size;
    double piece = slice_seconds(s, p->pack, p->first, size);
    double front =
        (double)(pieces - 1) * piece + slice_seconds(s, p->pack, pack_end(s, p->pack) - rest, rest);
    double even = (r->all_left_seconds + (front + p->after_seconds) * r->ratio) / r->ranks;
    return fmax(r->left_seconds + piece * r->ratio, even);
}

/* When all ranks finish if what is left can be shared out evenly without splitting anything. */
static double even_end(const pool *p, const request *r)
{
    return (r->all_left_seconds + pool_seconds(p) * r->ratio) / r->ranks;
}

bool pool_waits(const pool *p, const request *r)
{
    /* to within the time between two answers, the rank is the next to finish: it would idle if it waited */
    double front = p->front_seconds * r->ratio, slack = fmin(front, p->schedule->tick_seconds);
    return r->left_seconds > r->least_seconds + slack && r->left_seconds + front > even_end(p, r);
}

/* A piece of the front that is as large as one of `pieces`, or a little larger, so that it leaves no lanes empty. */
static int64_t whole_lanes(const pack *front, int64_t tasks, int64_t pieces)
{
    int64_t size = (tasks + pieces - 1) / pieces;
    return size > front->lanes ? pack_lanes(front->lanes, size) : size;
}

/* How many tasks of the front the asking rank gets: the largest piece with which the end comes (nearly) as early as it
 * can. */
static int64_t piece_size(const pool *p, const request *r)
{
    int64_t tasks = pack_end(p->schedule, p->pack) - p->first, best = tasks;
    if (r->left_seconds + p->front_seconds * r->ratio <= even_end(p, r)) return tasks;

    double earliest = finish(p, r, tasks);
    for (int64_t pieces = 2, before = tasks; pieces <= tasks && pieces <= r->ranks; pieces++) {
        int64_t size = whole_lanes(&p->schedule->packs->pack[p->pack], tasks, pieces);
        if (size >= before) continue;
        before = size;
        double end = finish(p, r, size);
        if (end < earliest * SPLIT_GAIN) {
            earliest = end;
            best = size;
        }
    }
    return best;
}

portion pool_take(pool *p, const request *r, double *seconds)
{
    assert(!pool_empty(p));
    portion taken = { .pack = p->pack, .first = p->first, .count = piece_size(p, r) };
    *seconds = slice_seconds(p->schedule, p->pack, p->first, taken.count);
    bool whole = p->first + taken.count == pack_end(p->schedule, p->pack);
    /* no rank gets more than a part of an even share: what is handed out cannot be had back */
    double most = pool_seconds(p) / (r->ranks * (r->measured ? 2 : 8));
    most = fmin(most, fmin(r->want_seconds, even_end(p, r) - r->left_seconds) / r->ratio);
    pool_advance(p, p->first + taken.count);

    while (whole && !pool_empty(p) && *seconds + p->front_seconds <= most) {
        *seconds += p->front_seconds;
        taken.count += p->schedule->packs->pack[p->pack].count;
        pool_advance(p, pack_end(p->schedule, p->pack));
    }
    return taken;
}

void portion_cut(const schedule *s, portion *p, int64_t *first, int *count, double *seconds)
{
    int64_t most = pack_end(s, p->pack) - p->first;
    int64_t tasks = p->count < most ? p->count : most;
    *first = p->first;
    *count = (int)tasks;
    *seconds = slice_seconds(s, p->pack, p->first, tasks);
    p->first += tasks;
    p->count -= tasks;
    if (tasks == most) p->pack++;
}

double portion_seconds(const schedule *s, portion p)
{
    double sum = 0;
    while (p.count > 0) {
        int64_t first;
        int count;
        double seconds;
        portion_cut(s, &p, &first, &count, &seconds);
        sum += seconds;
    }
    return sum;
}
