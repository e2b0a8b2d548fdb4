#include "matrix_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mixture.h"
#include "tables.h"

/* The group at a row's place on the diagonal of the matrix that begins at a corner; -1 where there is no value. */
static int64_t diagonal_group(const matrix *m, int64_t corner, int64_t i)
{
    int64_t j = matrix_same(m, i);
    if (corner < 0 || j < 0) return -1;
    int64_t group = corner + matrix_group(m, i, j) - m->corner;
    return isnan(m->means->of[group].value.mean) ? -1 : group;
}

static int64_t count_diagonal(const matrix *m, int64_t corner)
{
    int64_t count = 0;
    for (int64_t i = 0; i < m->rows; i++) count += diagonal_group(m, corner, i) >= 0;
    return count;
}

bool matrix_has_ceiling(const matrix *m)
{
    return view_axis_is(&m->summary->grid->axis[m->row], "session_1") && count_diagonal(m, m->surrogate) > 0;
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
    group[0] = diagonal_group(m, m->surrogate, i);
    group[1] = other < 0 ? -1 : diagonal_group(m, m->surrogate, other);
    return group[0] >= 0 && group[1] >= 0;
}

double matrix_ceiling(const matrix *m, int64_t i, int64_t j)
{
    int64_t group[2];
    if (!find_ceiling(m, i, j, group)) return NAN;
    double ceiling = (m->means->of[group[0]].value.mean + m->means->of[group[1]].value.mean) / 2;
    return ceiling > 0 ? ceiling : NAN;
}

/* ---- parts ---------------------------------------------------------------------------------------------------- */

/* One line: the mean over some cells, and that of their ceilings where there is one for all. */
typedef struct part {
    char name[96];
    int64_t cells;
    mixture value, ceiling;
    bool has_ceiling; /* every cell so far has */
} part;

static status part_make(const matrix *m, part *out)
{
    status result = OK;
    *out = (part){ .has_ceiling = matrix_has_ceiling(m) };
    TRY(mixture_make(m->means, &out->value));
    TRY(mixture_make(m->means, &out->ceiling));
done:
    return result;
}

static void part_free(part *p)
{
    mixture_free(&p->value);
    mixture_free(&p->ceiling);
}

static void add_pair(const matrix *m, int64_t i, int64_t j, part *to)
{
    int64_t group[2], pair = matrix_group(m, i, j);
    mixture_add(&to->value, pair, 1);
    to->cells++;
    to->has_ceiling = to->has_ceiling && find_ceiling(m, i, j, group);
    if (!to->has_ceiling) return;
    mixture_add(&to->ceiling, group[0], 0.5);
    mixture_add(&to->ceiling, group[1], 0.5);
}

static status put_part(const matrix *m, part *p, sheet *to)
{
    status result = OK;
    char text[NUMBER_MAX];
    interval range;
    double confidence = m->view->options.confidence;
    if (p->cells == 0) goto done;
    TRY(mixture_interval(&p->value, NULL, m->means, confidence, &range));
    sheet_put(to, "%s", p->name);
    sheet_put(to, "%lld", (long long)p->cells);
    sheet_put(to, "%s", tables_number(mixture_value(&p->value, m->means), text));
    if (m->means->any_interval) sheet_put(to, "%s", tables_interval(&range, text));
    if (!matrix_has_ceiling(m)) goto done;
    bool bounded = p->has_ceiling && mixture_value(&p->ceiling, m->means) > 0;
    double share = mixture_value(&p->value, m->means) / mixture_value(&p->ceiling, m->means);
    range = (interval){ NAN, NAN };
    if (bounded) TRY(mixture_interval(&p->value, &p->ceiling, m->means, confidence, &range));
    sheet_put(to, "%s", tables_number(bounded ? share : NAN, text));
    if (m->means->any_interval) sheet_put(to, "%s", tables_interval(&range, text));
done:
    return result;
}

/* ---- which cells are in a part ---------------------------------------------------------------------------------- */

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

static status collect(const matrix *m, relation r, const char *animal, part *out)
{
    status result = part_make(m, out);
    for (int64_t i = 0; result == OK && i < m->rows; i++)
        for (int64_t j = 0; j < m->columns; j++)
            if (belongs(m, i, j, r, animal)) add_pair(m, i, j, out);
    return result;
}

static status put_pairs(const matrix *m, relation r, const char *animal, const char *name, sheet *to)
{
    status result = OK;
    part p;
    TRY(collect(m, r, animal, &p));
    snprintf(p.name, sizeof p.name, "%s%s", name, animal ? animal : "");
    TRY(put_part(m, &p, to));
done:
    part_free(&p);
    return result;
}

static status put_diagonal(const matrix *m, int64_t corner, const char *name, sheet *to)
{
    status result = OK;
    part p;
    TRY(part_make(m, &p));
    p.has_ceiling = false;
    for (int64_t i = 0; i < m->rows; i++) {
        int64_t group = diagonal_group(m, corner, i);
        if (group < 0) continue;
        mixture_add(&p.value, group, 1);
        p.cells++;
    }
    snprintf(p.name, sizeof p.name, "%s", name);
    TRY(put_part(m, &p, to));
done:
    part_free(&p);
    return result;
}

/* Mean within animals minus mean between them. */
static status put_contrast(const matrix *m, sheet *to)
{
    status result = OK;
    part within = { .cells = 0 }, between = { .cells = 0 }, contrast = { .cells = 0 };
    TRY(collect(m, WITHIN, NULL, &within));
    TRY(collect(m, BETWEEN, NULL, &between));
    TRY(part_make(m, &contrast));
    if (within.cells == 0 || between.cells == 0) goto done;
    mixture_subtract(&contrast.value, m->means, &within.value, &between.value);
    contrast.cells = within.cells + between.cells;
    contrast.has_ceiling = false;
    snprintf(contrast.name, sizeof contrast.name, "within minus between");
    TRY(put_part(m, &contrast, to));
done:
    part_free(&within);
    part_free(&between);
    part_free(&contrast);
    return result;
}

static bool has_within(const matrix *m, const char *animal)
{
    for (int64_t i = 0; i < m->rows; i++)
        for (int64_t j = 0; j < m->columns; j++)
            if (belongs(m, i, j, WITHIN, animal)) return true;
    return false;
}

static status put_animals(const matrix *m, sheet *to)
{
    status result = OK;
    int animals = 0, with_pairs = 0;
    for (int64_t i = 0; i < m->rows; i++) {
        const char *animal = matrix_row_group(m, i);
        bool known = animal == NULL;
        for (int64_t k = 0; k < i && !known; k++) {
            const char *before = matrix_row_group(m, k);
            known = before && strcmp(before, animal) == 0;
        }
        if (known) continue;
        animals++;
        with_pairs += has_within(m, animal);
        TRY(put_pairs(m, WITHIN, animal, "within ", to));
    }
    if (with_pairs > 1) TRY(put_pairs(m, WITHIN, NULL, "within all", to));
    if (animals > 1) TRY(put_pairs(m, BETWEEN, NULL, "between", to));
    if (animals > 1) TRY(put_contrast(m, to));
done:
    return result;
}

/* ---- printing --------------------------------------------------------------------------------------------------- */

static status put_diagonals(const matrix *m, sheet *to)
{
    status result = OK;
    if (m->recorded < 0 && m->surrogate < 0) TRY(put_diagonal(m, m->corner, "diagonal", to));
    TRY(put_diagonal(m, m->recorded, m->alike ? "diagonal, usable information" : "diagonal, recorded trials",
                     to));
    TRY(put_diagonal(m, m->surrogate, m->alike ? "diagonal, ceiling" : "diagonal, surrogate pairs", to));
done:
    return result;
}

/* Both kinds of diagonal, one line for each session. */
static status print_diagonals(const matrix *m, FILE *to)
{
    status result = OK;
    sheet *lines = NULL;
    if (count_diagonal(m, m->recorded) == 0 || count_diagonal(m, m->surrogate) == 0) goto done;
    TRY(sheet_make(&lines));
    sheet_column(lines, SHEET_LEFT, "%s", m->summary->grid->axis[m->row].name);
    for (int k = 0; k < 2; k++) {
        sheet_column(lines, SHEET_RIGHT, k ? "surrogate pairs%s" : "recorded trials%s",
                     !m->alike ? ""
                     : k       ? " (ceiling)"
                               : " (usable)");
        if (m->means->any_interval)
            sheet_column(lines, SHEET_RIGHT, "%g %% interval", 100 * m->view->options.confidence);
    }
    for (int64_t i = 0; i < m->rows; i++) {
        sheet_put(lines, "%s", m->summary->grid->axis[m->row].text[i]);
        for (int k = 0; k < 2; k++) {
            char text[NUMBER_MAX];
            int64_t group = diagonal_group(m, k ? m->surrogate : m->recorded, i);
            const interval none = { NAN, NAN };
            sheet_put(lines, "%s", tables_number(group < 0 ? NAN : m->means->of[group].value.mean, text));
            if (m->means->any_interval)
                sheet_put(lines, "%s",
                          tables_interval(group < 0 ? &none : &m->means->of[group].interval, text));
        }
    }
    fprintf(to, "\nthe diagonal\n\n");
    TRY(sheet_print(lines, 1, to));
done:
    sheet_free(lines);
    return result;
}

static void print_legend(const matrix *m, FILE *to)
{
    if (!m->alike || (m->recorded < 0 && m->surrogate < 0)) return;
    fputc('\n', to);
    sheet_wrap("usable information: the recorded trials of one session on both sides; ceiling: surrogate "
               "pairs of them, "
               "trials of the same target, which is all that pairs of different sessions can reach",
               0, 2, to);
}

status matrix_parts_print(const matrix *m, FILE *to)
{
    status result = OK;
    sheet *lines = NULL;
    if (count_diagonal(m, m->corner) == 0 || !matrix_has_pairs(m)) goto done;
    TRY(print_diagonals(m, to));
    TRY(sheet_make(&lines));
    sheet_column(lines, SHEET_LEFT, "mean over");
    sheet_column(lines, SHEET_RIGHT, "cells");
    sheet_column(lines, SHEET_RIGHT, "mean");
    if (m->means->any_interval)
        sheet_column(lines, SHEET_RIGHT, "%g %% interval", 100 * m->view->options.confidence);
    if (matrix_has_ceiling(m)) sheet_column(lines, SHEET_RIGHT, "of ceiling");
    if (matrix_has_ceiling(m) && m->means->any_interval) {
        sheet_column(lines, SHEET_RIGHT, "%g %% interval", 100 * m->view->options.confidence);
        sheet_join(lines);
    }
    TRY(put_diagonals(m, lines));
    TRY(put_pairs(m, ANY, NULL, "off the diagonal", lines));
    TRY(put_animals(m, lines));
    fputc('\n', to);
    TRY(sheet_print(lines, 1, to));
    print_legend(m, to);
done:
    sheet_free(lines);
    return result;
}
