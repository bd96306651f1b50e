/* A client that asks one thing after another, and does not wait for ever: two queues of two places.
 *
 *   (nothing)                           flow without_id, check one_client
 *   -DIDS                               flow with_id, check one_client
 *
 * spin -o2 -a [above] stale_reply.pml; cc -O -DBFS -DSAFETY -DNOREDUCE -o pan pan.c; ./pan -E
 *
 * Ids of their own would make this infinite.  All that is ever asked of one is whether it is that of the question that
 * is open; so a message carries a bit that says so, and when the question ends, all that is under way loses it.
 */

#define ROOM 2

byte wanted, got;                     /* topics: 0 and 1 */
bool asking;
chan questions = [ROOM] of { byte, bool };
chan replies   = [ROOM] of { byte, bool };

byte t, n;                            /* temporaries, 0 between the steps */
bool o;
#define DONE t = 0; n = 0; o = 0

#ifdef IDS
#define OPEN true
#define END \
	n = len(questions); \
	do \
	:: n > 0 -> questions?t,o; questions!t,false; n-- \
	:: else -> break \
	od; \
	n = len(replies); \
	do \
	:: n > 0 -> replies?t,o; replies!t,false; n-- \
	:: else -> break \
	od
#else
#define OPEN false
#define END skip
#endif

#define ASK(topic) \
	:: d_step { !asking && nfull(questions) -> wanted = topic; got = topic; questions!topic,OPEN; asking = true }

init {
	d_step { wanted = 0; got = 0 };
	do
	ASK(0)
	ASK(1)
	:: d_step { asking -> asking = false; END; DONE }                       /* patience is over */

	:: d_step { nempty(replies) -> replies?t,o;
		if
		:: asking && o == OPEN -> got = t; asking = false; END
		:: else
		fi; DONE }

	:: d_step { nempty(questions) && nfull(replies) -> questions?t,o; replies!t,o; DONE }
	od
}
