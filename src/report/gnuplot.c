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

void gnuplot_axis_name(const axis *a, FILE *to)
{
    char text[256];
    bool unit = a->unit && *a->unit;
    snprintf(text, sizeof text, "%s%s%s%s", a->name, unit ? " (" : "", unit ? a->unit : "", unit ? ")" : "");
    gnuplot_text(text, to);
}

void gnuplot_turn_labels(const axis *a, FILE *to)
{
    enum { ROOM = 60 }; /* characters that stand below an axis of this width in this font */
    int width = 0;
    for (int64_t i = 0; i < a->count; i++) width += sheet_text_width(a->text[i]) + 1;
    if (width > ROOM) fprintf(to, "set xtics rotate by -35 left\n");
}

void gnuplot_quantity_name(const quantity *q, FILE *to)
{
    char text[256];
    bool unit = *q->unit;
    snprintf(text, sizeof text, "%s%s%s%s", q->name, unit ? " (" : "", q->unit, unit ? ")" : "");
    for (char *c = text; *c; c++)
        if (*c == '_') *c = ' ';
    gnuplot_text(text, to);
}

void gnuplot_head(const char *name, const char *about, FILE *to)
{
    fprintf(to,
            "# %s\n"
            "# Drawn again by: gnuplot %s.gp (in this folder). For a vector graphic, in place of terminal "
            "and output:\n"
            "#   set terminal pdfcairo size 12cm,8cm font 'Sans,9'; set output '%s.pdf'\n"
            "set encoding utf8\n"
            "if (strstrt(GPVAL_TERMINALS, 'pngcairo')) {\n"
            "    set terminal pngcairo size 1800,1200 font 'Sans,26' linewidth 3\n"
            "} else {\n"
            "    set terminal png size 1800,1200 font 'Sans,22' linewidth 3\n"
            "}\n"
            "set termoption noenhanced\n"
            "set output '%s.png'\n\n",
            about, name, name, name);
}

/* Nine samples of the map by van der Walt and Smith (2015). */
static const unsigned viridis[] = { 0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c,
                                    0x28ae80, 0x5ec962, 0xaddc30, 0xfde725 };
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

void gnuplot_palette(FILE *to)
{
    fprintf(to, "set palette defined (");
    for (int i = 0; i < SAMPLES; i++) fprintf(to, "%s%d '#%06x'", i ? ", " : "", i, viridis[i]);
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
