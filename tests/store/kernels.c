/* Which kernels a result file names. */
#include "store/kernels.h"

#include "fixture.h"

static bool uses(const char *text)
{
    sweep *s;
    CHECK_OK(sweep_parse(text, "test.yaml", NULL, 0, true, &s));
    bool answer = sweep_uses_tensors(s);
    sweep_free(s);
    return answer;
}

static void only_a_sweep_with_a_network_of_the_tensor_engine_names_its_kernels(void)
{
    CU_ASSERT(!uses(gates_text));
    CU_ASSERT(!uses("estimator: idle\ngrid: {seed: 0..1}\n"));
    CU_ASSERT(uses("estimator: rine\ndata: {kind: gate}\nmodel: {kind: resnet18}\ngrid: {seed: 0..1}\n"));
    CU_ASSERT(uses("estimator: rine\ndata: {kind: gate}\ngrid: {model.kind: [mlp, resnet18], seed: 0..1}\n"));
    CU_ASSERT(!uses("estimator: rine\ndata: {kind: gate}\ngrid: {model.kind: [mlp, resnet18], seed: 0..1}\n"
                    "exclude: [{model.kind: resnet18}]\n"));
}

/* Shards of a sweep are merged, so their files must name the same. */
static void a_shard_without_such_a_network_names_them_too(void)
{
    sweep *s;
    const char text[] = "estimator: rine\ndata: {kind: gate}\ngrid: {model.kind: [mlp, resnet18]}\n";
    for (int64_t shard = 1; shard <= 2; shard++) {
        CHECK_OK(sweep_parse(text, "test.yaml", NULL, 0, true, &s));
        CHECK_OK(sweep_take_shard(s, shard, 2));
        CU_ASSERT(sweep_uses_tensors(s));
        sweep_free(s);
    }
}

static void texts_of_any_kind_are_compared_in_both_parts(void)
{
    CU_ASSERT(kernels_alike("avx2", "avx512") &&
              kernels_alike("avx2; oneDNN 2.6.3 avx2", "avx512; oneDNN 2.6.3 avx2"));
    CU_ASSERT(!kernels_alike("avx2", "avx2; oneDNN 2.6.3 avx2"));
    CU_ASSERT(!kernels_alike("avx2; oneDNN 2.6.3 avx2", "avx2; oneDNN 2.6.3 avx"));
    CU_ASSERT(!kernels_alike("baseline; oneDNN 2.6.3 avx2", "avx2; oneDNN 2.6.3 avx2"));
    char endless[1000];
    memset(endless, 'x', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    CU_ASSERT(!kernels_alike(endless, "avx2") && kernels_alike(endless, endless));
    CHECK_REFUSED(kernels_check(endless, "avx2"), "was made with the kernels xxx");
    CHECK_REFUSED(kernels_check("avx2; ", "avx2; z"), "tensor kernels none");
    CHECK_REFUSED(kernels_check("avx2; y", "avx2; z"), "--other-kernels goes on");
}

FIXTURE_MAIN("kernels", TEST(only_a_sweep_with_a_network_of_the_tensor_engine_names_its_kernels),
             TEST(a_shard_without_such_a_network_names_them_too),
             TEST(texts_of_any_kind_are_compared_in_both_parts))
