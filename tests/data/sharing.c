/* Recordings as blocks that other processes find in place. */
#include <unistd.h>

#include "data/recordings_block.h"
#include "data/recordings_of.h"
#include "data/recordings_same.h"
#include "data/settings_of.h"
#include "data/simulation.h"

/* ---- recordings of any shape ----------------------------------------------------------------------------------------- */

/* Small numbers that follow from `state`: a linear congruential generator of 2^64, its upper bits. */
static int draw(uint64_t *state, int below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (int)((*state >> 33) % (uint64_t)below);
}

/* Numbers with some missing, or texts with some never set and one that is long. */
static void draw_column(uint64_t *state, column *c, int64_t rows)
{
    for (int64_t i = 0; c->number && i < rows * c->dimensions; i++)
        c->number[i] = draw(state, 4) ? draw(state, 1000) / 8.0 : NAN;
    for (int64_t t = 0; c->text && t < rows; t++) {
        static const char *const word[] = { "", "links", "größer",
                                            "ein Text, der länger ist als ein Zeiger" };
        if (draw(state, 4)) must(text_set(&c->text[t], word[draw(state, 4)]));
    }
}

static void draw_area(uint64_t *state, recorded_session *s, int number)
{
    char name[32];
    area *a;
    column *c;
    bool counts = draw(state, 2);
    snprintf(name, sizeof name, "area %d", number);
    must(session_add_area(s, name, 1 + draw(state, 5), 1 + draw(state, 4), counts, &a));
    size_t values = (size_t)(s->trials * a->units * a->bins);
    for (size_t i = 0; i < values; i++) {
        if (counts)
            a->count[i] = (uint8_t)draw(state, 256);
        else
            a->feature[i] = (float)draw(state, 1000) / 16;
    }
    a->bin_ms = draw(state, 3) * 10;
    a->start_ms = -5 * draw(state, 9);
    must(text_set(&a->aligned_to, draw(state, 2) ? "go" : ""));
    if (draw(state, 2)) {
        must(area_add_text_column(a, "quality", &c));
        draw_column(state, c, a->units);
        must(area_add_column(a, "depth", "mm", 1 + draw(state, 3), &c));
        draw_column(state, c, a->units);
    }
}

static void draw_session(uint64_t *state, recordings *r, int number)
{
    char name[32];
    recorded_session *s;
    column *c;
    snprintf(name, sizeof name, "day %d", number);
    must(recordings_add_session(r, name, &s));
    s->trials = 1 + draw(state, 40);
    must(text_set(&s->animal, draw(state, 2) ? "Ann" : ""));
    must(text_set(&s->source, "raw/day.mat"));
    must(text_set(&s->sha256, "0123456789abcdef"));
    for (int i = draw(state, 3); i > 0; i--)
        must(attribute_add(&s->attribute, &s->attributes, "array", "left"));
    for (int i = draw(state, 4); i > 0; i--) {
        snprintf(name, sizeof name, "column %d", i);
        if (draw(state, 2))
            must(session_add_text_column(s, name, &c));
        else
            must(session_add_column(s, name, draw(state, 2) ? "deg" : "", 1 + draw(state, 3), &c));
        draw_column(state, c, s->trials);
    }
    if (draw(state, 2)) {
        must(session_add_valid(s));
        for (int64_t t = 0; t < s->trials; t++) s->valid_to[t] = 10 * draw(state, 9);
    }
    for (int i = draw(state, 4); i > 0; i--) draw_area(state, s, i);
}

static recordings *drawn_recordings(uint64_t state)
{
    recordings *r;
    must(recordings_make(&r));
    must(text_set(&r->title, draw(&state, 2) ? "Zwei Tage" : ""));
    must(text_set(&r->target, "column 1"));
    must(text_set(&r->mapping, "title: Zwei Tage\nsessions: []\n"));
    for (int i = draw(&state, 3); i > 0; i--)
        must(attribute_add(&r->attribute, &r->attributes, "licence", "CC0"));
    for (int i = draw(&state, 4); i > 0; i--) draw_session(&state, r, i);
    return r;
}

static recordings *simulated_recordings(void)
{
    recordings *r;
    const simulation of = { .number = 3,
                            .sessions = 3,
                            .animals = 2,
                            .areas = 2,
                            .classes = 4,
                            .trials = 9,
                            .units = 5,
                            .noise_units = 2,
                            .readout = READOUT_POISSON,
                            .overlap = 0.5,
                            .rate = 20,
                            .tuning = 2 };
    must(simulation_make(&of, &r));
    return r;
}

/* The recordings of a number: the first are simulated, the others of any shape. */
static recordings *recordings_number(int number)
{
    return number == 0 ? simulated_recordings() : drawn_recordings((uint64_t)number);
}

/* ---- blocks ---------------------------------------------------------------------------------------------------------- */

enum { CASES = 60, GUARD = 64, GUARD_BYTE = 0xa5 };

/* Aligned as a block must be, filled with GUARD_BYTE, with a guard behind it. */
static unsigned char *block_room(size_t bytes)
{
    size_t size = (bytes + GUARD + BLOCK_ALIGNMENT - 1) / BLOCK_ALIGNMENT * BLOCK_ALIGNMENT;
    unsigned char *made = aligned_alloc(BLOCK_ALIGNMENT, size);
    if (made == NULL) abort();
    memset(made, GUARD_BYTE, size);
    return made;
}

static void a_block_holds_everything_wherever_it_lies(void)
{
    for (int number = 0; number < CASES; number++) {
        recordings *as_it_was = recordings_number(number), *moved = recordings_number(number), *opened;
        size_t bytes;
        must(recordings_block_bytes(moved, &bytes));
        expect_same_recordings(as_it_was, moved);
        unsigned char *first = block_room(bytes), *second = block_room(bytes);
        recordings_block_move(moved, first);
        expect_same_recordings(as_it_was, moved);
        for (int i = 0; i < GUARD; i++) CU_ASSERT_EQUAL(first[bytes + (size_t)i], GUARD_BYTE);

        memcpy(second, first, bytes);
        recordings_free(moved);
        memset(first, GUARD_BYTE, bytes);
        must(recordings_block_open(second, bytes, &opened));
        expect_same_recordings(as_it_was, opened);
        recordings_free(opened);
        recordings_free(as_it_was);
        free(first);
        free(second);
    }
}

static void opening_a_block_does_not_write_to_it(void)
{
    for (int number = 0; number < CASES; number++) {
        recordings *moved = recordings_number(number), *opened;
        size_t bytes;
        must(recordings_block_bytes(moved, &bytes));
        unsigned char *block = block_room(bytes), *copy = block_room(bytes);
        recordings_block_move(moved, block);
        memcpy(copy, block, bytes);
        must(recordings_block_open(block, bytes, &opened));
        recordings_free(opened);
        recordings_free(moved);
        CU_ASSERT_EQUAL(memcmp(block, copy, bytes), 0);
        free(block);
        free(copy);
    }
}

static void names_stay_where_others_have_borrowed_them(void)
{
    recordings *r = simulated_recordings();
    const recorded_session *s = &r->session[1];
    const char *name = s->name, *area_name = s->area[1].name, *animal = s->animal;
    const uint8_t *count = s->area[0].count;
    size_t bytes;
    must(recordings_block_bytes(r, &bytes));
    unsigned char *block = block_room(bytes);
    recordings_block_move(r, block);
    CU_ASSERT_PTR_EQUAL(s, &r->session[1]);
    CU_ASSERT_PTR_EQUAL(s->name, name);
    CU_ASSERT_PTR_EQUAL(s->area[1].name, area_name);
    CU_ASSERT_PTR_EQUAL(s->animal, animal);
    CU_ASSERT_PTR_NOT_EQUAL(s->area[0].count, count);
    CU_ASSERT(s->area[0].count > block && s->area[0].count < block + bytes);
    recordings_free(r);
    free(block);
}

static void a_block_of_another_size_is_refused(void)
{
    recordings *r = simulated_recordings(), *opened;
    size_t bytes;
    must(recordings_block_bytes(r, &bytes));
    unsigned char *block = block_room(bytes);
    recordings_block_move(r, block);
    CU_ASSERT_EQUAL(recordings_block_open(block, bytes - BLOCK_ALIGNMENT, &opened), BROKEN);
    memset(block, 0xff, 2 * sizeof(uint64_t)); /* the sizes of its parts, whose sum no memory bears */
    CU_ASSERT_EQUAL(recordings_block_open(block, bytes, &opened), NO_MEMORY);
    recordings_free(r);
    free(block);
}

/* ---- what kinds hold ------------------------------------------------------------------------------------------------- */

static char path[] = "/tmp/infosweep-sharing-XXXXXX";

/* Settings that read a data file, which is made. */
static test_settings *recorded_settings(void)
{
    recordings *r = turning_recordings(2, (const int[]){ 12, 15 }, 4);
    test_settings *t = settings_of("sessions");
    strcpy(path + sizeof path - 7, "XXXXXX");
    int file = mkstemp(path);
    if (file < 0) abort();
    close(file);
    must(recordings_write(r, path, true));
    recordings_free(r);
    settings_set(t, "file", path);
    settings_set(t, "session_1", "A");
    settings_set(t, "session_2", "B");
    settings_set(t, "pairing", "surrogate");
    return t;
}

static void spoil_file(void)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL) abort();
    fputs("no recordings", file);
    fclose(file);
}

static dataset *made_of(const test_settings *t)
{
    dataset *d = NULL;
    must(t->s.data->make(&t->s, &d));
    return d;
}

static void expect_same_samples(const dataset *a, const dataset *b)
{
    CU_ASSERT_EQUAL_FATAL(memcmp(&a->shape, &b->shape, sizeof a->shape), 0);
    for (int i = 0; i < a->shape.sources; i++) {
        size_t row = (size_t)a->shape.features[i] * sizeof(float);
        CU_ASSERT_EQUAL(memcmp(a->train_x[i], b->train_x[i], (size_t)a->shape.train * row), 0);
        CU_ASSERT_EQUAL(memcmp(a->test_x[i], b->test_x[i], (size_t)a->shape.test * row), 0);
    }
    CU_ASSERT_EQUAL(memcmp(a->train_y, b->train_y, (size_t)a->shape.train * sizeof *a->train_y), 0);
}

static unsigned char *move_all(size_t *bytes)
{
    must(data_shared_bytes(bytes));
    unsigned char *block = block_room(*bytes);
    must(data_move(block));
    for (int i = 0; i < GUARD; i++) CU_ASSERT_EQUAL(block[*bytes + (size_t)i], GUARD_BYTE);
    return block;
}

static void what_is_shared_is_found_without_its_file(void)
{
    test_settings *t = recorded_settings();
    dataset *before = made_of(t);
    size_t bytes;
    unsigned char *block = move_all(&bytes);
    dataset *moved = made_of(t);
    spoil_file();
    data_close();
    must(data_adopt(block)); /* as another process would, which has never read the file */
    dataset *adopted = made_of(t);
    expect_same_samples(before, moved);
    expect_same_samples(before, adopted);
    dataset_free(before);
    dataset_free(moved);
    dataset_free(adopted);
    data_close();
    free(block);
    unlink(path);
    settings_of_free(t);
}

static void what_lies_in_a_block_is_not_shared_again(void)
{
    test_settings *t = recorded_settings();
    size_t bytes, further;
    must(data_shared_bytes(&bytes));
    CU_ASSERT_EQUAL(bytes, 0); /* nothing has been read */
    dataset_free(made_of(t));
    unsigned char *block = move_all(&bytes);
    CU_ASSERT(bytes > 0);
    must(data_shared_bytes(&further));
    CU_ASSERT_EQUAL(further, 0);
    must(data_adopt(block)); /* is held already */
    must(data_shared_bytes(&further));
    CU_ASSERT_EQUAL(further, 0);
    dataset_free(made_of(t));
    data_close();
    free(block);
    unlink(path);
    settings_of_free(t);
}

CHECK_MAIN("sharing", TEST(a_block_holds_everything_wherever_it_lies),
           TEST(opening_a_block_does_not_write_to_it), TEST(names_stay_where_others_have_borrowed_them),
           TEST(a_block_of_another_size_is_refused), TEST(what_is_shared_is_found_without_its_file),
           TEST(what_lies_in_a_block_is_not_shared_again))
