/* Units of information. Result files have bits; a report may show nats. */
#ifndef REPORT_UNITS_H
#define REPORT_UNITS_H

#include "row.h"

/* 1 bit in nats. */
double units_nats_per_bit(void);
/* A layout like another, which must outlive it, of results in nats where those are in bits. */
status units_in_nats(const layout *bits, layout **out);
void units_free(layout *in_nats); /* NULL is fine */

#endif
