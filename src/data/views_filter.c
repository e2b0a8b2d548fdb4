#include "data/views_filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct view_filter {
    int height, width, waves;  /* waves: 2 * mask + 1 */
    double *of_rows;           /* (waves, height) orthonormal waves along a column */
    double *of_columns;        /* (waves, width) along a row */
    double *of_columns_turned; /* (width, waves) the same */
    double *columns;           /* (waves, width) coefficients of every column … */
    double *both;              /* (waves, waves) … and of those along the rows */
    double *pixels;            /* (height, width) */
    double *block;             /* the memory of all */
};

static void waves_make(int length, int mask, double *to)
{
    static const double two_pi = 6.283185307179586476925;
    for (int i = 0; i < length; i++) {
        to[i] = sqrt(1.0 / length);
        for (int f = 1; f <= mask; f++) {
            /* a whole number of turns less, so that the argument stays small and exact waves repeat exactly */
            const double angle = two_pi * (double)((int64_t)f * i % length) / length;
            to[(2 * f - 1) * length + i] = sqrt(2.0 / length) * cos(angle);
            to[2 * f * length + i] = sqrt(2.0 / length) * sin(angle);
        }
    }
}

/* Points the arrays into a block of their own. */
static status lay_out(view_filter *f)
{
    status result = OK;
    const size_t waves = (size_t)f->waves, height = (size_t)f->height, width = (size_t)f->width;
    f->block = calloc(waves * (height + 3 * width + waves) + height * width, sizeof *f->block);
    CHECK(f->block != NULL, NO_MEMORY, "no memory for a filter of %zu x %zu pixels", height, width);
    f->of_rows = f->block;
    f->of_columns = f->of_rows + waves * height;
    f->of_columns_turned = f->of_columns + waves * width;
    f->columns = f->of_columns_turned + waves * width;
    f->both = f->columns + waves * width;
    f->pixels = f->both + waves * waves;
done:
    return result;
}

status view_filter_make(int height, int width, int mask, view_filter **out)
{
    status result = OK;
    view_filter *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for a filter");
    *made = (view_filter){ .height = height, .width = width, .waves = 2 * mask + 1 };
    TRY(lay_out(made));
    waves_make(height, mask, made->of_rows);
    waves_make(width, mask, made->of_columns);
    for (int k = 0; k < made->waves; k++)
        for (int x = 0; x < width; x++)
            made->of_columns_turned[x * made->waves + k] = made->of_columns[k * width + x];
    *out = made;
    made = NULL;
done:
    view_filter_free(made);
    return result;
}

void view_filter_free(view_filter *f)
{
    if (f == NULL) return;
    free(f->block);
    free(f);
}

/* to += factor * from */
static void add(double *restrict to, double factor, const double *restrict from, int count)
{
    for (int i = 0; i < count; i++) to[i] += factor * from[i];
}

/* pixels = low frequencies of a plane */
static void project(view_filter *f, const uint8_t *plane)
{
    const int waves = f->waves, height = f->height, width = f->width;
    memset(f->columns, 0, sizeof *f->columns * (size_t)(waves * width));
    memset(f->both, 0, sizeof *f->both * (size_t)(waves * waves));
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) f->pixels[x] = plane[y * width + x];
        for (int k = 0; k < waves; k++)
            add(f->columns + k * width, f->of_rows[k * height + y], f->pixels, width);
    }
    for (int k = 0; k < waves; k++)
        for (int x = 0; x < width; x++)
            add(f->both + k * waves, f->columns[k * width + x], f->of_columns_turned + x * waves, waves);
    memset(f->columns, 0, sizeof *f->columns * (size_t)(waves * width));
    memset(f->pixels, 0, sizeof *f->pixels * (size_t)(height * width));
    for (int k = 0; k < waves; k++)
        for (int j = 0; j < waves; j++)
            add(f->columns + k * width, f->both[k * waves + j], f->of_columns + j * width, width);
    for (int y = 0; y < height; y++)
        for (int k = 0; k < waves; k++)
            add(f->pixels + y * width, f->of_rows[k * height + y], f->columns + k * width, width);
}

/* As written to a byte: fractions are cut off, and -1 is 255. What is whole but for the error of the sums is whole, whichever side
 * of it the sums came out on. */
static int wrapped(double pixel)
{
    static const double error = 1e-9;
    int whole = (int)pixel;
    if (pixel - whole > 1 - error) whole++;
    if (whole - pixel > 1 - error) whole--;
    return whole & (BYTE_VALUES - 1);
}

double view_quantised(double pixel, quantise rule)
{
    if (rule == QUANTISE_NONE) return pixel;
    return rule == QUANTISE_ROUND ? nearbyint(pixel) : wrapped(pixel);
}

const double *view_filter_apply(view_filter *f, const uint8_t *plane, view_pass pass, quantise rule)
{
    const int count = f->height * f->width;
    project(f, plane);
    for (int i = 0; i < count; i++) {
        const double low = f->pixels[i];
        f->pixels[i] = view_quantised(pass == PASS_HIGH ? plane[i] - low : low, rule);
    }
    return f->pixels;
}
