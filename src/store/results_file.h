/* What the store itself reads of a result file beside what anyone can. */
#ifndef STORE_RESULTS_FILE_H
#define STORE_RESULTS_FILE_H

#include "hdf5.h"
#include "results.h"

hid_t results_file(const results *r); /* borrowed */

#endif
