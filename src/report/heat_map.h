/* Heat maps: a number in every cell, with half the width of its bar. */
#ifndef REPORT_HEAT_MAP_H
#define REPORT_HEAT_MAP_H

#include "figures.h"

typedef struct map_cell {
    double mean, half; /* NaN where there is none */
    int64_t count;     /* values that the mean averages; 0: the cell is grey */
    bool significant;
} map_cell;

typedef struct heat_map {
    const figure *figure;
    const axis *across, *down;
    const char *const *across_animal, *const
                                          *down_animal; /* what rows and columns belong to; NULL: nothing */
    map_cell *cell;                                     /* (down, across) */
    double least, most; /* of all maps of the result, which share their colours */
    bool tested;        /* a cell without a mark is not significant */
} heat_map;

/* All cells grey, without names of animals. The axes are borrowed. */
status heat_map_make(const figure *f, const axis *across, const axis *down, heat_map *out);
void heat_map_free(heat_map *m);
/* Writes NAME.dat and NAME.gp. */
status heat_map_draw(const heat_map *m);

#endif
