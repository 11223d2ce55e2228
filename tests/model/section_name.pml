/* Which processes may remove a section's name: writers that take over a dead writer's section, a
 * collector and two consumers. Each of them may die at any step.
 *
 * Name in the code                                 name here
 *   the name in the file system                      name: the object that it leads to, 0 = none
 *   kRoleWriter, kRoleRemover, kRoleConsumer         writer_of[], remover_of[], consumer_of[]: the
 *                                                    process that holds the object's lock, 0 = none;
 *                                                    the kernel frees it when that process dies
 *   WriterLine.state ended, delivery keep            kept[]
 *   publish_object (linkat)                          one step: makes the name, or finds it taken
 *   unlink_object                                    one step, on the object that the name leads to
 *                                                    then
 *
 * Every look at a lock, at the state and at the name is a separate step.
 *
 * Checked: only the writer itself removes the name of a living writer's section; a kept payload
 * goes only after a consumer has delivered it; a second consumer delivers a payload again only when
 * the first one died before it removed the payload; no process gets stuck. BROKEN_* leaves a step
 * out: the check must then fail, and tests/model/run_model.sh makes sure of that. */

#define WRITERS 2
#define CONSUMERS 2
#define OBJECTS (WRITERS + 1) /* object i belongs to writer i; 0 is none */
#define COLLECTOR (WRITERS + 1)
#define FIRST_CONSUMER (WRITERS + 2)

byte name;
byte writer_of[OBJECTS];
byte remover_of[OBJECTS];
byte consumer_of[OBJECTS];
bool kept[OBJECTS];
bool delivered[OBJECTS];
bool gone[OBJECTS]; /* its name was removed */
byte delivered_by[OBJECTS];
bool dead[FIRST_CONSUMER + CONSUMERS];

/* The kernel frees all locks of a process that ends. */
inline dies_with_its_locks(who) {
    d_step {
        i = 0;
        do
        :: i < OBJECTS ->
            if :: writer_of[i] == who -> writer_of[i] = 0 :: else fi;
            if :: remover_of[i] == who -> remover_of[i] = 0 :: else fi;
            if :: consumer_of[i] == who -> consumer_of[i] = 0 :: else fi;
            i++
        :: else -> break
        od;
        i = 0;
        dead[who] = true
    }
}

/* The process either continues or dies here. */
#define MAY_DIE if :: skip :: goto died fi

/* remove_if_current: takes the remover's lock of exactly this object, looks at the name, unlinks
 * it. */
inline remove_if_current(remover, victim) {
#ifndef BROKEN_NO_REMOVER_LOCK
    atomic { remover_of[victim] == 0 -> remover_of[victim] = remover };
#endif
    MAY_DIE;
#ifndef BROKEN_NO_LOOK_AT_NAME
    is_current = (name == victim);
#else
    is_current = (name != 0);
#endif
    MAY_DIE;
    if
    :: is_current ->
        d_step {
            /* Removes the object that the name leads to now, whatever its owner. */
            assert(name == victim);
            /* A writer that keeps a payload has finished its work before its process ends. */
            assert(writer_of[name] == 0 || writer_of[name] == remover || kept[name]);
            assert(!kept[name] || delivered[name]);
            gone[name] = true;
            name = 0;
            is_current = false
        }
    :: else
    fi;
#ifndef BROKEN_NO_REMOVER_LOCK
    remover_of[victim] = 0
#endif
}

/* Whether the section of another process may be removed: first the lock, then the state. */
inline look_at_remains(other) {
#ifndef BROKEN_STATE_BEFORE_LOCK
    lives = (writer_of[other] != 0);
    is_kept = kept[other]
#else
    is_kept = kept[other];
    lives = (writer_of[other] != 0)
#endif
}

proctype Writer(byte me) {
    byte i, there;
    bool is_current, lives, is_kept;
    writer_of[me] = me; /* before the object has a name */
    MAY_DIE;
    do
    :: atomic { name == 0 -> name = me }; break
    :: atomic { name != 0 -> there = name };
        look_at_remains(there);
        if
        :: lives || is_kept -> goto died /* the name is taken: exit code 73 */
        :: else
        fi;
        remove_if_current(me, there)
    od;
    MAY_DIE;
    if
    :: kept[me] = true; /* --keep: ended, and the process exits */
    :: remove_if_current(me, me) /* the stream is over */
    fi;
died:
    dies_with_its_locks(me)
}

proctype Collector() {
    byte i, there;
    bool is_current, lives, is_kept;
    byte rounds;
    do
    :: rounds < 2 ->
        rounds++;
        there = name;
        if
        :: there != 0 ->
            look_at_remains(there);
            if
            :: !lives && !is_kept -> remove_if_current(COLLECTOR, there)
            :: else
            fi
        :: else
        fi
    :: else -> break
    od;
died:
    dies_with_its_locks(COLLECTOR)
}

proctype Consumer(byte me) {
    byte i, there, rounds;
    bool is_current;
    do
    :: rounds < 2 ->
        rounds++;
        there = name;
        if
        :: there != 0 && kept[there] ->
            if
            :: atomic { consumer_of[there] == 0 -> consumer_of[there] = me };
#ifndef BROKEN_NO_SECOND_LOOK
                /* The previous consumer may have removed it after this one opened it. */
                is_current = (name == there);
#else
                is_current = true;
#endif
                if
                :: is_current ->
                    MAY_DIE;
                    d_step {
                        assert(!gone[there]);
                        assert(!delivered[there] || dead[delivered_by[there]]);
                        delivered[there] = true;
                        delivered_by[there] = me
                    };
                    MAY_DIE;
                    remove_if_current(me, there);
                    consumer_of[there] = 0;
                    break
                :: else -> consumer_of[there] = 0
                fi
            :: consumer_of[there] != 0 -> skip /* another process consumes it */
            fi
        :: else
        fi
    :: else -> break
    od;
died:
    dies_with_its_locks(me)
}

init {
    atomic {
        run Writer(1);
        run Writer(2);
        run Collector();
        run Consumer(FIRST_CONSUMER);
        run Consumer(FIRST_CONSUMER + 1)
    }
}
