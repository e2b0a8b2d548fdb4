/* Options that all data kinds made of recorded trials have in common: which trials and units take part, what becomes a
 * feature, how trials are divided into training and test part and how they are paired. */
#ifndef TRIAL_OPTIONS_H
#define TRIAL_OPTIONS_H

#include "settings.h"

typedef enum unit_choice { UNITS_ALL, UNITS_EVEN, UNITS_ODD, UNITS_RANDOM, UNITS_OTHERS } unit_choice;
typedef enum window_feature { FEATURE_MEAN, FEATURE_COUNT, FEATURE_RATE } window_feature;
typedef enum target_type { TARGET_CLASS, TARGET_CONTINUOUS } target_type;
typedef enum pairing { PAIRING_RECORDED, PAIRING_SURROGATE } pairing;
typedef enum surrogate { SURROGATE_RANK, SURROGATE_RANDOM } surrogate;
typedef enum trial_split { SPLIT_STRATIFIED, SPLIT_FRACTION, SPLIT_GIVEN, SPLIT_FOLDS } trial_split;

/* What the words of `width`, `match_units` and `match_trials` are stored as. */
enum { WIDTH_ALL = -1, MATCH_ALL = -1, MATCH_FEWEST = -2 };

/* One of the two sources. */
typedef struct side_options {
    const char *session, *area; /* "": the only session; all areas side by side */
    int units;                  /* unit_choice */
    double window;              /* ms after the event: where the window starts */
} side_options;

typedef struct trial_options {
    side_options side[2];
    int64_t width; /* ms of both windows, or WIDTH_ALL */
    int feature;   /* window_feature */
    const char *target;
    int target_type;            /* enum target_type */
    const char *targets;        /* values that are used, commas between them; "": all */
    const char *trials, *units; /* conditions on trial and unit columns; "": all */
    int pairing;                /* enum pairing */
    int surrogate;              /* enum surrogate */
    int split;                  /* trial_split */
    double test_fraction;
    const char *part;
    int64_t folds, fold;
    bool fold_blocks;
    int64_t split_seed;
    bool standardise;
    int64_t match_units, match_trials; /* or MATCH_ALL, MATCH_FEWEST */
    int64_t shuffle;
    const char *block;
} trial_options;

/* Are the pairs surrogate trials? Trials of different sessions always are. */
static inline bool trial_pairs_are_surrogate(const trial_options *o, bool same_session)
{
    return o->pairing == PAIRING_SURROGATE || !same_session;
}

/* Does the task's seed decide which trials or units there are, or who meets whom? */
bool trial_options_drawn(const trial_options *o);

/* The rows of an option table; AT(f) is the offset of a field f of trial_options in the kind's own struct. */
/* clang-format off */
#define TRIAL_OPTION_ROWS(AT)                                                                                            \
    { "session_1", OPTION_TEXT, AT(side[0].session), "", 0, 0, "",                                                       \
      "session of source 1; needed where there are several (an axis takes `all`)", NULL, OPTION_LANE },                  \
    { "session_2", OPTION_TEXT, AT(side[1].session), "", 0, 0, "",                                                       \
      "session of source 2, the same or another one", NULL, OPTION_LANE },                                               \
    { "area_1", OPTION_TEXT, AT(side[0].area), "", 0, 0, "",                                                             \
      "area of source 1; without: the units of all areas side by side", NULL, OPTION_LANE },                             \
    { "area_2", OPTION_TEXT, AT(side[1].area), "", 0, 0, "", "area of source 2, likewise", NULL, OPTION_LANE },          \
    { "units_1", OPTION_CHOICE, AT(side[0].units), "all", 0, 0, "",                                                      \
      "units of source 1: by their number in the area, from 0, or a random half and the others",                         \
      "all|even|odd|random|others", OPTION_LANE },                                                                       \
    { "units_2", OPTION_CHOICE, AT(side[1].units), "all", 0, 0, "", "units of source 2, likewise",                       \
      "all|even|odd|random|others", OPTION_LANE },                                                                       \
    { "window_1", OPTION_REAL, AT(side[0].window), "0", -1e7, 1e7, "ms",                                                 \
      "start of the window of source 1 after the event that trials are aligned to", NULL, OPTION_LANE },                 \
    { "window_2", OPTION_REAL, AT(side[1].window), "0", -1e7, 1e7, "ms", "start of the window of source 2", NULL,        \
      OPTION_LANE },                                                                                                     \
    { "width", OPTION_INTEGER, AT(width), "all", 1, 1e7, "ms",                                                           \
      "length of both windows; all: every bin in which a trial holds data", "all", OPTION_LANE },                        \
    { "feature", OPTION_CHOICE, AT(feature), "mean", 0, 0, "",                                                           \
      "of a unit in a window: mean of the bins, count of spikes, or rate in spikes per second", "mean|count|rate",       \
      OPTION_LANE },                                                                                                     \
    { "target", OPTION_TEXT, AT(target), "", 0, 0, "", "trial column; without: the file's target", NULL, OPTION_LANE },  \
    { "target_type", OPTION_CHOICE, AT(target_type), "class", 0, 0, "",                                                  \
      "each value of the target is a class, or it is a number (or several)", "class|continuous", OPTION_LANE },          \
    { "targets", OPTION_TEXT, AT(targets), "", 0, 0, "",                                                                 \
      "values of the target that are used, such as \"1, 3, 5\"; without: all", NULL, OPTION_LANE },                      \
    { "trials", OPTION_TEXT, AT(trials), "", 0, 0, "",                                                                   \
      "which trials, by their columns: \"rt < 0.8 and part == test\"", NULL, OPTION_LANE },                              \
    { "units", OPTION_TEXT, AT(units), "", 0, 0, "", "which units, by their columns, likewise", NULL, OPTION_LANE },     \
    { "pairing", OPTION_CHOICE, AT(pairing), "recorded", 0, 0, "",                                                       \
      "recorded: the trials of one session as they were; surrogate: other trials of the same target, as those of "      \
      "different sessions always are", "recorded|surrogate", OPTION_LANE },                                              \
    { "surrogate", OPTION_CHOICE, AT(surrogate), "rank", 0, 0, "",                                                       \
      "rank: the k-th trials of a target, as far as both sessions go (as published); random: by the seed, trials of "   \
      "the session with fewer repeated", "rank|random", OPTION_LANE },                                                   \
    { "split", OPTION_CHOICE, AT(split), "stratified", 0, 0, "",                                                         \
      "test part: a fraction of each target, a fraction of all trials, as a column says, or one of the folds",           \
      "stratified|fraction|given|folds", OPTION_LANE },                                                                  \
    { "test_fraction", OPTION_REAL, AT(test_fraction), "0.1", 0, 1, "", "share of the trials to test on", NULL,          \
      OPTION_LANE },                                                                                                     \
    { "part", OPTION_TEXT, AT(part), "part", 0, 0, "", "trial column that says train or test (split: given)", NULL,      \
      OPTION_LANE },                                                                                                     \
    { "folds", OPTION_INTEGER, AT(folds), "10", 2, 100000, "folds", "parts of cross-validation (split: folds)", NULL,    \
      OPTION_LANE },                                                                                                     \
    { "fold", OPTION_INTEGER, AT(fold), "0", 0, 99999, "", "the fold that is tested, from 0", NULL, OPTION_LANE },       \
    { "fold_blocks", OPTION_FLAG, AT(fold_blocks), "false", 0, 0, "",                                                    \
      "folds are blocks of consecutive trials of a target, not random", NULL, OPTION_LANE },                             \
    { "split_seed", OPTION_INTEGER, AT(split_seed), "0", 0, 1e15, "",                                                    \
      "of the division into parts, which is the same for all partners, and for all seeds that use the same trials", NULL, OPTION_LANE },                   \
    { "standardise", OPTION_FLAG, AT(standardise), "true", 0, 0, "",                                                     \
      "each unit gets mean 0 and variance 1 over the training part", NULL, OPTION_LANE },                                \
    { "match_units", OPTION_INTEGER, AT(match_units), "all", 1, 1e6, "units",                                            \
      "random units of each source; fewest: as many as the smallest area of the file has", "all|fewest",                 \
      OPTION_LANE },                                                                                                     \
    { "match_trials", OPTION_INTEGER, AT(match_trials), "all", 1, 1e8, "trials",                                         \
      "random trials of each target; fewest: as many as any session of the file has of any (split: given: of the "      \
      "training trials)", "all|fewest", OPTION_LANE },                                                                   \
    { "shuffle", OPTION_INTEGER, AT(shuffle), "0", 0, 1e9, "",                                                           \
      "0: targets as recorded; k: permuted among the trials of a session for the k-th time, for a null distribution",    \
      NULL, OPTION_LANE },                                                                                               \
    { "block", OPTION_TEXT, AT(block), "", 0, 0, "",                                                                     \
      "trial column of blocks that a bootstrap keeps together; without: each trial for itself", NULL, OPTION_LANE }
/* clang-format on */

#endif
