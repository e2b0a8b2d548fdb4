/* The tables of a session as CSV, with a head: a line per trial, or per unit. Positions become one column per dimension;
 * nothing stands where there is nothing. */
#ifndef RECORDINGS_CSV_H
#define RECORDINGS_CSV_H

#include "data/recordings.h"

status session_print_trials(const recorded_session *s, FILE *to);
status session_print_units(const recorded_session *s, FILE *to);

#endif
