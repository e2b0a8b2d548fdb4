#include <stdlib.h>
#include <string.h>

#include "data/kinds.h"
#include "data/simulation.h"
#include "data/trial_data.h"

typedef struct simulated_options {
    simulation of;
    int stand_ins, readout, noise;
    trial_options trials;
} simulated_options;

/* What the word "seed" of the option `simulation` is stored as. */
enum { SIMULATION_SEED = -1 };

#define FIELD(f) offsetof(simulated_options, f)
#define AT(f)    offsetof(simulated_options, trials.f)
static const option simulated_option_table[] = {
    { "simulation", OPTION_INTEGER, FIELD(of.number), "0", 0, 1e15, "",
      "which of the data sets that these settings describe; a number: the task's seed only trains; seed: "
      "each seed has a "
      "data set of its own",
      "seed", OPTION_LANE },
    { "sessions", OPTION_INTEGER, FIELD(of.sessions), "2", 1, SIMULATED_SESSIONS_MAX, "sessions",
      "A1, A2, … of the first animal, then B1, B2, … of the second", NULL, OPTION_LANE },
    { "animals", OPTION_INTEGER, FIELD(of.animals), "2", 1, SIMULATED_ANIMALS, "animals", "A, or A and B",
      NULL, OPTION_LANE },
    { "areas", OPTION_INTEGER, FIELD(of.areas), "1", 1, SIMULATED_AREAS, "areas", "PMd, or PMd and M1", NULL,
      OPTION_LANE },
    { "classes", OPTION_INTEGER, FIELD(of.classes), "8", 2, 64, "classes", "targets, all equally frequent",
      NULL, OPTION_LANE },
    { "overlap", OPTION_REAL, FIELD(of.overlap), "0.5", 0, 1, "",
      "share of the classes that both animals know; of 8: 0, 0.25, 0.5, 0.75, 1", NULL, OPTION_LANE },
    { "stand_ins", OPTION_CHOICE, FIELD(stand_ins), "random", 0, 0, "",
      "a class that an animal does not know looks like any that it alone knows (random: each trial), or "
      "always like the "
      "same one (fixed: sessions of an animal share more)",
      "random|fixed", OPTION_LANE },
    { "trials_per_target", OPTION_INTEGER, FIELD(of.trials), "100", 2, 1e6, "trials", "of each session", NULL,
      OPTION_LANE },
    { "readout", OPTION_CHOICE, FIELD(readout), "exact", 0, 0, "",
      "what units give of a trial: their mean response (exact), or a spike count in 500 ms (poisson)",
      "exact|poisson", OPTION_LANE },
    { "tuned_units", OPTION_INTEGER, FIELD(of.units), "16", 2, 10000, "units",
      "of each area, with preferred classes evenly spaced on a circle", NULL, OPTION_LANE },
    { "noise_units", OPTION_INTEGER, FIELD(of.noise_units), "0", 0, 10000, "units",
      "of each area, which respond to nothing", NULL, OPTION_LANE },
    { "rate", OPTION_REAL, FIELD(of.rate), "20", 0.001, 400, "1/s",
      "spikes per second for the preferred class", NULL, OPTION_LANE },
    { "tuning", OPTION_REAL, FIELD(of.tuning), "2", 0, 100, "",
      "k of the response rate exp(k (cos - 1)); 0: units know nothing about the target", NULL, OPTION_LANE },
    { "noise", OPTION_CHOICE, FIELD(noise), "independent", 0, 0, "",
      "of spike counts: each unit for itself, or a gain that all units of a trial have in common beside",
      "independent|correlated", OPTION_LANE },
    { "gain", OPTION_REAL, FIELD(of.gain), "0.2", 0, 3, "",
      "standard deviation of the logarithm of the common gain (noise: correlated)", NULL, OPTION_LANE },
    { "area_loss", OPTION_REAL, FIELD(of.area_loss), "0", 0, 1, "",
      "how often M1 shows any class instead of the one that PMd shows", NULL, OPTION_LANE },
    TRIAL_OPTION_ROWS(AT),
    { .name = NULL }
};

static const simulated_options *options_of(const settings *s)
{
    return s->block[SECTION_DATA];
}

static simulation simulation_of(const settings *s)
{
    const simulated_options *o = options_of(s);
    simulation of = o->of;
    if (of.number == SIMULATION_SEED) of.number = settings_task(s)->seed;
    of.stand_ins = o->stand_ins;
    of.readout = o->readout;
    of.noise = o->noise;
    return of;
}

/* ---- simulated recordings, made once, the youngest first --------------------------------------------------------------- */

typedef struct kept_simulation {
    struct kept_simulation *next;
    simulation of;
    recordings *recordings;
} kept_simulation;
static kept_simulation *kept;

static double megabytes(const simulation *o)
{
    double numbers = (double)o->sessions * (double)o->areas * (double)(o->units + o->noise_units) *
                     (double)o->trials * (double)o->classes;
    return numbers * (o->readout == READOUT_EXACT ? sizeof(float) : 1) / 1e6;
}

static void forget(kept_simulation **at)
{
    kept_simulation *k = *at;
    *at = k->next;
    trial_data_forget(k->recordings);
    recordings_free(k->recordings);
    free(k);
}

/* Forgets the oldest, so that a sweep over many simulations stays small. */
static void trim(double room)
{
    enum { KEPT_MEGABYTES = 256 };
    for (kept_simulation **at = &kept; *at;) {
        room += megabytes(&(*at)->of);
        if (room > KEPT_MEGABYTES)
            forget(at);
        else
            at = &(*at)->next;
    }
}

static status find_recordings(const settings *s, const recordings **out)
{
    status result = OK;
    simulation of = simulation_of(s);
    kept_simulation *made = NULL;
    for (const kept_simulation *k = kept; k; k = k->next) {
        if (memcmp(&k->of, &of, sizeof of) != 0) continue;
        *out = k->recordings;
        goto done;
    }
    trim(megabytes(&of));
    made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for simulated sessions");
    made->of = of;
    TRY(simulation_make(&of, &made->recordings));
    made->next = kept;
    kept = made;
    *out = made->recordings;
    made = NULL;
done:
    free(made);
    return result;
}

void simulated_sessions_close(void)
{
    while (kept) forget(&kept);
}

/* ---- the kind ----------------------------------------------------------------------------------------------------------- */

static bool simulated_drawn(const settings *s)
{
    const simulated_options *o = options_of(s);
    return o->of.number == SIMULATION_SEED || trial_options_drawn(&o->trials);
}

static status simulated_shape(const settings *s, data_shape *shape)
{
    status result = OK;
    const recordings *r;
    TRY(find_recordings(s, &r));
    TRY(trial_data_shape(r, &options_of(s)->trials, settings_task(s)->seed, shape));
done:
    return result;
}

static status simulated_make(const settings *s, dataset **out)
{
    status result = OK;
    const recordings *r;
    TRY(find_recordings(s, &r));
    TRY(trial_data_make(r, &options_of(s)->trials, settings_task(s)->seed, out));
done:
    return result;
}

/* The session's number; -1 where there is none of this name. */
static int session_number(const simulation *of, const char *name)
{
    if (name[0] == '\0' && of->sessions == 1) return 0;
    for (int k = 0; k < of->sessions; k++)
        if (strcmp(simulated_session_name(of, k), name) == 0) return k;
    return -1;
}

/* The area's number; all areas side by side know what the first one knows. */
static int area_number(const char *name)
{
    return strcmp(name, simulated_area_name(1)) == 0 ? 1 : 0;
}

/* There is a table where the units read a symbol without error, all of them, and where trials and targets are those of
 * the simulation. */
static bool has_table(const simulated_options *o)
{
    const trial_options *t = &o->trials;
    return o->readout == READOUT_EXACT && o->of.tuning > 0 && t->shuffle == 0 && t->trials[0] == '\0' &&
           t->targets[0] == '\0' && t->target[0] == '\0' && t->target_type == TARGET_CLASS &&
           t->units[0] == '\0' && t->match_units == MATCH_ALL && t->side[0].units == UNITS_ALL &&
           t->side[1].units == UNITS_ALL;
}

static status simulated_table(const settings *s, table **out)
{
    const simulated_options *o = options_of(s);
    simulation of = simulation_of(s);
    int session[2], place[2];
    *out = NULL;
    if (!has_table(o)) return OK;
    for (int i = 0; i < 2; i++) {
        session[i] = session_number(&of, o->trials.side[i].session);
        place[i] = area_number(o->trials.side[i].area);
        if (session[i] < 0) return OK;
    }
    bool same_trials = !trial_pairs_are_surrogate(&o->trials, session[0] == session[1]);
    return simulation_table(&of, session, place, same_trials, out);
}

/* Names of the sessions for each number of sessions and animals, so that what `members` gave stays as it was. */
static const char *const *session_members(const simulation *of)
{
    static const char *member[SIMULATED_ANIMALS][SIMULATED_SESSIONS_MAX][SIMULATED_SESSIONS_MAX];
    const char **to = member[of->animals - 1][of->sessions - 1];
    for (int k = 0; k < of->sessions; k++) to[k] = simulated_session_name(of, k);
    return to;
}

static bool is_of(const char *name, const char *first, const char *second)
{
    return strcmp(name, first) == 0 || strcmp(name, second) == 0;
}

static status simulated_members(const settings *s, const char *name, const char *const **member, int *count)
{
    static const char *areas[SIMULATED_AREAS];
    simulation of = simulation_of(s);
    *count = 0;
    if (is_of(name, "session_1", "session_2")) {
        *member = session_members(&of);
        *count = (int)of.sessions;
    }
    if (is_of(name, "area_1", "area_2")) {
        for (int a = 0; a < SIMULATED_AREAS; a++) areas[a] = simulated_area_name(a);
        *member = areas;
        *count = (int)of.areas;
    }
    return OK;
}

static status simulated_label(const settings *s, const char *name, const char *value, const char **label)
{
    simulation of = simulation_of(s);
    int session = is_of(name, "session_1", "session_2") ? session_number(&of, value) : -1;
    *label = session < 0 ? NULL : simulated_animal_name(&of, session);
    return OK;
}

const data_kind simulated_sessions_kind = {
    .name = "simulated_sessions",
    .summary = "simulated populations of two animals that know the targets of trials in part, where the "
               "truth is known",
    .source = "tuning curves on a circle and Poisson counts; overlapping classes as in Kleinman et al., "
              "Entropy 2021, 23, "
              "922, Figure 5",
    .section = { "data", simulated_option_table, sizeof(simulated_options) },
    .drawn = simulated_drawn,
    .shape = simulated_shape,
    .make = simulated_make,
    .table = simulated_table,
    .files = data_no_files,
    .members = simulated_members,
    .label = simulated_label,
};
