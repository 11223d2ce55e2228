/* SPDX-License-Identifier: Apache-2.0 */
/* A program in C that uses the C interface, as one of two processes: see c_processes_test.cc.
 * Usage: c_peer WORK SECTION. It prints what it found, a line each, and ends with 0 if all calls
 * did what they should; otherwise it prints the failure on standard error and ends with 1. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mapferry/mapferry.h"

#define FRAMES 10
#define WAIT_MS 60000

static mapferry_stop* stop;

static void fail(const char* call) {
    fprintf(stderr, "%s: %s: %s; hint: %s\n", call, mapferry_code_name(mapferry_error_code()),
            mapferry_error_message(), mapferry_error_hint());
    exit(1);
}

static void check(int32_t code, const char* call) {
    if (code != MAPFERRY_OK) fail(call);
}

static void say(const char* line) {
    puts(line);
    fflush(stdout);
}

/* Waits until the test ends the process, or its watchdog would. */
static void wait_for_the_end(void) {
    say("ready");
    (void)getchar();
}

static void write_frames(const char* section) {
    static const int64_t shape[2] = {4, 8};
    mapferry_frame_writer* writer;
    mapferry_loan* loan;
    void* data;
    uint64_t sequence;
    char metadata[32];
    int i;
    check(mapferry_frame_writer_create(section, "delivery=each checksum=all", stop, &writer),
          "create");
    check(mapferry_frame_writer_set_image(writer, 8, 4, "GRAY8", NULL), "set_image");
    check(mapferry_frame_writer_set_tensor(writer, "uint8", shape, 2), "set_tensor");
    check(mapferry_frame_writer_describe(writer, "{\"camera\": 1}"), "describe");
    check(mapferry_frame_writer_set_facts(writer, "frame_rate=30000/1001 scan=progressive"),
          "set_facts");
    check(mapferry_frame_writer_wait_for_readers(writer, 1, WAIT_MS), "wait_for_readers");
    for (i = 0; i < FRAMES; ++i) {
        check(mapferry_frame_writer_loan(writer, 0, WAIT_MS, &loan, &data), "loan");
        memset(data, i, mapferry_loan_size(loan));
        sprintf(metadata, "{\"number\": %d}", i);
        check(mapferry_loan_set_metadata(loan, "application/json", metadata, strlen(metadata)),
              "set_metadata");
        check(mapferry_loan_set_captured(loan, 1000 + i, 3), "set_captured");
        check(mapferry_loan_set_source_number(loan, 100 + (uint64_t)i), "set_source_number");
        check(mapferry_loan_publish(loan, &sequence), "publish");
        if (sequence != (uint64_t)i) exit(2);
    }
    check(mapferry_frame_writer_end(writer), "end");
    mapferry_frame_writer_close(writer);
}

static void read_frames(const char* section) {
    mapferry_frame_reader* reader;
    mapferry_frame* frame;
    mapferry_bytes* text;
    int64_t values[88];
    int32_t code;
    check(mapferry_frame_reader_open(section, "timeout_ms=60000", stop, &reader), "open");
    while ((code = mapferry_frame_reader_next(reader, WAIT_MS, &frame)) == MAPFERRY_OK) {
        check(mapferry_frame_values(frame, values, 88), "values");
        /* The writer describes its stream before the first frame. */
        if (values[MAPFERRY_FRAME_SEQUENCE] == 0) {
            check(mapferry_frame_reader_description(reader, &text), "description");
            printf("%s\n", mapferry_bytes_data(text));
            mapferry_bytes_free(text);
        }
        check(mapferry_frame_verify(frame), "verify");
        printf("%ld %ldx%ld %s %s%ld %d %ld %ld %.*s\n", (long)values[MAPFERRY_FRAME_SEQUENCE],
               (long)values[MAPFERRY_IMAGE_WIDTH], (long)values[MAPFERRY_IMAGE_HEIGHT],
               mapferry_frame_format(frame), mapferry_frame_tensor_type(frame),
               (long)values[MAPFERRY_TENSOR_SHAPE(1)],
               ((const unsigned char*)mapferry_frame_data(frame))[31],
               (long)values[MAPFERRY_FRAME_CAPTURED_NS], (long)values[MAPFERRY_FRAME_SOURCE_NUMBER],
               (int)values[MAPFERRY_FRAME_METADATA_BYTES],
               (const char*)mapferry_frame_metadata(frame));
        mapferry_frame_release(frame);
    }
    if (code != MAPFERRY_END) fail("next");
    mapferry_frame_reader_close(reader);
}

/* Publishes one frame and stays. */
static void hang_as_writer(const char* section) {
    mapferry_frame_writer* writer;
    check(mapferry_frame_writer_create(section, NULL, stop, &writer), "create");
    check(mapferry_frame_writer_wait_for_readers(writer, 1, WAIT_MS), "wait_for_readers");
    check(mapferry_frame_writer_publish_copy(writer, "one", 3, 0, NULL), "publish_copy");
    wait_for_the_end();
}

static void send_text(const char* section) {
    check(mapferry_send_bytes(section, "text=yes digest=bytes timeout_ms=60000", stop, NULL,
                              "hello from C", 12),
          "send_bytes");
}

static void receive_text(const char* section) {
    mapferry_bytes* bytes;
    check(mapferry_receive_bytes(section, "timeout_ms=60000", stop, 4096, &bytes), "receive_bytes");
    say(mapferry_bytes_data(bytes));
    mapferry_bytes_free(bytes);
}

static void send_pieces(const char* section) {
    static char block[100000];
    mapferry_writer* writer;
    int i;
    check(mapferry_writer_create(section, "known_bytes=1000000", stop, &writer), "create");
    check(mapferry_writer_wait_for_readers(writer, 1, WAIT_MS), "wait_for_readers");
    check(mapferry_writer_add_pair(writer, "lens", "wide angle"), "add_pair");
    check(mapferry_writer_begin(writer, "blocks.raw", 1000000, "permission_bits=0o640"), "begin");
    for (i = 0; i < 10; ++i) {
        memset(block, 'a' + i, sizeof block);
        check(mapferry_writer_write(writer, block, sizeof block), "write");
    }
    check(mapferry_writer_end_payload(writer, 0), "end_payload");
    check(mapferry_writer_end(writer), "end");
    printf("%s\n", mapferry_writer_digest(writer));
    mapferry_writer_close(writer);
}

static void receive_pieces(const char* section) {
    mapferry_reader* reader;
    const void* data;
    size_t size;
    int64_t sum = 0;
    int32_t code;
    check(mapferry_reader_open(section, "timeout_ms=60000", stop, &reader), "open");
    check(mapferry_reader_next(reader, WAIT_MS), "next");
    printf("%s %ld %s=%s\n", mapferry_reader_name(reader),
           (long)mapferry_reader_value(reader, MAPFERRY_PAYLOAD_PERMISSION_BITS),
           mapferry_reader_pair_key(reader, 0), mapferry_reader_pair_value(reader, 0));
    while ((code = mapferry_reader_read_piece(reader, &data, &size)) == MAPFERRY_OK) {
        size_t i;
        for (i = 0; i < size; ++i)
            sum += ((const char*)data)[i];
    }
    if (code != MAPFERRY_END) fail("read_piece");
    check(mapferry_reader_acknowledge(reader), "acknowledge");
    printf("%ld\n%s\n", (long)sum, mapferry_reader_digest(reader));
    if (mapferry_reader_next(reader, MAPFERRY_FOREVER) != MAPFERRY_END) fail("next");
    check(mapferry_reader_end(reader), "end");
    mapferry_reader_close(reader);
}

/* Adds one to the number in a buffer, a thousand times, under its lock. */
static void count_in_buffer(const char* section) {
    mapferry_buffer* buffer;
    int i;
    check(mapferry_buffer_open(section, "size_bytes=4096", stop, &buffer), "open");
    for (i = 0; i < 1000; ++i) {
        check(mapferry_buffer_lock(buffer, WAIT_MS), "lock");
        ++*(int32_t*)mapferry_buffer_data(buffer);
        check(mapferry_buffer_unlock(buffer), "unlock");
    }
    mapferry_buffer_close(buffer);
}

/* Prints the number in a buffer, and removes the buffer. */
static void print_and_remove(const char* section) {
    mapferry_buffer* buffer;
    int32_t number;
    check(mapferry_buffer_open(section, NULL, stop, &buffer), "open");
    check(mapferry_buffer_read(buffer, 0, &number, sizeof number, NULL), "read");
    printf("%ld\n", (long)number);
    mapferry_buffer_close(buffer);
    check(mapferry_section_remove(section, NULL), "remove");
}

static void hold_the_lock(const char* section) {
    mapferry_buffer* buffer;
    check(mapferry_buffer_open(section, "size_bytes=4096", stop, &buffer), "open");
    check(mapferry_buffer_lock(buffer, WAIT_MS), "lock");
    wait_for_the_end();
}

static void raise_stop(int number) {
    (void)number;
    mapferry_stop_raise(stop);
}

/* Waits for a section that never comes, until a signal's handler raises the stop. */
static void wait_for_signal(const char* section) {
    mapferry_frame_reader* reader;
    int32_t code;
    if (signal(SIGINT, raise_stop) == SIG_ERR) exit(2);
    say("ready");
    code = mapferry_frame_reader_open(section, "timeout_ms=-1", stop, &reader);
    say(mapferry_code_name(code));
    if (reader != NULL) exit(2);
}

struct work {
    const char* name;
    void (*run)(const char* section);
};

static const struct work works[] = {
    {"write-frames", write_frames},         {"read-frames", read_frames},
    {"hang-as-writer", hang_as_writer},     {"send-text", send_text},
    {"receive-text", receive_text},         {"send-pieces", send_pieces},
    {"receive-pieces", receive_pieces},     {"count-in-buffer", count_in_buffer},
    {"hold-the-lock", hold_the_lock},       {"wait-for-signal", wait_for_signal},
    {"print-and-remove", print_and_remove},
};

int main(int argc, char** argv) {
    size_t i;
    check(mapferry_stop_new(&stop), "stop_new");
    for (i = 0; argc == 3 && i < sizeof works / sizeof works[0]; ++i) {
        if (strcmp(argv[1], works[i].name) != 0) continue;
        works[i].run(argv[2]);
        mapferry_stop_free(stop);
        return 0;
    }
    fprintf(stderr, "usage: c_peer WORK SECTION\n");
    return 64;
}
