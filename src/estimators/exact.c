/* exact: what a finite table says about itself, without samples or training: entropies and informations, and how the information
 * of its sources decomposes, by any of the measures that the field argues about; the optimum of RINE's objective (exact.h), which a
 * trained `rine` can at best reach, among them. */
#include "exact.h"

#include <math.h>

#include "estimator.h"
#include "estimators/exact_cost.h"
#include "estimators/exact_measures.h"

/* Beyond this many unknowns (symbols of all sources times classes) a solution takes minutes, in which nobody would be
 * answered. */
enum { UNKNOWNS_MAX = 2048 };

typedef struct exact_options {
    int measure; /* exact_measure */
    double beta;
    int distance; /* rine_distance */
    int coupling; /* rine_coupling */
    int reduce;   /* rine_reduce */
} exact_options;

#define FIELD(f) offsetof(exact_options, f)
static const option exact_table[] = {
    { "measure", OPTION_CHOICE, FIELD(measure), "rine", 0, 0, "",
      "of what the sources share: rine, the optimum of its objective; min, wedge, gh (tables of up to 128 "
      "rows), prec, "
      "redundancies of any number of sources; broja, for two; union, the union information of any number, "
      "for two the same as "
      "broja; wms and ci, synergies of any number: whole minus sum, correlational importance",
      EXACT_MEASURES, 0 },
    { "beta", OPTION_REAL, FIELD(beta), "15", 0, 1e9, "",
      "weight of the agreement between the sources' predictions; of a schedule, the value that it ends at",
      NULL, OPTION_LANE },
    { "distance", OPTION_CHOICE, FIELD(distance), "l1", 0, 0, "", "distance between two predictions",
      "l1|l2|js", OPTION_LANE },
    { "coupling", OPTION_CHOICE, FIELD(coupling), "pairwise", 0, 0, "",
      "distances that count: all pairs of sources, or each source to the mean prediction",
      "pairwise|centroid", OPTION_LANE },
    { "reduce", OPTION_CHOICE, FIELD(reduce), "mean", 0, 0, "",
      "distance over classes: mean (authors' code: divides beta by the classes) or sum (paper)", "mean|sum",
      OPTION_LANE },
    { .name = NULL }
};
#undef FIELD

/* Places in the table of results. */
enum {
    TARGET_ENTROPY,
    INFORMATION,
    INFORMATION_JOINT,
    DETERMINISTIC,
    REDUNDANT,
    UNIQUE,
    SYNERGISTIC,
    UNITED,
    USABLE,
    DISTANCE,
    GAP,
    CERTIFICATE,
    DRIFT,
    RESULTS
};

static const quantity exact_results[] = {
    [TARGET_ENTROPY] = { "target_entropy", PER_CELL, "bits", "H(Y)" },
    [INFORMATION] = { "information", PER_SOURCE, "bits", "mutual information of one source and the target" },
    [INFORMATION_JOINT] = { "information_joint", PER_CELL, "bits",
                            "mutual information of all sources together and the target" },
    [DETERMINISTIC] = { "deterministic_redundancy", PER_CELL, "bits",
                        "I_wedge: information about the target in the common part of the sources (Gács and "
                        "Körner)" },
    [REDUNDANT] = { "redundant_information", PER_CELL, "bits",
                    "redundant information about the target, by the measure; of two sources a measure of "
                    "union or synergy says it by the "
                    "identities (wms: always 0), of more it does not; rine: H(Y) minus the mean "
                    "cross-entropy of the sources at the optimum",
                    "what the measure gives: wms and ci count synergy first, and what is left may be "
                    "negative" },
    [UNIQUE] = { "unique_information", PER_SOURCE, "bits",
                 "information of one of two sources beside what is redundant; may be negative" },
    [SYNERGISTIC] = { "synergistic_information", PER_CELL, "bits",
                      "joint information minus union information; may be negative; of more than two sources "
                      "by union, wms and ci" },
    [UNITED] = { "union_information", PER_CELL, "bits",
                 "information that at least one source has; may exceed the joint; of more than two sources "
                 "by union, wms and ci" },
    [USABLE] = { "usable_information", PER_SOURCE, "bits",
                 "rine: usable information of one source, H(Y) minus its cross-entropy at the optimum" },
    [DISTANCE] = { "distance", PER_CELL, "",
                   "rine: mean distance between the predictions at the optimum, summed over classes" },
    [GAP] = { "gap", PER_CELL, "nats", "rine: certified distance of the objective from its minimum" },
    [CERTIFICATE] = { "certificate", PER_CELL, "bits",
                      "certified distance of a measure from the optimum that defines it; 0 where it is a "
                      "formula" },
    [DRIFT] = { "drift", PER_CELL, "",
                "broja, union: largest difference of a marginal p(x_i, y) from the table's" },
    [RESULTS] = { .name = NULL }
};

static const exact_options *options_of(const settings *s)
{
    return s->block[SECTION_ESTIMATOR];
}

static int symbols_of(const table *t)
{
    int symbols = 0;
    for (int i = 0; i < t->sources; i++) symbols += t->symbols[i];
    return symbols;
}

static status check(const settings *s, const data_shape *shape)
{
    status result = OK;
    table *t = NULL;
    CHECK(shape->sources >= 2, BAD_INPUT, "exact compares sources, and the data has %d", shape->sources);
    TRY(s->data->table(s, &t));
    CHECK(t != NULL, BAD_INPUT, "exact needs a finite table, which data kind %s has not", s->data->name);
    TRY(exact_measure_accepts((exact_measure)options_of(s)->measure, t));
    CHECK(options_of(s)->measure != MEASURE_RINE || symbols_of(t) <= UNKNOWNS_MAX / t->classes, BAD_INPUT,
          "exact: a table of %d symbols (all sources) and %d classes is too large; at most %d symbols × "
          "classes",
          symbols_of(t), t->classes, UNKNOWNS_MAX);
done:
    table_free(t);
    return result;
}

static void omit(result_extents *e, int result)
{
    e->omitted |= (uint64_t)1 << result;
}

/* What a measure says: redundancy and union follow from each other for two sources only. */
static void extents(const settings *s, const data_shape *shape, result_extents *out)
{
    exact_measure m = (exact_measure)options_of(s)->measure;
    bool of_union = m == MEASURE_BROJA || m == MEASURE_UNION || m == MEASURE_WMS || m == MEASURE_CI;
    *out = (result_extents){ .sources = shape->sources };
    if (shape->sources > 2) {
        omit(out, UNIQUE);
        if (of_union)
            omit(out, REDUNDANT);
        else
            omit(out, UNITED), omit(out, SYNERGISTIC);
    }
    if (m == MEASURE_RINE)
        omit(out, CERTIFICATE);
    else
        omit(out, USABLE), omit(out, DISTANCE), omit(out, GAP);
    if (m != MEASURE_BROJA && m != MEASURE_UNION) omit(out, DRIFT);
}

/* Of one task; 0 where its table cannot be had, which `check` has said. */
static exact_cost cost(const settings *s)
{
    table *t = NULL;
    if (s->data->table(s, &t) != OK || t == NULL) return (exact_cost){ 0 };
    const exact_options *o = options_of(s);
    exact_cost needed = exact_cost_of((exact_measure)o->measure, (rine_distance)o->distance, t);
    table_free(t);
    return needed;
}

static double flops(const settings *s, const data_shape *shape)
{
    (void)shape;
    return cost(s).flops;
}

static double seconds(const settings *s, const data_shape *shape, int count)
{
    (void)shape;
    return count * cost(s).seconds;
}

/* Tables are solved one after the other: what one needs, for any number of tasks. */
static size_t bytes(const settings *s, const data_shape *shape, int count)
{
    (void)shape;
    (void)count;
    return cost(s).bytes;
}

static void set_informations(const table *t, task_row *out)
{
    row_set(out, "target_entropy", 0, table_target_entropy_bits(t));
    for (int i = 0; i < t->sources; i++) row_set(out, "information", i, table_information_bits(t, 1U << i));
    row_set(out, "information_joint", 0, table_information_bits(t, (1U << t->sources) - 1));
    row_set(out, "deterministic_redundancy", 0, table_wedge_bits(t));
}

static status solve_rine(const exact_options *o, const table *t, decomposition *d, task_row *out)
{
    status result = OK;
    rine_optimum optimum;
    rine_options objective = { .beta = o->beta, .reduce = o->reduce };
    TRY(rine_optimum_solve(t, (rine_distance)o->distance, (rine_coupling)o->coupling,
                           rine_weight(&objective, t->classes, 0), &optimum));
    for (int i = 0; i < t->sources; i++)
        row_set(out, "usable_information", i, optimum.usable_information_bits[i]);
    row_set(out, "distance", 0, optimum.distance);
    row_set(out, "gap", 0, optimum.gap_nats);
    *d = (decomposition){ optimum.redundant_information_bits, NAN, { NAN, NAN }, NAN, NAN, NAN };
    decomposition_complete(t, d);
done:
    return result;
}

static void set_atoms(const table *t, const decomposition *d, task_row *out)
{
    row_set(out, "redundant_information", 0, d->redundant);
    for (int i = 0; t->sources == 2 && i < 2; i++) row_set(out, "unique_information", i, d->unique[i]);
    row_set(out, "synergistic_information", 0, d->synergistic);
    row_set(out, "union_information", 0, d->united);
    row_set(out, "certificate", 0, d->gap);
    row_set(out, "drift", 0, d->drift);
}

/* A tick of the estimator as a solver's pause. */
typedef struct answering {
    solver_pause pause;
    ticker *asker;
    double done;
} answering;

static bool answer(solver_pause *self)
{
    answering *a = self->context;
    return a->asker->tick(a->asker, a->done);
}

static status run_task(const settings *s, ticker *asker, double done, task_row *out)
{
    status result = OK;
    const exact_options *o = options_of(s);
    table *t = NULL;
    decomposition d;
    answering a = { .asker = asker, .done = done };
    a.pause = (solver_pause){ answer, &a };
    TRY(s->data->table(s, &t));
    CHECK(!isnan(table_wedge_bits(t)), NO_MEMORY, "no memory for a table of %d rows", t->rows);
    set_informations(t, out);
    if (o->measure == MEASURE_RINE)
        TRY(solve_rine(o, t, &d, out));
    else
        TRY(exact_decompose((exact_measure)o->measure, t, &a.pause, &d));
    set_atoms(t, &d, out);
    out->outcome = OUTCOME_DONE;
done:
    table_free(t);
    if (result == BROKEN || result == BAD_INPUT) {
        row_fail(out, OUTCOME_FAILED, "%s", failure_text());
        result = OK;
    }
    return result;
}

static status run(const task_pack *pack, ticker *t, task_row *const *rows)
{
    status result = OK;
    for (int i = 0; i < pack->count; i++) {
        if (!t->tick(t, (double)i / pack->count)) return WORK_LEFT;
        TRY(run_task(pack->task[i], t, (double)i / pack->count, rows[i]));
    }
done:
    return result;
}

static const char *lacks(void)
{
    return decomposition_has_rays() ? NULL : "gh and prec, built without GLPK";
}

const estimator exact_estimator = {
    .name = "exact",
    .summary = "entropies, informations and decompositions of a finite table: every measure of the field, "
               "and RINE's optimum",
    .source = "Kleinman et al., Entropy 2021, 23, 922, eq. 6-9 and A10 (rine); Williams and Beer 2010 (min); "
              "Griffith and Koch 2014 "
              "(wedge, union); Griffith and Ho 2015 (gh); Kolchinsky 2022 (prec, union); Bertschinger et al. "
              "2014 (broja); Nirenberg "
              "and Latham 2003 (ci)",
    .when = "of a finite table: gates, counted symbols, anything small enough to know all probabilities. "
            "Right to solver precision, with a certificate; min, wedge, gh, prec, union, wms and ci take any "
            "number of sources, broja two",
    .section = { "exact", exact_table, sizeof(exact_options) },
    .results = exact_results,
    .needs = NEEDS_DATA | NEEDS_TABLE,
    .lacks = lacks,
    .check = check,
    .extents = extents,
    .flops = flops,
    .seconds = seconds,
    .bytes = bytes,
    .run = run,
};
