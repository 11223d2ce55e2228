/* Which readers the writer of frames with delivery "each" waits for: one writer, one reader line
 * that several readers use one after the other, and accidents that write into the line, or remove
 * the writer's answer, while no reader uses the line.
 *
 * Name in the code                               name here
 *   ReaderLine.attachment                        ticket, waiting (one word: read in one step)
 *   Admission.verdict                            answer: the ticket of a reader that is dead
 *   the kernel's role lock                       alive
 *   FrameRingWriter::answered_                   answered
 *   next_ticket()                                the larger of the two, plus 1
 *
 * Checked: the writer counts a reader, and waits for it, if that reader is attached from the
 * beginning to the end of the writer's look (FrameRingWriter::has_reader_behind). The writer
 * asks about a dead reader again and again only where its answer to that reader was lost. */

#ifndef LIVES
#define LIVES 4
#endif
#ifndef LOOKS
#define LOOKS 5
#endif
#define ACCIDENTS 3

byte ticket;
bool waiting;
byte answer;
bool alive;

byte attached; /* only for the check: the life that is attached now, 0 = none */

proctype Writer() {
    byte answered, seen, began, looks;
    bool seen_waiting, counts;
    do
    :: looks < LOOKS ->
        looks++;
        counts = false;
        began = attached;
        d_step { seen = ticket; seen_waiting = waiting }
        if
#ifndef BROKEN_ANSWER_NOT_LOOKED_AT
        :: seen_waiting && answered == seen && answer == answered -> skip
        :: seen_waiting && !(answered == seen && answer == answered) ->
#else
        :: seen_waiting && answered == seen -> skip
        :: seen_waiting && answered != seen ->
#endif
            if
            :: alive -> counts = true
            :: !alive ->
                answer = seen;
#ifndef BROKEN_NO_SECOND_LOOK
                if
                :: !alive -> answered = seen
                :: alive -> answered = 0
                fi
#else
                answered = seen
#endif
            fi
        :: !seen_waiting
        fi;
        assert(counts || began == 0 || began != attached)
    :: looks == LOOKS -> break
    od
}

proctype Readers() {
    byte life, mine, other;
    do
    :: life < LIVES ->
        life++;
        alive = true;
        mine = ticket;
#ifndef BROKEN_LINE_ALONE
        other = answer;
        if
        :: other > mine -> mine = other
        :: else
        fi;
#endif
        d_step { ticket = mine + 1; waiting = true; attached = life }
        if
        :: d_step { waiting = false; attached = 0 } /* leaves in order */
        :: attached = 0
        fi;
        alive = false
    :: else -> break
    od
}

proctype Accidents() {
    byte count;
    do
    :: count < ACCIDENTS ->
        count++;
        if
        :: d_step { !alive -> ticket = 0; waiting = true }
        :: d_step { !alive -> ticket = 0; waiting = false }
        :: d_step { !alive -> ticket = 7; waiting = true }
        :: d_step { !alive -> answer = 0 }
        fi
    :: break
    od
}

init {
    atomic {
        run Writer();
        run Readers();
        run Accidents()
    }
}
