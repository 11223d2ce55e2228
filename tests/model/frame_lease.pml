/* The lease protocol of frames: one writer and two readers. Each of them may die at any step.
 *
 * Name in the code                               name here
 *   Slot.sequence (sequence + 1, 0 = retired)    mark[]
 *   FrameLine.newest                             newest_slot, newest_mark
 *   ReaderLine.attachment                        line[]: ticket * 4 + phase
 *   ReaderLine.cursor                            cursor[]
 *   ReaderLine.leases                            lease[] (one for each reader)
 *   the kernel's role locks                      alive[]
 *   the slot's bytes                             content[]: the mark of the frame in it, or TORN
 *   SettledFrames                                settled, held[]
 *
 * Every access to a shared word is a separate step, and the steps of the processes come in any
 * order: sequential consistency, which the code requests for these accesses
 * (docs/decisions/0009-frame-leases.md).
 *
 * Checked: bytes under a lease never change and are never torn; the writer always finds a slot, so
 * no lease is lost with its reader; no process waits for another. BROKEN_* leaves a step out: the
 * check must then fail, and tests/model/run_model.sh makes sure of that. NEWEST_TOO: the writer may
 * take the newest frame's slot, as it does when there are few.
 *
 * BROKEN_DEATH_BY_TICKET is what the code once did: the writer notes the number of a reader that it
 * found dead, and does not ask about that number again. When the line is damaged in the meantime,
 * its next reader gets the same number. */

#ifndef READERS
#define READERS 2
#endif
#define READERS_MAX 2
#define SLOTS (READERS + 2) /* newest, loan, and one lease of each reader */
#ifndef FRAMES
#define FRAMES 5
#endif
#ifndef LIVES
#define LIVES 2 /* lives of each reader's place */
#endif
#ifndef CLAIMS
#define CLAIMS 1 /* claims of each life */
#endif
#define TORN 255
#define ARRIVING 1
#define WAITING 2
/* The most rounds over all slots that the writer may need. The writer can find readers at each slot
 * while they move from slot to slot, but every such round uses one of their steps, and they have
 * few. */
#define ROUNDS 30

byte mark[SLOTS];
byte content[SLOTS];
byte newest_slot;
byte newest_mark;
byte line[READERS_MAX];
byte cursor[READERS_MAX];
byte lease[READERS_MAX];
bool alive[READERS_MAX];

/* The writer's private record. */
byte mine[SLOTS];
byte published;
byte settled;       /* frames up to this mark are, but for those that are held */
byte held[READERS_MAX];
byte gone[READERS_MAX]; /* tickets of dead readers */
bool shown = true;  /* newest_mark is that of the newest frame */
#ifdef BROKEN_DEATH_BY_TICKET
byte ticket[READERS_MAX];
byte dead_ticket[READERS_MAX];
#endif

/* look_for_settled(): nobody leases the frames up to `settled` later, and now only those in held. */
inline look() {
#ifdef BROKEN_NEWEST_IS_SETTLED
    settled = published;
#else
    settled = (published == 0 -> 0 : published - 1);
#endif
#ifndef BROKEN_NO_NEWEST_IS_NOT_NOTED
    if
    :: !shown -> settled = 0
    :: else
    fi;
#endif
    reader = 0;
    do
    :: reader < READERS ->
        held[reader] = 0;
#ifdef BROKEN_CURSOR_AFTER_LEASES
        held[reader] = lease[reader];
#endif
        seen = line[reader];
        if
        :: seen % 4 == ARRIVING -> settled = 0
        :: seen % 4 == WAITING && gone[reader] != seen / 4 ->
            seen = cursor[reader];
            if
            :: seen < settled -> settled = seen
            :: else
            fi
        :: else
        fi;
#ifndef BROKEN_CURSOR_AFTER_LEASES
#ifndef BROKEN_LEASES_ARE_NOT_HELD
        held[reader] = lease[reader];
#endif
#endif
        reader++
    :: else -> break
    od
}

/* oldest_settled(): sets slot to it, or to SLOTS. */
inline find_settled() {
    d_step {
        chosen = SLOTS;
        slot = 0;
        do
        :: slot < SLOTS ->
            if
            :: mine[slot] != 0 && mine[slot] <= settled && mine[slot] != held[0] &&
               mine[slot] != held[1] &&
               (chosen == SLOTS -> true : mine[slot] < mine[chosen]) -> chosen = slot
            :: else
            fi;
            slot++
        :: else -> break
        od;
        slot = chosen
    }
}

proctype Writer() {
    byte slot, chosen, reader, rounds, seen;
    bool youngest;
    bool tried[SLOTS];
    bool leased;
    do
    :: published < FRAMES ->
        /* What is left of earlier rounds makes no difference: fewer states. */
        d_step { reader = 0; seen = 0; chosen = 0; slot = 0; rounds = 0; leased = false };
        /* Small frames: a settled one goes without the handshake. */
        if
        :: find_settled();
           if
           :: slot == SLOTS -> look(); find_settled()
           :: else
           fi;
           if
           :: slot != SLOTS -> mark[slot] = 0; goto fill
           :: else
           fi
        :: skip
        fi;
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
#ifdef NEWEST_TOO
                :: !tried[slot] ->
#else
                :: !tried[slot] && (mine[slot] == 0 || mine[slot] != published) ->
#endif
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
                    :: !alive[reader] ->
                        seen = line[reader];
                        if
                        :: !alive[reader] -> gone[reader] = seen / 4
                        :: else
                        fi
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
#ifdef NEWEST_TOO
        if
        :: mine[slot] == published && published != 0 ->
            d_step { newest_slot = 0; newest_mark = 0; shown = false };
            if
            :: look() /* for a second loan */
            :: skip
            fi
        :: else
        fi;
#endif
    fill:
        skip;
        d_step { reader = 0; seen = 0; chosen = 0; rounds = 0; leased = false; youngest = false };
        content[slot] = TORN;
        content[slot] = published + 1;
        mark[slot] = published + 1;
        published++;
        mine[slot] = published;
        d_step { newest_slot = slot; newest_mark = published; shown = true }
    :: published == FRAMES -> break
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
#ifndef BROKEN_NO_ARRIVAL
        line[me] = life * 4 + ARRIVING;
#endif
        wanted = newest_mark;
        cursor[me] = (wanted == 0 -> 0 : wanted - 1);
        line[me] = life * 4 + WAITING;
        wanted = 0;
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
#if READERS > 1
            :: slot = 3; wanted = mark[slot]
#endif
            fi;
            if
            :: wanted > cursor[me] ->
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
                    :: cursor[me] = wanted; assert(content[slot] == wanted)
                    :: goto dies /* with the lease */
                    fi
#ifndef BROKEN_NO_SECOND_LOOK
                :: else
#endif
                fi;
                lease[me] = 0
            :: else
            fi;
            skip;
            d_step { slot = 0; wanted = 0 }
        :: claims == CLAIMS -> break
        :: goto dies
        od;
    dies:
        skip;
        d_step { slot = 0; wanted = 0; claims = 0 };
        alive[me] = false
    :: else -> break
    od
}

init {
    atomic {
        run Writer();
        run Reader(0)
#if READERS > 1
        ; run Reader(1)
#endif
    }
}
