/* Means: one result over all groups of a summary, with everything that a report sets beside a value. Tables, CSV and figures
 * show the same. */
#ifndef REPORT_MEANS_H
#define REPORT_MEANS_H

#include "intervals.h"
#include "significance.h"
#include "summary.h"
#include "view.h"

typedef struct group_mean {
    bool given;        /* the estimator of this group gives the result; nothing else is set where not */
    bool silent;       /* all its tasks are done and have no value: it is not theirs to give */
    statistic value;   /* over the repetitions */
    interval interval; /* of recorded trials */
    significance test; /* against shuffled targets */
    double q;          /* adjusted over all groups */
    double distance;   /* between the predictions, and … */
    double weight;     /* … its weight in the objective at the end of the training */
    double published, exact;
} group_mean;

typedef struct means {
    const variable *variable, *exact_variable; /* exact_variable: NULL where there is none */
    int64_t groups, given;
    group_mean *of;    /* (groups) */
    int64_t resamples; /* 0 where there are no intervals */
    double *shift; /* (groups, resamples) resample of the value − value; NaN in a group without an interval */
    bool uneven;   /* groups differ in how many values they average */
    bool any_interval, any_test, any_distance, any_weight, any_published, any_exact; /* has any group one? */
    int64_t shuffles; /* most that any group was tested against */
    int64_t tests;    /* groups that have one */
} means;

status means_make(view *v, const summary *s, const variable *x, means **out);
void means_free(means *m); /* NULL is fine */

/* Is every task of the group done? Of a group that is, a result without a value is one that it cannot give. */
bool means_all_done(const view *v, const summary *s, int64_t group);

/* A value that counts as found at a false-discovery rate of 0.05. */
bool mean_is_significant(const group_mean *m);

#endif
