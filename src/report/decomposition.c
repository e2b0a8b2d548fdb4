/* The decomposition of what two sources know together: redundant, unique and synergistic information. Atoms are formed from
 * means over the repetitions: a file has atoms of single tasks only where the redundant information was below both single
 * ones, and to average those alone would favour them. */
#include <math.h>
#include <string.h>

#include "tables.h"

static const char *const shown[] = { "single_information", "joint_information", "unique_information",
                                     "synergistic_information", "conservative_information" };
enum { SHOWN = sizeof shown / sizeof shown[0] };

/* What a table's measures say, side by side; the first stands above as well. */
static const struct {
    const char *name, *head;
} told[] = { { "redundant_information", "redundant" },
             { "unique_information", "unique" },
             { "synergistic_information", "synergy" },
             { "union_information", "union" },
             { "information_joint", "joint" } };
enum { TOLD = sizeof told / sizeof told[0], UNIQUE_SOURCES = 2 };

static const variable *union_of(const view *v)
{
    return layout_find(v->layout, "union_information");
}

bool decomposition_shows(const view *v, const variable *x)
{
    for (int i = 1; i < TOLD && union_of(v); i++)
        if (strcmp(x->quantity->name, told[i].name) == 0) return true;
    for (int i = 0; i < SHOWN; i++)
        if (strcmp(x->quantity->name, shown[i]) == 0)
            return layout_find(v->layout, "joint_information") != NULL;
    return false;
}

/* Means of one group. */
typedef struct parts {
    double redundant, single[2], joint, conservative;
} parts;

static status read_mean(view *v, const summary *s, const char *name, int64_t index, int64_t group,
                        double *out)
{
    status result = OK;
    const double *values;
    const variable *x = layout_find(v->layout, name);
    *out = NAN;
    if (x == NULL || index >= x->count) goto done;
    TRY(view_values(v, x, &values));
    *out = summary_statistic(s, group, values + index, x->count).mean;
done:
    return result;
}

static status read_parts(view *v, const summary *s, int64_t group, parts *out)
{
    status result = OK;
    TRY(read_mean(v, s, "redundant_information", 0, group, &out->redundant));
    TRY(read_mean(v, s, "single_information", 0, group, &out->single[0]));
    TRY(read_mean(v, s, "single_information", 1, group, &out->single[1]));
    TRY(read_mean(v, s, "joint_information", 0, group, &out->joint));
    TRY(read_mean(v, s, "conservative_information", 0, group, &out->conservative));
done:
    return result;
}

static bool has_atoms(const parts *p)
{
    return p->redundant <= fmin(p->single[0], p->single[1]);
}

static void put_parts(const parts *p, sheet *to)
{
    char text[NUMBER_MAX];
    bool atoms = has_atoms(p);
    const double columns[] = { p->redundant,
                               p->single[0],
                               p->single[1],
                               p->joint,
                               atoms ? p->single[0] - p->redundant : NAN,
                               atoms ? p->single[1] - p->redundant : NAN,
                               atoms ? p->joint - p->single[0] - p->single[1] + p->redundant : NAN,
                               p->conservative };
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        sheet_put(to, "%s", tables_number(columns[i], text));
}

static void head(sheet *to)
{
    static const char *const names[] = { "redundant", "single 1", "single 2", "joint",
                                         "unique 1",  "unique 2", "synergy",  "conservative" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) sheet_column(to, SHEET_RIGHT, "%s", names[i]);
}

static void print_legend(int64_t without, FILE *to)
{
    fputc('\n', to);
    sheet_wrap("unique: single minus redundant information; synergy: joint minus both single ones plus the "
               "redundant one "
               "(negative where the network of both sources generalises worse than they lose by being "
               "apart); conservative: "
               "H(Y) minus the larger cross-entropy of the two coupled networks",
               0, 2, to);
    if (without > 0)
        sheet_wrap("—: the redundant information is above the smaller single one, which a finite beta and "
                   "the coupling, "
                   "that regularises, allow: no atoms; the conservative value stands for it",
                   0, 2, to);
}

/* ---- of tables, by measures --------------------------------------------------------------------------------------- */

/* Columns of a result: one, or one for each of two sources. */
static int64_t atom_columns(const variable *x)
{
    return x == NULL                        ? 0
           : x->quantity->shape == PER_CELL ? 1
           : x->count < UNIQUE_SOURCES      ? x->count
                                            : UNIQUE_SOURCES;
}

static void head_atoms(const view *v, sheet *to)
{
    for (int k = 0; k < TOLD; k++) {
        const variable *x = layout_find(v->layout, told[k].name);
        for (int64_t i = 0; i < atom_columns(x); i++)
            if (x->quantity->shape == PER_CELL)
                sheet_column(to, SHEET_RIGHT, "%s", told[k].head);
            else
                sheet_column(to, SHEET_RIGHT, "%s %lld", told[k].head, (long long)(i + 1));
    }
}

static status put_atoms(view *v, const summary *s, int64_t group, sheet *to)
{
    status result = OK;
    for (int k = 0; k < TOLD; k++) {
        const variable *x = layout_find(v->layout, told[k].name);
        for (int64_t i = 0; i < atom_columns(x); i++) {
            double bits;
            char text[NUMBER_MAX];
            TRY(read_mean(v, s, told[k].name, i, group, &bits));
            sheet_put(to, "%s", tables_number(bits, text));
        }
    }
done:
    return result;
}

static status print_atoms(view *v, const summary *s, FILE *to)
{
    status result = OK;
    sheet *lines = NULL;
    if (union_of(v) == NULL) goto done;
    TRY(sheet_make(&lines));
    int keys = tables_axis_columns(s, lines);
    head_atoms(v, lines);
    for (int64_t g = 0; g < s->groups; g++) {
        int64_t cell = summary_present(s, g);
        if (cell < 0 || !view_gives(v, cell, union_of(v))) continue;
        tables_axis_cells(s, g, lines);
        TRY(put_atoms(v, s, g, lines));
    }
    fprintf(to, "\ndecomposition (bits), by the measure\n\n");
    TRY(sheet_print(lines, keys, to));
    fputc('\n', to);
    sheet_wrap("union: what at least one source has; synergy: joint minus union; unique: what one of two "
               "sources has beside what is "
               "redundant. Any may be negative, which is what the measure says. —: of more than two sources "
               "a redundancy does not "
               "tell the union, nor a union the redundancy",
               0, 2, to);
done:
    sheet_free(lines);
    return result;
}

/* ---- of networks -------------------------------------------------------------------------------------------------- */

static status print_parts(view *v, const summary *s, FILE *to)
{
    status result = OK;
    sheet *lines = NULL;
    int64_t without = 0;
    const variable *joint = layout_find(v->layout, "joint_information");
    if (joint == NULL) goto done;
    TRY(sheet_make(&lines));
    int keys = tables_axis_columns(s, lines);
    head(lines);
    for (int64_t g = 0; g < s->groups; g++) {
        parts p;
        int64_t cell = summary_present(s, g);
        if (cell < 0 || !view_gives(v, cell, joint)) continue;
        TRY(read_parts(v, s, g, &p));
        without += !isnan(p.redundant) && !has_atoms(&p);
        tables_axis_cells(s, g, lines);
        put_parts(&p, lines);
    }
    fprintf(to, "\ndecomposition (%s), of means over the repetitions\n\n", joint->quantity->unit);
    TRY(sheet_print(lines, keys, to));
    print_legend(without, to);
done:
    sheet_free(lines);
    return result;
}

status decomposition_print(view *v, const summary *s, FILE *to)
{
    status result = OK;
    TRY(print_parts(v, s, to));
    TRY(print_atoms(v, s, to));
done:
    return result;
}
