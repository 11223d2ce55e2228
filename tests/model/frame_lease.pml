/* The lease protocol of frames: one writer and two readers. Each of them may die at any step.
 *
 * Name in the code                               name here
 *   Slot.sequence (sequence + 1, 0 = retired)    mark[]
 *   ReaderLine.leases                            lease[] (one for each reader)
 *   the kernel's role locks                      alive[]
 *   the slot's bytes                             content[]: the mark of the frame in it, or TORN
 *
 * Every access to a shared word is a separate step, and the steps of the processes come in any
 * order: sequential consistency, which the code requests for these accesses
 * (docs/decisions/0009-frame-leases.md).
 *
 * Checked: bytes under a lease never change and are never torn; the writer always finds a slot, so
 * no lease is lost with its reader; no process waits for another. BROKEN_* leaves a step out: the
 * check must then fail, and tests/model/run_model.sh makes sure of that.
 *
 * BROKEN_DEATH_BY_TICKET is what the code once did: the writer notes the number of a reader that it
 * found dead, and does not ask about that number again. When the line is damaged in the meantime,
 * its next reader gets the same number. */

#define READERS 2
#define SLOTS 4 /* newest, loan, and one lease of each reader */
#ifndef FRAMES
#define FRAMES 6
#endif
#ifndef LIVES
#define LIVES 2 /* lives of each reader's place */
#endif
#ifndef CLAIMS
#define CLAIMS 1 /* claims of each life */
#endif
#define TORN 255
/* The most rounds over all slots that the writer may need. The writer can find readers at each slot
 * while they move from slot to slot, but every such round uses one of their steps, and they have
 * few. */
#define ROUNDS 30

byte mark[SLOTS];
byte content[SLOTS];
byte newest_slot;
byte newest_mark;
byte lease[READERS];
bool alive[READERS];

/* The writer's private record. */
byte mine[SLOTS];
byte published;
#ifdef BROKEN_DEATH_BY_TICKET
byte ticket[READERS];
byte dead_ticket[READERS];
#endif

proctype Writer() {
    byte slot, chosen, reader, frames, rounds;
    bool youngest;
    bool tried[SLOTS];
    bool leased;
    do
    :: frames < FRAMES ->
        frames++;
        rounds = 0;
    round:
        /* Takes a free slot, or the oldest or youngest one without a lease; never the newest. */
        rounds++;
        assert(rounds < ROUNDS); /* such a slot always exists */
        if
        :: youngest = true
        :: youngest = false
        fi;
        d_step {
            slot = 0;
            do
            :: slot < SLOTS -> tried[slot] = false; slot++
            :: else -> break
            od
        }
    again:
        skip;
        d_step {
            chosen = SLOTS;
            slot = 0;
            do
            :: slot < SLOTS ->
                if
                :: !tried[slot] && (mine[slot] == 0 || mine[slot] != published) ->
                    if
                    :: chosen == SLOTS -> chosen = slot
                    :: chosen < SLOTS && mine[chosen] != 0 &&
                       (mine[slot] == 0 || (youngest && mine[slot] > mine[chosen]) ||
                        (!youngest && mine[slot] < mine[chosen])) -> chosen = slot
                    :: else
                    fi
                :: else
                fi;
                slot++
            :: else -> break
            od;
            slot = chosen
        }
        if
        :: slot == SLOTS -> goto round
        :: else
        fi;
        if
        :: mine[slot] != 0 ->
#ifndef BROKEN_NO_RETIREMENT
            mark[slot] = 0;
#endif
            leased = false;
            reader = 0;
            do
            :: reader < READERS ->
                if
#ifdef BROKEN_DEATH_BY_TICKET
                :: dead_ticket[reader] != 0 && dead_ticket[reader] == ticket[reader] -> skip
                :: !(dead_ticket[reader] != 0 && dead_ticket[reader] == ticket[reader]) &&
                   lease[reader] == mine[slot] ->
#else
                :: lease[reader] == mine[slot] ->
#endif
                    if
                    :: alive[reader] -> leased = true
#ifdef BROKEN_DEATH_BY_TICKET
                    :: !alive[reader] -> dead_ticket[reader] = ticket[reader]
#else
                    :: else
#endif
                    fi
                :: else
                fi;
                reader++
            :: else -> break
            od;
            if
            :: leased ->
                mark[slot] = mine[slot];
                tried[slot] = true;
                goto again
            :: else
            fi
        :: else
        fi;
        content[slot] = TORN;
        content[slot] = published + 1;
        mark[slot] = published + 1;
        published++;
        mine[slot] = published;
        d_step { newest_slot = slot; newest_mark = published }
    :: frames == FRAMES -> break
    :: break /* dies: a new writer would make a new section */
    od
}

/* A place at the section, which one process after the other takes. */
proctype Reader(byte me) {
    byte life, claims, slot, wanted;
    do
    :: life < LIVES ->
        life++;
        alive[me] = true; /* the lock: the previous reader is dead or gone */
#ifdef BROKEN_DEATH_BY_TICKET
        if
        :: ticket[me]++
        :: ticket[me] = 1 /* the line was zeroed */
        fi;
#endif
        lease[me] = 0;
        claims = 0;
        do
        :: claims < CLAIMS ->
            claims++;
            /* Takes the newest frame, or any other that exists. */
            if
            :: d_step { slot = newest_slot; wanted = newest_mark }
            :: slot = 0; wanted = mark[slot]
            :: slot = 1; wanted = mark[slot]
            :: slot = 2; wanted = mark[slot]
            :: slot = 3; wanted = mark[slot]
            fi;
            if
            :: wanted != 0 ->
                lease[me] = wanted;
                if
#ifndef BROKEN_NO_SECOND_LOOK
                :: mark[slot] == wanted ->
#else
                :: true ->
#endif
                    assert(content[slot] == wanted);
                    assert(content[slot] == wanted);
                    if
                    :: skip
                    :: goto dies /* with the lease */
                    fi
#ifndef BROKEN_NO_SECOND_LOOK
                :: else
#endif
                fi;
                lease[me] = 0
            :: else
            fi
        :: claims == CLAIMS -> break
        :: goto dies
        od;
    dies:
        alive[me] = false
    :: else -> break
    od
}

init {
    atomic {
        run Writer();
        run Reader(0);
        run Reader(1)
    }
}
