/* Writing infosweep's own data files, of recordings and of images: under a temporary name, put in place when all is written. */
#ifndef DATA_FILE_H
#define DATA_FILE_H

#include <hdf5.h>
#include <stdbool.h>

#include "status.h"

/* May a file of this name be written? Asked before much work is done for it. */
status data_file_check(const char *path, bool replace);

/* Calls `write` with a new file; `path` is for messages. An existing file is refused unless `replace`. */
status data_file_write(const char *path, bool replace,
                       status (*write)(const char *path, hid_t file, const void *what), const void *what);

#endif
