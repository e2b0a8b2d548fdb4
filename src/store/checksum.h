/* The checksum of a row: CRC-32 over the cell's index (8 bytes, lowest first) and its results in the layout's order, as
 * they lie in the file. It tells a torn row from a whole one, whoever wrote it. */
#ifndef STORE_CHECKSUM_H
#define STORE_CHECKSUM_H

#include "hdf5.h"
#include "row.h"
#include "sweep.h"

uint32_t checksum_start(int64_t cell);
uint32_t checksum_add(uint32_t sum, const double *values, int64_t count);

/* Reads the status of all cells (cells), whatever their checksums say. The caller frees. */
status checksum_read_states(hid_t file, const grid *g, uint8_t **state);
/* Reads the status of all cells (cells), then checks the rows that are done: torn ones come out as pending. In this
 * order it is right while a run writes, too. The caller frees. */
status checksum_read_status(hid_t file, const grid *g, const layout *l, uint8_t **state);

#endif
