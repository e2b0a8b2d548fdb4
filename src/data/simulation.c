#include "data/simulation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

/* Counts of a trial are those of one bin, the time for which units are looked at. */
static const double bin_ms = 500;
static const double pi = 3.14159265358979323846;

/* Random numbers of a session: epochs of one key. */
enum { EPOCH_LATENT, EPOCH_LOSS, EPOCH_GAIN, EPOCH_AREA };

static random_key key_of(const simulation *o, random_purpose purpose, int session, uint32_t epoch)
{
    return (random_key){
        .seed = (uint64_t)o->number, .purpose = (uint32_t)purpose, .stream = (uint32_t)session, .epoch = epoch
    };
}

/* ---- sessions and their codes ----------------------------------------------------------------------------------------- */

/* Animals have alike numbers of sessions, the first ones one more where they do not come out even. */
static int animal_of(const simulation *o, int session, int *within)
{
    int first = (int)((o->sessions + o->animals - 1) / o->animals);
    int animal = o->animals == 1 || session < first ? 0 : 1;
    *within = animal == 0 ? session : session - first;
    return animal;
}

const char *simulated_session_name(const simulation *o, int session)
{
    static char name[SIMULATED_ANIMALS][SIMULATED_SESSIONS_MAX][4];
    int within, animal = animal_of(o, session, &within);
    char *to = name[animal][within];
    int number = within + 1, at = 0;
    to[at++] = (char)('A' + animal);
    if (number >= 10) to[at++] = (char)('0' + number / 10);
    to[at++] = (char)('0' + number % 10);
    to[at] = '\0';
    return to;
}

const char *simulated_animal_name(const simulation *o, int session)
{
    int within;
    return animal_of(o, session, &within) == 0 ? "A" : "B";
}

const char *simulated_area_name(int area_index)
{
    return area_index == 0 ? "PMd" : "M1";
}

status simulation_check(const simulation *o)
{
    status result = OK;
    double known = (double)o->classes * (1 + o->overlap) / 2;
    double least = (double)(o->classes % 2) / (double)o->classes;
    CHECK(fabs(known - round(known)) < 1e-9, BAD_INPUT,
          "data.overlap is %g, but of %lld classes two animals can have a share of %g, %g, … 1 in common",
          o->overlap, (long long)o->classes, least, least + 2 / (double)o->classes);
    CHECK(o->sessions >= o->animals, BAD_INPUT, "data.animals is %lld, but there are %lld sessions",
          (long long)o->animals, (long long)o->sessions);
done:
    return result;
}

simulated_code simulated_code_of(const simulation *o, int session)
{
    int within;
    return (simulated_code){ .classes = (int)o->classes,
                             .known = (int)llround((double)o->classes * (1 + o->overlap) / 2),
                             .animal = animal_of(o, session, &within),
                             .stand_ins = (int)o->stand_ins };
}

/* ---- trials ----------------------------------------------------------------------------------------------------------- */

static int draw_from(symbol_range from, random_key key, int64_t trial)
{
    return from.first + (int)random_below(key, (uint64_t)trial, (uint32_t)from.count);
}

static double loss_of(const simulation *o, int area_index)
{
    return area_index == 0 ? 0 : o->area_loss;
}

int simulated_symbol(const simulation *o, int session, int area_index, int64_t trial)
{
    simulated_code c = simulated_code_of(o, session);
    random_key loss = key_of(o, RANDOM_DATA, session, EPOCH_LOSS);
    if (loss_of(o, area_index) > random_uniform(loss, (uint64_t)trial * 2))
        return code_symbols(&c).first +
               (int)random_below(loss, (uint64_t)trial * 2 + 1, (uint32_t)code_symbols(&c).count);
    return draw_from(code_shown(&c, (int)(trial % o->classes)), key_of(o, RANDOM_DATA, session, EPOCH_LATENT),
                     trial);
}

/* Mean spikes per second of a unit: its preferred direction is one of evenly spaced ones, all turned by the same. */
static double rate_of(const simulation *o, int session, int area_index, int unit, int symbol)
{
    double turn = random_uniform(key_of(o, RANDOM_TUNING, session, EPOCH_AREA + (uint32_t)area_index), 0);
    double preferred = (unit + turn) / (double)o->units, shown = (double)symbol / (double)o->classes;
    return o->rate * exp(o->tuning * (cos(2 * pi * (shown - preferred)) - 1));
}

/* Inverts the distribution function of Poisson counts at u; what a byte does not hold is cut off. */
static int poisson_count(double mean, double u)
{
    int count = 0;
    double p = exp(-mean), below = p;
    while (u > below && count < UINT8_MAX) {
        p *= mean / ++count;
        below += p;
    }
    return count;
}

/* A random number for each unit of each trial. */
static uint64_t index_of(const area *a, int64_t trial, int unit)
{
    return (uint64_t)trial * (uint64_t)a->units + (uint64_t)unit;
}

static void fill_trial(const simulation *o, int session, int area_index, int64_t trial, const double *curve,
                       area *a)
{
    random_key noise = key_of(o, RANDOM_SPIKES, session, EPOCH_AREA + (uint32_t)area_index);
    random_key common = key_of(o, RANDOM_SPIKES, session, EPOCH_GAIN);
    double gain = 1;
    if (o->noise == NOISE_CORRELATED)
        gain = exp(o->gain * random_normal(common, (uint64_t)trial) - o->gain * o->gain / 2);
    const double *mean = curve + (int64_t)simulated_symbol(o, session, area_index, trial) * a->units;
    for (int u = 0; u < a->units; u++) {
        uint64_t at = index_of(a, trial, u);
        if (a->count) {
            a->count[at] = (uint8_t)poisson_count(gain * mean[u] * bin_ms / 1000, random_uniform(noise, at));
        } else {
            /* without error: nothing but noise units varies, as much as counts of the same mean would */
            double spread = u >= o->units ? sqrt(mean[u]) * random_normal(noise, at) : 0;
            a->feature[at] = (float)(mean[u] + spread);
        }
    }
}

static status add_area(const simulation *o, int session, int area_index, recorded_session *s)
{
    status result = OK;
    area *a;
    double *curve = NULL; /* (classes, units) mean responses */
    int units = (int)(o->units + o->noise_units);
    TRY(session_add_area(s, simulated_area_name(area_index), units, 1, o->readout == READOUT_POISSON, &a));
    if (a->count) a->bin_ms = bin_ms;
    curve = malloc((size_t)o->classes * (size_t)units * sizeof *curve);
    CHECK(curve != NULL, NO_MEMORY, "no memory for %d units", units);
    for (int k = 0; k < o->classes; k++)
        for (int u = 0; u < units; u++)
            curve[k * units + u] = u < o->units ? rate_of(o, session, area_index, u, k) : o->rate / 2;
    for (int64_t t = 0; t < s->trials; t++) fill_trial(o, session, area_index, t, curve, a);
done:
    free(curve);
    return result;
}

status simulation_make(const simulation *o, recordings **out)
{
    status result = OK;
    recordings *made = NULL;
    TRY(simulation_check(o));
    TRY(recordings_make(&made));
    TRY(text_set(&made->target, "target"));
    for (int k = 0; k < o->sessions; k++) {
        recorded_session *s;
        column *target;
        TRY(recordings_add_session(made, simulated_session_name(o, k), &s));
        TRY(text_set(&s->animal, simulated_animal_name(o, k)));
        s->trials = o->trials * o->classes;
        TRY(session_add_column(s, "target", "", 1, &target));
        for (int64_t t = 0; t < s->trials; t++) target->number[t] = (double)(t % o->classes);
        for (int a = 0; a < o->areas; a++) TRY(add_area(o, k, a, s));
    }
    *out = made;
    made = NULL;
done:
    recordings_free(made);
    return result;
}
