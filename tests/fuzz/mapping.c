#include "data/npz_files.h"
#include "fuzz/fuzz.h"

const char fuzz_name[] = "mapping";

/* Sources that a mapping can name: beside it. */
static void write_sources(void)
{
    static const char table[] = "trial,target,rt,m1_a,m1_b,pmd_a\n1,x,0.5,1,2,3\n1,x,0.5,3,4,5\n2,y,,5,6,7\n";
    static archive a;
    static bytes member;
    fuzz_file("t.csv", table, sizeof table - 1);
    member = npy_of("'descr': '|u1', 'fortran_order': False, 'shape': (3, 2), ", "\1\2\3\4\5\6", 6);
    archive_add(&a, "f.npy", &member, false, false);
    member = npy_of("'descr': '|i1', 'fortran_order': False, 'shape': (3,), ", "\1\1\2", 3);
    archive_add(&a, "y.npy", &member, false, false);
    member = archive_end(&a, false);
    fuzz_file("t.npz", member.at, member.size);
}

static status visit(const char *path, void *count)
{
    (void)path;
    ++*(int *)count;
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool written;
    int files = 0;
    recordings *r = NULL;
    if (!written) write_sources();
    written = true;
    const char *path = fuzz_file("input.yaml", data, size);
    status result = recordings_import(path, &r);
    recordings_free(r);
    fuzz_check(result);
    fuzz_check(recordings_files(path, visit, &files));
    return 0;
}
