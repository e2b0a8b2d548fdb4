#include "data/npz_array.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How values lie in the file. */
typedef struct storage {
    char kind; /* b bool, i and u integers, f floats, S bytes, U UTF-32 */
    bool big, fortran;
    uint64_t item; /* bytes of a value */
    uint64_t data; /* offset of the first one */
} storage;

/* The header is a Python literal: {'descr': '<f4', 'fortran_order': False, 'shape': (1082, 187), }. */
typedef struct literal {
    const char *place, *at;
    bool typed, ordered, shaped; /* the three keys that were there */
} literal;

static status refuse_header(const literal *l)
{
    return failure(BAD_INPUT, "%s: damaged: its header is not what NumPy writes, near '%.20s'", l->place,
                   l->at);
}

/* Passes over blanks and, if it comes next, `c`. */
static bool passes(literal *l, char c)
{
    while (*l->at == ' ' || *l->at == '\n') l->at++;
    if (*l->at != c) return false;
    l->at++;
    while (*l->at == ' ' || *l->at == '\n') l->at++;
    return true;
}

static status read_quoted(literal *l, char to[16])
{
    size_t length = *l->at == '\'' ? strcspn(l->at + 1, "'") : 0;
    if (length == 0 || length > 15 || l->at[1 + length] != '\'') return refuse_header(l);
    memcpy(to, l->at + 1, length);
    to[length] = '\0';
    l->at += length + 2;
    return OK;
}

static status refuse_type(const literal *l, const char *type)
{
    const char *why = "numbers and texts are read";
    if (strchr(type, 'O')) why = "Python objects are pickled, which only Python reads; save numbers or texts";
    if (strchr(type, 'c')) why = "complex numbers have no order; save their parts";
    if (strpbrk(type, "mM")) why = "save dates as numbers, such as seconds";
    return failure(BAD_INPUT, "%s: values of type %s: %s", l->place, type, why);
}

/* "<f4", "|b1", ">i8", "<U12". */
static status read_type(literal *l, array *a, storage *how)
{
    status result = OK;
    char type[16];
    CHECK(*l->at != '[', BAD_INPUT, "%s: records of several fields: save every field as an array of its own",
          l->place);
    TRY(read_quoted(l, type));
    const char *sign = strchr("<>|=", type[0]), *body = type + (sign ? 1 : 0);
    char *end;
    unsigned long width = 0;
    if (body[0] && isdigit((unsigned char)body[1])) width = strtoul(body + 1, &end, 10);
    how->kind = body[0];
    how->big = type[0] == '>';
    how->item = how->kind == 'U' ? 4 * (uint64_t)width : width;
    const char *widths = how->kind == 'b' ? "1" : how->kind == 'f' ? "248" : "1248";
    bool number = how->kind && strchr("biuf", how->kind) && width < 10 && strchr(widths, '0' + (int)width);
    bool text = (how->kind == 'S' || how->kind == 'U') && width < 1 << 20;
    if (width == 0 || *end != '\0' || !(number || text)) return refuse_type(l, type);
    const char *name = how->kind == 'b'   ? "bool"
                       : how->kind == 'i' ? "int"
                       : how->kind == 'u' ? "uint"
                       : how->kind == 'f' ? "float"
                                          : "text";
    if (number && how->kind != 'b')
        snprintf(a->type, sizeof a->type, "%s%lu", name, 8 * width);
    else
        snprintf(a->type, sizeof a->type, "%s", name);
done:
    return result;
}

static status read_shape(literal *l, array *a)
{
    status result = OK;
    if (!passes(l, '(')) return refuse_header(l);
    a->values = 1;
    while (!passes(l, ')')) {
        CHECK(a->dimensions < ARRAY_DIMENSIONS_MAX, BAD_INPUT, "%s: more than %d dimensions", l->place,
              ARRAY_DIMENSIONS_MAX);
        if (!isdigit((unsigned char)*l->at)) return refuse_header(l);
        char *end;
        long long extent = strtoll(l->at, &end, 10);
        l->at = end;
        CHECK(extent == 0 || a->values <= INT64_MAX / 16 / extent, BAD_INPUT,
              "%s: damaged: an array of more than %lld values", l->place, (long long)(INT64_MAX / 16));
        a->extent[a->dimensions++] = extent;
        a->values *= extent;
        if (!passes(l, ',') && *l->at != ')') return refuse_header(l);
    }
done:
    return result;
}

static status read_order(literal *l, storage *how)
{
    how->fortran = strncmp(l->at, "True", 4) == 0;
    if (!how->fortran && strncmp(l->at, "False", 5) != 0) return refuse_header(l);
    l->at += how->fortran ? 4 : 5;
    return OK;
}

static status read_entries(literal *l, array *a, storage *how)
{
    status result = OK;
    if (!passes(l, '{')) return refuse_header(l);
    while (!passes(l, '}')) {
        char key[16];
        TRY(read_quoted(l, key));
        if (!passes(l, ':')) return refuse_header(l);
        bool *seen = strcmp(key, "descr") == 0           ? &l->typed
                     : strcmp(key, "fortran_order") == 0 ? &l->ordered
                     : strcmp(key, "shape") == 0         ? &l->shaped
                                                         : NULL;
        if (seen == NULL || *seen) return refuse_header(l);
        *seen = true;
        TRY(seen == &l->typed     ? read_type(l, a, how)
            : seen == &l->ordered ? read_order(l, how)
                                  : read_shape(l, a));
        if (!passes(l, ',') && *l->at != '}') return refuse_header(l);
    }
    if (*l->at != '\0' || !l->typed || !l->ordered || !l->shaped) return refuse_header(l);
done:
    return result;
}

static status read_header(const char *place, const unsigned char *bytes, uint64_t size, array *a,
                          storage *how)
{
    status result = OK;
    char *text = NULL;
    CHECK(size >= 12 && memcmp(bytes, "\x93NUMPY", 6) == 0, BAD_INPUT, "%s: no NumPy array, or cut off",
          place);
    int version = bytes[6];
    CHECK(version >= 1 && version <= 3, BAD_INPUT, "%s: version %d of the NPY format; 1 to 3 are read", place,
          version);
    uint64_t start = version == 1 ? 10 : 12;
    uint64_t length = bytes[8] | (uint64_t)bytes[9] << 8;
    if (version > 1) length |= (uint64_t)bytes[10] << 16 | (uint64_t)bytes[11] << 24;
    CHECK(start + length <= ARRAY_HEADER_MAX, BAD_INPUT, "%s: damaged: a header of %llu bytes", place,
          (unsigned long long)length);
    CHECK(start + length <= size, BAD_INPUT, "%s: cut off within its header", place);
    text = strndup((const char *)bytes + start, (size_t)length);
    CHECK(text != NULL, NO_MEMORY, "no memory for %s", place);
    *how = (storage){ .data = start + length };
    literal l = { .place = place, .at = text };
    TRY(read_entries(&l, a, how));
done:
    free(text);
    return result;
}

/* ---- values -------------------------------------------------------------------------------------------- */

static double half(uint64_t bits)
{
    int exponent = (int)(bits >> 10 & 31);
    double fraction = (double)(bits & 1023);
    double size = exponent == 31  ? (fraction > 0 ? (double)NAN : (double)INFINITY)
                  : exponent == 0 ? ldexp(fraction, -24)
                                  : ldexp(1024 + fraction, exponent - 25);
    return bits >> 15 ? -size : size;
}

static uint64_t bits_at(const unsigned char *at, uint64_t bytes, bool big)
{
    uint64_t bits = 0;
    for (uint64_t i = 0; i < bytes; i++) bits = bits << 8 | at[big ? i : bytes - 1 - i];
    return bits;
}

static double number_at(const unsigned char *at, const storage *how)
{
    uint64_t bits = bits_at(at, how->item, how->big);
    if (how->kind == 'b') return bits != 0;
    if (how->kind == 'u') return (double)bits;
    if (how->kind == 'i') {
        uint64_t sign = UINT64_C(1) << (8 * how->item - 1);
        return bits & sign ? -(double)(~bits & (sign - 1)) - 1 : (double)bits;
    }
    if (how->item == 2) return half(bits);
    if (how->item == 4) {
        uint32_t narrow = (uint32_t)bits;
        float value;
        memcpy(&value, &narrow, sizeof value);
        return (double)value;
    }
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Appends a code point as UTF-8; what is none becomes U+FFFD. */
static char *put_code(char *to, uint64_t code)
{
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) code = 0xfffd;
    int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };
    *to++ = (char)(lead[more] | code >> (6 * more));
    while (more-- > 0) *to++ = (char)(0x80 | (code >> (6 * more) & 0x3f));
    return to;
}

/* A text of fixed width, filled up with zeros; one byte is one Latin-1 character. NULL for want of memory. */
static char *text_at(const unsigned char *at, const storage *how)
{
    uint64_t width = how->kind == 'U' ? 4 : 1, length = how->item / width;
    while (length > 0 && bits_at(at + (length - 1) * width, width, how->big) == 0) length--;
    char *text = malloc((size_t)(4 * length + 1)), *to = text;
    if (text == NULL) return NULL;
    for (uint64_t i = 0; i < length; i++) {
        uint64_t code = bits_at(at + i * width, width, how->big);
        to = put_code(to, code ? code : 0xfffd);
    }
    *to = '\0';
    return text;
}

/* Where value `i`, counted row by row, lies in an array that was written column by column. */
static int64_t fortran_place(const array *a, int64_t i)
{
    int64_t index[ARRAY_DIMENSIONS_MAX], at = 0;
    for (int d = a->dimensions; d-- > 0; i /= a->extent[d]) index[d] = i % a->extent[d];
    for (int d = a->dimensions; d-- > 0;) at = at * a->extent[d] + index[d];
    return at;
}

static status read_values(const char *place, const unsigned char *data, const storage *how, array *a)
{
    status result = OK;
    bool texts = how->kind == 'S' || how->kind == 'U';
    if (texts)
        a->text = calloc((size_t)a->values + 1, sizeof *a->text);
    else
        a->number = calloc((size_t)a->values + 1, sizeof *a->number);
    CHECK(a->text || a->number, NO_MEMORY, "no memory for the %lld values of %s", (long long)a->values,
          place);
    for (int64_t i = 0; i < a->values; i++) {
        int64_t stored = how->fortran ? fortran_place(a, i) : i;
        const unsigned char *at = data + (uint64_t)stored * how->item;
        if (!texts) {
            a->number[i] = number_at(at, how);
            continue;
        }
        a->text[i] = text_at(at, how);
        CHECK(a->text[i] != NULL, NO_MEMORY, "no memory for the texts of %s", place);
    }
done:
    return result;
}

status array_describe(const char *place, const unsigned char *bytes, uint64_t size, array *out)
{
    storage how;
    *out = (array){ 0 };
    return read_header(place, bytes, size, out, &how);
}

status array_parse(const char *place, const unsigned char *bytes, uint64_t size, array *out)
{
    status result = OK;
    storage how;
    array a = { 0 };
    char shape[ARRAY_SHAPE_MAX];
    TRY(read_header(place, bytes, size, &a, &how));
    uint64_t there = size - how.data;
    CHECK((uint64_t)a.values <= there / how.item && (uint64_t)a.values * how.item == there, BAD_INPUT,
          "%s: cut off or damaged: %llu bytes are not what %s takes", place, (unsigned long long)there,
          array_shape(&a, shape));
    TRY(read_values(place, bytes + how.data, &how, &a));
    *out = a;
    a = (array){ 0 };
done:
    array_free(&a);
    return result;
}

void array_free(array *a)
{
    for (int64_t i = 0; a->text && i < a->values; i++) free(a->text[i]);
    free(a->text);
    free(a->number);
    *a = (array){ 0 };
}

const char *array_shape(const array *a, char to[ARRAY_SHAPE_MAX])
{
    size_t used = (size_t)snprintf(to, ARRAY_SHAPE_MAX, "%s (", a->type);
    for (int d = 0; d < a->dimensions && used < ARRAY_SHAPE_MAX; d++)
        used += (size_t)snprintf(to + used, ARRAY_SHAPE_MAX - used, d ? ", %lld" : "%lld",
                                 (long long)a->extent[d]);
    if (used < ARRAY_SHAPE_MAX) snprintf(to + used, ARRAY_SHAPE_MAX - used, ")");
    return to;
}
