#include "data/trial_folds.h"

#include <math.h>
#include <stdlib.h>

#include "data/trial_keys.h"

/* A random order of `count` trials of a target, or of all of them (what = ""). */
static void draw_order(const trial_options *o, const trial_set *t, const char *what, int64_t count,
                       int32_t *order)
{
    random_permutation(trial_key(RANDOM_FOLD, o->split_seed, t->selection->session->name, what), count,
                       order);
}

/* Deals the trials of a target to the folds in turn, each target from another fold on, so that the folds get alike sizes
 * where there are too few trials for a whole round. */
static void deal_folds(const trial_options *o, trial_set *t, int c, int32_t *order)
{
    int64_t count = t->first[c + 1] - t->first[c], begin = c * o->folds / t->classes;
    uint8_t *tests = t->tests + t->first[c];
    draw_order(o, t, t->selection->text[c], count, order);
    for (int64_t k = 0; k < count; k++) {
        int64_t fold = o->fold_blocks ? k * o->folds / count : (begin + k) % o->folds;
        tests[o->fold_blocks ? k : order[k]] = fold == o->fold;
    }
}

/* A fraction of each target: at least one trial to test, and one to train on where there are two. */
static void take_fraction(const trial_options *o, trial_set *t, int c, int32_t *order)
{
    int64_t count = t->first[c + 1] - t->first[c], tested = llround((double)count * o->test_fraction);
    if (tested == 0) tested = 1;
    if (tested == count && count > 1) tested = count - 1;
    draw_order(o, t, t->selection->text[c], count, order);
    for (int64_t k = 0; k < count; k++) t->tests[t->first[c] + order[k]] = k < tested;
}

static status check_options(const trial_options *o)
{
    status result = OK;
    bool fraction = o->split == SPLIT_STRATIFIED || o->split == SPLIT_FRACTION;
    CHECK(!fraction || (o->test_fraction > 0 && o->test_fraction < 1), BAD_INPUT,
          "data.test_fraction is %g; both parts need some trials, so it lies between 0 and 1",
          o->test_fraction);
    CHECK(o->split == SPLIT_FOLDS || o->fold == 0, BAD_INPUT,
          "data.fold is %lld, but the trials are not divided into folds; that takes data.split: folds",
          (long long)o->fold);
    CHECK(o->split != SPLIT_FOLDS || o->fold < o->folds, BAD_INPUT,
          "data.fold is %lld, but there are %lld folds, from 0 to %lld", (long long)o->fold,
          (long long)o->folds, (long long)o->folds - 1);
done:
    return result;
}

/* Every target needs a trial to train on, and one trial must be tested. */
static status check_parts(const trial_options *o, const trial_set *t)
{
    status result = OK;
    const selection *s = t->selection;
    int64_t tested = 0;
    for (int c = 0; c < t->classes; c++) {
        int64_t trained = 0, count = t->first[c + 1] - t->first[c];
        for (int64_t i = t->first[c]; i < t->first[c + 1]; i++) trained += !t->tests[i];
        tested += count - trained;
        CHECK(trained > 0, BAD_INPUT,
              "session %s has %lld trial%s of target %s, none of them in the training part; leave that "
              "target out "
              "with data.targets%s",
              s->session->name, (long long)count, count == 1 ? "" : "s", s->text[c],
              o->split == SPLIT_GIVEN ? "" : ", or divide the trials otherwise");
    }
    CHECK(tested > 0, BAD_INPUT,
          "session %s has %lld trials, none of them in the test part; see data.split, "
          "data.test_fraction and data.folds",
          s->session->name, (long long)t->trials);
done:
    return result;
}

status trial_folds_divide(const trial_options *o, trial_set *t)
{
    status result = OK;
    int32_t *order = malloc((size_t)t->trials * sizeof *order);
    CHECK(order != NULL, NO_MEMORY, "no memory for %lld trials", (long long)t->trials);
    TRY(check_options(o));
    if (o->split == SPLIT_FRACTION) {
        int64_t tested = llround((double)t->trials * o->test_fraction);
        draw_order(o, t, "", t->trials, order);
        for (int64_t k = 0; k < t->trials; k++) t->tests[order[k]] = k < tested;
    }
    for (int c = 0; c < t->classes; c++) {
        if (o->split == SPLIT_FOLDS) deal_folds(o, t, c, order);
        if (o->split == SPLIT_STRATIFIED) take_fraction(o, t, c, order);
    }
    TRY(check_parts(o, t));
done:
    free(order);
    return result;
}
