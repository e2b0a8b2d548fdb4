/* Points in panels: PANEL of them side by side, coordinate by coordinate, so that a loop over a panel is a loop over lanes.
 *
 * Distances are compared before the root: as sums of squares, or largest differences. Both ways to find neighbours add the same
 * terms in the same order, and rounding keeps order (a <= b gives round(a) <= round(b)), so the bounds that boxes give hold for
 * rounded distances without any margin. */
#ifndef NEIGHBOURS_PANEL_H
#define NEIGHBOURS_PANEL_H

#include <math.h>

#include "neighbours.h"

enum { PANEL = 8 };

/* distance_l += or max= difference_l for all lanes */
static inline void panel_add(norm_kind norm, const double difference[PANEL], double distance[PANEL])
{
    if (norm == NORM_EUCLID) {
        for (int l = 0; l < PANEL; l++) distance[l] += difference[l] * difference[l];
    } else {
        for (int l = 0; l < PANEL; l++) {
            double size = fabs(difference[l]);
            distance[l] = distance[l] > size ? distance[l] : size;
        }
    }
}

/* From one point to those of a panel (dimensions, PANEL). */
static inline void panel_distances(norm_kind norm, int dimensions, const double *panel, const double *point,
                                   double out[PANEL])
{
    double distance[PANEL] = { 0 };
    for (int d = 0; d < dimensions; d++) {
        double difference[PANEL];
        for (int l = 0; l < PANEL; l++) difference[l] = panel[d * PANEL + l] - point[d];
        panel_add(norm, difference, distance);
    }
    for (int l = 0; l < PANEL; l++) out[l] = distance[l];
}

/* From the points of a panel to the nearest a point of a box could be. box: least (dimensions), greatest (dimensions). */
static inline void panel_gaps(norm_kind norm, int dimensions, const double *panel, const double *box,
                              double out[PANEL])
{
    double distance[PANEL] = { 0 };
    for (int d = 0; d < dimensions; d++) {
        double least = box[d], greatest = box[dimensions + d], difference[PANEL];
        for (int l = 0; l < PANEL; l++) {
            double x = panel[d * PANEL + l], below = least - x, above = x - greatest;
            double outside = below > above ? below : above;
            difference[l] = outside > 0 ? outside : 0;
        }
        panel_add(norm, difference, distance);
    }
    for (int l = 0; l < PANEL; l++) out[l] = distance[l];
}

/* From the points of a panel to the farthest a point of a box could be. */
static inline void panel_reaches(norm_kind norm, int dimensions, const double *panel, const double *box,
                                 double out[PANEL])
{
    double distance[PANEL] = { 0 };
    for (int d = 0; d < dimensions; d++) {
        double least = box[d], greatest = box[dimensions + d], difference[PANEL];
        for (int l = 0; l < PANEL; l++) {
            double x = panel[d * PANEL + l], low = x - least, high = greatest - x;
            difference[l] = low > high ? low : high;
        }
        panel_add(norm, difference, distance);
    }
    for (int l = 0; l < PANEL; l++) out[l] = distance[l];
}

#endif
