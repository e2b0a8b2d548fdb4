#include "data/covariance_file.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv.h"

/* Of the geometric mean of two variances: how far the halves of a matrix that was written as text may differ. */
static const double ASYMMETRY_ALLOWED = 1e-8;

int covariance_file_find(const covariance_file *c, const char *name, int length)
{
    for (int i = 0; i < c->n; i++)
        if ((int)strlen(c->name[i]) == length && memcmp(c->name[i], name, (size_t)length) == 0)
            return i;
    return -1;
}

static status read_names(const csv *file, const char *path, covariance_file *to)
{
    status result = OK;
    for (int i = 0; i < to->n; i++) {
        const char *name = file->name[i];
        CHECK(name[0] != '\0' && strpbrk(name, " \t|") == NULL, BAD_INPUT,
              "%s: column %d is called \"%s\"; right would be a name without blanks and without |", path,
              i + 1, name);
        to->name[i] = strdup(name);
        CHECK(to->name[i] != NULL, NO_MEMORY, "no memory for %d columns", to->n);
    }
done:
    return result;
}

static status read_row(const csv *file, const char *path, int row, covariance_file *to)
{
    status result = OK;
    for (int c = 0; c < to->n; c++) {
        const char *text = file->cell[row * file->columns + c];
        char *end;
        const double value = strtod(text, &end);
        CHECK(end != text && *end == '\0' && isfinite(value), BAD_INPUT,
              "%s:%d: the covariance of %s and %s is \"%s\"; right would be a number", path, file->line[row],
              to->name[row], to->name[c], text);
        CHECK(c != row || value > 0, BAD_INPUT,
              "%s:%d: the variance of %s is %s; right would be a number above 0", path, file->line[row],
              to->name[row], text);
        to->value[row * (ptrdiff_t)to->n + c] = value;
    }
done:
    return result;
}

static status check_symmetry(const csv *file, const char *path, const covariance_file *c)
{
    status result = OK;
    const double *v = c->value;
    const ptrdiff_t n = c->n;
    for (ptrdiff_t i = 0; i < n; i++)
        for (ptrdiff_t j = 0; j < i; j++)
            CHECK(fabs(v[i * n + j] - v[j * n + i]) <=
                      ASYMMETRY_ALLOWED * sqrt(v[i * n + i]) * sqrt(v[j * n + j]),
                  BAD_INPUT,
                  "%s:%d: the covariance of %s and %s is %.9g here and %.9g in line %d; right would be one "
                  "number",
                  path, file->line[i], c->name[i], c->name[j], v[i * n + j], v[j * n + i], file->line[j]);
done:
    return result;
}

status covariance_file_read(const char *path, covariance_file **out)
{
    status result = OK;
    csv *file = NULL;
    covariance_file *made = NULL;
    TRY(csv_read(path, &file));
    CHECK(file->columns <= COVARIANCE_COLUMNS_MAX, BAD_INPUT, "%s: %d columns; at most %d are right", path,
          file->columns, COVARIANCE_COLUMNS_MAX);
    CHECK(file->columns >= 2, BAD_INPUT, "%s: one column; a source and a target are two", path);
    CHECK(file->rows == file->columns, BAD_INPUT,
          "%s: %d columns and %d rows below their names; right would be as many rows, a row for each column",
          path, file->columns, file->rows);
    made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for %s", path);
    made->n = file->columns;
    made->name = calloc((size_t)made->n, sizeof *made->name);
    made->value = malloc((size_t)made->n * (size_t)made->n * sizeof *made->value);
    CHECK(made->name && made->value, NO_MEMORY, "no memory for %s", path);
    TRY(read_names(file, path, made));
    for (int row = 0; row < made->n; row++) TRY(read_row(file, path, row, made));
    TRY(check_symmetry(file, path, made));
    *out = made;
    made = NULL;
done:
    covariance_file_free(made);
    csv_free(file);
    return result;
}

void covariance_file_free(covariance_file *c)
{
    if (c == NULL) return;
    for (int i = 0; c->name && i < c->n; i++) free(c->name[i]);
    free(c->name);
    free(c->value);
    free(c);
}
