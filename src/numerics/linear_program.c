#include "numerics/linear_program.h"

double linear_program_least(const cone_rays *c, const double *worth, const double *share)
{
    double sum = 0, most = 1;
    for (int64_t r = 0; r < c->count; r++)
        if (share[r] > 0) sum += share[r] * worth[r];
    for (int j = 0; j < c->variables; j++) {
        double given = 0;
        for (int64_t r = 0; r < c->count; r++)
            if (share[r] > 0) given += share[r] * c->value[r * c->variables + j];
        if (given > most) most = given;
    }
    return sum / most;
}

double linear_program_most(const cone_rays *c, const double *worth, const double *price)
{
    double sum = 0, lacking = 0;
    for (int j = 0; j < c->variables; j++) sum += price[j];
    for (int64_t r = 0; r < c->count; r++) {
        double paid = 0;
        for (int j = 0; j < c->variables; j++) paid += price[j] * c->value[r * c->variables + j];
        if (worth[r] - paid > lacking) lacking = worth[r] - paid;
    }
    return sum + lacking;
}

#ifdef HAVE_GLPK
#include <glpk.h>
#include <stdio.h>
#include <stdlib.h>

#include "numerics/solver_pause.h"

/* Between looks at the pause. By steps, not by time: each look drops what the solver has learnt of its way, and the way must
 * not depend on the clock. */
enum { STEPS_PER_PAUSE = 1000 };
/* Some steps per row are usual, and 128 rows the most: who is not done by then runs in circles. */
enum { PAUSES_MOST = 20 };
/* By how much prices may lack, and shares be negative: the gap that callers certify shows what comes of it. */
static const double TOLERANCE = 1e-10;

bool linear_program_present(void)
{
    return true;
}

const char *linear_program_library(void)
{
    static char text[32];
    snprintf(text, sizeof text, "GLPK %.20s", glp_version());
    return text;
}

/* Column r + 1 is ray r, row j + 1 coordinate j: the solver counts from 1. */
static status fill(glp_prob *lp, const cone_rays *c, const double *worth)
{
    status result = OK;
    int n = c->variables;
    int *row = malloc(((size_t)n + 1) * sizeof *row);
    double *entry = malloc(((size_t)n + 1) * sizeof *entry);
    CHECK(row && entry, NO_MEMORY, "no memory for a linear program of %d rows", n);
    glp_set_obj_dir(lp, GLP_MAX);
    glp_add_rows(lp, n);
    for (int j = 0; j < n; j++) glp_set_row_bnds(lp, j + 1, GLP_UP, 0, 1);
    glp_add_cols(lp, (int)c->count);
    for (int r = 0; r < c->count; r++) {
        const double *x = c->value + (int64_t)r * n;
        int entries = 0;
        for (int j = 0; j < n; j++) {
            if (!(x[j] > 0)) continue;
            row[++entries] = j + 1;
            entry[entries] = x[j];
        }
        glp_set_mat_col(lp, r + 1, entries, row, entry);
        glp_set_col_bnds(lp, r + 1, GLP_LO, 0, 0);
        glp_set_obj_coef(lp, r + 1, worth[r]);
    }
done:
    free(row);
    free(entry);
    return result;
}

static status maximise(glp_prob *lp, solver_pause *pause)
{
    status result = OK;
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.meth = GLP_PRIMAL;
    parameters.tol_bnd = parameters.tol_dj = TOLERANCE;
    parameters.it_lim = STEPS_PER_PAUSE;
    int code, pauses = 0;
    while ((code = glp_simplex(lp, &parameters)) == GLP_EITLIM) {
        CHECK(solver_goes_on(pause), WORK_LEFT, "stopped in a linear program");
        CHECK(++pauses < PAUSES_MOST, BROKEN, "the linear program of %d rows and %d columns runs in circles",
              glp_get_num_rows(lp), glp_get_num_cols(lp));
    }
    CHECK(code == 0 && glp_get_status(lp) == GLP_OPT, BROKEN,
          "the linear program of %d rows and %d columns was not solved (%d)", glp_get_num_rows(lp),
          glp_get_num_cols(lp), code);
done:
    return result;
}

status linear_program_solve(const cone_rays *c, const double *worth, solver_pause *pause, double *share,
                            double *price)
{
    status result = OK;
    glp_term_out(GLP_OFF);
    glp_prob *lp = glp_create_prob();
    TRY(fill(lp, c, worth));
    TRY(maximise(lp, pause));
    for (int r = 0; r < c->count; r++) share[r] = glp_get_col_prim(lp, r + 1);
    for (int j = 0; j < c->variables; j++) price[j] = glp_get_row_dual(lp, j + 1);
done:
    glp_delete_prob(lp);
    return result;
}

#else

bool linear_program_present(void)
{
    return false;
}

const char *linear_program_library(void)
{
    return "no GLPK";
}

status linear_program_solve(const cone_rays *c, const double *worth, solver_pause *pause, double *share,
                            double *price)
{
    (void)c, (void)worth, (void)pause, (void)share, (void)price;
    return failure(BAD_INPUT, "this build has no solver for linear programs (GLPK)");
}

#endif
