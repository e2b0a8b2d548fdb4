#include "slice.h"

#include <math.h>

/* A cost model that says 0 must not make the rest divide by it. */
#define SECONDS_MIN 1e-7
/* A task that keeps checkpoints loses little when it is stopped, but beginning it costs seconds: it is begun where this part
 * of it gets done, or this much. */
#define KEPT_PART    0.05
#define KEPT_SECONDS 60

int pack_width(const schedule *s, int64_t index)
{
    int ranks = s->packs->pack[index].ranks;
    return ranks > 1 ? ranks : 1;
}

double slice_seconds(const schedule *s, int64_t index, int64_t first, int64_t count)
{
    const pack *k = &s->packs->pack[index];
    double seconds = pack_span(k, count == k->count ? k->seconds : s->seconds(s->context, first, (int)count));
    return seconds > SECONDS_MIN ? seconds : SECONDS_MIN;
}

int64_t pack_end(const schedule *s, int64_t index)
{
    return s->packs->pack[index].first + s->packs->pack[index].count;
}

double pack_needs(const schedule *s, int64_t index, double seconds)
{
    return s->packs->pack[index].keeps ? fmin(KEPT_PART * seconds, KEPT_SECONDS) : seconds;
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
