/* The units of an NWB 2 file: when each of them fired, and what the file says of them. */
#ifndef NWB_UNITS_H
#define NWB_UNITS_H

#include "data/nwb_table.h"
#include "data/recordings.h"

typedef struct nwb_units {
    nwb_table table;
    double *time;    /* seconds since the session's start; a unit's spikes lie together and ascend */
    int64_t *first;  /* (units + 1) where each unit's spikes begin */
    char **location; /* (units) of the electrode that recorded it; NULL where the file does not say */
} nwb_units;

/* Reads /units. Refuses a file without spike times. */
status nwb_units_open(const hdf5_object *root, nwb_units *out);
void nwb_units_free(nwb_units *u);

/* The text by which units belong to areas: a column of the units or of their electrodes; (units), freed with
 * hdf5_texts_free. Says which columns there are where there is no such one. */
status nwb_units_texts(const hdf5_object *root, const nwb_units *u, const char *name, char ***out);

/* When spikes are counted: in bins, each from its start on and before its end. */
typedef struct nwb_window {
    double from_ms, bin_ms;
    int bins;
    const double *event; /* (trials) seconds since the session's start */
    int64_t trials;
} nwb_window;

/* Counts the spikes of a unit into unit `to` of an area with as many trials and bins as the window has. `*any` is set where
 * there was one. */
status nwb_units_count(const nwb_units *u, int64_t unit, const nwb_window *w, area *a, int to, bool *any);

#endif
