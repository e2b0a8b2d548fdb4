/* MATLAB level 5 files (.mat), looked through before a library is let in that trusts what they say of themselves. */
#ifndef MATLAB_H
#define MATLAB_H

#include "status.h"

/* Is this a whole MATLAB 5 file of numbers, texts, cells and structs? Variables must lie end to end up to the last byte;
 * every size must be that of what it holds; what is compressed must unpack, checksum included. BAD_INPUT says what it is
 * instead. */
status matlab_check(const char *path);

#endif
