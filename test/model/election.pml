// SPDX-License-Identifier: BSL-1.0
//
// A model of docs/protocol.md for spin: one role, two or three candidates, one ledger.
// scripts/model checks it in every order of events within the bounds below:
//
//   - no two lead at once, tokens grow, and no claim deposes a leader;
//   - when nothing goes wrong any more from some moment on, a candidate leads soon, and from then
//     on one always leads.
//
// Most names are those of src/core; a `ledger_view` is a `role_view` there, and an `election` a
// `candidate`.
//
// Time is a clock that ticks at any moment. Between two ticks a candidate may do much, or nothing
// when it is paused, slow or cut off. A lease is LEASE ticks long for all. The leader counts them
// from the sending of a record, a candidate that waits for the lease from the reading; a pause may
// lie in between. The drift is not modelled but assumed: because of it, a lease always ends for its
// leader before it ends for a candidate that waits. So in a tick leases end before any candidate
// takes office. no_drift shows that this is needed.
//
// No candidate can see what another one reads. So a candidate reads only before it appends
// something, and before a tick; then it reads any number of the unread records.
//
// Not modelled, as it only rules out some of what is possible here:
//   - why a candidate gives up or is fenced, and barriers: here that may happen at any time;
//   - waiting for the outcome of a release, claiming a little later, being out of the ledger's
//     reach: no candidate has to do anything before all is calm;
//   - the group: it may be wrong about everything, so any candidate may own the role at any time.
//     Candidates claim when the role is vacant, with or without a group, and when the role is open.
//     Only when all is calm is there one owner in the end, and the owner contends for the role.
// Not modelled, and left to the simulator: records that appear twice, clients with different
// leases, several roles, a log that forgets its oldest records.
//
// Reading again is modelled only where it changes something, as a new beginning: behind a hole, or
// in a log that was made anew. In the same log without a hole it only means not to claim meanwhile,
// and no candidate has to claim. The log is made anew once at most. A candidate that has not
// noticed this goes on leading and sending, and the records that it sends are stray in the new log.
// How readers tell logs apart is not modelled. It is assumed that they notice a new log before they
// read any record of it, and that they recognize a stray record. It is assumed that by the log's
// time a claim in the new log is numbered beyond all terms of the old log.

// --- bounds ---

#ifndef CANDIDATES
#define CANDIDATES 2  // 2 or 3
#endif
#ifndef LEASE
#define LEASE 2       // ticks
#endif
#ifndef TERMS
#define TERMS 3       // the highest number that is claimed before all is calm
#endif
#ifndef UNREAD
#define UNREAD 3      // the most records by which a reader is behind
#endif
#ifndef FAULTS
#define FAULTS 0      // how often a record is lost or late, or a candidate crashes
#endif
#ifndef NEWCOMERS
#define NEWCOMERS 0   // 1: the last candidate has not begun to read, and another one follows a candidate that crashed
#endif
#ifndef GUARDS
#define GUARDS 0      // 1: a bystander may release what a candidate held that crashed
#endif
#ifndef HOLES
#define HOLES 0       // how often a reader starts over behind records that it has not read
#endif
#ifndef NEW_LOGS
#define NEW_LOGS 0    // 1: the log may be deleted and made anew
#endif
#ifndef PATIENCE
#define PATIENCE (3 * LEASE)  // ticks after which a candidate has to lead when all is calm
#endif

// --- who may claim ---

#define anybody 0  // a synced candidate, at any time and also against a leader: safety needs no arbitration
#define ledger 1   // every candidate, when the role is vacant
#define group 2    // the same, but only the owner when all is calm
#ifndef ARBITRATION
#define ARBITRATION anybody
#endif

// --- what may be left out or done wrong, which the checker has to refute ---

#define no_wait 1         // rule 3: leads as soon as it has read its claim
#define no_drift 2        // others wait for the lease, but without the drift
#define from_receipt 3    // rule 4: the lease counts from when a record is read, not sent
#define no_clock 4        // rule 4: a leader stops when it reads of another one, not by the clock
#define no_based_on 5     // a claim counts although its author had not read all that the holder wrote
#define no_vacancy 6      // claims a role whose leader keeps its term alive
#define any_release 7     // a release ends whatever term is current
#define forgotten_waits 8 // a release ends the waits for older terms as well
#define no_told_wait 9    // a reader synced by a record does not take over its author's wait
#define no_first_wait 10  // a reader synced by the end of the log does not wait
#define trusted_tail 11   // a newcomer takes the first heartbeat or release for the truth
#define kept_claim 12     // a candidate waits for ever for a claim that was lost
#define over_a_hole 13    // a reader that starts over behind a hole keeps what it knew
#define over_another_log 14  // a reader that starts over in another log keeps what it knew
#define stray_vouches 15  // a record whose author had read another log syncs a reader
#define stray_claim 16    // a claim whose author had read another log counts
#define no_log_time 17    // a term is numbered after those that were seen, without the log's time
#define guessed_term 18   // a bystander releases the term that is current, not the one that it was told of
#define no_proof 19       // a bystander releases the term of a candidate that is not dead
#define overtaken_vouches 20  // a heartbeat that the release of its term has overtaken syncs a reader
#ifndef BROKEN
#define BROKEN 0
#endif

// --- state ---

mtype = { claim, heartbeat, release, gone };  // gone: here the old log ends
mtype = { idle, waiting, leading };  // leading: from entering to handing_over

// An offset is a distance here: based_on is the number of records before this one that the author
// had not read. An offset in another log says nothing.
#define before_first (UNREAD + 1)
#define stray(kind) (BROKEN == (kind == claim -> stray_claim : stray_vouches) -> 0 : before_first)

typedef record { mtype kind; byte by, term, based_on, wait; bit counts };
typedef tenure { byte term, holder, last_valid, until; bit released };
typedef ledger_view {
  byte synced;       // 1: synced, 2: has also been at the end
  byte since;        // how many records it has read since it began, or since the last claim or release
  tenure current;    // without last_valid
  byte known, told   // ticks until older leases have surely passed
};
typedef election {
  byte id;           // 0: there is no such candidate
  byte highest;
  byte claimed;      // the term, when a claim was sent and not yet read back
  byte claim_sent;   // ticks since then
  mtype at;
  byte held;         // the term
  byte sent;         // ticks since the newest own record of that term that was read back
  byte beat;         // ticks since a heartbeat that was not read back yet
  bit owner;
  bit behind         // it still reads the old log
};

tenure current;                  // by the whole ledger
chan unread[CANDIDATES] = [UNREAD] of { mtype, byte, byte, byte, byte, bit };
record late;                     // sent, and overtaken by a later record
ledger_view view[CANDIDATES];
election c[CANDIDATES];
byte faults = FAULTS;
byte newcomers = NEWCOMERS;
byte holes = HOLES;
byte new_logs = NEW_LOGS;
byte log_time;                   // beyond all terms of the old log
bit calm;                        // nothing goes wrong any more, and no user wants anything
byte patience = PATIENCE;
byte named;                      // the next candidate to claim for the first time: they are all alike
byte last_led;                   // the highest term ever led
record r;                        // the record at hand, within a step
byte j;

#if CANDIDATES == 3
#define all(what) (what(0) && what(1) && what(2))
#define any(what) (what(0) || what(1) || what(2))
#define count(what) (what(0) + what(1) + what(2))
#else
#define all(what) (what(0) && what(1))
#define any(what) (what(0) || what(1))
#define count(what) (what(0) + what(1))
#endif

#define NAME(id) ('A' + id - 1)
#define is_up(i) c[i].id
#define is_new(i) (is_up(i) && !view[i].synced)
#define owns(i) c[i].owner
#define greater(x, y) (x > y -> x : y)
#define count_down(x) x = (x -> x - 1 : 0)
#define must(what, text) if :: what :: else -> printf(text); assert(false) fi

#define leads(i) (c[i].at == leading)
#define leads_on(i) (leads(i) && !c[i].behind)  // a candidate that is behind does not lead in the new log
#define surely_over (BROKEN == no_drift -> LEASE - 1 : LEASE)
#define no_beat LEASE

inline next_unread(i) { unread[i]?r.kind, r.by, r.term, r.based_on, r.wait, r.counts }
inline done() { r.kind = 0; r.by = 0; r.term = 0; r.based_on = 0; r.wait = 0; r.counts = 0; j = 0 }

// --- the ledger ---

#define has_room(i) (!is_up(i) || c[i].behind || len(unread[i]) < UNREAD)
#define room all(has_room)
#define is_holders(t) (r.term == t.term && r.by == t.holder && !t.released)
#define is_unheard_of(t) (r.kind == heartbeat && \
                          (r.term > t.term || r.term == t.term && r.by != t.holder))
// A reader that is synced and stays so needs only a part of a record.
#define needs_all(i) (is_up(i) && (!view[i].synced || holes || c[i].behind))

// Whether a record counts follows from the ledger alone: every synced reader must find the same.
inline append() {
  r.counts = (r.kind == claim ->
    r.term > current.term &&
      (r.based_on <= (current.term -> current.last_valid : UNREAD) || BROKEN == no_based_on) :
    is_holders(current) || is_unheard_of(current) ||
      BROKEN == any_release && r.kind == release && r.term >= current.term);
  if
  :: r.counts -> printf("    it is appended and counts\n")
  :: else -> printf("    it is appended and void\n")
  fi;
  if
  :: ARBITRATION != anybody && r.kind == claim && r.counts ->
     must(!any(leads_on), "!!! a claim deposes a leader\n")
  :: else
  fi;
  // A void record that is no claim matters only to readers that may have to be synced.
  if
  :: r.counts || r.kind == claim || any(needs_all) ->
     for (j : 0 .. CANDIDATES - 1) {
       // The others do not wait for a candidate that is behind: it will read from here.
       if
       :: c[j].behind && len(unread[j]) == UNREAD ->
          do :: len(unread[j]) -> unread[j]?_, _, _, _, _, _ :: else -> break od;
          unread[j]!gone, 0, 0, 0, 0, 0
       :: else
       fi;
       if
       :: needs_all(j) -> unread[j]!r.kind, r.by, r.term, r.based_on, r.wait, r.counts
       :: is_up(j) && !needs_all(j) ->  // the parts that it does not need are left out
          unread[j]!r.kind, r.by, r.term, 0, (view[j].told -> r.wait : 0), r.counts
       :: else
       fi
     }
     if :: late.kind && late.based_on < before_first -> late.based_on++ :: else fi;
     if
     :: r.counts ->
        current.last_valid = 0;
        current.released = (r.kind == release);
        if :: r.kind != release -> current.term = r.term; current.holder = r.by :: else fi
     :: !r.counts && current.term && current.last_valid < UNREAD -> current.last_valid++
     :: else
     fi
  :: else
  fi;
  done()
}

// The log is deleted and made anew, empty. Readers notice at the latest when they have read all
// that they had fetched.
inline make_anew() {
  printf("the log is made anew\n");
  current.term = 0; current.holder = 0; current.last_valid = 0; current.released = 0;
  if :: late.kind -> late.based_on = stray(late.kind) :: else fi;
  for (j : 0 .. CANDIDATES - 1) {
    log_time = greater(log_time, greater(last_led, c[j].highest));
    if :: is_up(j) -> c[j].behind = 1; unread[j]!gone, 0, 0, 0, 0, 0 :: else fi
  }
  j = 0
}

// The fate of a record that was sent.
inline send() {
  if
  :: d_step { append() }
  :: d_step { !calm && faults && r.kind != heartbeat -> faults--; printf("    it is lost\n"); done() }
  :: d_step { !calm && faults && !late.kind -> faults--; printf("    it is late\n");
       late.kind = r.kind; late.by = r.by; late.term = r.term; late.based_on = r.based_on;
       late.wait = (NEWCOMERS || HOLES || NEW_LOGS -> r.wait : 0); done() }
  fi
}

// --- ledger_view ---

#define until_of_other(i) (view[i].current.holder == c[i].id -> 0 : view[i].current.until)
#define free_at(i) greater(view[i].known, greater(view[i].told, until_of_other(i)))
#define effective(i) (r.counts && (r.kind == claim && r.term > view[i].current.term || \
                                   is_unheard_of(view[i].current)))

inline begin(i) {
  if
  :: view[i].synced && view[i].current.holder != r.by ->
     view[i].known = greater(view[i].known, view[i].current.until)
  :: else
  fi;
  view[i].current.term = r.term;
  view[i].current.holder = r.by;
  view[i].current.released = (r.kind == release);
  view[i].current.until = (r.kind == release -> 0 : surely_over)
}

inline sync_by(i) {
  if
  :: r.kind != claim && (r.based_on <= view[i].since || BROKEN == trusted_tail) ->
     must(r.counts || BROKEN && BROKEN != overtaken_vouches, "!!! synced by a void record\n");
     begin(i);
     view[i].synced = 1;
     view[i].since = 0;
     view[i].told = (BROKEN == no_told_wait -> 0 : r.wait)
  :: r.kind == claim || r.kind == release && BROKEN != overtaken_vouches -> view[i].since = 0
  :: else -> if :: view[i].since < UNREAD -> view[i].since++ :: else fi
  fi
}

// The end was reached without such a record, also when read from the ledger's beginning on.
inline read_all(i) {
  view[i].synced = 2;
  view[i].since = 0;
  view[i].current.term = current.term;
  view[i].current.holder = current.holder;
  view[i].current.released = current.released;
  view[i].current.until = (current.term && !current.released -> surely_over : 0);
  view[i].known = (BROKEN == no_first_wait -> view[i].known : surely_over);
  c[i].highest = greater(c[i].highest, current.term)
}

inline view_read(i) {
  must(BROKEN || r.counts == (effective(i) || r.kind != claim && is_holders(view[i].current)),
       "!!! readers differ\n");
  if
  :: effective(i) -> begin(i); if :: c[i].at != idle && r.by != c[i].id -> fence(i) :: else fi
  :: r.kind == heartbeat && is_holders(view[i].current) ->
     view[i].current.until = surely_over;
     view[i].told = (r.wait < view[i].told -> r.wait : view[i].told)
  :: r.kind == release && r.counts ->
     view[i].current.released = 1;
     view[i].current.until = 0;
     if :: BROKEN == forgotten_waits -> view[i].known = 0; view[i].told = 0 :: else fi
  :: else
  fi
}

// --- election ---

inline make(what, number, read_up_to) {
  r.kind = what; r.by = c[i].id; r.term = number; r.wait = free_at(i);
  r.based_on = (c[i].behind && read_up_to != before_first -> stray(what) : read_up_to)
}

inline fence(i) { c[i].at = idle; c[i].held = 0; c[i].sent = 0; c[i].beat = no_beat }
inline forget_claim(i) { c[i].claimed = 0; c[i].claim_sent = 0 }

// Forgets all that was read, except how long others may lead and which terms there were.
inline begin_anew(i) {
  printf("    %c begins anew\n", NAME(c[i].id));
  fence(i);
  forget_claim(i);
  view[i].known = greater(view[i].known, greater(view[i].told, view[i].current.until));
  view[i].told = 0;
  view[i].synced = 0;
  view[i].since = 0;
  view[i].current.term = 0; view[i].current.holder = 0;
  view[i].current.released = 0; view[i].current.until = 0
}

inline skip_all(i) { do :: len(unread[i]) -> next_unread(i) :: else -> break od; view[i].synced = 2 }

inline notice(i) {
  c[i].behind = 0;
  if
  :: BROKEN == over_another_log -> skip_all(i)
  :: else -> begin_anew(i)
  fi;
  done()
}

// The reader starts over, behind records that it has not read.
inline start_over(i) {
  printf("%c starts over behind a hole\n", NAME(c[i].id));
  if
  :: BROKEN == over_a_hole -> skip_all(i)
  :: else -> begin_anew(i)
  fi;
  done()
}

inline take_office(i) {
  if
  :: c[i].at == waiting && (!free_at(i) || BROKEN == no_wait) ->
     c[i].at = leading;
     printf("%c takes office with term %d\n", NAME(c[i].id), c[i].held);
     must(count(leads) == 1, "!!! two lead at once\n");
     must(c[i].held > last_led, "!!! a token does not grow\n");
     last_led = c[i].held
  :: else
  fi
}

inline read_record(i) {
  printf("    %c reads %c's %e of term %d\n", NAME(c[i].id), NAME(r.by), r.kind, r.term);
  if :: view[i].synced -> view_read(i) :: else -> sync_by(i) fi;
  c[i].highest = greater(c[i].highest, view[i].current.term);
  if :: r.kind == claim -> c[i].highest = greater(c[i].highest, r.term) :: else fi;
  if
  :: r.kind == claim && r.by == c[i].id && r.term == c[i].claimed ->
     if
     :: r.counts && c[i].claim_sent < LEASE ->
        c[i].at = waiting;
        c[i].held = r.term;
        c[i].sent = (BROKEN == from_receipt -> 0 : c[i].claim_sent)
     :: else
     fi;
     forget_claim(i)
  :: r.kind == heartbeat && r.by == c[i].id && r.term == c[i].held ->
     c[i].sent = (BROKEN == from_receipt -> 0 : c[i].beat);
     c[i].beat = no_beat
  :: else
  fi;
  if :: view[i].synced && !len(unread[i]) -> view[i].synced = 2 :: else fi;
  take_office(i);
  done()
}

inline read(i) {
  next_unread(i);
  if :: r.kind == gone -> notice(i) :: else -> read_record(i) fi
}

#define vacant(i) (view[i].current.released || view[i].current.holder == c[i].id || !free_at(i) || \
                   ARBITRATION == anybody || BROKEN == no_vacancy)
// Candidates are alike, except one that has not begun yet: it does not matter which one claims
// first.
#define is_next(i) (i <= named || NEWCOMERS && i == CANDIDATES - 1)
#define next_term(i) (greater(c[i].highest, (c[i].behind || BROKEN == no_log_time -> 0 : log_time)) + 1)
#define may_claim(i) (room && is_next(i) && view[i].synced == 2 && c[i].at == idle && \
                      !c[i].claimed && vacant(i) && \
                      (calm -> ARBITRATION != group || c[i].owner : next_term(i) <= TERMS))

inline send_claim(i) {
  if :: i == named -> named++ :: else fi;
  c[i].highest = next_term(i);
  must(c[i].highest <= TERMS + 2 * CANDIDATES, "!!! claims without end\n");
  c[i].claimed = c[i].highest;
  printf("%c sends a claim of term %d\n", NAME(c[i].id), c[i].claimed);
  make(claim, c[i].claimed, len(unread[i]))
}

#define beat_is_due(i) (room && c[i].beat == no_beat && c[i].sent && c[i].at != idle)

inline send_heartbeat(i) {
  c[i].beat = 0;
  printf("%c sends a heartbeat of term %d\n", NAME(c[i].id), c[i].held);
  make(heartbeat, c[i].held, len(unread[i]))
}

// A candidate may give up when it is closed, resigns, or the group asks the role back; in the last
// case it has to.
#define wanted_back(i) (c[i].owner && count(owns) > 1)
#define may_give_up(i) (room && (!calm || wanted_back(i)) && (c[i].at != idle || c[i].claimed))

inline give_up(i) {
  c[i].owner = 0;
  if
  :: c[i].at != idle ->
     printf("%c sends a release of term %d\n", NAME(c[i].id), c[i].held);
     make(release, c[i].held, len(unread[i]));
     fence(i)
  :: else ->
     printf("%c withdraws its claim of term %d\n", NAME(c[i].id), c[i].claimed);
     make(release, c[i].claimed, before_first);
     forget_claim(i)
  fi
}

// --- a candidate ---

#define has_to_read(i) (len(unread[i]) || is_new(i))
#define may_be_moved(i) (ARBITRATION == group && calm && \
                         (!any(owns) || wanted_back(i) && c[i].at == idle && !c[i].claimed))
#define may_act(i) (may_claim(i) || beat_is_due(i) || may_give_up(i) || may_be_moved(i))

inline crash(i) {
  printf("%c crashes\n", NAME(c[i].id));
  do :: len(unread[i]) -> next_unread(i) :: else -> break od;
  fence(i);
  forget_claim(i);
  c[i].id = 0; c[i].highest = 0; c[i].behind = 0;
  view[i].synced = 0; view[i].since = 0; view[i].known = 0; view[i].told = 0;
  view[i].current.term = 0; view[i].current.holder = 0;
  view[i].current.released = 0; view[i].current.until = 0;
  done()
}

// A bystander was told of each claim before it was sent, and knows that the candidate is dead. What
// the candidate has sent may still be late.
inline release_for(i) {
  who = c[i].id;
  number = (c[i].claimed -> c[i].claimed : c[i].held);
  if :: BROKEN == no_proof -> skip :: else -> crash(i) fi;
  printf("a bystander sends a release of %c's term %d\n", NAME(who), number);
  r.kind = release; r.by = who; r.term = number; r.wait = 0; r.based_on = before_first;
  if :: BROKEN == guessed_term -> r.by = current.holder; r.term = current.term :: else fi;
  who = 0; number = 0
}

proctype candidate(byte i) {
  byte who, number;
  do
  :: atomic { is_up(i) && (has_to_read(i) || may_act(i)) ->
     do
     :: d_step { may_claim(i) -> send_claim(i) } break
     :: d_step { beat_is_due(i) -> send_heartbeat(i) } break
     :: d_step { may_give_up(i) -> give_up(i) } break
     :: !has_to_read(i) && !may_act(i) -> break
     // What no other candidate can see:
     :: d_step { len(unread[i]) -> read(i) }
     :: d_step { !len(unread[i]) && is_new(i) -> read_all(i) }
     :: d_step { !calm && len(unread[i]) && is_new(i) && !c[i].behind ->
                 next_unread(i); view[i].since = 0; done() }
     :: d_step { !calm && c[i].behind ->  // before it has read all that it had fetched
                 do :: r.kind != gone -> next_unread(i) :: else -> break od;
                 notice(i) }
     :: d_step { !calm && holes && !c[i].behind && view[i].synced -> holes--; start_over(i) }
     :: d_step { !calm && c[i].at != idle -> printf("%c is fenced\n", NAME(c[i].id)); fence(i) }
     :: d_step { may_be_moved(i) -> c[i].owner = !c[i].owner }
     od;
     if :: r.kind -> send() :: else fi }
  :: d_step { !calm && faults && is_up(i) && is_next(i) -> faults--; crash(i) }
  :: atomic { GUARDS && !calm && faults && room && is_up(i) && is_next(i) && (c[i].at != idle || c[i].claimed) ->
     d_step { faults--; release_for(i) };
     send() }
  :: d_step { !calm && newcomers && !is_up(i) ->
              newcomers--;
              c[i].id = CANDIDATES + 1;
              printf("%c starts\n", NAME(c[i].id)) }
  od
}

// --- time ---

inline tick() {
  printf("the clock ticks\n");
  if :: calm && !patience -> must(any(leads), "!!! nobody leads\n") :: else fi;
  for (j : 0 .. CANDIDATES - 1) {
    count_down(view[j].current.until);
    count_down(view[j].known);
    count_down(view[j].told);
    if :: c[j].beat < no_beat -> c[j].beat++ :: else fi;
    if
    :: c[j].at != idle && c[j].sent < LEASE - 1 -> c[j].sent++
    :: c[j].at != idle && c[j].sent == LEASE - 1 && BROKEN != no_clock ->
       printf("    %c's lease is over\n", NAME(c[j].id));
       fence(j)
    :: else
    fi;
    if
    :: c[j].claimed && c[j].claim_sent < LEASE -> c[j].claim_sent++
    :: else
    fi;
    if
    :: c[j].claim_sent == LEASE && BROKEN != kept_claim -> forget_claim(j)
    :: else
    fi
  }
  for (j : 0 .. CANDIDATES - 1) { take_office(j) }
  if :: calm && patience -> patience-- :: else fi;
  if :: calm && !patience -> must(any(leads), "!!! nobody leads\n") :: else fi;
  j = 0
}

proctype world() {
  byte i;
  do
  // When all is calm, the clock ticks only after all that can happen has happened.
  :: atomic { !calm || timeout ->
     do
     :: d_step { i < CANDIDATES && is_up(i) && len(unread[i]) -> read(i) }
     :: i < CANDIDATES -> i++
     :: i == CANDIDATES -> break
     od;
     d_step { tick(); i = 0 } }
  :: d_step { late.kind && room ->
     printf("what was late arrives: %c's %e of term %d\n", NAME(late.by), late.kind, late.term);
     r.kind = late.kind; r.by = late.by; r.term = late.term; r.based_on = late.based_on; r.wait = late.wait;
     late.kind = 0; late.by = 0; late.term = 0; late.based_on = 0; late.wait = 0;
     append() }
  :: d_step { !calm && new_logs && room -> new_logs--; make_anew() }
  :: atomic { ARBITRATION != anybody && !calm && any(is_up) ->
     calm = 1; named = CANDIDATES;
     printf("from now on all is calm\n");
     do
     :: i < CANDIDATES && ARBITRATION == group && is_up(i) -> c[i].owner = 1; i++
     :: i < CANDIDATES -> i++
     :: i == CANDIDATES -> i = 0; break
     od }
  od
}

init {
  atomic {
    for (j : 0 .. CANDIDATES - 1) {
      c[j].id = j + 1;
      c[j].at = idle;
      c[j].beat = no_beat;
      view[j].synced = (NEWCOMERS && j == CANDIDATES - 1 -> 0 : 2)
    }
    j = 0;
    run world();
    run candidate(0);
    run candidate(1);
#if CANDIDATES == 3
    run candidate(2)
#endif
  }
}
