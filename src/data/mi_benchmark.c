#include "data/mi_benchmark.h"

typedef struct task {
    int distribution, dispersion; /* enum mi_distribution, mi_dispersion */
    int numbers;
    double correlation, extra; /* degrees of freedom, or epsilon of additive noise */
    int transform;             /* mi_transform */
} task;

#define MI_BENCHMARK_TASK(name, distribution, dispersion, numbers, correlation, extra, transform) \
    { distribution, dispersion, numbers, correlation, extra, transform },
static const task tasks[] = { MI_BENCHMARK(MI_BENCHMARK_TASK) };

mi_options mi_benchmark_options(const mi_options *options)
{
    mi_options o = *options;
    if (o.task == 0) return o;
    const task *t = &tasks[o.task - 1];
    o.distribution = t->distribution;
    o.dispersion = t->dispersion;
    o.dimension_x = o.dimension_y = t->numbers;
    o.correlation = t->correlation;
    o.pairs = 2;
    if (t->distribution == MI_STUDENT) o.degrees = (int64_t)t->extra;
    if (t->distribution == MI_ADDITIVE) o.epsilon = t->extra;
    o.transform = t->transform;
    return o;
}
