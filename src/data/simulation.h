/* Simulated sessions: populations of units whose mean responses to a latent symbol are bumps on a circle, with counts like
 * spikes around them or without error. */
#ifndef SIMULATION_H
#define SIMULATION_H

#include "data.h"
#include "data/recordings.h"
#include "data/simulated_code.h"

enum { SIMULATED_SESSIONS_MAX = 64, SIMULATED_ANIMALS = 2, SIMULATED_AREAS = 2 };

typedef enum readout { READOUT_EXACT, READOUT_POISSON } readout;
typedef enum trial_noise { NOISE_INDEPENDENT, NOISE_CORRELATED } trial_noise;

/* Whole numbers and reals of eight bytes only, so that two can be compared as bytes. */
typedef struct simulation {
    int64_t number; /* which of all data sets with these settings */
    int64_t sessions, animals, areas;
    int64_t classes, trials; /* trials: of each class */
    int64_t units, noise_units;
    int64_t stand_ins; /* enum stand_ins */
    int64_t readout;   /* enum readout */
    int64_t noise;     /* trial_noise */
    double overlap;    /* share of the classes that two animals have in common */
    double rate;       /* spikes per second at the peak */
    double tuning;     /* concentration of the bump: rate exp(tuning (cos - 1)) */
    double
        gain; /* standard deviation of the logarithm of the gain that the units of a trial have in common */
    double area_loss; /* probability that the second area shows any symbol */
} simulation;

/* BAD_INPUT: an overlap that does not go with the number of classes, fewer sessions than animals. */
status simulation_check(const simulation *o);
status simulation_make(const simulation *o, recordings **out);

const char *simulated_session_name(const simulation *o, int session); /* "A1", …, "B1", …; never freed */
const char *simulated_area_name(int area);                            /* "PMd", "M1" */
const char *simulated_animal_name(const simulation *o, int session);  /* "A", "B" */

simulated_code simulated_code_of(const simulation *o, int session);
/* The latent symbol that an area of a session shows in a trial; trial t is of class t mod classes. */
int simulated_symbol(const simulation *o, int session, int area, int64_t trial);

/* p(s1, s2, y) of the latent symbols of two areas (0, 1): of the same trials of a session, or of any trials of the same class. */
status simulation_table(const simulation *o, const int session[2], const int place[2], bool same_trials,
                        table **out);

#endif
