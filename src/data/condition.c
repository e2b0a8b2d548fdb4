#include "data/condition.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN_MAX = 256 };

typedef enum comparison { EQUAL, UNEQUAL, LESS, AT_MOST, GREATER, AT_LEAST, COMPARISONS } comparison;
static const char *const signs[COMPARISONS] = { "==", "!=", "<", "<=", ">", ">=" };

/* A condition while it is read, and what it is about. */
typedef struct reader {
    const char *text, *at;
    const char *option, *place;
    const column *column; /* (columns) */
    int columns;
    int64_t rows;
    char token[TOKEN_MAX]; /* the one read last; "" at the end */
    bool quoted;
} reader;

static status next_token(reader *r)
{
    status result = OK;
    size_t length;
    while (isspace((unsigned char)*r->at)) r->at++;
    const char *first = r->at;
    r->quoted = *first == '"' || *first == '\'';
    if (r->quoted) {
        const char *last = strchr(++first, r->at[0]);
        CHECK(last != NULL, BAD_INPUT, "%s: a quote is not closed in '%.200s'", r->option, r->text);
        length = (size_t)(last - first);
        r->at = last + 1;
    } else {
        length = strspn(first, "<>=!");
        if (length == 0) length = strcspn(first, "<>=! \t\"'");
        r->at = first + length;
    }
    CHECK(length < TOKEN_MAX, BAD_INPUT, "%s: a word of '%.80s…' is longer than %d bytes", r->option, r->text,
          TOKEN_MAX - 1);
    memcpy(r->token, first, length);
    r->token[length] = '\0';
done:
    return result;
}

static bool is_word(const reader *r, const char *word)
{
    return !r->quoted && strcmp(r->token, word) == 0;
}

static bool at_end(const reader *r)
{
    return !r->quoted && r->token[0] == '\0';
}

static status find_column(const reader *r, const column **out)
{
    char *names = NULL;
    size_t size;
    for (int c = 0; c < r->columns; c++) {
        if (strcmp(r->column[c].name, r->token) != 0) continue;
        *out = &r->column[c];
        return OK;
    }
    FILE *to = open_memstream(&names, &size);
    if (to == NULL) return failure(NO_MEMORY, "%s: no memory for a message", r->option);
    for (int c = 0; c < r->columns; c++) fprintf(to, "%s%s", c > 0 ? ", " : "", r->column[c].name);
    fclose(to);
    failure(BAD_INPUT, "%s: %s has no column '%s'; it has %.400s", r->option, r->place, r->token,
            r->columns > 0 && names ? names : "none");
    free(names);
    return BAD_INPUT;
}

static bool holds(comparison c, double difference)
{
    switch (c) {
    case EQUAL:
        return difference == 0;
    case UNEQUAL:
        return difference != 0;
    case LESS:
        return difference < 0;
    case AT_MOST:
        return difference <= 0;
    case GREATER:
        return difference > 0;
    default:
        return difference >= 0;
    }
}

/* One comparison with all rows: meets[row] becomes false where it does not hold. */
static status compare(const reader *r, const column *c, comparison how, bool *meets)
{
    status result = OK;
    char *end;
    double number = strtod(r->token, &end);
    bool numeric = c->number != NULL && c->dimensions == 1;
    CHECK(!numeric || (end != r->token && *end == '\0' && isfinite(number)), BAD_INPUT,
          "%s: column '%s' of %s holds numbers, and '%s' is none", r->option, c->name, r->place, r->token);
    CHECK(numeric || how <= UNEQUAL, BAD_INPUT,
          "%s: column '%s' of %s holds no single numbers; compare it by == or !=, not %s", r->option, c->name,
          r->place, signs[how]);
    for (int64_t row = 0; row < r->rows; row++) {
        if (!meets[row]) continue;
        if (numeric) {
            meets[row] = !isnan(c->number[row]) && holds(how, c->number[row] - number);
            continue;
        }
        char *value = column_value_text(c, row);
        CHECK(value != NULL, NO_MEMORY, "no memory for the values of column '%s'", c->name);
        meets[row] = value[0] != '\0' && holds(how, strcmp(value, r->token));
        free(value);
    }
done:
    return result;
}

/* Comparisons joined by `and`. */
static status read_all(reader *r, bool *meets)
{
    status result = OK;
    for (;;) {
        const column *c = NULL;
        int how = 0;
        CHECK(!at_end(r), BAD_INPUT, "%s: '%.200s' ends where a column should stand", r->option, r->text);
        TRY(find_column(r, &c));
        TRY(next_token(r));
        while (how < COMPARISONS && !is_word(r, signs[how])) how++;
        CHECK(how < COMPARISONS, BAD_INPUT,
              "%s: after column '%s' stands '%s'; right would be ==, !=, <, <=, > or >=", r->option, c->name,
              r->token);
        TRY(next_token(r));
        CHECK(!at_end(r), BAD_INPUT, "%s: '%.200s' ends where a value should stand", r->option, r->text);
        TRY(compare(r, c, (comparison)how, meets));
        TRY(next_token(r));
        if (!is_word(r, "and")) break;
        TRY(next_token(r));
    }
done:
    return result;
}

status condition_evaluate(const char *text, const char *option, const char *place, const column *columns,
                          int column_count, int64_t rows, bool *meets)
{
    status result = OK;
    reader r = { .text = text,
                 .at = text,
                 .option = option,
                 .place = place,
                 .column = columns,
                 .columns = column_count,
                 .rows = rows };
    bool *all = malloc((size_t)rows * sizeof *all);
    CHECK(all != NULL, NO_MEMORY, "no memory for a condition on %lld rows", (long long)rows);
    memset(meets, text[0] == '\0', (size_t)rows * sizeof *meets);
    if (text[0] == '\0') goto done;

    do {
        TRY(next_token(&r));
        memset(all, true, (size_t)rows * sizeof *all);
        TRY(read_all(&r, all));
        for (int64_t row = 0; row < rows; row++) meets[row] = meets[row] || all[row];
    } while (is_word(&r, "or"));
    CHECK(at_end(&r), BAD_INPUT, "%s: '%s' stands where 'and', 'or' or the end should be", option, r.token);
done:
    free(all);
    return result;
}
