#include "pool.h"

#include <assert.h>
#include <math.h>

/* Splitting costs messages and rows in smaller runs, which the prediction does not see. */
#define SPLIT_GAIN 0.95

/* ---- stages and lines ------------------------------------------------------------------------------------ */

/* The first pack of a stage; of the one behind the last: where the packs end. */
static int64_t stage_first(const packs *k, int index)
{
    if (index == 0) return 0;
    return index < k->stages ? k->stage[index].first_pack : k->count;
}

/* Summed over the ranks. */
static double stage_seconds(const schedule *s, int index)
{
    double sum = 0;
    for (int64_t i = stage_first(s->packs, index); i < stage_first(s->packs, index + 1); i++)
        sum += slice_seconds(s, i, s->packs->pack[i].first, s->packs->pack[i].count) * pack_width(s, i);
    return sum;
}

/* Of the largest gang, whose packs come first. */
static int stage_widest(const schedule *s, int index)
{
    int64_t first = stage_first(s->packs, index);
    return first < stage_first(s->packs, index + 1) ? pack_width(s, first) : 1;
}

static int stage_width(const schedule *s, int index, int ranks)
{
    const packs *k = s->packs;
    if (k->stages == 0 || k->stage[index].halvings == 0) return 0;
    int64_t count = stage_first(k, index + 1) - stage_first(k, index), most = ranks / stage_widest(s, index);
    int64_t width = (count < most ? count : most) >> k->stage[index].halvings;
    return width > 1 ? (int)width : 1;
}

static bool line_empty(const line *l)
{
    return l->pack == l->end;
}

/* Packs [first, end). */
static line line_of_packs(const schedule *s, int ranks, int64_t first, int64_t end)
{
    line l = { .ranks = ranks, .pack = first, .end = end };
    if (line_empty(&l)) return l;
    l.first = s->packs->pack[first].first;
    l.last = pack_end(s, end - 1);
    l.front_seconds = slice_seconds(s, first, l.first, s->packs->pack[first].count);
    for (int64_t i = first + 1; i < end; i++)
        l.after_seconds += slice_seconds(s, i, s->packs->pack[i].first, s->packs->pack[i].count);
    return l;
}

static void begin_stage(pool *p, int index)
{
    const schedule *s = p->schedule;
    int64_t first = stage_first(s->packs, index), end = stage_first(s->packs, index + 1);
    *p = (pool){ .schedule = s, .stage = index };
    while (first < end && pack_width(s, first) > 1) {
        int64_t next = first;
        while (next < end && pack_width(s, next) == pack_width(s, first)) next++;
        p->line[p->lines++] = line_of_packs(s, pack_width(s, first), first, next);
        first = next;
    }
    p->line[p->lines++] = line_of_packs(s, 1, first, end);
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
    return stage_width(p->schedule, p->stage, ranks);
}

int pool_widest(const pool *p)
{
    return stage_widest(p->schedule, p->stage);
}

double pool_later_seconds(const pool *p, int ranks)
{
    double sum = 0;
    for (int i = p->stage + 1; i < p->schedule->packs->stages; i++) {
        int width = stage_width(p->schedule, i, ranks);
        sum += stage_seconds(p->schedule, i) / (width > 0 ? width * stage_widest(p->schedule, i) : ranks);
    }
    return sum;
}

void pool_clear(pool *p)
{
    const packs *k = p->schedule->packs;
    *p = (pool){ .schedule = p->schedule, .stage = k->stages > 0 ? k->stages - 1 : 0, .lines = 1 };
    p->line[0] = line_of_packs(p->schedule, 1, k->count, k->count);
}

/* ---- what is there --------------------------------------------------------------------------------------- */

bool pool_empty(const pool *p)
{
    for (int i = 0; i < p->lines; i++)
        if (!line_empty(&p->line[i])) return false;
    return true;
}

bool pool_has_no_singles(const pool *p)
{
    return line_empty(&p->line[p->lines - 1]);
}

static double line_seconds(const line *l)
{
    return line_empty(l) ? 0 : l->front_seconds + fmax(l->after_seconds, 0);
}

double pool_seconds(const pool *p)
{
    double sum = 0;
    for (int i = 0; i < p->lines; i++) sum += line_seconds(&p->line[i]) * p->line[i].ranks;
    return sum;
}

double pool_gang_seconds(const pool *p, int ranks)
{
    double most = 0;
    for (int i = 0; i < p->lines - 1; i++)
        most = fmax(most, line_seconds(&p->line[i]) / (ranks / p->line[i].ranks));
    return most;
}

int64_t pool_tasks(const pool *p)
{
    const schedule *s = p->schedule;
    int64_t later = stage_first(s->packs, p->stage + 1), tasks = 0;
    for (int i = 0; i < p->lines; i++)
        if (!line_empty(&p->line[i])) tasks += p->line[i].last - p->line[i].first;
    if (later < s->packs->count) tasks += s->packs->cells - s->packs->pack[later].first;
    return tasks;
}

/* The line from which this rank, or gang, is served; NULL where there is none. */
static const line *line_for(const pool *p, const request *r)
{
    int width = r->width > 1 ? r->width : 1, at = p->lines - 1;
    while (at >= 0 && p->line[at].ranks != width) at--;
    return at >= 0 ? &p->line[at] : NULL;
}

/* Where what is here of a pack ends. */
static int64_t end_of(const pool *p, const line *l, int64_t index)
{
    return index == l->end - 1 ? l->last : pack_end(p->schedule, index);
}

/* Moves the front behind task `next`. */
static void line_advance(const pool *p, line *l, int64_t next)
{
    const schedule *s = p->schedule;
    l->first = next;
    if (next < end_of(p, l, l->pack)) {
        l->front_seconds = slice_seconds(s, l->pack, next, end_of(p, l, l->pack) - next);
        return;
    }
    l->pack++;
    l->front_seconds = 0;
    if (line_empty(l)) return;
    l->front_seconds = slice_seconds(s, l->pack, next, end_of(p, l, l->pack) - next);
    l->after_seconds -= l->front_seconds;
}

/* When the last rank finishes, at best, if the front is cut into pieces of `size` tasks and who asks runs one: not before that
 * has ended, and not before all work has been shared out evenly. */
static double finish(const pool *p, const line *l, const request *r, int64_t size)
{
    const schedule *s = p->schedule;
    int64_t tasks = end_of(p, l, l->pack) - l->first, pieces = (tasks + size - 1) / size,
            rest = tasks - (pieces - 1) * size;
    double piece = slice_seconds(s, l->pack, l->first, size);
    double front = (double)(pieces - 1) * piece + slice_seconds(s, l->pack, l->first + tasks - rest, rest);
    double all = pool_seconds(p) + (front - l->front_seconds) * l->ranks;
    return fmax(r->left_seconds + piece * r->ratio, (r->all_left_seconds + all * r->ratio) / r->ranks);
}

/* When all ranks finish if what is left can be shared out evenly without splitting anything. */
static double even_end(const pool *p, const request *r)
{
    return (r->all_left_seconds + pool_seconds(p) * r->ratio) / r->ranks;
}

bool pool_waits(const pool *p, const request *r)
{
    const line *l = line_for(p, r);
    /* to within the time between two answers, the rank is the next to finish: it would idle if it waited */
    double front = l->front_seconds * r->ratio, slack = fmin(front, p->schedule->tick_seconds);
    return r->left_seconds > r->least_seconds + slack && r->left_seconds + front > even_end(p, r);
}

/* A piece of the front that is as large as one of `pieces`, or a little larger, so that it leaves no lanes empty. */
static int64_t whole_lanes(const pack *front, int64_t tasks, int64_t pieces)
{
    int64_t size = (tasks + pieces - 1) / pieces;
    return size > front->lanes ? pack_lanes(front->lanes, size) : size;
}

/* How many tasks of the front who asks gets: the largest piece with which the end comes (nearly) as early as it can. */
static int64_t piece_size(const pool *p, const line *l, const request *r)
{
    int64_t tasks = end_of(p, l, l->pack) - l->first, best = tasks;
    if (r->left_seconds + l->front_seconds * r->ratio <= even_end(p, r)) return tasks;

    double earliest = finish(p, l, r, tasks);
    for (int64_t pieces = 2, before = tasks; pieces <= tasks && pieces <= r->ranks; pieces++) {
        int64_t size = whole_lanes(&p->schedule->packs->pack[l->pack], tasks, pieces);
        if (size >= before) continue;
        before = size;
        double end = finish(p, l, r, size);
        if (end < earliest * SPLIT_GAIN) {
            earliest = end;
            best = size;
        }
    }
    return best;
}

/* ---- near a limit ---------------------------------------------------------------------------------------- */

/* Longer than this, nothing that is no task with checkpoints may take. */
static double fit_seconds(const request *r)
{
    double fit = r->limited ? r->fit_seconds : INFINITY;
    return r->held ? fmin(fit, r->spare_seconds) : fit;
}

/* May a slice be given that takes so long? What a block is held for is not to wait for tasks with checkpoints either. */
static bool fits(const pool *p, const request *r, int64_t index, double seconds)
{
    if (r->held && seconds > r->spare_seconds) return false;
    return !r->limited || pack_needs(p->schedule, index, seconds) <= r->fit_seconds;
}

/* How many of these tasks of one pack may be given. */
static int64_t fitting(const pool *p, const request *r, portion part)
{
    const schedule *s = p->schedule;
    int64_t fit = 0, over = part.count + 1;
    if (fits(p, r, part.pack, slice_seconds(s, part.pack, part.first, part.count))) return part.count;
    while (over - fit > 1) {
        int64_t middle = fit + (over - fit) / 2;
        if (fits(p, r, part.pack, slice_seconds(s, part.pack, part.first, middle)))
            fit = middle;
        else
            over = middle;
    }
    return fit;
}

static int64_t front_fitting(const pool *p, const line *l, const request *r)
{
    portion front = { l->pack, l->first, end_of(p, l, l->pack) - l->first };
    return fits(p, r, l->pack, l->front_seconds) ? front.count : fitting(p, r, front);
}

/* What is here of the shortest pack; empty when that is the front. */
static portion last_pack(const pool *p, const line *l)
{
    int64_t index = l->end - 1;
    if (index == l->pack) return (portion){ .count = 0 };
    int64_t first = p->schedule->packs->pack[index].first;
    return (portion){ .pack = index, .first = first, .count = l->last - first };
}

static double last_seconds(const pool *p, const line *l)
{
    portion last = last_pack(p, l);
    return last.count > 0 ? slice_seconds(p->schedule, last.pack, last.first, last.count) : INFINITY;
}

static bool last_fits(const pool *p, const line *l, const request *r)
{
    portion last = last_pack(p, l);
    return last.count > 0 && fits(p, r, last.pack, last_seconds(p, l));
}

/* Does a part of this pack fit? */
static bool part_fits(const pool *p, const request *r, portion part)
{
    return part.count > 0 && fits(p, r, part.pack, slice_seconds(p->schedule, part.pack, part.first, 1));
}

static bool line_suits(const pool *p, const line *l, const request *r)
{
    if (line_empty(l)) return false;
    if (fits(p, r, l->pack, l->front_seconds) || last_fits(p, l, r)) return true;
    portion front = { l->pack, l->first, 1 };
    return part_fits(p, r, front) || part_fits(p, r, last_pack(p, l));
}

bool pool_suits(const pool *p, const request *r)
{
    const line *l = line_for(p, r);
    return l != NULL && line_suits(p, l, r);
}

int pool_turn(const pool *p, const request *r)
{
    const line *turn = NULL;
    for (int i = 0; i < p->lines; i++) {
        const line *l = &p->line[i];
        if ((turn == NULL || l->front_seconds > turn->front_seconds) && line_suits(p, l, r)) turn = l;
    }
    return turn ? turn->ranks : 0;
}

/* Of the shorter of two packs, if it has tasks: what one of them, or all of it, needs to begin. */
static void take_shorter(const pool *p, portion part, double *least, bool *keeps)
{
    const schedule *s = p->schedule;
    if (part.count == 0) return;
    double one = pack_needs(s, part.pack, slice_seconds(s, part.pack, part.first, 1)),
           all = pack_needs(s, part.pack, slice_seconds(s, part.pack, part.first, part.count));
    if (fmin(one, all) >= *least) return;
    *least = fmin(one, all);
    *keeps = s->packs->pack[part.pack].keeps;
}

double pool_shortest_seconds(const pool *p, bool *keeps)
{
    double least = INFINITY;
    bool kept = false;
    for (int i = 0; i < p->lines; i++) {
        const line *l = &p->line[i];
        if (line_empty(l)) continue;
        take_shorter(p, (portion){ l->pack, l->first, 1 }, &least, &kept);
        take_shorter(p, last_pack(p, l), &least, &kept);
    }
    if (keeps) *keeps = kept;
    return least;
}

/* Takes tasks off the end of the shortest pack: as many as fit. */
static portion cut_last(const pool *p, line *l, const request *r, double *seconds)
{
    portion last = last_pack(p, l);
    double before = last_seconds(p, l);
    int64_t count = fitting(p, r, last);
    l->last -= count;
    l->after_seconds -= before - last_seconds(p, l);
    *seconds = slice_seconds(p->schedule, last.pack, l->last, count);
    return (portion){ .pack = last.pack, .first = l->last, .count = count };
}

/* Takes the shortest packs, one or, if that is not more than `most` seconds, several. */
static portion take_last(const pool *p, line *l, double most, double *seconds)
{
    portion taken = { .count = 0 };
    *seconds = 0;
    do {
        portion last = last_pack(p, l);
        double more = last_seconds(p, l);
        taken = (portion){ last.pack, last.first, taken.count + last.count };
        *seconds += more;
        l->after_seconds -= more;
        l->end = last.pack;
        l->last = last.first;
    } while (*seconds + last_seconds(p, l) <= most);
    return taken;
}

/* ---- taking ---------------------------------------------------------------------------------------------- */

portion pool_take(pool *p, const request *r, double *seconds)
{
    assert(pool_suits(p, r));
    line *l = p->line + (line_for(p, r) - p->line);
    /* no rank gets more than a part of an even share: what is handed out cannot be had back */
    double most = pool_seconds(p) / (r->ranks * (r->measured ? 2 : 8));
    most = fmin(most, fmin(r->want_seconds, even_end(p, r) - r->left_seconds) / r->ratio);
    most = fmin(most, fit_seconds(r));
    int64_t fit = front_fitting(p, l, r);
    if (fit == 0) return last_fits(p, l, r) ? take_last(p, l, most, seconds) : cut_last(p, l, r, seconds);

    int64_t wanted = piece_size(p, l, r);
    portion taken = { .pack = l->pack, .first = l->first, .count = wanted < fit ? wanted : fit };
    *seconds = slice_seconds(p->schedule, l->pack, l->first, taken.count);
    bool whole = l->first + taken.count == end_of(p, l, l->pack);
    line_advance(p, l, l->first + taken.count);

    while (whole && !line_empty(l) && *seconds + l->front_seconds <= most) {
        *seconds += l->front_seconds;
        taken.count += end_of(p, l, l->pack) - l->first;
        line_advance(p, l, end_of(p, l, l->pack));
    }
    return taken;
}
