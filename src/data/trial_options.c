#include "data/trial_options.h"

#include <string.h>

bool trial_options_drawn(const trial_options *o)
{
    bool same_session = strcmp(o->side[0].session, o->side[1].session) == 0;
    bool random_pairs = trial_pairs_are_surrogate(o, same_session) && o->surrogate == SURROGATE_RANDOM;
    bool random_units = o->match_units != MATCH_ALL;
    for (int i = 0; i < 2; i++)
        random_units = random_units || o->side[i].units == UNITS_RANDOM || o->side[i].units == UNITS_OTHERS;
    return random_pairs || random_units || o->match_trials != MATCH_ALL;
}
