#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "commands/null.h"
#include "commands/plan_simulate.h"
#include "commands/words.h"
#include "pack.h"
#include "report.h"
#include "report/sheet.h"
#include "results.h"
#include "schedule.h"

static const char help[] =
    "Usage: infosweep plan [OPTION]... SWEEP\n"
    "\n"
    "Says what a run of the sweep file would do: axes, every setting, tasks, arithmetic, memory, time.\n"
    "Runs nothing and writes nothing.\n"
    "\n"
    "      --ranks N         predict the time on N ranks (default: the cores of this machine)\n"
    "      --simulate        go through the schedule on 1 to N ranks (at most 100000), as it would go on in "
    "a run\n"
    "      --measured FILE   with tasks as long as they were in this result file of tasks like them\n"
    "      --round-trip S    seconds that a message and its answer take (default: 4e-7 for as many ranks as "
    "this\n"
    "                        machine has cores, else 2e-5: a network with TCP)\n"
    "      --set NAME=VALUE  set or replace an option or an axis, as for run\n"
    "      --null N          with the targets shuffled N times, too, as for run\n"
    "      --help            this text\n"
    "\n"
    "--simulate prints a row for each number of ranks: time from the first task to the last; speed-up over "
    "one\n"
    "rank; busy, the part of all ranks' time in which they compute and write; end, the part in which they "
    "have\n"
    "nothing left to do while the last tasks run; rank 0, the part of its own time that rank 0 spends on "
    "messages.\n"
    "Where busy falls because end grows, there are more ranks than tasks, or few long tasks hold all up: a "
    "smaller\n"
    "run.pack, or fewer ranks. Where it falls because rank 0 grows, tasks are short: a larger run.pack.\n"
    "Predictions know no other work on the machine: --measured FILE takes what tasks took in a run there.\n";

/* ---- how long it takes ------------------------------------------------------------------------------------------- */

static status print_time(const sweep *s, const packs *p, int64_t count)
{
    status result = OK;
    double alone, together;
    char text[WORDS_MAX];
    TRY(plan_predict(s, p, 1, &alone));
    TRY(plan_predict(s, p, count, &together));
    printf("time       about %s on 1 rank", duration_text(alone, text));
    if (count > 1) printf(", %s on %lld ranks", duration_text(together, text), (long long)count);
    if (count > 1 && together > 0) printf(" (%.0f %% busy)", 100 * alone / together / (double)count);
    putchar('\n');
done:
    return result;
}

/* ---- what there is to do ----------------------------------------------------------------------------------------- */

/* "66 KiB", "4.2 MiB" */
static const char *size_text(double bytes, char text[WORDS_MAX])
{
    static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
    int unit = 0;
    for (; bytes >= 1024 && unit < 4; unit++) bytes /= 1024;
    snprintf(text, WORDS_MAX, bytes < 10 && unit > 0 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
    return text;
}

/* The values of an axis as far as a line has room: the first ones and the last. */
static void print_values(const axis *a)
{
    enum { ROOM = 66 };
    int used = 0;
    for (int64_t v = 0; v < a->count; v++) {
        int width = (int)strlen(a->text[v]) + 2;
        bool last = v == a->count - 1;
        if (!last && used + width + (int)strlen(a->text[a->count - 1]) + 3 > ROOM) {
            printf("%s…, %s", v ? ", " : "", a->text[a->count - 1]);
            break;
        }
        printf("%s%s", v ? ", " : "", a->text[v]);
        used += width;
    }
    if (a->unit && *a->unit) printf(" %s", a->unit);
    putchar('\n');
}

static void print_axes(const grid *g)
{
    int width = 10;
    for (int a = 0; a < g->axes; a++)
        if ((int)strlen(g->axis[a].name) > width) width = (int)strlen(g->axis[a].name);
    printf("axes       %d%s\n", g->axes, g->axes ? "" : " (one task)");
    for (int a = 0; a < g->axes; a++) {
        const axis *x = &g->axis[a];
        printf("  %-*s %5lld: ", width, x->name, (long long)x->count);
        print_values(x);
        for (int b = 0; b < a; b++)
            if (g->axis[b].dimension == x->dimension) {
                printf("  %*s        walks along with %s\n", width, "", g->axis[b].name);
                break;
            }
    }
}

static void put_setting(const char *name, const option *row, const void *block, void *to)
{
    fprintf(to, "%s=", name);
    option_print(row, block, to);
    fputc(' ', to);
}

/* What is no axis, be it written in the file or a default. */
static status print_settings(const sweep *s)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (to == NULL) return failure(NO_MEMORY, "the settings of a sweep");
    sweep_constants(s, put_setting, to);
    if (fclose(to) == 0) sheet_wrap(text, printf("settings   "), 11, stdout);
    free(text);
    return OK;
}

/* How many of the lanes that packs take have a task; nothing where no estimator has lanes. */
static void print_lanes(const packs *p)
{
    int64_t tasks = 0, places = 0;
    int lanes = 0;
    for (int64_t i = 0; i < p->count; i++) {
        const pack *k = &p->pack[i];
        if (k->lanes <= 1) continue;
        lanes = k->lanes;
        tasks += k->count;
        places += pack_lanes(k->lanes, k->count);
    }
    if (places > 0)
        printf("lanes      %.0f %% filled, %d tasks at once\n", 100 * (double)tasks / (double)places, lanes);
}

/* How many packs run on gangs of which size; nothing where none does. */
static void print_gangs(const packs *p)
{
    const char *before = "gangs      ";
    for (int64_t i = 0, next; i < p->count && p->pack[i].ranks > 1; i = next) {
        for (next = i; next < p->count && p->pack[next].ranks == p->pack[i].ranks; next++) continue;
        printf("%s%lld pack%s on %d ranks each", before, (long long)(next - i), next - i == 1 ? "" : "s",
               p->pack[i].ranks);
        before = ", ";
    }
    if (*before == ',') putchar('\n');
}

/* "6: 3 of 16 tasks, 3 of 4": how many packs of which width. */
static void print_packs(const packs *p)
{
    enum { WIDTH_MAX = 64 }; /* the bound of run.pack */
    int64_t of_width[WIDTH_MAX + 1] = { 0 };
    double flops = 0;
    size_t bytes = 0;
    char text[WORDS_MAX];
    for (int64_t i = 0; i < p->count; i++) {
        of_width[p->pack[i].count <= WIDTH_MAX ? p->pack[i].count : WIDTH_MAX]++;
        flops += p->pack[i].flops;
        if (p->pack[i].bytes > bytes) bytes = p->pack[i].bytes;
    }
    const char *before = ": ";
    printf("packs      %lld", (long long)p->count);
    for (int w = WIDTH_MAX; w > 0; w--) {
        if (of_width[w] == 0) continue;
        printf("%s%lld of %d", before, (long long)of_width[w], w);
        before = ", ";
    }
    printf("%s\n", p->count ? " tasks" : "");
    print_lanes(p);
    print_gangs(p);
    printf("arithmetic %.4g GFLOP\n", flops / 1e9);
    printf("memory     %s per rank at most\n", size_text((double)bytes, text));
}

static status print_file(const char *path, void *context)
{
    const char **before = context;
    printf("%s%s\n", *before, path);
    *before = "           ";
    return OK;
}

/* A comparison that cannot be read keeps nobody from running. */
static void print_published(const sweep *s)
{
    comparison *c = NULL;
    const char *path = sweep_compare(s);
    if (path == NULL) return;
    if (comparison_read(path, sweep_grid(s), s, &c) == OK) {
        printf("published  %s: %lld %s for this grid\n", path, (long long)comparison_count(c),
               comparison_count(c) == 1 ? "value" : "values");
    } else {
        printf("published  no values: %s\n", failure_text());
        failure_clear();
    }
    comparison_free(c);
}

static status print_plan(const sweep *s, const packs *p, int64_t count)
{
    status result = OK;
    layout *l = NULL;
    const grid *g = sweep_grid(s);
    const char *before = "reads      ";
    char text[WORDS_MAX];
    TRY(layout_make(s, &l));

    printf("%s\n%s\n\n", sweep_title(s), sweep_path(s));
    print_axes(g);
    TRY(print_settings(s));
    printf("tasks      %lld", (long long)g->tasks);
    if (g->cells > g->tasks)
        printf(" (%lld of %lld cells excluded)", (long long)(g->cells - g->tasks), (long long)g->cells);
    putchar('\n');
    print_packs(p);
    TRY(print_time(s, p, count));
    TRY(sweep_files(s, print_file, &before));
    printf("result     about %s of disk\n", size_text((double)results_bytes(g, l), text));
    print_published(s);
done:
    layout_free(l);
    return result;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* What only a simulation uses is refused without it. */
static status read_simulation(bool asked, const char *round_trip, plan_simulation *to)
{
    status result = OK;
    static const option row = { "--round-trip", OPTION_REAL, 0, "", 1e-9, 1, "s", "", NULL, 0 };
    CHECK(asked || (!round_trip && !to->measured), BAD_INPUT, "%s is for --simulate, which is missing",
          round_trip ? "--round-trip" : "--measured");
    if (round_trip) TRY(option_parse(&row, round_trip, &to->round_trip_seconds));
done:
    return result;
}

static status run(int argc, char **argv)
{
    status result = OK;
    static const option ranks_option = { "--ranks", OPTION_INTEGER, 0, "", 1, 1e5, "ranks", "", NULL, 0 };
    const char *ranks_text = NULL, *round_trip = NULL;
    bool simulated = false;
    null_axis null = { .typed = NULL };
    plan_simulation what = { .ranks = sysconf(_SC_NPROCESSORS_ONLN) };
    strings words;
    sweep *s = NULL;
    packs *p = NULL;
    const argument accepted[] = {
        { .name = "ranks", .value = "N", .text = &ranks_text },
        { .name = "simulate", .given = &simulated },
        { .name = "measured", .value = "FILE", .text = &what.measured },
        { .name = "round-trip", .value = "SECONDS", .text = &round_trip },
        { .name = "set", .value = "NAME=VALUE", .list = &what.sets },
        { .name = "null", .value = "N", .text = &null.typed },
        { .name = NULL },
    };
    TRY(arguments_read(&plan_command, argc, argv, accepted, 1, 1, &words));
    if (ranks_text) TRY(option_parse(&ranks_option, ranks_text, &what.ranks));
    if (what.ranks < 1) what.ranks = 1; /* a machine that does not say how many cores it has */
    TRY(read_simulation(simulated, round_trip, &what));
    TRY(null_add(&null, &what.sets));
    double began = now();
    what.path = words.item[0];
    result = sweep_load(what.path, what.sets.item, what.sets.count, &s);
    TRY(result == OK ? OK : null_explain(&null, result));
    if (what.ranks < sweep_run(s)->ranks_per_task && ranks_text == NULL)
        what.ranks = sweep_run(s)->ranks_per_task; /* fewer could not run it */
    TRY(schedule_check((int)what.ranks, sweep_run(s)->ranks_per_task));
    TRY(packs_make(s, NULL, &p));
    what.start_seconds = now() - began;
    TRY(print_plan(s, p, what.ranks));
    if (simulated) TRY(plan_simulate(&what, s, p));
done:
    packs_free(p);
    sweep_free(s);
    data_close();
    return result;
}

const command plan_command = {
    .name = "plan",
    .summary = "what a sweep file would run, and for how long; runs nothing",
    .help = help,
    .run = run,
};
