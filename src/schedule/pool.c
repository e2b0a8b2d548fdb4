#include "pool.h"

#include <assert.h>
#include <math.h>

/* A cost model that says 0 must not make the rest divide by it. */
#define SECONDS_MIN 1e-7
/* Splitting costs messages and rows in smaller runs, which the prediction does not see. */
#define SPLIT_GAIN 0.95

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

/* ---- stages ---------------------------------------------------------------------------------------------- */

/* The first pack of a stage; of the one behind the last: where the packs end. */
static int64_t stage_first(const packs *k, int index)
{
    if (index == 0) return 0;
    return index < k->stages ? k->stage[index].first_pack : k->count;
}

static double stage_seconds(const schedule *s, int index)
{
    double sum = 0;
    for (int64_t i = stage_first(s->packs, index); i < stage_first(s->packs, index + 1); i++)
        sum += slice_seconds(s, i, s->packs->pack[i].first, s->packs->pack[i].count);
    return sum;
}

static int stage_width(const packs *k, int index, int ranks)
{
    if (k->stages == 0 || k->stage[index].halvings == 0) return 0;
    int64_t count = stage_first(k, index + 1) - stage_first(k, index);
    int64_t width = (count < ranks ? count : ranks) >> k->stage[index].halvings;
    return width > 1 ? (int)width : 1;
}

static void begin_stage(pool *p, int index)
{
    const schedule *s = p->schedule;
    const packs *k = s->packs;
    *p = (pool){ .schedule = s,
                 .stage = index,
                 .pack = stage_first(k, index),
                 .end = stage_first(k, index + 1),
                 .after_seconds = stage_seconds(s, index) };
    if (pool_empty(p)) return;
    p->first = k->pack[p->pack].first;
    p->last = pack_end(s, p->end - 1);
    p->front_seconds = slice_seconds(s, p->pack, p->first, k->pack[p->pack].count);
    p->after_seconds -= p->front_seconds;
}

void pool_fill(pool *p, const schedule *s)
{
    for (int64_t i = 0; i < s->packs->count; i++)
        assert(s->packs->pack[i].count > 0 && s->packs->pack[i].first == (i == 0 ? 0 : pack_end(s, i - 1)));
    p->schedule = s;
    begin_stage(p, 0);
}

bool pool_next_stage(pool *p)
{
    assert(pool_empty(p));
    if (p->stage + 1 >= p->schedule->packs->stages) return false;
    begin_stage(p, p->stage + 1);
    return true;
}

int pool_width(const pool *p, int ranks)
{
    return stage_width(p->schedule->packs, p->stage, ranks);
}

double pool_later_seconds(const pool *p, int ranks)
{
    double sum = 0;
    for (int i = p->stage + 1; i < p->schedule->packs->stages; i++) {
        int width = stage_width(p->schedule->packs, i, ranks);
        sum += stage_seconds(p->schedule, i) / (width > 0 ? width : ranks);
    }
    return sum;
}

void pool_clear(pool *p)
{
    const packs *k = p->schedule->packs;
    *p = (pool){
        .schedule = p->schedule, .stage = k->stages > 0 ? k->stages - 1 : 0, .pack = k->count, .end = k->count
    };
}

/* ---- what is there --------------------------------------------------------------------------------------- */

bool pool_empty(const pool *p)
{
    return p->pack == p->end;
}

double pool_seconds(const pool *p)
{
    return pool_empty(p) ? 0 : p->front_seconds + fmax(p->after_seconds, 0);
}

int64_t pool_tasks(const pool *p)
{
    const schedule *s = p->schedule;
    int64_t later = stage_first(s->packs, p->stage + 1), tasks = 0;
    if (!pool_empty(p)) tasks += p->last - p->first;
    if (later < s->packs->count) tasks += s->packs->cells - s->packs->pack[later].first;
    return tasks;
}

/* Where what is here of a pack ends. */
static int64_t end_of(const pool *p, int64_t index)
{
    return index == p->end - 1 ? p->last : pack_end(p->schedule, index);
}

/* Moves the front behind task `next`. */
static void pool_advance(pool *p, int64_t next)
{
    const schedule *s = p->schedule;
    p->first = next;
    if (next < end_of(p, p->pack)) {
        p->front_seconds = slice_seconds(s, p->pack, next, end_of(p, p->pack) - next);
        return;
    }
    p->pack++;
    p->front_seconds = 0;
    if (pool_empty(p)) return;
    p->front_seconds = slice_seconds(s, p->pack, next, end_of(p, p->pack) - next);
    p->after_seconds -= p->front_seconds;
}

/* When the last rank finishes, at best, if the front is cut into pieces of `size` tasks and the asking rank runs one: not
 * before that rank does, and not before all work has been shared out evenly. */
static double finish(const pool *p, const request *r, int64_t size)
{
    const schedule *s = p->schedule;
    int64_t tasks = end_of(p, p->pack) - p->first, pieces = (tasks + size - 1) / size,
            rest = tasks - (pieces - 1) * size;
    double piece = slice_seconds(s, p->pack, p->first, size);
    double front = (double)(pieces - 1) * piece + slice_seconds(s, p->pack, end_of(p, p->pack) - rest, rest);
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
    int64_t tasks = end_of(p, p->pack) - p->first, best = tasks;
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

/* ---- near a limit ---------------------------------------------------------------------------------------- */

/* How many of these tasks of one pack take at most `seconds`. */
static int64_t fitting(const schedule *s, portion part, double seconds)
{
    int64_t fit = 0, over = part.count + 1;
    if (slice_seconds(s, part.pack, part.first, part.count) <= seconds) return part.count;
    while (over - fit > 1) {
        int64_t middle = fit + (over - fit) / 2;
        if (slice_seconds(s, part.pack, part.first, middle) <= seconds)
            fit = middle;
        else
            over = middle;
    }
    return fit;
}

static int64_t front_fitting(const pool *p, double seconds)
{
    portion front = { p->pack, p->first, end_of(p, p->pack) - p->first };
    return p->front_seconds <= seconds ? front.count : fitting(p->schedule, front, seconds);
}

/* What is here of the shortest pack; empty when that is the front. */
static portion last_pack(const pool *p)
{
    int64_t index = p->end - 1;
    if (index == p->pack) return (portion){ .count = 0 };
    int64_t first = p->schedule->packs->pack[index].first;
    return (portion){ .pack = index, .first = first, .count = p->last - first };
}

static double last_seconds(const pool *p)
{
    portion last = last_pack(p);
    return last.count > 0 ? slice_seconds(p->schedule, last.pack, last.first, last.count) : INFINITY;
}

double pool_shortest_seconds(const pool *p)
{
    portion last = last_pack(p);
    double least = slice_seconds(p->schedule, p->pack, p->first, 1);
    if (last.count == 0) return least;
    least = fmin(least, slice_seconds(p->schedule, last.pack, last.first, 1));
    return fmin(least, last_seconds(p));
}

static double fit_seconds(const request *r)
{
    return r->limited ? r->fit_seconds : INFINITY;
}

bool pool_suits(const pool *p, const request *r)
{
    if (pool_empty(p)) return false;
    return p->front_seconds <= fit_seconds(r) || pool_shortest_seconds(p) <= fit_seconds(r);
}

/* Takes tasks off the end of the shortest pack: as many as fit. */
static portion cut_last(pool *p, double fit, double *seconds)
{
    portion last = last_pack(p);
    double before = last_seconds(p);
    int64_t count = fitting(p->schedule, last, fit);
    p->last -= count;
    p->after_seconds -= before - last_seconds(p);
    *seconds = slice_seconds(p->schedule, last.pack, p->last, count);
    return (portion){ .pack = last.pack, .first = p->last, .count = count };
}

/* Takes the shortest packs, one or, if that is not more than `most` seconds, several. */
static portion take_last(pool *p, double most, double *seconds)
{
    portion taken = { .count = 0 };
    *seconds = 0;
    do {
        portion last = last_pack(p);
        double more = last_seconds(p);
        taken = (portion){ last.pack, last.first, taken.count + last.count };
        *seconds += more;
        p->after_seconds -= more;
        p->end = last.pack;
        p->last = last.first;
    } while (*seconds + last_seconds(p) <= most);
    return taken;
}

/* ---- taking ---------------------------------------------------------------------------------------------- */

portion pool_take(pool *p, const request *r, double *seconds)
{
    assert(pool_suits(p, r));
    /* no rank gets more than a part of an even share: what is handed out cannot be had back */
    double most = pool_seconds(p) / (r->ranks * (r->measured ? 2 : 8));
    most = fmin(most, fmin(r->want_seconds, even_end(p, r) - r->left_seconds) / r->ratio);
    most = fmin(most, fit_seconds(r));
    int64_t fit = front_fitting(p, fit_seconds(r));
    if (fit == 0)
        return last_seconds(p) <= fit_seconds(r) ? take_last(p, most, seconds)
                                                 : cut_last(p, fit_seconds(r), seconds);

    int64_t wanted = piece_size(p, r);
    portion taken = { .pack = p->pack, .first = p->first, .count = wanted < fit ? wanted : fit };
    *seconds = slice_seconds(p->schedule, p->pack, p->first, taken.count);
    bool whole = p->first + taken.count == end_of(p, p->pack);
    pool_advance(p, p->first + taken.count);

    while (whole && !pool_empty(p) && *seconds + p->front_seconds <= most) {
        *seconds += p->front_seconds;
        taken.count += end_of(p, p->pack) - p->first;
        pool_advance(p, end_of(p, p->pack));
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
