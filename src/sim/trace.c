/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Four text formats, one request per line. A line that does not match its format is an error with
 * its line number: a truncated trace or one of another kind must not be replayed in part.
 */
#include <errno.h>
#include <sim/csv.h>
#include <sim/grow.h>
#include <sim/trace.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST_NBYTES_MAX (1ULL << 32)
#define AT_MAX (1ULL << 62)

struct parser {
	struct trace *trace;
	struct csv csv;
	char *why;
	size_t why_nbytes;
	char *file;      /* the only file or device of the trace; points into the text */
	ns_t wait;       /* fio 2: delay before the next request */
	ns_t waited;     /* total of these delays */
	ns_t last;       /* timed formats: time of the previous row */
	char action;     /* blkparse: action of the events that are requests */
	bool summary;    /* blkparse: the events have ended */
	bool fio_timed;  /* version 3 */
};

static int
line_wrong(struct parser *parser, const char *expected)
{
	snprintf(parser->why, parser->why_nbytes, "line %llu: expected %s",
		 (unsigned long long)(parser->csv.line ? parser->csv.line : 1), expected);
	return -EINVAL;
}

static int
row_add(struct parser *parser, struct trace_row row)
{
	struct trace *trace = parser->trace;
	struct trace_row *rows;

	if (row.op != MODEL_FLUSH &&
	    (row.nbytes == 0 || row.offset % 512 || row.nbytes % 512 ||
	     (row.nbytes > REQUEST_NBYTES_MAX && row.op != MODEL_TRIM) ||
	     row.offset > UINT64_MAX - row.nbytes)) {
		return line_wrong(parser, "an offset and a length in whole blocks of 512 bytes, at "
				  "most 4 GiB at once");
	}
	if (row.at > AT_MAX) {
		return line_wrong(parser, "an instant within a century");
	}
	if (trace->timed) {
		/* recorders write events of several CPUs slightly out of order */
		row.at = ns_max(row.at, parser->last);
		parser->last = row.at;
	}
	rows = grow_by_one(trace->rows, trace->count, &trace->room, sizeof(*rows));
	if (!rows) {
		snprintf(parser->why, parser->why_nbytes, "out of memory");
		return -ENOMEM;
	}
	trace->rows = rows;
	if (row.op != MODEL_FLUSH && row.offset + row.nbytes > trace->end) {
		trace->end = row.offset + row.nbytes;
	}
	trace->rows[trace->count++] = row;
	return 0;
}

static bool
op_of_letter(const char *field, uint8_t *op)
{
	static const struct {
		char letter;
		uint8_t op;
	} ops[] = { { 'R', MODEL_READ }, { 'W', MODEL_WRITE }, { 'F', MODEL_FLUSH },
		    { 'T', MODEL_TRIM }, { 'A', MODEL_ZONE_APPEND }, { 'S', MODEL_KV_STORE },
		    { 'G', MODEL_KV_RETRIEVE } };

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); ++i) {
		if (field[0] == ops[i].letter && field[1] == '\0') {
			*op = ops[i].op;
			return true;
		}
	}
	return false;
}

static int
own_line(struct parser *parser, char *fields[], size_t count)
{
	struct trace_row row = { 0 };

	if (count == 5 && strcmp(fields[4], "fua") == 0) {
		row.fua = true;
		count = 4;
	}
	if (count != 4 || !field_u64(fields[0], &row.at) || !op_of_letter(fields[1], &row.op) ||
	    row.op > MODEL_TRIM || !field_u64(fields[2], &row.offset) ||
	    !field_u64(fields[3], &row.nbytes)) {
		return line_wrong(parser, "at_ns,op,offset,nbytes[,fua] with op R, W, F (flush), T "
				  "(trim) or A (append)");
	}
	return row_add(parser, row);
}

static const char *const oracle_columns[] = { "op", "slba", "nlb", "t_submit_ns" };

static int
oracle_line(struct parser *parser, char *fields[])
{
	struct trace_row row = { 0 };
	uint64_t slba, nlb;

	if (!op_of_letter(fields[0], &row.op) || !field_u64(fields[1], &slba) ||
	    !field_u64(fields[2], &nlb) || !field_u64(fields[3], &row.at) ||
	    slba > UINT64_MAX / 512 || nlb > UINT64_MAX / 512) {
		return line_wrong(parser, "op (R, W, A, F), slba, nlb and t_submit_ns");
	}
	if (row.op == MODEL_KV_STORE || row.op == MODEL_KV_RETRIEVE) {
		return line_wrong(parser, "block requests: key-value recordings can be repeated "
				  "with `nvmevirt oracle` only");
	}
	row.offset = slba * 512;
	row.nbytes = nlb * 512;
	return row_add(parser, row);
}

/* Is it the same file or device as in the rows before? */
static bool
same_file(struct parser *parser, char *name)
{
	if (!parser->file) {
		parser->file = name;
	}
	return strcmp(parser->file, name) == 0;
}

static bool
fio_op(const char *action, uint8_t *op)
{
	static const struct {
		const char *name;
		uint8_t op;
	} actions[] = { { "read", MODEL_READ },      { "write", MODEL_WRITE },
			{ "sync", MODEL_FLUSH },     { "datasync", MODEL_FLUSH },
			{ "trim", MODEL_TRIM } };

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); ++i) {
		if (strcmp(action, actions[i].name) == 0) {
			*op = actions[i].op;
			return true;
		}
	}
	return false;
}

/* fio(1), "Trace file format v2" and "v3": the timestamps of version 3 are microseconds */
static int
fio_line(struct parser *parser, char *fields[], size_t count)
{
	struct trace_row row = { 0 };
	uint64_t value = 0;

	if (parser->fio_timed) {
		if (!field_u64(fields[0], &value) || value > AT_MAX / 1000) {
			return line_wrong(parser, "timestamp filename action [offset length]");
		}
		fields += 1;
		count -= 1;
	}
	row.at = parser->fio_timed ? value * 1000 : parser->wait;
	if (count == 2 && (strcmp(fields[1], "add") == 0 || strcmp(fields[1], "open") == 0 ||
			   strcmp(fields[1], "close") == 0)) {
		return 0;
	}
	if (count == 4 && strcmp(fields[1], "wait") == 0 && !parser->fio_timed) {
		if (!field_u64(fields[2], &value) ||
		    value > (AT_MAX - parser->waited) / 1000) {
			return line_wrong(parser, "filename wait microseconds 0, a century in all");
		}
		parser->wait += value * 1000;
		parser->waited += value * 1000;
		return 0;
	}
	if (count != 4 || !fio_op(fields[1], &row.op) || !field_u64(fields[2], &row.offset) ||
	    !field_u64(fields[3], &row.nbytes)) {
		return line_wrong(parser, "filename action offset length with action read, write, "
				  "sync, datasync, trim, wait, add, open or close");
	}
	if (!same_file(parser, fields[0])) {
		return line_wrong(parser, "requests of one file only: make a trace for each file");
	}
	parser->wait = 0;
	return row_add(parser, row);
}

/* 8,0 3 1 0.000000000 697 G W 223490 + 8 [kjournald]: seconds with nine digits */
static bool
seconds_parse(const char *field, ns_t *at)
{
	char *dot = strchr(field, '.');
	uint64_t seconds, fraction;

	if (!dot || strlen(dot + 1) != 9) {
		return false;
	}
	*dot = '\0';
	if (!field_u64(field, &seconds) || seconds > AT_MAX / NS_PER_S) {
		return false;
	}
	fraction = strtoull(dot + 1, NULL, 10);
	*at = seconds * NS_PER_S + fraction;
	return strspn(dot + 1, "0123456789") == 9;
}

/* blkparse(1): letters of RWBS, without the leading F of a preceding flush; a later F is FUA */
static bool
rwbs_parse(const char *kind, struct trace_row *row)
{
	switch (*kind) {
	case 'R':
		row->op = MODEL_READ;
		break;
	case 'W':
		row->op = MODEL_WRITE;
		row->fua = strchr(kind + 1, 'F') != NULL;
		break;
	case 'D':
		row->op = MODEL_TRIM;
		break;
	default:
		return false;
	}
	return true;
}

/* 8,0 cpu sequence seconds pid action: the start of every event */
static bool
is_event(char *fields[], size_t count)
{
	return count >= 7 && strchr(fields[0], ',') && strchr("0123456789", fields[0][0]);
}

/* Parse a line of a blkparse text: events, then a summary that begins with "CPU" or "Total" */
static int
blkparse_line(struct parser *parser, char *fields[], size_t count)
{
	struct trace_row row = { 0 };
	uint64_t sector, sectors;
	bool flush;

	if (parser->summary || strncmp(fields[0], "CPU", 3) == 0 ||
	    strcmp(fields[0], "Total") == 0) {
		parser->summary = true;
		return 0;
	}
	if (!is_event(fields, count)) {
		return line_wrong(parser, "a line of blkparse: 8,0 cpu sequence seconds pid action "
				  "rwbs sector + count");
	}
	flush = fields[6][0] == 'F';
	if (strlen(fields[5]) != 1 || fields[5][0] != parser->action) {
		return 0;
	}
	if (!same_file(parser, fields[0])) {
		return line_wrong(parser, "events of one device only: run blkparse for each one");
	}
	if (!seconds_parse(fields[3], &row.at)) {
		return line_wrong(parser, "seconds with nine digits behind the point");
	}
	if (flush) {
		struct trace_row before = { .at = row.at, .op = MODEL_FLUSH };
		int rc = row_add(parser, before);

		if (rc || count < 10 || strcmp(fields[8], "+") != 0) {
			return rc; /* only a flush */
		}
	}
	if (!rwbs_parse(fields[6] + flush, &row)) {
		return 0; /* an event without I/O */
	}
	if (count < 10 || strcmp(fields[8], "+") != 0 || !field_u64(fields[7], &sector) ||
	    !field_u64(fields[9], &sectors) || sector > UINT64_MAX / 512 ||
	    sectors > UINT64_MAX / 512) {
		return line_wrong(parser, "sector + count");
	}
	row.offset = sector * 512;
	row.nbytes = sectors * 512;
	return sectors ? row_add(parser, row) : 0;
}

static enum trace_format
format_of(const char *text)
{
	if (strncmp(text, "fio version", 11) == 0) {
		return TRACE_FIO;
	}
	if (strncmp(text, "idx,", 4) == 0) {
		return TRACE_ORACLE;
	}
	if (strncmp(text, "at_ns,op", 8) == 0) {
		return TRACE_OWN;
	}
	/* " 8,0 3 1 0.000000000": a device number, then separate numbers */
	text += strspn(text, " \t");
	text += strspn(text, "0123456789");
	if (*text++ == ',') {
		text += strspn(text, "0123456789");
		if (*text == ' ' || *text == '\t') {
			return TRACE_BLKPARSE;
		}
	}
	return TRACE_AUTO;
}

/* Read the header of a format, and from it the variant of the rest */
static int
header_read(struct parser *parser, enum trace_format format)
{
	char *fields[CSV_FIELDS_MAX];

	switch (format) {
	case TRACE_OWN:
		csv_row(&parser->csv, ',', fields);
		parser->trace->timed = true;
		return 0;
	case TRACE_ORACLE:
		parser->trace->timed = true;
		return csv_header(&parser->csv, oracle_columns, 4, parser->why,
				  parser->why_nbytes);
	case TRACE_FIO:
		if (csv_row(&parser->csv, ' ', fields) != 4 ||
		    (strcmp(fields[2], "2") != 0 && strcmp(fields[2], "3") != 0)) {
			return line_wrong(parser, "`fio version 2 iolog` or `fio version 3 iolog`");
		}
		parser->fio_timed = fields[2][0] == '3';
		parser->trace->timed = parser->fio_timed;
		return 0;
	case TRACE_BLKPARSE:
		parser->trace->timed = true;
		/* queued requests (Q); a trace of a driver alone has only issued ones (D) */
		parser->action = strstr(parser->csv.text, " Q ") ? 'Q' : 'D';
		return 0;
	case TRACE_AUTO:
	default:
		return line_wrong(parser, "a trace: `at_ns,op,offset,nbytes` (own), `fio version 2 "
				  "iolog` or 3, blkparse's text, or a recording of `nvmevirt "
				  "oracle`");
	}
}

static int
rows_read(struct parser *parser, enum trace_format format)
{
	char *fields[CSV_FIELDS_MAX];
	int rc = 0;

	while (rc == 0) {
		size_t count;

		if (format == TRACE_ORACLE) {
			rc = csv_record(&parser->csv, fields, parser->why, parser->why_nbytes);
			if (rc <= 0) {
				break;
			}
			rc = oracle_line(parser, fields);
			continue;
		}
		count = csv_row(&parser->csv, format == TRACE_OWN ? ',' : ' ', fields);
		if (count == 0) {
			break;
		}
		if (format == TRACE_OWN) {
			rc = own_line(parser, fields, count);
		} else if (format == TRACE_FIO) {
			rc = fio_line(parser, fields, count);
		} else {
			rc = blkparse_line(parser, fields, count);
		}
	}
	return rc;
}

int
trace_parse(struct trace *trace, char *text, size_t nbytes, enum trace_format format, char *why,
	    size_t why_nbytes)
{
	struct parser parser = { .trace = trace, .why = why, .why_nbytes = why_nbytes,
				 .csv = { .text = text, .nbytes = nbytes, .at = text } };
	int rc = -EINVAL;

	*trace = (struct trace){ 0 };
	if (text_is_plain(text, nbytes, why, why_nbytes)) {
		format = format == TRACE_AUTO ? format_of(text) : format;
		rc = header_read(&parser, format);
	}
	if (rc == 0) {
		rc = rows_read(&parser, format);
	}
	if (rc == 0 && trace->count == 0) {
		snprintf(why, why_nbytes, "the trace holds no request");
		rc = -EINVAL;
	}
	if (rc) {
		trace_free(trace);
	}
	return rc;
}

int
trace_load(struct trace *trace, const char *path, enum trace_format format, char *why,
	   size_t why_nbytes)
{
	size_t nbytes;
	char *text;
	int rc = file_read(path, 1ULL << 34, &text, &nbytes);

	if (rc) {
		snprintf(why, why_nbytes, "%s", strerror(-rc));
		return rc;
	}
	rc = trace_parse(trace, text, nbytes, format, why, why_nbytes);
	free(text);
	return rc;
}

void
trace_free(struct trace *trace)
{
	free(trace->rows);
	*trace = (struct trace){ 0 };
}
