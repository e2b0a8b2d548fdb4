/* Matrices of the means over pairs of axes. */
#include <math.h>

#include "matrix.h"
#include "matrix_parts.h"
#include "tables.h"

/* The text of a matrix' cell. */
typedef void print_cell(const matrix *m, int64_t i, int64_t j, char text[NUMBER_MAX]);

static const group_mean *cell_mean(const matrix *m, int64_t i, int64_t j)
{
    return &m->means->of[matrix_group(m, i, j)];
}

/* A mark stands before the number, so that points stay below each other. */
static void print_value(const matrix *m, int64_t i, int64_t j, char text[NUMBER_MAX])
{
    char number[NUMBER_MAX];
    const group_mean *x = cell_mean(m, i, j);
    if (m->means->any_interval)
        tables_number(x->value.mean, number);
    else
        tables_mean(&x->value, number);
    snprintf(text, NUMBER_MAX, "%s%.40s", mean_is_significant(x) ? "*" : "", number);
}

static void print_half_width(const matrix *m, int64_t i, int64_t j, char text[NUMBER_MAX])
{
    const group_mean *x = cell_mean(m, i, j);
    tables_number((x->interval.high - x->interval.low) / 2, text);
}

/* A pair as a share of what its two sessions reach with surrogate pairs of their own. */
static void print_share(const matrix *m, int64_t i, int64_t j, char text[NUMBER_MAX])
{
    if (j == matrix_same(m, i))
        text[0] = '\0';
    else
        tables_number(cell_mean(m, i, j)->value.mean / matrix_ceiling(m, i, j), text);
}

static status print_cells(const matrix *m, print_cell *print, FILE *to)
{
    status result = OK;
    const axis *down = &m->summary->grid->axis[m->row], *across = &m->summary->grid->axis[m->column];
    sheet *cells = NULL;
    TRY(sheet_make(&cells));
    sheet_column(cells, down->number ? SHEET_RIGHT : SHEET_LEFT, "%s", down->name);
    for (int64_t j = 0; j < m->columns; j++) sheet_column(cells, SHEET_RIGHT, "%s", across->text[j]);
    for (int64_t i = 0; i < m->rows; i++) {
        sheet_put(cells, "%s", down->text[i]);
        for (int64_t j = 0; j < m->columns; j++) {
            char text[NUMBER_MAX];
            print(m, i, j, text);
            sheet_put(cells, "%s", text);
        }
    }
    TRY(sheet_print(cells, 1, to));
done:
    sheet_free(cells);
    return result;
}

static void print_caption(const matrix *m, FILE *to)
{
    const summary *s = m->summary;
    const axis *down = &s->grid->axis[m->row], *across = &s->grid->axis[m->column];
    const quantity *q = m->means->variable->quantity;
    fprintf(to, "\n%s%s%s%s by %s (rows) and %s (columns%s%s)", q->name, *q->unit ? " (" : "", q->unit,
            *q->unit ? ")" : "", down->name, across->name, across->unit && *across->unit ? ", " : "",
            across->unit ? across->unit : "");
    if (s->kept > 2) {
        fprintf(to, ", ");
        summary_print_group(s, m->corner, down->dimension, across->dimension, to);
    }
    fprintf(to, "%s\n\n", m->means->any_test ? "; * q < 0.05" : "");
}

static void print_noise(const matrix *m, FILE *to)
{
    char mean[NUMBER_MAX], largest[NUMBER_MAX], text[320];
    matrix_noise n = matrix_find_noise(m);
    const axis *down = &m->summary->grid->axis[m->row], *across = &m->summary->grid->axis[m->column];
    if (n.pairs == 0) return;
    snprintf(text, sizeof text,
             "noise: the two orders of a pair differ by %.20s on average, by %.20s at most (%.60s and %.60s)",
             tables_number(n.mean, mean), tables_number(n.largest, largest), down->text[n.row],
             across->text[n.column]);
    fputc('\n', to);
    sheet_wrap(text, 0, 2, to);
}

/* ---- what it comes to ----------------------------------------------------------------------------------------------- */

static void head_interval(const matrix *m, sheet *to)
{
    if (!m->means->any_interval) return;
    sheet_column(to, SHEET_RIGHT, "%g %% interval", 100 * m->view->options.confidence);
    sheet_join(to);
}

static void put_interval(const matrix *m, const interval *x, sheet *to)
{
    char text[NUMBER_MAX];
    if (m->means->any_interval) sheet_put(to, "%s", tables_interval(x, text));
}

static bool has_both_diagonals(const matrix *m)
{
    for (int64_t i = 0; i < m->rows; i++)
        if (matrix_diagonal(m, m->recorded, i) >= 0 && matrix_diagonal(m, m->surrogate, i) >= 0) return true;
    return false;
}

/* Both kinds of diagonal, one line for each session. */
static status print_diagonals(const matrix *m, FILE *to)
{
    static const interval none = { NAN, NAN };
    const int64_t corner[2] = { m->recorded, m->surrogate };
    status result = OK;
    sheet *lines = NULL;
    if (!has_both_diagonals(m)) goto done;
    TRY(sheet_make(&lines));
    sheet_column(lines, SHEET_LEFT, "%s", m->summary->grid->axis[m->row].name);
    for (int k = 0; k < 2; k++) {
        sheet_column(lines, SHEET_RIGHT, k ? "surrogate pairs%s" : "recorded trials%s",
                     !m->alike ? ""
                     : k       ? " (ceiling)"
                               : " (usable)");
        head_interval(m, lines);
    }
    for (int64_t i = 0; i < m->rows; i++) {
        sheet_put(lines, "%s", m->summary->grid->axis[m->row].text[i]);
        for (int k = 0; k < 2; k++) {
            char text[NUMBER_MAX];
            int64_t group = matrix_diagonal(m, corner[k], i);
            sheet_put(lines, "%s", tables_number(group < 0 ? NAN : m->means->of[group].value.mean, text));
            put_interval(m, group < 0 ? &none : &m->means->of[group].interval, lines);
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
    bool usable = m->alike && m->recorded >= 0, ceiling = m->alike && m->surrogate >= 0;
    if (usable || ceiling || m->means->any_interval) fputc('\n', to);
    if (usable)
        sheet_wrap("usable information: the same recorded trials on both sides, at this weight of the "
                   "distance (what a session alone gives is that of beta 0)",
                   0, 2, to);
    if (ceiling)
        sheet_wrap(
            "ceiling: surrogate pairs of one session's own trials, of the same target, as pairs of different "
            "sessions are: the level to compare those with",
            0, 2, to);
    if (m->means->any_interval)
        sheet_wrap("The interval of a mean over pairs is of the trials of these sessions; other sessions or "
                   "animals may "
                   "differ by more.",
                   0, 2, to);
}

static status print_parts(const matrix *m, FILE *to)
{
    status result = OK;
    sheet *lines = NULL;
    matrix_parts p;
    bool ceiling = matrix_has_ceiling(m);
    TRY(matrix_parts_find(m, &p));
    if (p.count == 0) goto done;
    TRY(print_diagonals(m, to));
    TRY(sheet_make(&lines));
    sheet_column(lines, SHEET_LEFT, "mean over");
    sheet_column(lines, SHEET_RIGHT, "cells");
    sheet_column(lines, SHEET_RIGHT, "mean");
    head_interval(m, lines);
    if (ceiling) sheet_column(lines, SHEET_RIGHT, "of ceiling");
    if (ceiling) head_interval(m, lines);
    for (int i = 0; i < p.count; i++) {
        char text[NUMBER_MAX];
        sheet_put(lines, "%s", p.part[i].name);
        sheet_put(lines, "%lld", (long long)p.part[i].cells);
        sheet_put(lines, "%s", tables_number(p.part[i].value, text));
        put_interval(m, &p.part[i].range, lines);
        if (ceiling) sheet_put(lines, "%s", tables_number(p.part[i].share, text));
        if (ceiling) put_interval(m, &p.part[i].share_range, lines);
    }
    fputc('\n', to);
    TRY(sheet_print(lines, 1, to));
    print_legend(m, to);
done:
    sheet_free(lines);
    return result;
}

static status print_matrix(const matrix *m, FILE *to)
{
    status result = OK;
    print_caption(m, to);
    TRY(print_cells(m, print_value, to));
    if (m->means->any_interval) {
        fprintf(to, "\n± half the width of the %g %% interval\n\n", 100 * m->view->options.confidence);
        TRY(print_cells(m, print_half_width, to));
    }
    if (matrix_has_ceiling(m) && matrix_has_pairs(m)) {
        fprintf(
            to,
            "\nas a share of the ceiling, the mean of the two sessions' surrogate pairs with themselves\n\n");
        TRY(print_cells(m, print_share, to));
    }
    print_noise(m, to);
    TRY(print_parts(m, to));
done:
    return result;
}

status matrices_print(view *v, const summary *s, const means *m, FILE *to)
{
    status result = OK;
    matrix each;
    for (int64_t g = 0; g < m->groups; g++)
        if (matrix_at(v, s, m, g, &each)) TRY(print_matrix(&each, to));
done:
    return result;
}
