/* Stop-and-wait over a line that loses frames: a transmitter, a receiver, two queues of two places.
 *
 *   (nothing)                           flow without_bit, check losing
 *   -DBIT                               flow with_bit, check losing
 *   -DBIT -DDUPLICATION                 flow with_bit, check repeating
 *   -DBIT -DSWAP                        flow with_bit, check swapping
 *
 * spin -o2 -a [above] stop_and_wait.pml; cc -O -DBFS -DSAFETY -DNOREDUCE -o pan pan.c; ./pan -E
 *
 * Written by hand from the prose of the protocol.  Every option of the `do` is one step; its first statement holds all
 * that may block.  The properties are not asserted here: only the configurations are counted, so `last` is never read, and
 * without -o2 spin leaves such variables out: 62 configurations instead of 119.
 */

#define ITEMS 3
#define ROOM  2

mtype = { ready, waiting, finished };

mtype transmitter;
byte item, last;                      /* handed over, and delivered last */
byte bit_sent, bit_wanted;            /* both stay 0 without BIT */
chan frames = [ROOM] of { byte, byte };
chan acks   = [ROOM] of { byte };

byte b, i, c, j;                      /* temporaries, 0 between the steps (`hidden` ones keep pan from searching breadth first) */
#define DONE b = 0; i = 0; c = 0; j = 0

#define UNLIKE_FRAMES (frames??[0,1] && frames??[1,2]) || (frames??[0,1] && frames??[0,3]) || (frames??[1,2] && frames??[0,3])

init {
	d_step { transmitter = ready; item = 0; last = 0 };
	do
	:: d_step { transmitter == ready && nfull(frames) -> item++; frames!bit_sent,item; transmitter = waiting }
	:: d_step { transmitter == waiting && nfull(frames) -> frames!bit_sent,item }           /* patience is over */

	:: d_step { nempty(acks) -> acks?b;
		if
		:: transmitter == waiting && b == bit_sent ->
#ifdef BIT
			bit_sent = 1 - bit_sent;
#endif
			if
			:: item < ITEMS -> transmitter = ready
			:: else -> transmitter = finished
			fi
		:: else
		fi; DONE }

	:: d_step { nempty(frames) && nfull(acks) -> frames?b,i;
		if
		:: b == bit_wanted -> last = i;
#ifdef BIT
			bit_wanted = 1 - bit_wanted
#endif
		:: else
		fi;
		acks!b; DONE }

	:: d_step { nempty(frames) -> frames?b,i; DONE }                                              /* lost */
	:: d_step { nempty(acks) -> acks?b; DONE }
#ifdef DUPLICATION
	:: d_step { len(frames) == 1 -> frames?<b,i>; frames!b,i; DONE }
	:: d_step { len(acks) == 1 -> acks?<b>; acks!b; DONE }
#endif
#ifdef SWAP
	:: d_step { UNLIKE_FRAMES -> frames?b,i; frames?c,j; frames!c,j; frames!b,i; DONE }
	:: d_step { acks??[0] && acks??[1] -> acks?b; acks?c; acks!c; acks!b; DONE }
#endif
	od
}
