/* The format is described in "MAT-File Format", The MathWorks. A file is a header and elements; an element is a tag (type,
 * size) and that many bytes, padded to a multiple of 8; a matrix is an element that holds elements. */
#include "data/matlab.h"

#include <errno.h>
#include <string.h>

#include "data/byte_stream.h"

enum {
    HEADER_BYTES = 128,
    VERSION_AT = 124, /* two bytes of version, then "MI" as the writing machine stores it */
    TAG_BYTES = 8,
    DIMENSIONS_MAX = 32,
    NAME_BYTES_MAX = 4096,
    DEPTH_MAX = 16, /* structs in cells in structs … */
};

static const unsigned VERSION_5 = 0x0100, FLAG_COMPLEX = 0x0800;

/* Types of elements. */
enum {
    TYPE_INT8 = 1,
    TYPE_INT32 = 5,
    TYPE_UINT32 = 6,
    TYPE_MATRIX = 14,
    TYPE_COMPRESSED = 15,
    TYPE_UTF8 = 16,
    TYPES = 19
};

/* Bytes of one number of each type; 0 for types that hold none. */
static const uint64_t type_bytes[TYPES] = { 0, 1, 1, 2, 2, 4, 4, 4, 0, 8, 0, 0, 8, 8, 0, 0, 1, 2, 4 };

/* Classes of matrices; those from CLASS_DOUBLE to CLASS_UINT64 hold numbers. */
enum { CLASS_CELL = 1, CLASS_STRUCT = 2, CLASS_CHAR = 4, CLASS_DOUBLE = 6, CLASS_UINT64 = 15 };

/* A file that is looked through, and the variable that it is in. */
typedef struct matlab_walk {
    const char *path;
    FILE *file;
    bool big_endian;
    long size; /* of the file */
    byte_stream *stream;
    int depth;
} matlab_walk;

typedef struct element_tag {
    uint32_t type, size;
    bool small;              /* up to 4 bytes that stand in the tag itself */
    unsigned char within[4]; /* those */
} element_tag;

static uint32_t word_at(const matlab_walk *w, const unsigned char *bytes)
{
    uint32_t word = 0;
    for (int i = 0; i < 4; i++) word = word << 8 | bytes[w->big_endian ? i : 3 - i];
    return word;
}

/* Reads a tag of an element inside a matrix of which *left bytes are to come. */
static status read_tag(matlab_walk *w, uint64_t *left, element_tag *out)
{
    status result = OK;
    unsigned char bytes[TAG_BYTES];
    CHECK(*left >= TAG_BYTES, BAD_INPUT, "%s: damaged: a variable ends before it should", w->path);
    TRY(byte_stream_take(w->stream, bytes, TAG_BYTES));
    *left -= TAG_BYTES;
    uint32_t first = word_at(w, bytes);
    *out = (element_tag){ .type = first, .size = word_at(w, bytes + 4) };
    if (first >> 16 != 0) {
        *out = (element_tag){ .type = first & 0xFFFF, .size = first >> 16, .small = true };
        memcpy(out->within, bytes + 4, sizeof out->within);
    }
    CHECK(out->small ? out->size <= sizeof out->within : out->size <= *left, BAD_INPUT,
          "%s: damaged: an element is larger than what holds it", w->path);
done:
    return result;
}

/* Takes the bytes of an element and their padding; `to` may be NULL. */
static status take_element(matlab_walk *w, const element_tag *tag, uint64_t *left, void *to)
{
    status result = OK;
    if (tag->small) {
        if (to) memcpy(to, tag->within, tag->size);
        goto done;
    }
    uint64_t padded = ((uint64_t)tag->size + 7) / 8 * 8;
    if (padded > *left) padded = *left; /* the last padding of a variable may be missing */
    TRY(byte_stream_take(w->stream, to, tag->size));
    TRY(byte_stream_take(w->stream, NULL, padded - tag->size));
    *left -= padded;
done:
    return result;
}

/* What stands at the head of every matrix. */
typedef struct matrix_head {
    unsigned class;
    bool complex;
    uint64_t count; /* product of the dimensions */
} matrix_head;

static status read_dimensions(matlab_walk *w, uint64_t *left, uint64_t *count)
{
    status result = OK;
    element_tag tag;
    unsigned char words[4 * DIMENSIONS_MAX];
    TRY(read_tag(w, left, &tag));
    bool fits = tag.type == TYPE_INT32 && tag.size % 4 == 0 && tag.size >= 8 && tag.size <= sizeof words;
    CHECK(fits, BAD_INPUT, "%s: damaged: a variable without dimensions", w->path);
    TRY(take_element(w, &tag, left, words));
    *count = 1;
    for (uint32_t at = 0; at < tag.size; at += 4) {
        uint32_t extent = word_at(w, words + at);
        CHECK(extent <= INT32_MAX && !__builtin_mul_overflow(*count, (uint64_t)extent, count), BAD_INPUT,
              "%s: damaged: dimensions beyond any memory", w->path);
    }
done:
    return result;
}

static status read_head(matlab_walk *w, uint64_t *left, matrix_head *out)
{
    status result = OK;
    element_tag tag;
    unsigned char flags[8];
    TRY(read_tag(w, left, &tag));
    CHECK(tag.type == TYPE_UINT32 && tag.size == sizeof flags && !tag.small, BAD_INPUT,
          "%s: damaged: a variable without a class", w->path);
    TRY(take_element(w, &tag, left, flags));
    uint32_t word = word_at(w, flags);
    out->class = word & 0xFF;
    out->complex = (word & FLAG_COMPLEX) != 0;
    TRY(read_dimensions(w, left, &out->count));
    TRY(read_tag(w, left, &tag));
    CHECK(tag.type == TYPE_INT8 && tag.size <= NAME_BYTES_MAX, BAD_INPUT,
          "%s: damaged: a variable without a name", w->path);
    TRY(take_element(w, &tag, left, NULL));
done:
    return result;
}

/* The numbers or characters of a matrix. Texts in UTF-8 have up to 4 bytes for a character. */
static status check_numbers(matlab_walk *w, const matrix_head *head, uint64_t *left)
{
    status result = OK;
    element_tag tag;
    TRY(read_tag(w, left, &tag));
    bool text = head->class == CLASS_CHAR;
    uint64_t bytes = tag.type < TYPES && (text || tag.type < TYPE_UTF8) ? type_bytes[tag.type] : 0;
    bool fits = bytes > 0 && tag.size % bytes == 0 && tag.size / bytes == head->count;
    if (text && tag.type == TYPE_UTF8) fits = tag.size >= head->count && tag.size / 4 <= head->count;
    CHECK(fits, BAD_INPUT, "%s: damaged: a variable holds more or less than its dimensions say", w->path);
    TRY(take_element(w, &tag, left, NULL));
done:
    return result;
}

static status check_matrix(matlab_walk *w, uint64_t size);

/* `count` matrices that lie one after the other. Each takes a tag at least, so no count can be larger than its file. */
static status check_members(matlab_walk *w, uint64_t count, uint64_t *left)
{
    status result = OK;
    CHECK(count <= *left / TAG_BYTES, BAD_INPUT, "%s: damaged: more members than bytes", w->path);
    for (uint64_t k = 0; k < count; k++) {
        element_tag tag;
        TRY(read_tag(w, left, &tag));
        CHECK(tag.type == TYPE_MATRIX && !tag.small, BAD_INPUT, "%s: damaged: a member is no matrix",
              w->path);
        TRY(check_matrix(w, tag.size));
        *left -= tag.size;
    }
done:
    return result;
}

/* Names of a struct's fields, each in as many bytes with a zero at its end, and the fields of every element. */
static status check_struct(matlab_walk *w, const matrix_head *head, uint64_t *left)
{
    status result = OK;
    element_tag tag;
    unsigned char word[4], names[NAME_BYTES_MAX];
    TRY(read_tag(w, left, &tag));
    CHECK(tag.type == TYPE_INT32 && tag.size == sizeof word, BAD_INPUT,
          "%s: damaged: a struct without fields", w->path);
    TRY(take_element(w, &tag, left, word));
    uint32_t length = word_at(w, word);
    TRY(read_tag(w, left, &tag));
    CHECK(tag.type == TYPE_INT8 && length > 0 && tag.size > 0 && tag.size <= NAME_BYTES_MAX &&
              tag.size % length == 0,
          BAD_INPUT, "%s: damaged: a struct without names of fields", w->path);
    TRY(take_element(w, &tag, left, names));
    for (uint32_t at = 0; at < tag.size; at += length)
        CHECK(memchr(names + at, 0, length) != NULL, BAD_INPUT, "%s: damaged: a field's name has no end",
              w->path);
    CHECK(head->count <= *left, BAD_INPUT, "%s: damaged: more members than bytes", w->path);
    TRY(check_members(w, head->count * (tag.size / length), left));
done:
    return result;
}

/* A matrix of `size` bytes after its tag. Of size 0 it is empty. */
static status check_matrix(matlab_walk *w, uint64_t size)
{
    status result = OK;
    uint64_t left = size;
    matrix_head head;
    if (size == 0) return OK;
    w->depth++;
    CHECK(w->depth <= DEPTH_MAX, BAD_INPUT, "%s: damaged: nested more than %d deep", w->path, DEPTH_MAX);
    TRY(read_head(w, &left, &head));
    bool numbers = head.class == CLASS_CHAR || (head.class >= CLASS_DOUBLE && head.class <= CLASS_UINT64);
    CHECK(numbers || head.class == CLASS_CELL || head.class == CLASS_STRUCT, BAD_INPUT,
          "%s: holds a variable that is no number, text, cell or struct; right would be a file without it",
          w->path);
    if (numbers) TRY(check_numbers(w, &head, &left));
    if (numbers && head.complex) TRY(check_numbers(w, &head, &left));
    if (head.class == CLASS_CELL) TRY(check_members(w, head.count, &left));
    if (head.class == CLASS_STRUCT) TRY(check_struct(w, &head, &left));
    CHECK(left == 0, BAD_INPUT, "%s: damaged: a variable is longer than it says", w->path);
    w->depth--;
done:
    return result;
}

static status check_header(matlab_walk *w)
{
    status result = OK;
    unsigned char header[HEADER_BYTES];
    size_t bytes = fread(header, 1, HEADER_BYTES, w->file);
    CHECK(!ferror(w->file), BAD_INPUT, "%s: cannot read: %s", w->path, strerror(errno));
    CHECK(bytes == HEADER_BYTES && memcmp(header, "MATLAB ", 7) == 0, BAD_INPUT, "%s: not a MATLAB file",
          w->path);
    const unsigned char *version = header + VERSION_AT;
    w->big_endian = version[2] == 'M' && version[3] == 'I';
    CHECK(w->big_endian || (version[2] == 'I' && version[3] == 'M'), BAD_INPUT, "%s: not a MATLAB file",
          w->path);
    unsigned number = w->big_endian ? version[0] * 256U + version[1] : version[1] * 256U + version[0];
    CHECK(number == VERSION_5, BAD_INPUT,
          "%s: a MATLAB file of another version than 5; right would be: save -v7", w->path);
done:
    return result;
}

/* A variable of `size` bytes from here on, of the type that its tag in the file had. */
static status check_variable(matlab_walk *w, uint32_t type, uint32_t size)
{
    status result = OK;
    bool packed = type == TYPE_COMPRESSED;
    uint64_t left = UINT32_MAX;
    element_tag tag = { .type = type, .size = size };
    w->depth = 0;
    TRY(byte_stream_make(w->file, w->path, size, packed, &w->stream));
    if (packed) TRY(read_tag(w, &left, &tag));
    CHECK(tag.type == TYPE_MATRIX && !tag.small && tag.size > 0, BAD_INPUT,
          "%s: damaged: no variable where one should be", w->path);
    TRY(check_matrix(w, tag.size));
    TRY(byte_stream_finish(w->stream));
done:
    byte_stream_free(w->stream);
    w->stream = NULL;
    return result;
}

static status check_variables(matlab_walk *w)
{
    status result = OK;
    unsigned char tag[TAG_BYTES];
    long at = HEADER_BYTES;
    CHECK(w->size > at, BAD_INPUT, "%s: holds no variables", w->path);
    while (at < w->size) {
        CHECK(fseek(w->file, at, SEEK_SET) == 0 && fread(tag, 1, TAG_BYTES, w->file) == TAG_BYTES, BAD_INPUT,
              "%s: truncated at byte %ld", w->path, at);
        uint32_t size = word_at(w, tag + 4);
        at += TAG_BYTES;
        CHECK((long)size <= w->size - at, BAD_INPUT, "%s: truncated: a variable of %u bytes has %ld", w->path,
              (unsigned)size, w->size - at);
        TRY(check_variable(w, word_at(w, tag), size));
        at += (long)size;
    }
done:
    return result;
}

status matlab_check(const char *path)
{
    status result = OK;
    matlab_walk w = { .path = path, .file = fopen(path, "rb") };
    CHECK(w.file != NULL, BAD_INPUT, "%s: cannot open: %s", path, strerror(errno));
    CHECK(fseek(w.file, 0, SEEK_END) == 0, BAD_INPUT, "%s: cannot read: %s", path, strerror(errno));
    w.size = ftell(w.file);
    rewind(w.file);
    TRY(check_header(&w));
    TRY(check_variables(&w));
done:
    if (w.file) fclose(w.file);
    return result;
}
