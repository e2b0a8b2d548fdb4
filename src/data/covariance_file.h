/* Covariances that a person brings: a CSV file whose header names the columns, and whose rows are those of the matrix in the same
 * order. */
#ifndef COVARIANCE_FILE_H
#define COVARIANCE_FILE_H

#include "status.h"

enum { COVARIANCE_COLUMNS_MAX = 4096 };

typedef struct covariance_file {
    int n;
    char **name;   /* (n), all different */
    double *value; /* (n, n), finite, symmetric up to rounding */
} covariance_file;

/* BAD_INPUT names file and line. Whether it is positive definite is not looked at. */
status covariance_file_read(const char *path, covariance_file **out);
void covariance_file_free(covariance_file *c);
/* The column of a name of so many letters; -1 where there is none. */
int covariance_file_find(const covariance_file *c, const char *name, int length);

#endif
