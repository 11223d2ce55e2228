# soak.cmake: cmake -D BUILD=FOLDER -D SECONDS=N [-D ONLY=REGEX] -P scripts/soak.cmake
# Runs every test of the labels sweep and soak in its long form, one after the other and without a
# time limit. A sweep runs until it has finished; the other tests share the time, each with its
# MAPFERRY_SOAK_SECONDS. fuzz.sh runs the fuzzers' corpora instead. With ONLY, no sweeps, and only
# the tests whose names match. Fails when a test fails.
cmake_minimum_required(VERSION 3.25)

# run_label(<label> <seconds>): appends the names of failed tests to `failed`.
function(run_label label all_seconds)
    set(only "")
    if(ONLY)
        set(only -R "${ONLY}")
    endif()
    execute_process(COMMAND ctest --test-dir ${BUILD} -L "^${label}$" -E "^fuzz[.]"
        ${only} --show-only=json-v1
        OUTPUT_VARIABLE listed COMMAND_ERROR_IS_FATAL ANY)
    string(JSON count LENGTH "${listed}" tests)
    if(count EQUAL 0)
        message(FATAL_ERROR "soak.cmake: there are no tests of the label ${label}")
    endif()
    math(EXPR seconds "${all_seconds} / ${count}")
    if(seconds LESS 1)
        set(seconds 1)
    endif()
    # The duration of a sweep is not known, but no test here takes an hour.
    math(EXPR longest_seconds "3600 + ${seconds}")
    math(EXPR last "${count} - 1")
    foreach(i RANGE ${last})
        string(JSON name GET "${listed}" tests ${i} name)
        string(JSON words LENGTH "${listed}" tests ${i} command)
        set(command "")
        math(EXPR last_word "${words} - 1")
        foreach(j RANGE ${last_word})
            string(JSON word GET "${listed}" tests ${i} command ${j})
            string(REPLACE ";" "\\;" word "${word}")
            list(APPEND command "${word}")
        endforeach()
        execute_process(COMMAND ${CMAKE_COMMAND} -E env MAPFERRY_SOAK_SECONDS=${seconds} ${command}
            RESULT_VARIABLE result OUTPUT_VARIABLE said ECHO_OUTPUT_VARIABLE
            TIMEOUT ${longest_seconds})
        if(NOT result EQUAL 0)
            list(APPEND failed "${name}")
        elseif(said MATCHES "\\[  SKIPPED \\]")
            message(NOTICE "figure: SKIPPED: ${name}")
        endif()
    endforeach()
    set(failed "${failed}" PARENT_SCOPE)
endfunction()

set(failed "")
if(NOT ONLY)
    run_label(sweep 0)
endif()
run_label(soak ${SECONDS})
if(failed)
    list(JOIN failed "\n  " failed)
    message(FATAL_ERROR "soak.cmake: failed:\n  ${failed}")
endif()
