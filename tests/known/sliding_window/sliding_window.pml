/* Go back two over a line that loses frames: sequence numbers 0..HIGHEST, five items, two queues of two places.
 *
 *   -DHIGHEST=2                         flow window_of_two, check three_numbers
 *   -DHIGHEST=1                         flow window_of_two, check two_numbers
 *
 * spin -o2 -a [above] sliding_window.pml; cc -O -DBFS -DSAFETY -DNOREDUCE -o pan pan.c; ./pan -E
 *
 * Here the sequence number after `oldest` is computed; in our specification it is a variable beside it.
 */

#define ITEMS 5
#define ROOM  2
#define NEXT(s) ((s + 1) % (HIGHEST + 1))
#define NOTHING 9                     /* nothing has been delivered yet */

byte oldest, out, done;               /* `out` frames are under way, `done` items acknowledged */
byte wanted, previous, last;
chan frames = [ROOM] of { byte, byte };
chan acks   = [ROOM] of { byte };

byte s, i;                            /* temporaries, 0 between the steps */
#define DONE s = 0; i = 0

init {
	d_step { previous = NOTHING };
	do
	:: d_step { out == 0 && done < ITEMS && nfull(frames) -> frames!oldest,done + 1; out = 1 }
	:: d_step { out == 1 && done + 1 < ITEMS && nfull(frames) -> frames!NEXT(oldest),done + 2; out = 2 }
	:: d_step { out < 2 && done + out == ITEMS -> skip }                    /* the application asks, and there are no more */

	:: d_step { out == 1 && nfull(frames) -> frames!oldest,done + 1 }       /* patience is over */
	:: d_step { out == 2 && empty(frames) -> frames!oldest,done + 1; frames!NEXT(oldest),done + 2 }

	:: d_step { nempty(acks) -> acks?s;
		if
		:: out > 0 && s == oldest -> oldest = NEXT(oldest); done++; out--
		:: out == 2 && s == NEXT(oldest) && s != oldest -> oldest = NEXT(s); done = done + 2; out = 0
		:: else
		fi; DONE }

	:: d_step { nempty(frames) && nfull(acks) -> frames?s,i;
		if
		:: s == wanted -> last = i; previous = s; wanted = NEXT(s); acks!s
		:: s != wanted && previous != NOTHING -> acks!previous
		:: else
		fi; DONE }

	:: d_step { nempty(frames) -> frames?s,i; DONE }                        /* lost */
	:: d_step { nempty(acks) -> acks?s; DONE }
	od
}
