#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "commands/data_images.h"
#include "data/images.h"
#include "data/import_parts.h"
#include "data/recordings_csv.h"
#include "option.h"
#include "report/sheet.h"

enum { SOURCES_MOST = 64 }; /* on a command line */

static const char help[] =
    "Usage: infosweep data show FILE [--trials SESSION | --units SESSION]\n"
    "       infosweep data import MAPPING.yaml -o FILE.h5 [--replace]\n"
    "       infosweep data import SOURCE\n"
    "       infosweep data import IMAGES… [--test IMAGES] -o FILE.h5 [--replace]\n"
    "       infosweep data formats [NAME]\n"
    "\n"
    "Makes data files of recordings from a laboratory's own files, and of images; shows what they hold.\n"
    "A data file of recordings is what data kind `sessions` learns from (infosweep list sessions); a\n"
    "mapping file serves as well, and is then imported whenever it is used. A data file of images is one\n"
    "of the sources that data kind `views` learns from (infosweep list views).\n"
    "\n"
    "  show     sessions, animals, areas, units, bins, trials of each target, sources; of a data file (.h5)\n"
    "           or a mapping file (.yaml); of images: their size, classes, images of each class\n"
    "  import   of a mapping file: imports what it describes, checks it, says what was found, writes it;\n"
    "           of a source: says what it holds and prints a mapping file that fits it, to be edited;\n"
    "           of images: packs them into one file\n"
    "  formats  the formats of sources, and the keys of a session that each takes\n"
    "\n"
    "      --trials SESSION  the session's trial table, as CSV\n"
    "      --units SESSION   the table of its units, as CSV\n"
    "      --test IMAGES     files or a folder of the test images, where the others do not hold them\n"
    "      --labels FILE     the labels of IDX images, where the file is not beside them under the usual\n"
    "                        name; of CIFAR-100: fine (as without it) or coarse\n"
    "      --test-labels FILE  the same for the test images\n"
    "      --title TEXT      what the data file of images is called\n"
    "  -o, --output FILE     the data file to write\n"
    "      --replace         put it in the place of one that is there\n"
    "      --help            this text\n"
    "\n"
    "From files to a matrix, in four commands:\n"
    "\n"
    "  infosweep data import day1.mat > days.yaml   # what day1.mat holds, and a mapping: edit it\n"
    "  infosweep data show days.yaml                # is it what you recorded?\n"
    "  infosweep data import days.yaml -o days.h5   # one small file, fit to be sent\n"
    "  mpirun -n 4 infosweep run sessions.yaml --set data.file=days.h5\n"
    "\n"
    "Images, from what there is of them:\n"
    "\n"
    "  infosweep data import cifar-10-batches-bin -o cifar10.h5\n"
    "  infosweep data import train-images-idx3-ubyte.gz --test t10k-images-idx3-ubyte.gz -o mnist.h5\n"
    "  infosweep data import photographs -o photographs.h5   # photographs/CLASS/*.jpg\n"
    "\n"
    "A mapping file of two days; what stands under `common` holds for every session:\n"
    "\n"
    "  title: Reaches of one monkey on two days\n"
    "  target: targetPosition\n"
    "  common:\n"
    "    animal: jay\n"
    "    format: matlab\n"
    "    struct: trials                             # a struct array, one element per trial\n"
    "    target: targetPosition                     # a field: number, position or text\n"
    "    drop: [0, 0]                               # reaches back to the centre\n"
    "    areas: {PMd: spikeRaster2, M1: spikeRaster}\n"
    "    columns: [reactionTime]\n"
    "    valid: {from: targetOn - delay, to: targetOn}\n"
    "  sessions:\n"
    "    - {name: jay-1, file: raw/day1.mat}\n"
    "    - {name: jay-2, file: raw/day2.mat}\n"
    "\n"
    "Files are looked up beside the mapping file, then below the folder in INFOSWEEP_DATA.\n";

typedef struct request {
    const char *trials, *units;
    images_request images; /* with what images and recordings share */
} request;

/* ---- show --------------------------------------------------------------------------------------------------------- */

/* Of recordings: what was typed that belongs to images. */
static status refuse_images(const char *path, const request *q)
{
    const images_request *i = &q->images;
    if (i->sources->count > 2)
        return failure(BAD_INPUT, "data: %s is no source of images; one at a time", path);
    if (i->test || i->labels || i->test_labels || i->title)
        return failure(
            BAD_INPUT,
            "data: %s is no source of images, to which --test, --labels, --test-labels and --title belong",
            path);
    return OK;
}

static status find_session(const recordings *r, const char *path, const char *name,
                           const recorded_session **out)
{
    enum { NAMES_MAX = 256 };
    const char *names[NAMES_MAX], *near;
    int count = 0;
    *out = recordings_find(r, name);
    if (*out) return OK;
    for (; count < r->sessions && count < NAMES_MAX; count++) names[count] = r->session[count].name;
    near = option_suggest(name, names, count);
    if (near) return failure(BAD_INPUT, "%s: no session %s; did you mean '%s'?", path, name, near);
    return failure(BAD_INPUT, "%s: no session %s; infosweep data show %s lists them", path, name, path);
}

static status show(const char *path, const request *q)
{
    status result = OK;
    recordings *r = NULL;
    const recorded_session *s;
    CHECK(!q->images.output && !q->images.replace, BAD_INPUT,
          "data: show writes nothing; -o and --replace belong to data import");
    CHECK(!q->trials || !q->units, BAD_INPUT,
          "data: --trials and --units are tables of their own; ask for one at a time");
    if (data_is_of_images(path)) {
        CHECK(!q->trials && !q->units, BAD_INPUT,
              "data: %s holds images; --trials and --units belong to recordings", path);
        return data_show_images(&q->images);
    }
    TRY(refuse_images(path, q));
    TRY(recordings_load(path, &r));
    if (q->trials || q->units) TRY(find_session(r, path, q->trials ? q->trials : q->units, &s));
    if (q->trials)
        TRY(session_print_trials(s, stdout));
    else if (q->units)
        TRY(session_print_units(s, stdout));
    else
        TRY(recordings_print(r, path, stdout));
done:
    recordings_free(r);
    return result;
}

/* ---- import ------------------------------------------------------------------------------------------------------- */

/* Neither recordings nor images: why not. */
static status refuse_source(const char *path)
{
    const image_format *format;
    status result = images_format(path, &format);
    if (result != OK) return result;
    return failure(BAD_INPUT,
                   "%s: its ending says nothing of its format (infosweep data formats lists them); a mapping "
                   "file, which ends in .yaml, can say it",
                   path);
}

/* Not a mapping: what is in it, and a mapping to start from. */
static status describe(const char *path)
{
    const import_format *format = import_format_guess(path);
    if (format == NULL) return refuse_source(path);
    if (format->available[0])
        return failure(BAD_INPUT, "%s: cannot be read by this build: %s", path, format->available);
    status result = format->describe(path, stdout);
    if (result == OK)
        fprintf(stderr,
                "infosweep: to import %s, save what is printed as a .yaml file, edit it, and import that\n",
                path);
    return result;
}

static status import(const char *path, const request *q)
{
    status result = OK;
    recordings *r = NULL;
    struct stat about;
    CHECK(!q->trials && !q->units, BAD_INPUT, "data: --trials and --units belong to data show");
    if (data_is_of_images(path)) return data_import_images(&q->images);
    TRY(refuse_images(path, q));
    if (!import_is_mapping(path)) return describe(path);
    CHECK(q->images.output != NULL, BAD_INPUT,
          "data: import writes a file: -o FILE.h5 (infosweep data show %s only looks)", path);
    CHECK(!import_is_mapping(q->images.output), BAD_INPUT, "data: -o %s: a data file ends in .h5",
          q->images.output);
    TRY(recordings_import(path, &r));
    TRY(recordings_write(r, q->images.output, q->images.replace));
    TRY(recordings_print(r, q->images.output, stdout));
    if (stat(q->images.output, &about) == 0)
        fprintf(stderr, "infosweep: wrote %s, %.3g MB\n", q->images.output, (double)about.st_size / 1e6);
done:
    recordings_free(r);
    return result;
}

/* ---- formats ------------------------------------------------------------------------------------------------------ */

static void print_keys(const import_key *keys)
{
    enum { NAMES = 12, MARGIN = 4 };
    for (const import_key *k = keys; k->name; k++) {
        char text[512];
        snprintf(text, sizeof text, "%s%s (%s: %s)", k->needed ? "needed: " : "", k->help, k->name,
                 k->example);
        int at = printf("%*s%-*s  ", MARGIN, "", NAMES, k->name);
        sheet_wrap(text, at, MARGIN + NAMES + 2, stdout);
    }
}

static status print_formats(const char *only)
{
    enum { NAMES_MAX = 16 };
    const char *names[NAMES_MAX];
    int count = 0;
    bool found;
    if (only == NULL) {
        printf("Keys of every session\n");
        print_keys(import_session_keys);
    }
    for (int i = 0; import_formats[i] && count < NAMES_MAX; i++) {
        const import_format *f = import_formats[i];
        names[count++] = f->name;
        if (only && strcmp(only, f->name) != 0) continue;
        printf("%s%s (%s)%s%s: %s\n", only ? "" : "\n", f->name, f->endings, f->available[0] ? ", off: " : "",
               f->available, f->summary);
        print_keys(f->keys);
        if (only) return OK;
    }
    if (only == NULL) printf("\nImages\n");
    data_print_image_formats(only, &found);
    if (only == NULL || found) return OK;
    for (int i = 0; image_formats[i] && count < NAMES_MAX; i++) names[count++] = image_formats[i]->name;
    const char *near = option_suggest(only, names, count);
    if (near) return failure(BAD_INPUT, "data: no format %s; did you mean '%s'?", only, near);
    return failure(BAD_INPUT, "data: no format %s; infosweep data formats lists them", only);
}

/* ---- the command --------------------------------------------------------------------------------------------------- */

static status refuse_verb(const char *typed)
{
    static const char *const verbs[] = { "show", "import", "formats" };
    const char *near = option_suggest(typed, verbs, 3);
    if (near) return failure(BAD_INPUT, "data: no '%s'; did you mean 'data %s'?", typed, near);
    return failure(
        BAD_INPUT,
        "data: '%s'? Right would be data show, data import or data formats (infosweep data --help)", typed);
}

static status run(int argc, char **argv)
{
    status result = OK;
    strings words;
    request q = { .images = { .sources = &words } };
    const argument accepted[] = {
        { .name = "trials", .value = "SESSION", .text = &q.trials },
        { .name = "units", .value = "SESSION", .text = &q.units },
        { .name = "test", .value = "IMAGES", .text = &q.images.test },
        { .name = "labels", .value = "FILE", .text = &q.images.labels },
        { .name = "test-labels", .value = "FILE", .text = &q.images.test_labels },
        { .name = "title", .value = "TEXT", .text = &q.images.title },
        { .name = "output", .letter = 'o', .value = "FILE", .text = &q.images.output },
        { .name = "replace", .given = &q.images.replace },
        { .name = NULL },
    };
    TRY(arguments_read(&data_command, argc, argv, accepted, 1, 1 + SOURCES_MOST, &words));
    const char *verb = words.item[0], *what = words.count > 1 ? words.item[1] : NULL;
    bool shows = strcmp(verb, "show") == 0, imports = strcmp(verb, "import") == 0;
    if (strcmp(verb, "formats") == 0) return print_formats(what);
    if (!shows && !imports) return refuse_verb(verb);
    CHECK(what != NULL, BAD_INPUT, "data: %s what? (infosweep data --help shows examples)", verb);
    TRY(shows ? show(what, &q) : import(what, &q));
done:
    return result;
}

const command data_command = {
    .name = "data",
    .summary = "recordings and images: import their files, show what a data file holds",
    .help = help,
    .run = run,
};
