#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "numerics/linear_program.h"

/* I_GH and I_prec ask for the variable Q with the most I(Q; Y) of all that satisfy linear conditions. The conditions on what one
 * value q says are the same for every q, homogeneous, and make a cone; I(Q; Y) is a sum over q of a function of p(q, y) that is
 * convex and of degree 1. So splitting a q into extreme rays of the cone never loses: the best Q takes a share of each ray,
 * and what remains to find are the shares, a linear program. */

/* What one value q of Q is made of. */
typedef struct ray_problem {
    int variables; /* s_j: the probability of q under outcome j */
    int classes;
    int equations;
    double *equation; /* (equations, variables) that s must satisfy: equation s = 0 */
    double *of_class; /* (variables, classes): p(q, y) = sum_j s_j of_class_jy */
    void *block;
} ray_problem;

/* Shares that the solver says are best are trusted only if their bounds meet to this: its own tolerance leaves 1e-10. */
static const double GAP_MOST_BITS = 1e-8;
/* What two symbols say of the target is the same where no p(y|x) differs by more: some thousand times the rounding of a table. */
static const double SAME = 1e-11;

static status problem_make(int variables, int classes, int equations, ray_problem *out)
{
    if (variables > CONE_VARIABLES_MAX)
        return failure(BAD_INPUT, "its %d outcomes are more than %d, which is the limit", variables,
                       CONE_VARIABLES_MAX);
    size_t doubles = (size_t)variables * ((size_t)equations + (size_t)classes);
    out->block = calloc(doubles, sizeof(double));
    if (out->block == NULL) return failure(NO_MEMORY, "no memory for %zu numbers", doubles);
    out->variables = variables;
    out->classes = classes;
    out->equations = equations;
    out->equation = out->block;
    out->of_class = out->equation + (size_t)equations * (size_t)variables;
    return OK;
}

static void problem_free(ray_problem *p)
{
    free(p->block);
}

/* ---- what rays are worth, and the best shares ---- */

/* Scales a ray to p(q) = 1 and returns what it is worth then: sum_y p(y|q) log2 (p(y|q) / p(y)). whole (classes) p(y); part
 * (classes) is for its use. */
static double scale_and_value(const ray_problem *p, const double *whole, double *part, double *ray)
{
    double bits = 0, mass = 0;
    for (int y = 0; y < p->classes; y++) {
        part[y] = 0;
        for (int j = 0; j < p->variables; j++) part[y] += ray[j] * p->of_class[j * p->classes + y];
        mass += part[y];
    }
    for (int j = 0; j < p->variables; j++) ray[j] /= mass;
    for (int y = 0; y < p->classes; y++)
        if (part[y] > 0) bits += part[y] / mass * log2(part[y] / mass / whole[y]); /* a product might be 0 */
    return bits;
}

static status value_rays(const ray_problem *p, cone_rays *c, double *worth)
{
    status result = OK;
    double *whole = calloc(2 * (size_t)p->classes, sizeof *whole);
    CHECK(whole != NULL, NO_MEMORY, "no memory for %d classes", p->classes);
    for (int j = 0; j < p->variables; j++)
        for (int y = 0; y < p->classes; y++) whole[y] += p->of_class[j * p->classes + y];
    for (int64_t r = 0; r < c->count; r++) {
        worth[r] = scale_and_value(p, whole, whole + p->classes, c->value + r * p->variables);
        CHECK(isfinite(worth[r]), BROKEN, "its probabilities are too far apart for double precision");
    }
done:
    free(whole);
    return result;
}

static status solve(const ray_problem *p, solver_pause *pause, ray_solution *out)
{
    status result = OK;
    cone_rays *c = NULL;
    double *block = NULL;
    TRY(cone_rays_find(p->variables, p->equations, p->equation, pause, &c));
    CHECK(c->count > 0, BROKEN, "its cone was lost to rounding");
    block = calloc(2 * (size_t)c->count + (size_t)p->variables, sizeof *block);
    CHECK(block != NULL, NO_MEMORY, "no memory for %lld rays", (long long)c->count);
    double *worth = block, *share = worth + c->count, *price = share + c->count;
    TRY(value_rays(p, c, worth));
    TRY(linear_program_solve(c, worth, pause, share, price));
    out->rays = c->count;
    out->bits = linear_program_least(c, worth, share);
    out->gap_bits = fmax(0, linear_program_most(c, worth, price) - out->bits);
    CHECK(out->gap_bits <= GAP_MOST_BITS, BROKEN, "its bounds meet to %g bits only, not to %g", out->gap_bits,
          GAP_MOST_BITS);
done:
    free(block);
    cone_rays_free(c);
    return result;
}

/* ---- the cone of I_GH ---- */

/* p(x, y) of a symbol of a source and a class. */
static double pair_probability(const table *t, int source, int x, int y)
{
    double sum = 0;
    for (int r = 0; r < t->rows; r++)
        if (t->symbol[r * t->sources + source] == x && t->y[r] == y) sum += t->p[r];
    return sum;
}

/* Adds p(row | x, y), times `sign`, to an equation over the rows. */
static void add_conditional(const table *t, int source, int x, int y, double sign, double *equation)
{
    double whole = pair_probability(t, source, x, y);
    for (int r = 0; r < t->rows; r++)
        if (t->symbol[r * t->sources + source] == x && t->y[r] == y) equation[r] += sign * t->p[r] / whole;
}

/* One variable for each row of the table, p(q | x1 … xn, y). I(Q; Y | X_i) = 0: under each symbol of each source p(q | x_i, y) is the
 * same for all classes that occur with it, which is an equation for each two that follow each other. */
static status problem_of_gh(const table *t, ray_problem *out)
{
    int used = 0;
    status made = problem_make(t->rows, t->classes, t->sources * t->rows, out);
    if (made != OK) return made;
    for (int r = 0; r < t->rows; r++) out->of_class[r * t->classes + t->y[r]] = t->p[r];
    for (int i = 0; i < t->sources; i++)
        for (int x = 0; x < t->symbols[i]; x++)
            for (int y = 0, before = -1; y < t->classes; y++) {
                if (!(pair_probability(t, i, x, y) > 0)) continue;
                if (before >= 0) {
                    double *equation = out->equation + (ptrdiff_t)used++ * t->rows;
                    add_conditional(t, i, x, y, 1, equation);
                    add_conditional(t, i, x, before, -1, equation);
                }
                before = y;
            }
    out->equations = used;
    return OK;
}

/* ---- the cone of I_prec ---- */

/* Do two symbols say the same of the target? a, b (classes): p(x, y) of each. */
static bool says_the_same(const double *a, const double *b, int classes)
{
    double whole_a = 0, whole_b = 0;
    for (int y = 0; y < classes; y++) {
        whole_a += a[y];
        whole_b += b[y];
    }
    for (int y = 0; y < classes; y++)
        if (fabs(a[y] / whole_a - b[y] / whole_b) > SAME) return false;
    return true;
}

/* p(x, y) of a source to joint (symbols, classes), symbols that say the same of the target being one: none of the measures of
 * channels tells them apart, and rays would be many. Returns how many are left; the rest of joint is 0. */
static int joint_of_source(const table *t, int source, double *joint)
{
    int left = 0, classes = t->classes;
    for (int r = 0; r < t->rows; r++)
        joint[t->symbol[r * t->sources + source] * classes + t->y[r]] += t->p[r];
    for (int x = 0; x < t->symbols[source]; x++) {
        double *column = joint + (ptrdiff_t)x * classes, whole = 0;
        for (int y = 0; y < classes; y++) whole += column[y];
        if (!(whole > 0)) continue;
        int same = 0;
        while (same < left && !says_the_same(joint + (ptrdiff_t)same * classes, column, classes)) same++;
        double *to = joint + (ptrdiff_t)same * classes;
        for (int y = 0; y < classes && to != column; y++) {
            to[y] = same < left ? to[y] + column[y] : column[y];
            column[y] = 0;
        }
        if (same == left) left++;
    }
    return left;
}

/* One variable for each symbol of each source, p(q | x_i). That Q is a garbling of every source: p(q, y) = sum_x p(q | x_i) p(x_i, y)
 * is what the first source makes it, an equation for each further source and class. */
static void write_problem_of_prec(const table *t, const double *joint, const int *symbols, ray_problem *p)
{
    int classes = t->classes, first = 0;
    for (int k = 0; k < symbols[0] * classes; k++) p->of_class[k] = joint[k];
    for (int i = 0; i < t->sources; i++) {
        for (int e = 0; e < p->equations; e++) {
            int y = e % classes;
            double sign = i == 0 ? 1 : e / classes == i - 1 ? -1 : 0;
            for (int x = 0; x < symbols[i]; x++)
                p->equation[(ptrdiff_t)e * p->variables + first + x] = sign * joint[x * classes + y];
        }
        joint += (ptrdiff_t)t->symbols[i] * classes;
        first += symbols[i];
    }
}

static status problem_of_prec(const table *t, ray_problem *out)
{
    status result = OK;
    int all = 0, variables = 0, symbols[SOURCES_MAX];
    for (int i = 0; i < t->sources; i++) all += t->symbols[i];
    double *joint = calloc((size_t)all * (size_t)t->classes, sizeof *joint), *of_source = joint;
    CHECK(joint != NULL, NO_MEMORY, "no memory for %d symbols and %d classes", all, t->classes);
    for (int i = 0; i < t->sources; i++) {
        symbols[i] = joint_of_source(t, i, of_source);
        variables += symbols[i];
        of_source += (ptrdiff_t)t->symbols[i] * t->classes;
    }
    TRY(problem_make(variables, t->classes, (t->sources - 1) * t->classes, out));
    write_problem_of_prec(t, joint, symbols, out);
done:
    free(joint);
    return result;
}

/* ---- the measures ---- */

/* Puts before a failure which measure of what table it is about. */
static status about(status failed, const char *measure, const table *t)
{
    char size[16 * SOURCES_MAX] = "";
    for (int i = 0, used = 0; i < t->sources; i++)
        used += snprintf(size + used, sizeof size - (size_t)used, "%s%d", i ? " x " : "", t->symbols[i]);
    return failure_at(failed, "%s of a table of %s symbols and %d classes", measure, size, t->classes);
}

static status measure(const char *name, status (*make)(const table *t, ray_problem *out), const table *t,
                      solver_pause *pause, ray_solution *out)
{
    status result = OK;
    ray_problem p = { 0 };
    CHECK(linear_program_present(), BAD_INPUT, "this build lacks GLPK, the solver that it needs");
    TRY(make(t, &p));
    TRY(solve(&p, pause, out));
done:
    problem_free(&p);
    return result == OK ? OK : about(result, name, t);
}

bool decomposition_has_rays(void)
{
    return linear_program_present();
}

const char *decomposition_library(void)
{
    return linear_program_library();
}

status redundancy_gh(const table *t, solver_pause *pause, ray_solution *out)
{
    return measure("I_GH", problem_of_gh, t, pause, out);
}

status redundancy_prec(const table *t, solver_pause *pause, ray_solution *out)
{
    return measure("I_prec", problem_of_prec, t, pause, out);
}
