/* MATLAB level 5 files (.mat): a look at the outside of a file before a library is let in. */
#ifndef MATLAB_H
#define MATLAB_H

#include "status.h"

/* Is this a whole MATLAB 5 file? Its variables must lie end to end up to the last byte, and those that are compressed
 * must unpack to the size they state, checksum included. BAD_INPUT says what it is instead. */
status matlab_check(const char *path);

#endif
