/* SPDX-License-Identifier: Apache-2.0 */
/* Calls mapferry.dll as Visual FoxPro does after DECLARE: finds a function by its plain name,
 * pushes a word of 32 bits for each argument from the last to the first, and leaves it to the
 * function to take them off the stack. It goes the way of foxpro/sharedmemory.prg, and fails if the
 * stack is not balanced after a call. Usage: foxpro_caller SECTION. Only for 32-bit x86. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

static HMODULE library;
static int calls;

static void fail(const char* what) {
    fprintf(stderr, "foxpro_caller: %s\n", what);
    ExitProcess(1);
}

/* Pushes `count` words, calls, and returns what is in EAX. `left`: how many bytes the function left
 * on the stack; 0 is right. */
static uint32_t push_and_call(FARPROC function, const uint32_t* words, int count, int32_t* left) {
    uint32_t result;
    int32_t bytes_left;
    __asm__ volatile(
        "movl %%esp, %%edi\n\t"
        "1: testl %%ecx, %%ecx\n\t"
        "jz 2f\n\t"
        "decl %%ecx\n\t"
        "pushl (%%esi,%%ecx,4)\n\t"
        "jmp 1b\n"
        "2: call *%%eax\n\t"
        "movl %%edi, %%edx\n\t"
        "subl %%esp, %%edx\n\t"
        "movl %%edi, %%esp\n\t"
        : "=a"(result), "=d"(bytes_left), "+c"(count)
        : "a"(function), "S"(words)
        : "edi", "memory", "cc");
    *left = bytes_left;
    return result;
}

static int32_t call(const char* name, int count, const uint32_t* words) {
    int32_t left = 0;
    int32_t result;
    FARPROC function = GetProcAddress(library, name);
    if (function == NULL) fail(name);
    result = (int32_t)push_and_call(function, words, count, &left);
    ++calls;
    if (left == 0) return result;
    fprintf(stderr, "%s: %d bytes left on the stack\n", name, (int)left);
    ExitProcess(1);
}

static uint32_t word(const void* pointer) {
    return (uint32_t)(uintptr_t)pointer;
}

static void succeed(int32_t code, const char* what) {
    if (code != 0) fail(what);
}

int main(int argc, char** argv) {
    uint32_t buffer = 0;
    uint32_t done = 0;
    char bytes[16] = {0};
    if (argc != 2) fail("usage: foxpro_caller SECTION");
    library = LoadLibraryA("mapferry.dll");
    if (library == NULL) fail("no mapferry.dll");
    {
        const uint32_t words[] = {word(argv[1]), word("size_bytes=1024"), 0, word(&buffer)};
        succeed(call("mapferry_buffer_open", 4, words), "open");
    }
    {
        const uint32_t words[] = {buffer, 0};
        if (call("mapferry_buffer_value", 2, words) != 1024) fail("size");
    }
    {
        const uint32_t words[] = {buffer, 5000};
        succeed(call("mapferry_buffer_lock", 2, words), "lock");
    }
    {
        const uint32_t words[] = {buffer, 16, word("hello"), 5, word(&done)};
        succeed(call("mapferry_buffer_write", 5, words), "write");
        if (done != 5) fail("written");
    }
    {
        const uint32_t words[] = {buffer, 16, word(bytes), 5, word(&done)};
        succeed(call("mapferry_buffer_read", 5, words), "read");
        if (done != 5 || strcmp(bytes, "hello") != 0) fail("what was read");
    }
    succeed(call("mapferry_buffer_unlock", 1, &buffer), "unlock");
    if (call("mapferry_buffer_unlock", 1, &buffer) != 1) fail("a second unlock");
    if (*(const char*)(uintptr_t)call("mapferry_error_message", 0, &buffer) == 0) fail("message");
    (void)call("mapferry_buffer_close", 1, &buffer);
    FreeLibrary(library);
    printf("%d calls, stack balanced\n", calls);
    return 0;
}
