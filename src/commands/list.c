#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "compress.h"
#include "estimator.h"
#include "report/sheet.h"
#include "tensor.h"

static const char help[] =
    "Usage: infosweep list [TOPIC [NAME] | NAME]\n"
    "\n"
    "Shows what there is. Without a topic: everything by name. A topic is one of\n"
    "\n"
    "  estimators  what is estimated, with options, results and sources\n"
    "  data        what is learned from, with options\n"
    "  models      which networks are trained, with options\n"
    "  train       how they are trained\n"
    "  task        options of every task\n"
    "  run         options of the run itself, which change no result\n"
    "\n"
    "A NAME narrows it to one estimator, data kind or model: list rine, list data gate.\n"
    "\n"
    "      --help  this text\n";

/* One thing that can be chosen by name: what estimators, data kinds and models have in common. */
typedef struct item {
    const char *name, *summary, *source;
    const section *section;
    const quantity *results; /* NULL for all but estimators */
    const model_kind *model; /* NULL for all but models */
    const char *when;        /* of estimators: when to use it */
    const char *off;         /* what this build leaves out, and why; NULL: nothing */
} item;

enum { ITEMS_MAX = 256 };
typedef struct topic {
    const char *name, *title;
    int count;
    item item[ITEMS_MAX];
} topic;

/* ---- text ------------------------------------------------------------------------------------------------------- */

/* A name, padded, and what it is. */
static void print_entry(int margin, int width, const char *name, const char *text)
{
    int at = printf("%*s%-*s  ", margin, "", width, name);
    sheet_wrap(text, at, margin + width + 2, stdout);
}

/* The line that the option has for itself, broken where it is longer than the page. */
static status print_option(const option *row)
{
    enum { NAMES = 18 };
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (to == NULL) return failure(NO_MEMORY, "the description of an option");
    option_describe(row, to);
    if (fclose(to) != 0) {
        free(text);
        return failure(NO_MEMORY, "the description of an option");
    }
    print_entry(2, NAMES, row->name, strstr(text, row->name) + strlen(row->name));
    free(text);
    return OK;
}

static status print_options(const section *s)
{
    status result = OK;
    for (const option *row = s->options; row->name; row++) TRY(print_option(row));
done:
    return result;
}

/* ---- topics ------------------------------------------------------------------------------------------------------- */

static void add(topic *t, const item *new)
{
    if (t->count < ITEMS_MAX) t->item[t->count++] = *new;
}

static void fill_estimators(topic *t)
{
    *t = (topic){ .name = "estimators", .title = "Estimators (estimator: NAME)" };
    for (const estimator *const *e = estimators; *e; e++)
        add(t, &(item){ (*e)->name, (*e)->summary, (*e)->source, &(*e)->section, (*e)->results, NULL,
                        (*e)->when, (*e)->lacks ? (*e)->lacks() : NULL });
}

static void fill_data(topic *t)
{
    *t = (topic){ .name = "data", .title = "Data (data: {kind: NAME})" };
    for (const data_kind *const *k = data_kinds; *k; k++)
        add(t, &(item){ (*k)->name, (*k)->summary, (*k)->source, &(*k)->section, NULL, NULL, NULL, NULL });
}

static bool is_off(const model_kind *m)
{
    return m->engine == ENGINE_TENSORS && !tensor_available();
}

static void fill_models(topic *t)
{
    *t = (topic){ .name = "models", .title = "Models (model: {kind: NAME})" };
    for (const model_kind *const *k = model_kinds; *k; k++)
        add(t, &(item){ (*k)->name, (*k)->summary, (*k)->source, &(*k)->section, NULL, *k, NULL,
                        is_off(*k) ? "built without oneDNN" : NULL });
}

static void (*const fills[])(topic *t) = { fill_estimators, fill_data, fill_models };
enum { TOPICS = sizeof fills / sizeof fills[0] };

/* Sections that every sweep has. */
static const struct {
    const section *section;
    const char *text;
} sections[] = {
    { &task_section, "options of every task, at the top of a sweep file" },
    { &compress_section, "what comes between the data and any estimator" },
    { &train_section, "how networks are trained" },
    { &run_section, "how a sweep is run; changes no result (ranks_per_task: last bits, where a result file says so)" },
    { &store_section, "how results are stored; changes no result" },
};
enum { SECTION_COUNT = sizeof sections / sizeof sections[0] };

static void print_results(const quantity *results)
{
    printf("\n  results\n");
    for (const quantity *r = results; r->name; r++) {
        const result_axes *axes = &result_axes_of[r->shape];
        char text[512];
        int at = snprintf(text, sizeof text, "%s%s%s", r->long_name, *r->unit ? ", " : "", r->unit);
        for (int d = 0; d < axes->dimensions && at < (int)sizeof text; d++)
            at +=
                snprintf(text + at, sizeof text - (size_t)at, "%s%s", d ? " and " : ", per ", axes->axis[d]);
        print_entry(2, 28, r->name, text);
    }
}

/* What trains it. */
static void print_engine(const model_kind *m)
{
    char text[160];
    if (m->engine == ENGINE_LANES)
        snprintf(text, sizeof text, "lanes: many small networks at once, one in each lane of a register");
    else if (is_off(m))
        snprintf(text, sizeof text, "tensors: off, because this infosweep was built without oneDNN");
    else
        snprintf(text, sizeof text, "tensors: one network after the other, layer by layer, by %s",
                 tensor_library());
    print_entry(2, 6, "engine", text);
}

static status print_item(const item *i)
{
    status result = OK;
    print_entry(0, (int)strlen(i->name), i->name, i->summary);
    print_entry(2, 6, "source", i->source);
    if (i->when) print_entry(2, 6, "when", i->when);
    if (i->model) print_engine(i->model);
    if (i->off && !i->model) print_entry(2, 6, "off", i->off);
    printf("\n  options (%s:)%s\n", i->section->name, i->section->options->name ? "" : " none");
    TRY(print_options(i->section));
    if (i->results) print_results(i->results);
done:
    return result;
}

static status print_topic(const topic *t, const char *only)
{
    status result = OK;
    const char *known[ITEMS_MAX];
    int printed = 0;
    for (int i = 0; i < t->count; i++) {
        known[i] = t->item[i].name;
        if (only && strcmp(only, t->item[i].name) != 0) continue;
        if (printed++ > 0) putchar('\n');
        TRY(print_item(&t->item[i]));
    }
    if (only && printed == 0) {
        const char *near = option_suggest(only, known, t->count);
        if (near)
            result = failure(BAD_INPUT, "list: %s has no %s; did you mean %s?", t->name, only, near);
        else
            result =
                failure(BAD_INPUT, "list: %s has no %s; infosweep list shows what there is", t->name, only);
    }
done:
    return result;
}

static void print_summary(const item *i)
{
    char text[256];
    if (i->off)
        snprintf(text, sizeof text, "%s (off: %s)", i->summary, i->off);
    else
        snprintf(text, sizeof text, "%s", i->summary);
    print_entry(2, 12, i->name, text);
}

static void print_overview(void)
{
    for (int i = 0; i < TOPICS; i++) {
        topic t;
        fills[i](&t);
        printf("%s\n", t.title);
        for (int k = 0; k < t.count; k++) print_summary(&t.item[k]);
        putchar('\n');
    }
    printf("Sections of a sweep file beside them\n");
    for (int i = 0; i < SECTION_COUNT; i++) print_entry(2, 12, sections[i].section->name, sections[i].text);
    printf("\ninfosweep list NAME tells every option of one of them, infosweep list TOPIC those of a whole "
           "topic:\n"
           "estimators (and when to use which), data, models, task, train, run\n");
}

/* The item of any topic that has this name; NULL: none. `*topic` is filled as it was searched. */
static const item *find_item(const char *name, topic *t)
{
    for (int i = 0; i < TOPICS; i++) {
        fills[i](t);
        for (int k = 0; k < t->count; k++)
            if (strcmp(name, t->item[k].name) == 0) return &t->item[k];
    }
    return NULL;
}

static status refuse_word(const char *word)
{
    enum { WORDS_MAX = TOPICS + SECTION_COUNT + TOPICS * ITEMS_MAX };
    const char *known[WORDS_MAX];
    int count = 0;
    for (int i = 0; i < SECTION_COUNT; i++) known[count++] = sections[i].section->name;
    for (int i = 0; i < TOPICS; i++) {
        topic t;
        fills[i](&t);
        known[count++] = t.name;
        for (int k = 0; k < t.count; k++) known[count++] = t.item[k].name;
    }
    const char *near = option_suggest(word, known, count);
    if (near) return failure(BAD_INPUT, "list: there is no %s; did you mean %s?", word, near);
    return failure(BAD_INPUT, "list: there is no %s; infosweep list shows what there is", word);
}

/* A topic, a section, or one thing of any topic. */
static status print_asked(const char *name, const char *only)
{
    topic t;
    for (int i = 0; i < TOPICS; i++) {
        fills[i](&t);
        if (strcmp(name, t.name) == 0) return print_topic(&t, only);
    }
    for (int i = 0; i < SECTION_COUNT; i++) {
        if (strcmp(name, sections[i].section->name) != 0) continue;
        if (only) return failure(BAD_INPUT, "list: %s is one section; it has no %s", name, only);
        printf("%s: %s\n", name, sections[i].text);
        return print_options(sections[i].section);
    }
    const item *found = only ? NULL : find_item(name, &t);
    return found ? print_item(found) : refuse_word(name);
}

static status run(int argc, char **argv)
{
    status result = OK;
    strings words;
    const argument accepted[] = { { .name = NULL } };
    TRY(arguments_read(&list_command, argc, argv, accepted, 0, 2, &words));
    if (words.count == 0)
        print_overview();
    else
        TRY(print_asked(words.item[0], words.count > 1 ? words.item[1] : NULL));
done:
    return result;
}

const command list_command = {
    .name = "list",
    .summary = "estimators, data, models and every option",
    .help = help,
    .run = run,
};
