/* SHA-256 against the examples of its standard. */
#include "store/digest.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

static bool digests_to(const char *text, size_t count, size_t piece, const char *expected)
{
    char got[DIGEST_TEXT];
    digest_state d;
    digest_start(&d);
    for (size_t at = 0; at < count; at += piece)
        digest_add(&d, text + at, count - at < piece ? count - at : piece);
    digest_end(&d, got);
    return strcmp(got, expected) == 0;
}

/* FIPS 180-4 and its examples; the last is that of sha256sum. */
static void known_messages_have_their_digests(void)
{
    static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    CU_ASSERT(digests_to("", 0, 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    CU_ASSERT(digests_to("abc", 3, 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    CU_ASSERT(
        digests_to(two_blocks, 56, 56, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
}

static void a_million_letters_in_any_pieces_have_one_digest(void)
{
    enum { MILLION = 1000000 };
    static const char expected[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
    char *text = malloc(MILLION);
    memset(text, 'a', MILLION);
    CU_ASSERT(digests_to(text, MILLION, MILLION, expected));
    CU_ASSERT(digests_to(text, MILLION, 1, expected));
    CU_ASSERT(digests_to(text, MILLION, 63, expected));
    CU_ASSERT(digests_to(text, MILLION, 4097, expected));
    free(text);
}

static void a_file_has_the_digest_of_its_bytes(void)
{
    char path[] = "/tmp/infosweep-digest-XXXXXX", got[DIGEST_TEXT];
    int file = mkstemp(path);
    CU_ASSERT(write(file, "abc", 3) == 3);
    close(file);
    CU_ASSERT(digest_file(path, got) == OK);
    CU_ASSERT_STRING_EQUAL(got, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    unlink(path);
    CU_ASSERT(digest_file(path, got) == BAD_INPUT && strstr(failure_text(), path));
    CU_ASSERT(digest_file("/tmp", got) == BAD_INPUT);
}

CHECK_MAIN("store: digests", TEST(known_messages_have_their_digests),
           TEST(a_million_letters_in_any_pieces_have_one_digest), TEST(a_file_has_the_digest_of_its_bytes))
