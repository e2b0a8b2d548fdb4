/* The tables behind data kind `gate`: those that everybody knows, and those that a person brings as a CSV file. */
#ifndef GATES_H
#define GATES_H

#include "data.h"

/* Names of the built-in gates, '|' between them, as an option table wants them. */
#define GATE_NAMES \
    "xor|and|or|unq|rdn|rdnxor|imperfectrdn|rdnunqxor|sum|dyadic|triadic|diff|reducedor|pntunq|gband"

/* A built-in gate as a table that the caller frees; BAD_INPUT for a name that is none. */
status gate_table(const char *name, table **out);

/* Reads columns x1, x2, …, y and p, in any order, into a table. Rows of p = 0 are left out. BAD_INPUT names file and line. */
status gate_read(const char *path, table **out);

#endif
