/* Every way in which a sweep file can be wrong, and the one line that says so. */
#include "check.h"
#include "sweep/fakes.h"

typedef struct refusal {
    const char *text;
    const char *message; /* part of it */
} refusal;

static void check_refusal(const refusal *r, sweep *s)
{
    if (s || !strstr(failure_text(), r->message))
        fprintf(stderr, "---\n%s\n--- gave: %s\n--- not: %s\n", r->text, s ? "a sweep" : failure_text(),
                r->message);
    CU_ASSERT_PTR_NULL(s);
    CU_ASSERT(strstr(failure_text(), r->message) != NULL);
    CU_ASSERT(strchr(failure_text(), '\n') == NULL);
    sweep_free(s);
}

#define CHECK_ALL(refusals)                                             \
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals)[0]; i++) \
    check_refusal(&(refusals)[i], parse((refusals)[i].text))

static void what_is_not_yaml_is_refused(void)
{
    static const refusal refusals[] = {
        { "", "dir/s.yaml: is empty" },
        { "# only a comment\n", "dir/s.yaml: is empty" },
        { "just words\n", "dir/s.yaml:1: is no mapping" },
        { "- a\n- b\n", "dir/s.yaml:1: is no mapping" },
        { "data: {kind: gate\n", "dir/s.yaml:2: not YAML" },
        { "data: [\n\n}\n", "dir/s.yaml:3: not YAML" },
        { "data:\n\tkind: gate\n", "dir/s.yaml:2: a tab in the indentation; YAML is indented with spaces" },
        { "data: {kind: gate}\n---\ndata: {kind: gate}\n", "dir/s.yaml:2: a second document" },
        { "data: {kind: gate}\n\xff\xfe\n", "dir/s.yaml:2: not YAML" },
        { "data: {kind: gate}\ntitle: \x01\n", "dir/s.yaml:2: not YAML" },
        { "title: &t x\ndata: {kind: gate}\n", "dir/s.yaml:1: anchors" },
        { "data: {kind: gate}\ntitle: *t\n", "dir/s.yaml:2: aliases" },
        { "data: !gate {kind: gate}\n", "dir/s.yaml:1: tags" },
        { "seed: !!int 5\ndata: {kind: gate}\n", "dir/s.yaml:1: tags" },
        { "[a]: b\n", "dir/s.yaml:1: a key must be a word" },
        { "title: [[[[[[[[[[[[x]]]]]]]]]]]]\n", "dir/s.yaml:1: lists and mappings are nested too deep" },
        { "title: \"a\\0b\"\ndata: {kind: gate}\n", "dir/s.yaml:1: a text with a zero byte" },
        { "seed: 1\ndata: {kind: gate}\nseed: 2\n", "dir/s.yaml:3: 'seed' stands twice, first in line 1" },
        { "data:\n  kind: gate\n  samples: 10\n  samples: 20\n",
          "dir/s.yaml:4: 'samples' stands twice, first in line 3" },
    };
    CHECK_ALL(refusals);
}

static void unknown_keys_are_refused_with_a_suggestion(void)
{
    static const refusal refusals[] = {
        { "datta: {kind: gate}\n",
          "dir/s.yaml:1: unknown key 'datta'; did you mean 'data'? Allowed here: title, compare" },
        { "data: {kind: gate}\nepoch: 5\n", "dir/s.yaml:2: unknown key 'epoch'; allowed here:" },
        { "data: {kind: gate}\nbeta: 5\n",
          "dir/s.yaml:2: 'beta' cannot stand here; it is an option of estimator rine" },
        { "data: {kind: gate}\ngate: unq\n", "it is an option of data kind gate" },
        { "data: {kind: gate}\ntrain: {epoch: 5}\n",
          "dir/s.yaml:2: train: unknown key 'epoch'; did you mean 'epochs'? Allowed here: optimizer, " },
        { "data: {kind: gate}\ntrain: {beta: 5}\n",
          "dir/s.yaml:2: train: unknown key 'beta'; it is rine.beta" },
        { "data: {kind: gate}\ncompress: {component: 5}\n",
          "dir/s.yaml:2: compress: unknown key 'component'; did you mean 'components'? Allowed here: by, " },
        { "data: {kind: gate}\ncompres: {by: pca}\n",
          "dir/s.yaml:2: unknown key 'compres'; did you mean 'compress'?" },
        { "data: {kind: gate}\ncompress: {by: ica}\n",
          "dir/s.yaml:2: by: 'ica' is not known (did you mean 'pca'?)" },
        { "data: {kind: gate, smaples: 5}\n", "unknown key 'smaples'; did you mean 'samples'?" },
        { "data: {kind: gate, window_1: 5}\n",
          "data: no cell of this sweep has the option 'window_1'; it is one of data kind windows" },
        { "data: {kind: gate}\ngrid:\n  bta: [1, 2]\n",
          "dir/s.yaml:3: 'bta' is no option of this sweep; did you mean 'beta'?" },
        { "data: {kind: gate}\ngrid:\n  rine.bta: [1, 2]\n", "did you mean 'rine.beta'?" },
        { "data: {kind: gate}\ngrid: {window_1: [1, 2]}\n", "it is one of data kind windows" },
        { "estimator: idle\ngrid: {epochs: [1, 2]}\n",
          "it is one of train, for estimators that train a network" },
        { "estimator: rin\ndata: {kind: gate}\n",
          "dir/s.yaml:1: estimator: 'rin' is not known (did you mean 'rine'?)" },
        { "data:\n  kind: gates\n", "dir/s.yaml:2: kind: 'gates' is not known (did you mean 'gate'?)" },
        { "data: {kind: gate}\nmodel: {kind: vgg}\n",
          "dir/s.yaml:2: kind: 'vgg' is not known; it takes one of mlp, resnet18, cnn" },
        { "data: {kind: gate}\nrine: {distance: l3}\n",
          "dir/s.yaml:2: distance: 'l3' is not known (did you mean 'l1'?)" },
        { "data: {kind: gate}\ngrid: {beta: {from: 1, to: 2, cuont: 3}}\n",
          "'cuont' is not known here; spaced values are {from" },
    };
    CHECK_ALL(refusals);
}

static void wrong_values_are_refused(void)
{
    static const refusal refusals[] = {
        { "data: {kind: gate}\ntrain:\n  epochs: 1.5\n",
          "dir/s.yaml:3: epochs: '1.5' is not a whole number" },
        { "data: {kind: gate}\ntrain:\n  epochs: 0\n", "dir/s.yaml:3: epochs: '0' is out of bounds" },
        { "data: {kind: gate}\ntrain:\n  epochs: many\n",
          "dir/s.yaml:3: epochs: 'many' is not a whole number" },
        { "data: {kind: gate}\ntrain:\n  epochs: '5'\n", "dir/s.yaml:3: epochs: '5' is a text in quotes" },
        { "data: {kind: gate}\ntrain:\n  epochs: 99999999999999999999\n",
          "'99999999999999999999' is too large" },
        { "data: {kind: gate}\ntrain: {epochs: }\n", "dir/s.yaml:2: epochs: has no value" },
        { "data: {kind: gate}\ntrain: {epochs: ~}\n", "dir/s.yaml:2: epochs: has no value" },
        { "data: {kind: gate}\ntrain: {epochs: [5, 10]}\n",
          "train.epochs: takes one value here; several values go into grid:" },
        { "data: {kind: gate}\ntrain: {epochs: 5..10}\n", "train.epochs: takes one value here" },
        { "data: {kind: gate}\ntrain: {epochs: {a: b}}\n", "train.epochs: takes one value here" },
        { "data: {kind: gate}\nrine: {beta: .nan}\n", "beta: '.nan' is not a number" },
        { "data: {kind: gate}\nrine: {beta: nan}\n", "beta: 'nan' is no finite number" },
        { "data: {kind: gate}\nrine: {beta: 1e999}\n", "beta: '1e999' is no finite number" },
        { "data: {kind: gate}\nrine: {beta: -1}\n", "beta: '-1' is out of bounds" },
        { "data: {kind: gate}\nrine: {history: yes}\n",
          "history: 'yes' is not a flag; it takes true or false" },
        { "data: {kind: gate}\nmodel: {hidden: 25}\n", "hidden: takes a list in brackets, like [25, 15]" },
        { "data: {kind: gate}\nmodel: {hidden: [25, [1]]}\n", "hidden: a list within a list" },
        { "data: {kind: gate}\nmodel: {hidden: [[25]]}\n", "model.hidden: takes one value here" },
        { "data: {kind: gate}\nrine: 5\n", "dir/s.yaml:2: rine: takes options" },
        { "data: gate\n", "dir/s.yaml:1: data: takes options, like data: {name: value}" },
        { "data: [gate]\n", "dir/s.yaml:1: data: takes options" },
        { "data: {kind: [gate, windows]}\n", "data.kind: takes one value here" },
        { "estimator: [rine, exact]\ndata: {kind: gate}\n", "estimator: takes one value here" },
        { "data: {samples: 5}\n", "dir/s.yaml:1: data.kind is missing; it is one of: gate windows" },
        { "title: no data\n", "dir/s.yaml: data.kind is missing" },
        { "data: {kind: gate}\ntitle: [a, b]\n", "dir/s.yaml:2: title: takes one line of text" },
        { "data: {kind: gate}\ntitle: \"a\\nb\"\n", "dir/s.yaml:2: title: 'a?b' holds a line break" },
        { "data: {kind: gate}\nseed: -1\n",
          "dir/s.yaml:2: seed: '-1' is out of bounds; it takes a whole number, 0 to 9" },
        { "data: {kind: gate}\nrun: {pack: 65}\n",
          "dir/s.yaml:2: pack: '65' is out of bounds; it takes a whole number, 1 to 64" },
    };
    CHECK_ALL(refusals);
}

static void wrong_axes_are_refused(void)
{
    static const refusal refusals[] = {
        { "data: {kind: gate}\ngrid: {}\n", "dir/s.yaml:2: an empty grid" },
        { "data: {kind: gate}\ngrid:\n", "an empty grid" },
        { "data: {kind: gate}\ngrid: [beta]\n", "dir/s.yaml:2: grid: takes options" },
        { "data: {kind: gate}\ngrid: {beta: []}\n", "beta: an empty list of values" },
        { "data: {kind: gate}\ngrid: {beta: }\n", "beta: has no value" },
        { "data: {kind: gate}\ngrid:\n  beta:\n    - 0\n    - x\n",
          "dir/s.yaml:5: beta: 'x' is not a number" },
        { "data: {kind: gate}\ngrid:\n  beta:\n    - 5\n    - 15\n    - 5.0\n",
          "dir/s.yaml:6: beta: the value '5' stands twice" },
        { "data: {kind: gate}\ngrid: {beta: [[1]]}\n", "beta: takes one value here, not a list" },
        { "data: {kind: gate}\ngrid: {beta: [{from: 1}]}\n", "beta: takes one value here, not a mapping" },
        { "data: {kind: gate}\ngrid: {epochs: 4..1}\n", "epochs: the range 4..1 is empty" },
        { "data: {kind: gate}\ngrid: {epochs: 0..4}\n", "epochs: '0' is out of bounds" },
        { "data: {kind: gate}\ngrid: {epochs: 1...4}\n", "epochs: '1...4' is not a whole number" },
        { "data: {kind: gate}\ngrid: {epochs: 1..x}\n", "is not a whole number" },
        { "data: {kind: gate}\ngrid: {epochs: 1..99999999999999999999}\n", "is not a whole number" },
        { "data: {kind: gate}\ngrid: {seed: [0..4]}\n", "seed: '0..4' is not a whole number" },
        { "data: {kind: gate}\ngrid: {hidden: [25, 15]}\n",
          "hidden: values of this axis are lists themselves; write [[25, 15], [8]]" },
        { "data: {kind: gate}\ngrid: {hidden: [[25], 15]}\n", "hidden: takes a list in brackets" },
        { "data: {kind: gate}\ngrid: {distance: 0..2}\n", "distance: '0..2' is not known" },
        { "data: {kind: gate}\ngrid: {distance: {from: 0, to: 1, count: 2}}\n",
          "make no sense for it; give a list" },
        { "data: {kind: gate}\ngrid: {beta: all}\n", "beta: 'all' is not a number" },
        { "data: {kind: gate}\ngrid: {beta: {from: 1, to: 2}}\n", "beta: 'count' is missing" },
        { "data: {kind: gate}\ngrid: {beta: {from: 1, to: 1, count: 3}}\n",
          "from and to are the same number" },
        { "data: {kind: gate}\ngrid: {beta: {from: 1, to: 2, count: 1}}\n", "count: '1' is out of bounds" },
        { "data: {kind: gate}\ngrid: {beta: {from: 0, to: 2, count: 3, scale: log}}\n",
          "a log scale needs from and to above 0" },
        { "data: {kind: gate}\ngrid: {beta: {from: 1, to: 2, count: 3, scale: lin}}\n",
          "scale: 'lin' is not known; it takes one of linear, log" },
        { "data: {kind: gate}\ngrid: {epochs: {from: 1, to: 3, count: 5}}\n",
          "epochs: 5 values make 2 stand twice; ask for fewer" },
        { "data: {kind: gate}\ngrid:\n  beta: [1, 2]\n  rine.beta: [3]\n",
          "dir/s.yaml:4: rine.beta is an axis twice" },
        { "data: {kind: gate}\nrine: {beta: 5}\ngrid: {beta: [1, 2]}\n",
          "dir/s.yaml:3: rine.beta is given twice: fixed in line 2" },
        { "data: {kind: gate}\ngrid: {beta: [1, 2]}\nrine: {beta: 5}\n",
          "dir/s.yaml:2: rine.beta is given twice: fixed in line 3" },
        { "data: {kind: gate}\nseed: 5\ngrid: {seed: 0..4}\n",
          "dir/s.yaml:3: seed is given twice: fixed in line 2" },
        { "data: {kind: gate}\ngrid: {pack: [1, 2]}\n", "run.pack says how the sweep is run" },
        { "data: {kind: gate}\ngrid: {run.tick_seconds: [1, 2]}\n",
          "run.tick_seconds says how the sweep is run" },
        { "data: {kind: gate}\ngrid: {kind: [gate, windows]}\n",
          "'kind' is ambiguous; write data.kind or model.kind" },
    };
    CHECK_ALL(refusals);
}

static void grids_beyond_reason_are_refused_without_being_made(void)
{
    static const refusal refusals[] = {
        { "data: {kind: gate}\ngrid: {seed: 0..999999999999}\n",
          "seed: the range 0..999999999999 has more than the 100000000 values" },
        { "data: {kind: gate}\ngrid:\n  seed: 0..99999999\n  beta: [1, 2]\n",
          "dir/s.yaml:4: with beta the grid has more than 100000000 cells" },
        { "estimator: idle\ngrid:\n  seed: 0..999999\n  seconds: 0..999999\n",
          "dir/s.yaml:4: with seconds the grid has more" },
        { "data: {kind: gate}\ngrid: {seed: -9223372036854775808..9223372036854775807}\n",
          "has more than the 100000000 values" },
        { "data: {kind: gate}\ngrid: {beta: {from: 1, to: 2, count: 1000000000000}}\n",
          "count: '1000000000000' is out of bounds" },
    };
    CHECK_ALL(refusals);
}

static void wrong_zips_are_refused(void)
{
#define GRID "data: {kind: gate}\ngrid: {rate: [0.1, 0.2], batch: [10, 20], beta: [1, 2, 3]}\n"
    static const refusal refusals[] = {
        { GRID "zip: [[rate, beta]]\n",
          "dir/s.yaml:3: zip: beta has 3 values, but rate has 2; they walk together" },
        { GRID "zip: [rate, batch]\n",
          "dir/s.yaml:3: zip: takes lists of two or more axes, like [[rate, batch]]" },
        { GRID "zip: [[rate]]\n", "zip: takes lists of two or more axes" },
        { GRID "zip: rate\n", "zip: takes lists of axes" },
        { GRID "zip: [[rate, rate]]\n", "zip: rate stands in it twice" },
        { GRID "zip: [[rate, batch], [batch, rate]]\n", "zip: batch stands in it twice" },
        { GRID "zip: [[rate, train.rate]]\n", "zip: train.rate stands in it twice" },
        { GRID "zip: [[rate, epochs]]\n", "'epochs' is no axis; the axes are rate, batch, beta" },
        { GRID "zip: [[rate, bach]]\n", "'bach' is no option of this sweep; did you mean 'batch'?" },
        { GRID "zip: [[rate, [batch]]]\n", "a list where the name of an axis should stand" },
    };
#undef GRID
    CHECK_ALL(refusals);
}

static void wrong_exclusions_are_refused(void)
{
#define GRID "data: {kind: gate}\ngrid: {gate: [unq, and], beta: [1, 2, 3], hidden: [[8], [9]]}\n"
    static const refusal refusals[] = {
        { GRID "exclude: {beta: 1}\n", "dir/s.yaml:3: exclude: takes a list of rules" },
        { GRID "exclude: [beta]\n", "exclude: takes rules, like [{beta: 0, seed: 3..4}]" },
        { GRID "exclude: [{}]\n", "exclude: takes rules" },
        { GRID "exclude:\n  - {beta: 1}\n  - {beta: 4}\n",
          "dir/s.yaml:5: exclude: the axis beta has no value '4'" },
        { GRID "exclude: [{beta: 4..7}]\n", "exclude: the axis beta has no value '4..7'" },
        { GRID "exclude: [{beta: [1, 4]}]\n", "exclude: the axis beta has no value '4'" },
        { GRID "exclude: [{beta: []}]\n", "exclude: an empty list for beta" },
        { GRID "exclude: [{beta: {from: 1, to: 2, count: 2}}]\n",
          "exclude: takes a value, a list, a range, {is: AXIS} or {not: AXIS} for beta" },
        { GRID "exclude: [{beta: {same: gate}}]\n", "{is: AXIS} or {not: AXIS} for beta" },
        { GRID "exclude: [{beta: {is: gate, not: gate}}]\n", "{is: AXIS} or {not: AXIS} for beta" },
        { GRID "exclude: [{beta: {is: rine.beta}}]\n",
          "dir/s.yaml:3: exclude: beta is compared with itself" },
        { GRID "exclude: [{beta: {is: seed}}]\n", "'seed' is no axis; the axes are gate, beta, hidden" },
        { GRID "exclude: [{beta: {not: gaet}}]\n", "did you mean 'gate'?" },
        { GRID "exclude: [{beta: {not: [gate]}}]\n", "a list where the name of an axis should stand" },
        { GRID "exclude: [{beta: {not: gate}}]\n", "exclude: every cell is excluded" },
        { GRID "exclude: [{beta: x}]\n", "dir/s.yaml:3: beta: 'x' is not a number" },
        { GRID "exclude: [{hidden: [7]}]\n", "exclude: the axis hidden has no value like this" },
        { GRID "exclude: [{seed: 0}]\n", "'seed' is no axis; the axes are gate, beta, hidden" },
        { GRID "exclude: [{gaet: unq}]\n", "'gaet' is no option of this sweep; did you mean 'gate'?" },
        { GRID "exclude: [{beta: 1..3}]\n", "exclude: every cell is excluded" },
    };
#undef GRID
    CHECK_ALL(refusals);
}

static void what_no_cell_uses_is_refused(void)
{
    static const refusal refusals[] = {
        { "estimator: idle\ndata: {kind: gate}\n",
          "dir/s.yaml:2: no estimator of this sweep learns from data; leave data out" },
        { "estimator: idle\ntrain: {epochs: 5}\n",
          "dir/s.yaml:2: no estimator of this sweep trains a network; leave train out" },
        { "estimator: exact\ndata: {kind: gate}\nmodel: {kind: mlp}\n",
          "dir/s.yaml:3: no estimator of this sweep trains a network" },
        { "data: {kind: gate}\nexact: {weight: 5}\n",
          "dir/s.yaml:2: no cell of this sweep uses the estimator exact; leave its section out" },
        { "data: {file: a.mat}\ngrid: {data.kind: [gate, windows]}\nexclude: [{data.kind: windows}]\n",
          "dir/s.yaml:1: data.file: no cell that is left has this option" },
        { "grid:\n  data.kind: [gate, windows]\n  window_1: [50, 150]\nexclude: [{data.kind: windows}]\n",
          "dir/s.yaml:3: data.window_1: no cell that is left has this option" },
    };
    CHECK_ALL(refusals);
}

static void cells_that_cannot_run_are_named(void)
{
    static const refusal refusals[] = {
        { "data: {kind: gate}\nrine: {average_last: 5}\ngrid: {beta: [1, 2], epochs: [10, 3]}\n",
          "dir/s.yaml: the cell beta=1 epochs=3 cannot run: rine.average_last is above train.epochs" },
        { "data: {kind: gate}\nrine: {average_last: 50}\n", "dir/s.yaml: cannot run: rine.average_last" },
        { "data: {kind: gate}\ngrid: {gate: [unq, broken]}\n",
          "the cell gate=broken cannot run: there is no gate 'broken'" },
        { "estimator: exact\ndata: {kind: windows}\n",
          "cannot run: exact needs a finite table, and data kind windows has none" },
    };
    CHECK_ALL(refusals);
}

static void more_axes_than_there_may_be_are_refused(void)
{
    static const char text[] =
        "data: {kind: gate}\n"
        "grid: {gate: [unq], samples: [10], train_fraction: [1], encoding: [scalar], beta: [1], distance: "
        "[l1],\n"
        "  average_last: [1], history: [true], hidden: [[8]], norm: [none], bias: [all], optimizer: [sgd],\n"
        "  momentum: [0], second: [0], rate: [1], rate_decay: [1],\n"
        "  epochs: [9]}\n";
    static const refusal r = { text, "dir/s.yaml:5: more than 16 axes" };
    check_refusal(&r, parse(text));
}

static void files_that_are_no_files_are_refused(void)
{
    static const struct {
        const char *path, *message;
    } bad[] = {
        { "/nonexistent/s.yaml", "/nonexistent/s.yaml: cannot be opened: No such file" },
        { "/", "/: is a directory" },
        { "/dev/zero", "/dev/zero: larger than 32 MiB" },
        { "/dev/null", "/dev/null: is empty" },
        { "/proc/self/exe", "/proc/self/exe: is a binary file" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sweep *s = NULL;
        CU_ASSERT_EQUAL(sweep_load(bad[i].path, NULL, 0, &s), BAD_INPUT);
        if (!strstr(failure_text(), bad[i].message))
            fprintf(stderr, "%s gave: %s\n", bad[i].path, failure_text());
        CU_ASSERT(strstr(failure_text(), bad[i].message) != NULL);
        CU_ASSERT_PTR_NULL(s);
    }
}

CHECK_MAIN("refusals of sweep files", TEST(what_is_not_yaml_is_refused),
           TEST(unknown_keys_are_refused_with_a_suggestion), TEST(wrong_values_are_refused),
           TEST(wrong_axes_are_refused), TEST(grids_beyond_reason_are_refused_without_being_made),
           TEST(wrong_zips_are_refused), TEST(wrong_exclusions_are_refused),
           TEST(what_no_cell_uses_is_refused), TEST(cells_that_cannot_run_are_named),
           TEST(more_axes_than_there_may_be_are_refused), TEST(files_that_are_no_files_are_refused))
