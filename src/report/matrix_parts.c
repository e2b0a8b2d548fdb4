#include "matrix_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mixture.h"

int64_t matrix_diagonal(const matrix *m, int64_t corner, int64_t i)
{
    int64_t j = matrix_same(m, i);
    if (corner < 0 || j < 0) return -1;
    int64_t group = corner + matrix_group(m, i, j) - m->corner;
    return isnan(m->means->of[group].value.mean) ? -1 : group;
}

static bool has_diagonal(const matrix *m, int64_t corner)
{
    for (int64_t i = 0; i < m->rows; i++)
        if (matrix_diagonal(m, corner, i) >= 0) return true;
    return false;
}

bool matrix_has_ceiling(const matrix *m)
{
    return view_axis_is(&m->summary->grid->axis[m->row], "session_1") && has_diagonal(m, m->surrogate);
}

/* The row that has the value of a column, or -1. */
static int64_t row_of(const matrix *m, int64_t column)
{
    for (int64_t i = 0; i < m->rows; i++)
        if (matrix_same(m, i) == column) return i;
    return -1;
}

/* Groups of the two diagonal values that bound a pair. */
static bool find_ceiling(const matrix *m, int64_t i, int64_t j, int64_t group[2])
{
    int64_t other = row_of(m, j);
    group[0] = matrix_diagonal(m, m->surrogate, i);
    group[1] = other < 0 ? -1 : matrix_diagonal(m, m->surrogate, other);
    return group[0] >= 0 && group[1] >= 0;
}

double matrix_ceiling(const matrix *m, int64_t i, int64_t j)
{
    int64_t group[2];
    if (!find_ceiling(m, i, j, group)) return NAN;
    double ceiling = (m->means->of[group[0]].value.mean + m->means->of[group[1]].value.mean) / 2;
    return ceiling > 0 ? ceiling : NAN;
}

/* ---- collecting cells --------------------------------------------------------------------------------------------- */

/* Cells of a part, and the ceilings of those cells where all have one. */
typedef struct cells {
    int64_t count;
    mixture value, ceiling;
    bool bounded;
} cells;

static status cells_make(const matrix *m, cells *out)
{
    status result = OK;
    *out = (cells){ .bounded = matrix_has_ceiling(m) };
    TRY(mixture_make(m->means, &out->value));
    TRY(mixture_make(m->means, &out->ceiling));
done:
    return result;
}

static void cells_free(cells *c)
{
    mixture_free(&c->value);
    mixture_free(&c->ceiling);
}

static void add_pair(const matrix *m, int64_t i, int64_t j, cells *to)
{
    int64_t group[2];
    mixture_add(&to->value, matrix_group(m, i, j), 1);
    to->count++;
    to->bounded = to->bounded && find_ceiling(m, i, j, group);
    if (!to->bounded) return;
    mixture_add(&to->ceiling, group[0], 0.5);
    mixture_add(&to->ceiling, group[1], 0.5);
}

typedef enum relation { ANY, WITHIN, BETWEEN } relation;

/* Is a cell off the diagonal one of these? `animal`: of this one alone; NULL: of any. */
static bool belongs(const matrix *m, int64_t i, int64_t j, relation r, const char *animal)
{
    if (j == matrix_same(m, i) || isnan(m->means->of[matrix_group(m, i, j)].value.mean)) return false;
    if (r == ANY) return true;
    const char *one = matrix_row_group(m, i), *other = matrix_column_group(m, j);
    if (one == NULL || other == NULL) return false;
    if (r == BETWEEN) return strcmp(one, other) != 0;
    return strcmp(one, other) == 0 && (animal == NULL || strcmp(one, animal) == 0);
}

static status collect(const matrix *m, relation r, const char *animal, cells *out)
{
    status result = cells_make(m, out);
    for (int64_t i = 0; result == OK && i < m->rows; i++)
        for (int64_t j = 0; j < m->columns; j++)
            if (belongs(m, i, j, r, animal)) add_pair(m, i, j, out);
    return result;
}

/* ---- parts -------------------------------------------------------------------------------------------------------- */

/* Adds the mean over cells under the next name; of none there is no part. */
static status add_part(const matrix *m, const cells *c, const char *name, matrix_parts *to)
{
    status result = OK;
    double confidence = m->view->options.confidence;
    if (c->count == 0 || to->count == MATRIX_PARTS_MAX) goto done;
    matrix_part *p = &to->part[to->count];
    *p = (matrix_part){ .cells = c->count,
                        .value = mixture_value(&c->value, m->means),
                        .share = NAN,
                        .share_range = { NAN, NAN } };
    snprintf(p->name, sizeof p->name, "%s", name);
    TRY(mixture_interval(&c->value, NULL, m->means, confidence, &p->range));
    double ceiling = c->bounded ? mixture_value(&c->ceiling, m->means) : NAN;
    if (ceiling > 0) {
        p->share = p->value / ceiling;
        TRY(mixture_interval(&c->value, &c->ceiling, m->means, confidence, &p->share_range));
    }
    to->count++;
done:
    return result;
}

static status add_diagonal(const matrix *m, int64_t corner, const char *name, matrix_parts *to)
{
    status result = OK;
    cells c;
    TRY(cells_make(m, &c));
    c.bounded = false;
    for (int64_t i = 0; i < m->rows; i++) {
        int64_t group = matrix_diagonal(m, corner, i);
        if (group < 0) continue;
        mixture_add(&c.value, group, 1);
        c.count++;
    }
    TRY(add_part(m, &c, name, to));
done:
    cells_free(&c);
    return result;
}

static status add_diagonals(const matrix *m, matrix_parts *to)
{
    status result = OK;
    if (m->recorded < 0 && m->surrogate < 0) TRY(add_diagonal(m, m->corner, "diagonal", to));
    TRY(add_diagonal(m, m->recorded, m->alike ? "diagonal, usable information" : "diagonal, recorded trials",
                     to));
    TRY(add_diagonal(m, m->surrogate, m->alike ? "diagonal, ceiling" : "diagonal, surrogate pairs", to));
done:
    return result;
}

static status add_pairs(const matrix *m, relation r, const char *animal, const char *name, matrix_parts *to)
{
    status result = OK;
    cells c;
    char whole[96];
    snprintf(whole, sizeof whole, "%s%s", name, animal ? animal : "");
    TRY(collect(m, r, animal, &c));
    TRY(add_part(m, &c, whole, to));
done:
    cells_free(&c);
    return result;
}

/* Mean within animals minus mean between them. */
static status add_contrast(const matrix *m, matrix_parts *to)
{
    status result = OK;
    int before = to->count;
    cells within = { .count = 0 }, between = { .count = 0 }, contrast = { .count = 0 };
    TRY(collect(m, WITHIN, NULL, &within));
    TRY(collect(m, BETWEEN, NULL, &between));
    TRY(cells_make(m, &contrast));
    if (within.count == 0 || between.count == 0) goto done;
    mixture_subtract(&contrast.value, m->means, &within.value, &between.value);
    contrast.count = within.count + between.count;
    contrast.bounded = false;
    TRY(add_part(m, &contrast, "within minus between", to));
    if (to->count > before) to->part[before].difference = true;
done:
    cells_free(&within);
    cells_free(&between);
    cells_free(&contrast);
    return result;
}

static bool is_new(const matrix *m, int64_t row)
{
    for (int64_t k = 0; k < row; k++) {
        const char *before = matrix_row_group(m, k);
        if (before && strcmp(before, matrix_row_group(m, row)) == 0) return false;
    }
    return true;
}

static status add_animals(const matrix *m, matrix_parts *to)
{
    status result = OK;
    int animals = 0, before = to->count;
    for (int64_t i = 0; i < m->rows; i++) {
        const char *animal = matrix_row_group(m, i);
        if (animal == NULL || !is_new(m, i)) continue;
        animals++;
        TRY(add_pairs(m, WITHIN, animal, "within ", to));
    }
    if (animals < 2) goto done;
    if (to->count > before + 1) TRY(add_pairs(m, WITHIN, NULL, "within all", to));
    TRY(add_pairs(m, BETWEEN, NULL, "between", to));
    TRY(add_contrast(m, to));
done:
    return result;
}

status matrix_parts_find(const matrix *m, matrix_parts *out)
{
    status result = OK;
    *out = (matrix_parts){ .count = 0 };
    if (!has_diagonal(m, m->corner) || !matrix_has_pairs(m)) goto done;
    TRY(add_diagonals(m, out));
    TRY(add_pairs(m, ANY, NULL, "off the diagonal", out));
    TRY(add_animals(m, out));
done:
    return result;
}
