#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "report.h"

static const char help[] =
    "Usage: infosweep report [OPTION]... FILE\n"
    "\n"
    "Shows what a result file holds, also while a run still fills it. Without an option: tables of the\n"
    "means over seeds and folds, with standard deviations, confidence intervals where samples are\n"
    "recorded trials, tests where targets were shuffled, and published and exact values.\n"
    "\n"
    "      --all            the other results too: per source, per class, training part\n"
    "      --csv            one line per cell, with a head: axes, status, results (without those of\n"
    "                       single test samples)\n"
    "      --csv-means      one line per mean, with a head: what the tables say of it\n"
    "      --figures DIR    draw curves and heat maps into DIR (SVG, PNG), with the numbers and the\n"
    "                       gnuplot scripts behind them\n"
    "      --bootstrap N    resamples of the recorded trials behind an interval (2000; 0: no intervals)\n"
    "      --confidence C   of an interval (0.95)\n"
    "      --unit U         of information: bits (default) or nats\n"
    "      --block          resample whole blocks of trials (data.block) in place of trials\n"
    "  -o, --output FILE    write to FILE instead of standard output\n"
    "      --help           this text\n";

typedef struct request {
    report_options options;
    bool csv, csv_means;
    const char *figures, *output, *bootstrap, *confidence, *unit;
} request;

static status print_report(const results *r, const request *q, FILE *to)
{
    if (q->csv) return report_csv(r, &q->options, to);
    if (q->csv_means) return report_csv_means(r, &q->options, to);
    if (q->figures) return report_figures(r, &q->options, q->figures, to);
    return report_tables(r, &q->options, to);
}

static status read_number(const char *name, const char *text, double low, double high, double *out)
{
    status result = OK;
    char *end;
    if (text == NULL) goto done;
    *out = strtod(text, &end);
    CHECK(end != text && *end == '\0' && *out >= low && *out <= high, BAD_INPUT,
          "report: --%s is %s; it takes a number from %g to %g", name, text, low, high);
done:
    return result;
}

static status read_options(request *q)
{
    enum { RESAMPLES_MAX = 1000000 };
    status result = OK;
    double resamples = (double)q->options.resamples;
    TRY(read_number("bootstrap", q->bootstrap, 0, RESAMPLES_MAX, &resamples));
    CHECK(resamples == 0 || resamples >= 100, BAD_INPUT,
          "report: --bootstrap is %s; an interval needs 100 resamples or more", q->bootstrap);
    q->options.resamples = (int64_t)resamples;
    TRY(read_number("confidence", q->confidence, 0.5, 0.999, &q->options.confidence));
    q->options.nats = q->unit && strcmp(q->unit, "nats") == 0;
    CHECK(q->unit == NULL || q->options.nats || strcmp(q->unit, "bits") == 0, BAD_INPUT,
          "report: --unit is %s; it takes bits or nats", q->unit);
    CHECK(q->options.all + q->csv + q->csv_means + (q->figures != NULL) <= 1, BAD_INPUT,
          "report: --all, --csv, --csv-means and --figures are reports of their own; ask for one at a time");
done:
    return result;
}

/* A report is text. A file of HDF5 is a result or a recording, hours of somebody's work: it is not what -o means. */
static status open_output(const char *path, FILE **out)
{
    static const char signature[] = "\211HDF\r\n\032\n";
    char head[sizeof signature - 1] = "";
    FILE *there = fopen(path, "rb");
    size_t bytes = there ? fread(head, 1, sizeof head, there) : 0;
    if (there) fclose(there);
    if (bytes == sizeof head && memcmp(head, signature, sizeof head) == 0)
        return failure(BAD_INPUT,
                       "report: -o %s is an HDF5 file, which a report would overwrite; name another", path);
    *out = fopen(path, "w");
    return *out ? OK : failure(BAD_INPUT, "%s: cannot write: %s", path, strerror(errno));
}

static status run(int argc, char **argv)
{
    status result = OK;
    request q = { .options = report_defaults };
    strings words;
    results *r = NULL;
    FILE *file = NULL;
    const argument accepted[] = {
        { .name = "all", .given = &q.options.all },
        { .name = "csv", .given = &q.csv },
        { .name = "csv-means", .given = &q.csv_means },
        { .name = "figures", .value = "DIR", .text = &q.figures },
        { .name = "bootstrap", .value = "N", .text = &q.bootstrap },
        { .name = "confidence", .value = "C", .text = &q.confidence },
        { .name = "unit", .value = "U", .text = &q.unit },
        { .name = "block", .given = &q.options.blocks },
        { .name = "output", .letter = 'o', .value = "FILE", .text = &q.output },
        { .name = NULL },
    };
    TRY(arguments_read(&report_command, argc, argv, accepted, 1, 1, &words));
    TRY(read_options(&q));
    TRY(results_open(words.item[0], &r));
    if (q.output) TRY(open_output(q.output, &file));
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
