#include <errno.h>
#include <string.h>

#include "commands.h"
#include "report.h"

static const char help[] =
    "Usage: infosweep report [OPTION]... FILE\n"
    "\n"
    "Shows what a result file holds, also while a run still fills it. Without an option: tables of the\n"
    "means and standard deviations over seeds, with published and exact values beside them.\n"
    "\n"
    "      --all          the other results too: per source, per class, training part\n"
    "      --csv          one line per cell, with a head: axes, status, results\n"
    "      --figures DIR  draw curves and heat maps into DIR, with the gnuplot scripts behind them\n"
    "  -o, --output FILE  write to FILE instead of standard output\n"
    "      --help         this text\n";

typedef struct request {
    bool all, csv;
    const char *figures, *output;
} request;

static status print_report(const results *r, const request *q, FILE *to)
{
    if (q->csv) return report_csv(r, to);
    if (q->figures) return report_figures(r, q->figures, to);
    return report_tables(r, q->all, to);
}

static status run(int argc, char **argv)
{
    status result = OK;
    request q = { .all = false };
    strings words;
    results *r = NULL;
    FILE *file = NULL;
    const argument accepted[] = {
        { .name = "all", .given = &q.all },
        { .name = "csv", .given = &q.csv },
        { .name = "figures", .value = "DIR", .text = &q.figures },
        { .name = "output", .letter = 'o', .value = "FILE", .text = &q.output },
        { .name = NULL },
    };
    TRY(arguments_read(&report_command, argc, argv, accepted, 1, 1, &words));
    CHECK(q.all + q.csv + (q.figures != NULL) <= 1, BAD_INPUT,
          "report: --all, --csv and --figures are reports of their own; ask for one at a time");
    TRY(results_open(words.item[0], &r));
    if (q.output) {
        file = fopen(q.output, "w");
        CHECK(file != NULL, IO_FAILED, "%s: cannot write: %s", q.output, strerror(errno));
    }
    TRY(print_report(r, &q, file ? file : stdout));
    CHECK(fflush(file ? file : stdout) == 0 && !ferror(file ? file : stdout), IO_FAILED,
          "%s: cannot write: %s", q.output ? q.output : "standard output", strerror(errno));
done:
    if (file && fclose(file) != 0 && result == OK)
        result = failure(IO_FAILED, "%s: cannot write: %s", q.output, strerror(errno));
    results_close(r);
    return result;
}

const command report_command = {
    .name = "report",
    .summary = "tables, CSV or figures of a result file",
    .help = help,
    .run = run,
};
