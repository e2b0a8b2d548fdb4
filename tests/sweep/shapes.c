/* Data shapes of cells: each is kept once, and two that differ in anything are two. */
#include "check.h"
#include "sweep/parts.h"

static const data_shape plain = { .sources = 2,
                                  .features = { 3072, 3072 },
                                  .image = { { 3, 32, 32 }, { 3, 32, 32 } },
                                  .classes = 10,
                                  .train = 100,
                                  .test = 50 };

static int32_t index_of(shapes *all, const data_shape *shape)
{
    int32_t index = -1;
    CU_ASSERT_EQUAL(shapes_intern(all, shape, &index), OK);
    return index;
}

static void shapes_that_differ_in_anything_are_two(void)
{
    enum { CHANGES = 13 };
    data_shape changed[CHANGES];
    shapes all = { 0 };
    for (int i = 0; i < CHANGES; i++) changed[i] = plain;
    changed[0].sources = 1;
    changed[1].features[1]++;
    changed[2].image[0].channels = 1;
    changed[3].image[1].height++;
    changed[4].image[1].width++;
    changed[5].classes++;
    changed[6].dimensions++;
    changed[7].train++;
    changed[8].test++;
    changed[9].weighted = 1;
    changed[10].recorded = 1;
    changed[11].augmented = 1;
    changed[12].features[0]++;
    CU_ASSERT_EQUAL(index_of(&all, &plain), 0);
    for (int i = 0; i < CHANGES; i++) CU_ASSERT_EQUAL(index_of(&all, &changed[i]), i + 1);
    for (int i = 0; i < CHANGES; i++) CU_ASSERT_EQUAL(index_of(&all, &changed[i]), i + 1);
    CU_ASSERT_EQUAL(index_of(&all, &plain), 0);
    shapes_free(&all);
}

static void what_lies_behind_the_sources_does_not_count(void)
{
    data_shape other = plain;
    shapes all = { 0 };
    other.features[5] = 7;
    CU_ASSERT_EQUAL(index_of(&all, &plain), index_of(&all, &other));
    shapes_free(&all);
}

CHECK_MAIN("shapes", TEST(shapes_that_differ_in_anything_are_two),
           TEST(what_lies_behind_the_sources_does_not_count))
