/* What a reader must know of the values in the tables. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"

/* A paragraph, with its first word hanging. Want of memory leaves it out. */
static void note(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void note(FILE *to, const char *format, ...)
{
    char *text = NULL;
    size_t size;
    FILE *words = open_memstream(&text, &size);
    if (words == NULL) return;
    va_list arguments;
    va_start(arguments, format);
    vfprintf(words, format, arguments);
    va_end(arguments);
    if (fclose(words) == 0) sheet_wrap(text, 0, 2, to);
    free(text);
}

static void note_interval(const view *v, const summary *s, const means *m, FILE *to)
{
    note(
        to,
        "interval: %g %% of %lld bootstrap resamples of the recorded %s, the same for both sources where "
        "they come "
        "from one session. The networks are not trained again, so that it leaves out what training varies%s.",
        100 * v->options.confidence, (long long)m->resamples,
        v->options.blocks ? "blocks of trials" : "trials within each target",
        s->repetitions > 1 && strcmp(summary_repetitions(s), "folds") != 0
            ? ": that is the standard deviation over seeds"
            : "; an axis of seeds shows that");
}

static void note_no_interval(const view *v, FILE *to)
{
    if (v->options.resamples == 0) return;
    if (trials_kept(v))
        note(to, "no intervals: %s",
             v->options.blocks ? "there are no two blocks of trials"
                               : "a session has no two trials of any target");
    else
        note(to, "no intervals: the file has no values per trial (rine.keep_samples: true keeps them)");
}

static void note_test(const means *m, FILE *to)
{
    char least[NUMBER_MAX];
    note(to,
         "p: (1 + k) / (1 + %lld), of %lld shuffles of the targets k reach the value; %s is the least there "
         "can be. q: p "
         "adjusted for the %lld values above (false-discovery rate, Benjamini-Hochberg); * is q below 0.05. "
         "null: mean "
         "over the shuffles. The null says that no session has information about the target; it does not say "
         "that "
         "they have none in common.",
         (long long)m->shuffles, (long long)m->shuffles,
         tables_p(1 / (1 + (double)m->shuffles), m->shuffles, least), (long long)m->tests);
}

static bool has_axis(const view *v, const char *name)
{
    for (int a = 0; a < v->grid->axes; a++)
        if (view_axis_is(&v->grid->axis[a], name) && v->grid->axis[a].count > 1) return true;
    return false;
}

static int64_t axis_count(const view *v, const char *name)
{
    for (int a = 0; a < v->grid->axes; a++)
        if (view_axis_is(&v->grid->axis[a], name)) return v->grid->axis[a].count;
    return 1;
}

/* Cross-validation that leaves folds out tests a part of the trials only. */
static void note_folds(const view *v, FILE *to)
{
    const char *split = view_option(v, 0, "split"), *folds = view_option(v, 0, "folds");
    if (!split || !folds || strcmp(split, "folds") != 0 || has_axis(v, "folds")) return;
    long long all = strtoll(folds, NULL, 10), tested = axis_count(v, "fold");
    if (tested < all)
        note(to,
             "%lld of %lld folds are tested, so that the other trials are in no test part (grid: fold: "
             "0..%lld)",
             tested, all, all - 1);
}

/* As the tables show it: what rounds to zero is none. */
static bool any_negative(const means *m)
{
    char text[NUMBER_MAX];
    for (int64_t g = 0; g < m->groups; g++)
        if (m->of[g].given && tables_number(m->of[g].value.mean, text)[0] == '-') return true;
    return false;
}

/* What an estimator of the sweep says of negative values of a result; NULL where none says anything. */
static const char *below_zero(const view *v, const char *result)
{
    for (int i = 0; v->estimators[i]; i++)
        for (const quantity *q = v->estimators[i]->results; q->name; q++)
            if (q->below_zero && strcmp(q->name, result) == 0) return q->below_zero;
    return NULL;
}

void notes_print(const view *v, const summary *s, const means *m, FILE *to)
{
    const char *negative = any_negative(m) ? below_zero(v, m->variable->quantity->name) : NULL;
    bool recorded = m->any_distance && view_option(v, 0, "pairing") != NULL;
    if (m->any_interval || m->any_test || negative || recorded) fputc('\n', to);
    if (recorded) note_folds(v, to);
    if (m->any_interval)
        note_interval(v, s, m, to);
    else if (recorded)
        note_no_interval(v, to);
    if (m->any_test) note_test(m, to);
    if (negative) note(to, "below 0: %s", negative);
    if (recorded)
        note(to,
             "Redundant information depends on the weight of the distance, whose optimum falls as that grows "
             "(trained values may rise first, where the coupling keeps networks from overfitting), "
             "and on the "
             "length of the training. Compare values of one weight, and publish the curve over beta with a "
             "matrix%s.",
             has_axis(v, "beta") ? "" : ": beta is no axis here (grid: beta: [0, 50, 100])");
}
