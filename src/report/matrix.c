#include "matrix.h"

#include <math.h>
#include <string.h>

/* "window_1" and "window_2" are a pair, as are any two names that differ in this last digit only. */
static bool are_pair(const char *a, const char *b)
{
    size_t length = strlen(a);
    return length > 2 && strlen(b) == length && strncmp(a, b, length - 1) == 0 &&
           strcmp(a + length - 2, "_1") == 0 && strcmp(b + length - 2, "_2") == 0;
}

bool matrix_axes(const summary *s, int *row, int *column)
{
    const grid *g = s->grid;
    int64_t most = 0;
    for (int i = 0; i < g->axes; i++) {
        for (int j = 0; j < g->axes; j++) {
            const axis *down = &g->axis[i], *across = &g->axis[j];
            if (!are_pair(down->name, across->name) || down->dimension == across->dimension) continue;
            if (!summary_keeps(s, i) || !summary_keeps(s, j) || down->count * across->count <= most) continue;
            most = down->count * across->count;
            *row = i;
            *column = j;
        }
    }
    return most > 0;
}

int64_t matrix_group(const matrix *m, int64_t i, int64_t j)
{
    return m->corner + i * summary_stride(m->summary, m->row) + j * summary_stride(m->summary, m->column);
}

int64_t matrix_same(const matrix *m, int64_t row)
{
    const axis *down = &m->summary->grid->axis[m->row], *across = &m->summary->grid->axis[m->column];
    for (int64_t j = 0; j < m->columns; j++)
        if (strcmp(down->text[row], across->text[j]) == 0) return j;
    return -1;
}

const char *matrix_row_group(const matrix *m, int64_t i)
{
    return m->view->group[m->row] ? m->view->group[m->row][i] : NULL;
}

const char *matrix_column_group(const matrix *m, int64_t j)
{
    return m->view->group[m->column] ? m->view->group[m->column][j] : NULL;
}

bool matrix_has_pairs(const matrix *m)
{
    for (int64_t i = 0; i < m->rows; i++)
        for (int64_t j = 0; j < m->columns; j++)
            if (j != matrix_same(m, i) && m->means->of[matrix_group(m, i, j)].given) return true;
    return false;
}

static bool has_any(const matrix *m)
{
    for (int64_t i = 0; i < m->rows; i++)
        for (int64_t j = 0; j < m->columns; j++)
            if (m->means->of[matrix_group(m, i, j)].given) return true;
    return false;
}

/* The same matrix for recorded and for surrogate pairs, where the sweep says how trials are paired. */
static void find_pairings(matrix *m)
{
    const grid *g = m->summary->grid;
    m->recorded = m->surrogate = -1;
    const char *held = view_option(m->view, summary_cell(m->summary, m->corner, 0), "pairing");
    if (held && strcmp(held, "recorded") == 0) m->recorded = m->corner;
    if (held && strcmp(held, "surrogate") == 0) m->surrogate = m->corner;
    for (int a = 0; a < g->axes; a++) {
        int64_t stride = summary_stride(m->summary, a);
        if (!view_axis_is(&g->axis[a], "pairing") || stride == 0) continue;
        for (int64_t k = 0; k < g->axis[a].count; k++) {
            int64_t other = m->corner + (k - m->corner / stride % g->axis[a].count) * stride;
            if (strcmp(g->axis[a].text[k], "recorded") == 0) m->recorded = other;
            if (strcmp(g->axis[a].text[k], "surrogate") == 0) m->surrogate = other;
        }
    }
}

/* Are both sources the same on the diagonal? */
static bool is_alike(const matrix *m)
{
    for (int64_t i = 0; i < m->rows; i++) {
        int64_t j = matrix_same(m, i);
        if (j >= 0) return view_alike(m->view, summary_cell(m->summary, matrix_group(m, i, j), 0));
    }
    return false;
}

bool matrix_at(const view *v, const summary *s, const means *m, int64_t group, matrix *out)
{
    *out = (matrix){ .view = v, .summary = s, .means = m, .corner = group };
    if (!matrix_axes(s, &out->row, &out->column)) return false;
    out->rows = s->grid->axis[out->row].count;
    out->columns = s->grid->axis[out->column].count;
    if (group / summary_stride(s, out->row) % out->rows != 0) return false;
    if (group / summary_stride(s, out->column) % out->columns != 0) return false;
    if (!has_any(out)) return false;
    find_pairings(out);
    out->alike = is_alike(out);
    /* recorded pairs on a diagonal alone stand beside the matrix of surrogate pairs */
    bool beside = out->surrogate >= 0 && out->surrogate != group && out->recorded == group;
    return !beside || matrix_has_pairs(out);
}

matrix_noise matrix_find_noise(const matrix *m)
{
    matrix_noise n = { .mean = NAN, .largest = NAN };
    double sum = 0;
    for (int64_t i = 0; m->alike && i < m->rows; i++)
        for (int64_t k = i + 1; k < m->rows; k++) {
            int64_t at_i = matrix_same(m, i), at_k = matrix_same(m, k);
            if (at_i < 0 || at_k < 0) continue;
            double difference = fabs(m->means->of[matrix_group(m, i, at_k)].value.mean -
                                     m->means->of[matrix_group(m, k, at_i)].value.mean);
            if (isnan(difference)) continue;
            sum += difference;
            if (n.pairs++ > 0 && !(difference > n.largest)) continue;
            n.largest = difference;
            n.row = i;
            n.column = at_k;
        }
    if (n.pairs > 0) n.mean = sum / (double)n.pairs;
    return n;
}
