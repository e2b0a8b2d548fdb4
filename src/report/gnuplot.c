#include "gnuplot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sheet.h"

status gnuplot_create(const char *folder, const char *name, const char *ending, FILE **out)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s.%s", folder, name, ending);
    if (length < 0 || length >= (int)sizeof path)
        return failure(BAD_INPUT, "%s: a path that is too long", folder);
    *out = fopen(path, "w");
    return *out ? OK : failure(IO_FAILED, "%s: cannot write: %s", path, strerror(errno));
}

status gnuplot_close(FILE *file, const char *name)
{
    bool whole = !ferror(file);
    whole = fclose(file) == 0 && whole;
    return whole ? OK : failure(IO_FAILED, "figure %s: cannot write: %s", name, strerror(errno));
}

void gnuplot_text(const char *text, FILE *to)
{
    fputc('\'', to);
    for (; *text; text++) {
        if (*text == '\'') fputc('\'', to);
        fputc((unsigned char)*text < ' ' ? ' ' : *text, to);
    }
    fputc('\'', to);
}

/* Names as words, for what people read: "session 1", "redundant information (bits)". */
static void print_name(const char *name, const char *unit, FILE *to)
{
    char text[256];
    bool has_unit = unit && *unit;
    snprintf(text, sizeof text, "%s%s%s%s", name, has_unit ? " (" : "", has_unit ? unit : "",
             has_unit ? ")" : "");
    for (char *c = text; *c; c++)
        if (*c == '_') *c = ' ';
    gnuplot_text(text, to);
}

void gnuplot_axis_name(const axis *a, FILE *to)
{
    print_name(a->name, a->unit, to);
}

int gnuplot_axis_width(const axis *a)
{
    enum { BRACKETS = 3 };
    int unit = a->unit && *a->unit ? sheet_text_width(a->unit) + BRACKETS : 0;
    return sheet_text_width(a->name) + unit;
}

void gnuplot_quantity_name(const quantity *q, FILE *to)
{
    print_name(q->name, q->unit, to);
}

void gnuplot_turn_labels(const axis *a, FILE *to)
{
    enum { ROOM = 60 }; /* characters that stand below an axis of this width in this font */
    int width = 0;
    for (int64_t i = 0; i < a->count; i++) width += sheet_text_width(a->text[i]) + 1;
    if (width > ROOM) fprintf(to, "set xtics rotate by -35 left\n");
}

/* Sizes are of the SVG, whose unit is 1/96 inch, and so is a font's 12; a PNG has four dots for each, which is fine enough
 * for print, and counts fonts in points: 4 dots × 72/96 = 3. */
void gnuplot_head(const char *name, const char *about, const canvas *c, FILE *to)
{
    fprintf(to,
            "# %s\n"
            "# Drawn again by: gnuplot %s.gp (in this folder). Numbers: %s.dat; with all that is known of "
            "them: %s.csv\n"
            "width = %d; height = %d; font = 'Arial,12'\n"
            "set encoding utf8\n"
            "set terminal svg size width,height font font linewidth 1 noenhanced background '#ffffff'\n"
            "set output '%s.svg'\n\n",
            about, name, name, name, c->width, c->height, name);
}

void gnuplot_caption(const char *text, FILE *to)
{
    fprintf(to, "set label 1 ");
    gnuplot_text(text, to);
    fprintf(to, " at character 1, 0.6 left font ',10' textcolor '#555555'\n");
}

void gnuplot_dots(const char *name, FILE *to)
{
    fprintf(to,
            "set output\n"
            "if (strstrt(GPVAL_TERMINALS, 'pngcairo')) {\n"
            "    set terminal pngcairo size 4*width,4*height font font fontscale 3 linewidth 4 pointscale 4 "
            "noenhanced\n"
            "} else {\n"
            "    set terminal png size 2*width,2*height font font fontscale 1.5 linewidth 2 noenhanced\n"
            "}\n"
            "set output '%s.png'\n",
            name);
}

void gnuplot_tail(const char *name, FILE *to)
{
    fprintf(to, "\n# the same in dots\n");
    gnuplot_dots(name, to);
    fprintf(to, "replot\nset output\n");
}

/* Nine samples of viridis, by van der Walt and Smith (2015), … */
static const unsigned viridis[] = { 0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c,
                                    0x28ae80, 0x5ec962, 0xaddc30, 0xfde725 };
/* … and the nine colours of RdBu from blue to red, by Harrower and Brewer (2003). */
static const unsigned diverging[] = { 0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7,
                                      0xfddbc7, 0xf4a582, 0xd6604d, 0xb2182b };
enum { SAMPLES = sizeof viridis / sizeof viridis[0] };

unsigned gnuplot_viridis(double at)
{
    double place = at * (SAMPLES - 1);
    int below = (int)place < SAMPLES - 2 ? (int)place : SAMPLES - 2;
    double part = place - below;
    unsigned mixed = 0;
    for (unsigned shift = 0; shift <= 16; shift += 8) {
        double low = (viridis[below] >> shift) & 0xFFU, high = (viridis[below + 1] >> shift) & 0xFFU;
        mixed |= (unsigned)(low + part * (high - low) + 0.5) << shift;
    }
    return mixed;
}

/* By Okabe and Ito (2008) for words. */
unsigned gnuplot_curve_colour(bool numbers, int64_t j, int64_t curves)
{
    static const unsigned words[] = { 0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x000000 };
    enum { WORDS = sizeof words / sizeof words[0] };
    if (numbers || curves > WORDS) /* the far end of the scale is too pale for a line */
        return gnuplot_viridis(curves > 1 ? 0.9 * (double)j / (double)(curves - 1) : 0);
    return words[j];
}

void gnuplot_palette(bool both_signs, FILE *to)
{
    const unsigned *colour = both_signs ? diverging : viridis;
    fprintf(to, "set palette defined (");
    for (int i = 0; i < SAMPLES; i++) fprintf(to, "%s%d '#%06x'", i ? ", " : "", i, colour[i]);
    fprintf(to, ")\n");
}

gnuplot_outcome gnuplot_run(const char *folder, const char *name)
{
    enum { NOT_FOUND = 127 }; /* as a shell has it */
    char script[512];
    snprintf(script, sizeof script, "%s.gp", name);
    fflush(NULL); /* or the child writes what we have not yet written a second time */
    pid_t child = fork();
    if (child < 0) return GNUPLOT_FAILED;
    if (child == 0) {
        if (chdir(folder) == 0) execlp("gnuplot", "gnuplot", script, (char *)NULL);
        _exit(NOT_FOUND);
    }
    int ended = 0;
    while (waitpid(child, &ended, 0) < 0)
        if (errno != EINTR) return GNUPLOT_FAILED;
    if (!WIFEXITED(ended)) return GNUPLOT_FAILED;
    if (WEXITSTATUS(ended) == NOT_FOUND) return GNUPLOT_ABSENT;
    return WEXITSTATUS(ended) == 0 ? GNUPLOT_DREW : GNUPLOT_FAILED;
}
